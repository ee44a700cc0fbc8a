import { Modal, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ClassView } from '../../../../../shared/api/schemas.ts';
import { TextLink } from '../../components/links.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { Rows } from '../../components/rows.tsx';
import { Tag } from '../../components/tag.tsx';
import { Verdict } from '../../components/verdict.tsx';
import { queries } from '../../queries.ts';
import { count } from '../../words.ts';

const most = 200;

interface Props {
  group: ClassView;
  opened: boolean;
  onClose: () => void;
}

/** Who is in a class, and who of them has a device that follows. */
export function StudentsDialog({ group, opened, onClose }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} size="lg" title={`Students of ${group.title}`}>
      <Students classId={group.id} />
    </Modal>
  );
}

function Students({ classId }: { classId: string }) {
  const students = useQuery(queries.people({ class: classId, limit: most }));
  return (
    <Loaded query={students}>
      {({ items }) =>
        items.length === 0 ? (
          <Text c="dimmed">Nobody is enrolled in this class.</Text>
        ) : (
          <Rows
            label="Students"
            rows={items}
            keyOf={(person) => person.id}
            columns={[
              {
                title: 'Student',
                main: true,
                cell: (person) => (
                  <TextLink to="/people/$id" params={{ id: person.id }} fw={600}>
                    {person.name}
                  </TextLink>
                ),
              },
              {
                title: 'Device',
                cell: ({ deviceCount }) =>
                  deviceCount === 0 ? <Tag tone="warn">No device</Tag> : count(deviceCount, 'device'),
              },
              { title: 'Verdict', cell: (person) => <Verdict state={person.verdict.state} /> },
            ]}
          />
        )
      }
    </Loaded>
  );
}
