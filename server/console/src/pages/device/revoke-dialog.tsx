import { Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { DeviceSummary } from '../../../../../shared/api/schemas.ts';
import { call } from '../../api.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { notifyDone } from '../../components/notify.ts';

interface Props {
  device: DeviceSummary;
  opened: boolean;
  onClose: () => void;
}

export function RevokeDialog({ device, opened, onClose }: Props) {
  const [reason, setReason] = useState('');
  const client = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => call('revokeDevice', { params: { id: device.id }, body: { reason: reason.trim() } }),
    onSuccess: async () => {
      notifyDone(`${device.name} is revoked.`);
      onClose();
      await client.invalidateQueries();
    },
  });
  return (
    <ConfirmDialog
      opened={opened}
      onClose={onClose}
      title={`Revoke ${device.name}`}
      action="Revoke the device"
      dangerous
      typed={device.name}
      onConfirm={() => revoke.mutate()}
      busy={revoke.isPending}
      error={revoke.error}
    >
      <Stack gap="sm">
        <Text size="sm">
          Its certificate stops working and its connection closes at once. The settings it has stay in force, but it
          gets no new ones and reports nothing until it is enrolled again with a new token. This cannot be undone.
        </Text>
        <TextInput
          label="Reason"
          description="Kept in the events"
          maxLength={200}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      </Stack>
    </ConfirmDialog>
  );
}
