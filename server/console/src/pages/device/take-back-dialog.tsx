import { Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { DeviceSummary } from '../../../../../shared/api/schemas.ts';
import { call } from '../../api.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { notifyDone } from '../../components/notify.ts';

interface Props {
  device: DeviceSummary;
  opened: boolean;
  onClose: () => void;
}

export function TakeBackDialog({ device, opened, onClose }: Props) {
  const client = useQueryClient();
  const takeBack = useMutation({
    mutationFn: () => call('closeCustody', { params: { id: device.id } }),
    onSuccess: async () => {
      notifyDone(`${device.name} has been taken back.`);
      onClose();
      await client.invalidateQueries();
    },
  });
  return (
    <ConfirmDialog
      opened={opened}
      onClose={onClose}
      title={`Take back ${device.name}`}
      action="Take back"
      onConfirm={() => takeBack.mutate()}
      busy={takeBack.isPending}
      error={takeBack.error}
    >
      <Text size="sm">
        The custody of {device.custodian?.name ?? 'its person'} ends now. The device keeps what everyone gets and what
        its tags give it. Its history stays.
      </Text>
    </ConfirmDialog>
  );
}
