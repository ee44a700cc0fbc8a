import { Button, Group, Stack, Text } from '@mantine/core';
import { ProblemTable } from '../../components/problem-table.tsx';
import type { Output } from '../../request.ts';
import { count } from '../../words.ts';

/** What was read of an imported list, and what was left out with its place. */
export function UploadedList({ result, onClose }: { result: Output<'importList'>; onClose: () => void }) {
  const { list, problems } = result;
  return (
    <Stack>
      <Text role="status">
        <b>{count(list.names, 'name')}</b> are now in <b>{list.title}</b>.{' '}
        {list.skipped > 0 ? `${count(list.skipped, 'row')} could not be used.` : 'Every row could be used.'}{' '}
        {list.rollout
          ? 'The new version goes out in rings.'
          : 'Profiles that block this category reach devices with it at once.'}
      </Text>
      {problems.length > 0 ? <ProblemTable problems={problems} /> : null}
      <Group justify="flex-end">
        <Button onClick={onClose}>Done</Button>
      </Group>
    </Stack>
  );
}
