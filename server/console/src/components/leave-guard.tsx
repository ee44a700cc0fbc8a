import { Text } from '@mantine/core';
import { useBlocker } from '@tanstack/react-router';
import { ConfirmDialog } from './confirm-dialog.tsx';

interface Props {
  dirty: boolean;
  /** What is lost, in words. */
  lost: string;
  /** Another tab of the same page keeps the changes. */
  keptOnPage?: boolean;
}

/** Asks before changes are lost by leaving the page. */
export function LeaveGuard({ dirty, lost, keptOnPage = false }: Props) {
  const { status, proceed, reset } = useBlocker({
    shouldBlockFn: ({ current, next }) => dirty && !(keptOnPage && current.pathname === next.pathname),
    enableBeforeUnload: () => dirty,
    withResolver: true,
  });
  return (
    <ConfirmDialog
      opened={status === 'blocked'}
      onClose={() => reset?.()}
      title="Leave without saving?"
      action="Leave and lose the changes"
      dangerous
      onConfirm={() => proceed?.()}
      busy={false}
      error={null}
    >
      <Text size="sm">{lost}</Text>
    </ConfirmDialog>
  );
}
