import { Button, Modal, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { call } from '../../api.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { Panel } from '../../components/panel.tsx';
import { RecoveryCodes } from '../../components/recovery-codes.tsx';

const few = 3;

export function RecoveryCodesPanel({ left }: { left: number }) {
  const client = useQueryClient();
  const [asking, confirmation] = useDisclosure();
  const make = useMutation({
    mutationFn: () => call('makeRecoveryCodes', {}),
    onSuccess: () => {
      confirmation.close();
      void client.invalidateQueries({ queryKey: ['security'] });
    },
  });
  return (
    <Panel
      title="Recovery codes"
      note="For the day you have neither passkey nor code app."
      aside={
        <Button size="xs" variant="default" onClick={confirmation.open}>
          Make new ones
        </Button>
      }
    >
      <Text size="sm">
        {left === 1 ? 'One is left.' : `${left} are left.`} {left <= few ? 'Make new ones before you need them.' : ''}
      </Text>
      <ConfirmDialog
        opened={asking}
        onClose={confirmation.close}
        title="Make new recovery codes"
        action="Make them"
        onConfirm={() => make.mutate()}
        busy={make.isPending}
        error={make.error}
      >
        <Text size="sm">Those you have kept will not work any more.</Text>
      </ConfirmDialog>
      <Modal
        opened={make.data !== undefined}
        onClose={make.reset}
        title="Your new recovery codes"
        closeOnClickOutside={false}
        closeOnEscape={false}
      >
        <RecoveryCodes codes={make.data?.recoveryCodes ?? []} onKept={make.reset} />
      </Modal>
    </Panel>
  );
}
