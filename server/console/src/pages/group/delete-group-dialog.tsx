import { Text } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import type { GroupSummary } from '../../../../../shared/api/schemas.ts';
import { call } from '../../api.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { useAct } from '../../components/use-act.ts';

interface Props {
  group: GroupSummary;
  opened: boolean;
  onClose: () => void;
}

export function DeleteGroupDialog({ group, opened, onClose }: Props) {
  const navigate = useNavigate();
  const used = group.usedBy.length > 0;
  const remove = useAct({
    act: () => call('deleteGroup', { params: { id: group.id } }),
    done: `The group “${group.name}” is deleted.`,
    stale: ['groups'],
    onDone: () => void navigate({ to: '/groups', ignoreBlocker: true }),
  });
  return (
    <ConfirmDialog
      opened={opened}
      onClose={onClose}
      title={`Delete ${group.name}`}
      action="Delete the group"
      dangerous
      onConfirm={() => remove.mutate(undefined)}
      unfinished={used}
      busy={remove.isPending}
      error={remove.error}
    >
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {used
          ? `It is used by ${group.usedBy.join(', ')}. Take it out there and publish that first: otherwise nobody could say whom they mean.`
          : 'Nothing uses it, so nothing changes on any device. Its revisions are deleted with it.'}
      </Text>
    </ConfirmDialog>
  );
}
