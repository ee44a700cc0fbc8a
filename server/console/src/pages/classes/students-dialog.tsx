import { Modal, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ClassView } from '../../../../../shared/api/schemas.ts';
import { TextLink } from '../../components/links.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { Rows } from '../../components/rows.tsx';
import { Tag } from '../../components/tag.tsx';
import { Verdict } from '../../components/verdict.tsx';
import { queries } from '../../queries.ts';
import { useMay } from '../../use-may.ts';
import { count } from '../../words.ts';

const most = 200;

interface Props {
  group: ClassView;
  opened: boolean;
  onClose: () => void;
}

/** Who is in a class, and who of them has a device that follows. */
export function StudentsDialog({ group, opened, onClose }: Props) {
  const may = useMay();
  return (
    <Modal opened={opened} onClose={onClose} size="lg" title={`Students of ${group.title}`}>
      {may('listPeople') ? <Students classId={group.id} /> : <DevicesOfClass classId={group.id} />}
    </Modal>
  );
}

const deviceWords = { ready: 'Ready', 'on-loan': 'On loan', none: 'No device' } as const;

/** What a teacher is shown: no verdicts, and no way to the pages of students. */
function DevicesOfClass({ classId }: { classId: string }) {
  const devices = useQuery(queries.classDevices(classId));
  return (
    <Loaded query={devices}>
      {({ items }) =>
        items.length === 0 ? (
          <Text c="dimmed">Nobody is enrolled in this class.</Text>
        ) : (
          <Rows
            label="Students"
            rows={items}
            keyOf={({ person }) => person.id}
            columns={[
              { title: 'Student', main: true, cell: ({ person }) => person.name },
              {
                title: 'Device',
                cell: ({ device }) => (
                  <Tag tone={device === 'none' ? 'warn' : device === 'ready' ? 'good' : 'plain'}>
                    {deviceWords[device]}
                  </Tag>
                ),
              },
            ]}
          />
        )
      }
    </Loaded>
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
