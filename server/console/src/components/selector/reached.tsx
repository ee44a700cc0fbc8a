import { Group, Stack } from '@mantine/core';
import { IconUsersGroup } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ReachedDevice } from '../../../../../shared/api/schemas.ts';
import type { Selector } from '../../../../../shared/policy/selector.ts';
import { queries } from '../../queries.ts';
import { answerWords } from '../../reach-words.ts';
import type { Output } from '../../request.ts';
import { Empty } from '../empty.tsx';
import { TextLink } from '../links.tsx';
import { Loaded } from '../loaded.tsx';
import { PagerLine } from '../pager.tsx';
import { Rows } from '../rows.tsx';
import { SearchField } from '../search-field.tsx';
import { Tag } from '../tag.tsx';

const limit = 25;

/** Exactly the devices a selector reaches, and those of which it cannot be said, with why. */
export function SelectorReach({ selector }: { selector: Selector }) {
  const cursors = useCursors(JSON.stringify(selector));
  const reach = useQuery(queries.reach(selector, { cursor: cursors.here, limit }));
  return <Loaded query={reach}>{(page) => <ReachedPage page={page} cursors={cursors} />}</Loaded>;
}

/** Exactly the devices that get a profile, and those of which it cannot be said, with why. */
export function ProfileReach({ id }: { id: string }) {
  const [search, setSearch] = useState<string>();
  const cursors = useCursors(`${id} ${search}`);
  const reach = useQuery(queries.profileReach(id, { cursor: cursors.here, search, limit }));
  return (
    <Stack gap="md">
      <SearchField label="Search by device or person" value={search} onChange={setSearch} />
      <Loaded query={reach}>
        {(page) => <ReachedPage page={page} cursors={cursors} narrowed={search !== undefined} />}
      </Loaded>
    </Stack>
  );
}

/** The way through the pages of one list, back and forth; another list begins at its beginning. */
function useCursors(list: string) {
  const [way, setWay] = useState<{ list: string; cursors: readonly string[] }>({ list, cursors: [] });
  const cursors = way.list === list ? way.cursors : [];
  return {
    here: cursors.at(-1),
    page: cursors.length,
    on: (cursor: string) => setWay({ list, cursors: [...cursors, cursor] }),
    back: () => setWay({ list, cursors: cursors.slice(0, -1) }),
  };
}

interface PageProps {
  page: Output<'listReach'>;
  cursors: ReturnType<typeof useCursors>;
  narrowed?: boolean;
}

function ReachedPage({ page: { items, total, nextCursor }, cursors, narrowed = false }: PageProps) {
  if (items.length === 0 && cursors.page === 0)
    return (
      <Empty icon={IconUsersGroup} title={narrowed ? 'No device matches' : 'No device'}>
        {narrowed ? 'Search for part of a name.' : 'Nothing that is in service is meant, and nothing may be.'}
      </Empty>
    );
  return (
    <Stack gap="md">
      <Rows
        label="Devices reached"
        rows={items}
        keyOf={({ deviceId }) => deviceId}
        columns={[
          { title: 'Device', main: true, cell: (row) => <DeviceCell row={row} /> },
          { title: 'Person', cell: (row) => <PersonCell row={row} /> },
          { title: 'School', cell: ({ org }) => org ?? '–' },
          { title: 'Why', wide: true, cell: (row) => row.why },
        ]}
      />
      <PagerLine
        label="Pages of devices"
        page={cursors.page + 1}
        {...{ limit, found: { items, total, nextCursor } }}
        onBack={cursors.back}
        onNext={cursors.on}
      />
    </Stack>
  );
}

function DeviceCell({ row }: { row: ReachedDevice }) {
  const { label, tone } = answerWords[row.answer];
  return (
    <Group gap={6}>
      <TextLink to="/devices/$id" params={{ id: row.deviceId }} fw={600}>
        {row.deviceName}
      </TextLink>
      {row.answer === 'yes' ? null : <Tag tone={tone}>{label}</Tag>}
    </Group>
  );
}

function PersonCell({ row: { person, personId } }: { row: ReachedDevice }) {
  if (person === null) return 'Nobody';
  return personId ? (
    <TextLink to="/people/$id" params={{ id: personId }}>
      {person}
    </TextLink>
  ) : (
    person
  );
}
