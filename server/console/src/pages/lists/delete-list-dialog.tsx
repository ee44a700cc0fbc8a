import { Text } from '@mantine/core';
import type { ListView } from '../../../../../shared/api/schemas.ts';
import { call } from '../../api.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { useAct } from '../../components/use-act.ts';

export function DeleteListDialog({ list, onClose }: { list: ListView; onClose: () => void }) {
  const remove = useAct({
    act: () => call('deleteList', { params: { category: list.category } }),
    done: `${list.title} is deleted.`,
    stale: ['lists'],
    onDone: onClose,
  });
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={`Delete ${list.title}`}
      action="Delete the list"
      dangerous
      typed={list.category}
      onConfirm={() => remove.mutate()}
      busy={remove.isPending}
      error={remove.error}
    >
      <Text size="sm">
        The list with its {list.names.toLocaleString('en')} names goes, and its exceptions with it. It is refused while
        a published profile uses the category. To have it again, import or subscribe anew.
      </Text>
    </ConfirmDialog>
  );
}
