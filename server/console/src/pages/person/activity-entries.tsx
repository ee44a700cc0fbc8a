import { Button, Group, Stack, Text } from '@mantine/core';
import type { ActivityEntry } from '../../../../../shared/api/schemas.ts';
import { Problem } from '../../components/problem.tsx';
import { type Column, Rows } from '../../components/rows.tsx';
import { Tag } from '../../components/tag.tsx';
import { When } from '../../components/when.tsx';
import { placeWords } from '../../filter-words.ts';
import { count } from '../../words.ts';

const columns: Column<ActivityEntry>[] = [
  {
    title: 'Name',
    main: true,
    cell: ({ name, count: times }) => (
      <Text size="sm" fw={600} style={{ overflowWrap: 'anywhere' }}>
        {name}{' '}
        {times > 1 ? (
          <Text span size="xs" c="dimmed">
            {count(times, 'time')}
          </Text>
        ) : null}
      </Text>
    ),
  },
  {
    title: 'Outcome',
    cell: ({ outcome }) => (
      <Tag tone={outcome === 'blocked' ? 'bad' : 'plain'}>{outcome === 'blocked' ? 'Blocked' : 'Passed'}</Tag>
    ),
  },
  { title: 'Category', cell: ({ category }) => category ?? '–' },
  { title: 'Where', cell: ({ place }) => placeWords[place] },
  { title: 'Device', cell: ({ deviceName }) => deviceName },
  { title: 'When', cell: ({ at }) => <When at={at} as="moment" /> },
];

interface Props {
  entries: readonly ActivityEntry[];
  total: number;
  busy: boolean;
  error: Error | null;
  onMore: (() => void) | undefined;
  onClose: () => void;
}

/** What was recorded, newest first, with a way to the next page. */
export function ActivityEntries({ entries, total, busy, error, onMore, onClose }: Props) {
  return (
    <Stack gap="sm">
      <Text size="sm" role="status">
        {entries.length === 0
          ? 'Nothing is recorded of this person’s devices. Your look was recorded.'
          : `${entries.length.toLocaleString('en')} of ${total.toLocaleString('en')}, newest first. Your look was recorded.`}
      </Text>
      {entries.length > 0 ? (
        <Rows
          label="Recorded names"
          rows={entries}
          keyOf={(entry) => `${entry.at} ${entry.deviceId} ${entry.name} ${entry.outcome}`}
          columns={columns}
        />
      ) : null}
      {error ? <Problem error={error} /> : null}
      <Group gap="xs">
        {onMore ? (
          <Button variant="default" loading={busy} onClick={onMore}>
            Show more
          </Button>
        ) : null}
        <Button variant="default" onClick={onClose}>
          Close
        </Button>
      </Group>
    </Stack>
  );
}
