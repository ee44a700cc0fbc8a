import { Button, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useNavigate } from '@tanstack/react-router';
import type { ScriptView } from '../../../../../shared/api/schemas.ts';
import { call } from '../../api.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { useAct } from '../../components/use-act.ts';

/** Takes a script out of the library. */
export function WithdrawScript({ script: { id, content } }: { script: ScriptView }) {
  const [opened, dialog] = useDisclosure();
  const navigate = useNavigate();
  const withdraw = useAct({
    act: () => call('deleteScript', { params: { id } }),
    done: `“${content.name}” is withdrawn.`,
    stale: ['scripts', 'approvals'],
    onDone: () => void navigate({ to: '/scripts', ignoreBlocker: true }),
  });
  return (
    <>
      <Button variant="default" onClick={dialog.open}>
        Withdraw…
      </Button>
      <ConfirmDialog
        opened={opened}
        onClose={dialog.close}
        title={`Withdraw “${content.name}”`}
        action="Withdraw it"
        onConfirm={() => withdraw.mutate(undefined)}
        busy={withdraw.isPending}
        error={withdraw.error}
        dangerous
      >
        <Text size="sm">Nobody can run it any more. What it did stays on record.</Text>
      </ConfirmDialog>
    </>
  );
}
