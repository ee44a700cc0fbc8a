import { Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { TokenView } from '../../../../../shared/api/schemas.ts';
import { call } from '../../api.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { notifyDone } from '../../components/notify.ts';

export function RevokeTokenDialog({ token, onClose }: { token: TokenView | undefined; onClose: () => void }) {
  const client = useQueryClient();
  const revoke = useMutation({
    mutationFn: (id: string) => call('revokeToken', { params: { id } }),
    onSuccess: async () => {
      notifyDone('The token is revoked.');
      onClose();
      await client.invalidateQueries({ queryKey: ['tokens'] });
    },
  });
  return (
    <ConfirmDialog
      opened={token !== undefined}
      onClose={onClose}
      title="Revoke this token"
      action="Revoke the token"
      dangerous
      onConfirm={() => token && revoke.mutate(token.id)}
      busy={revoke.isPending}
      error={revoke.error}
    >
      <Text size="sm">
        No further device can enrol with {token?.label ? `“${token.label}”` : 'it'}. Devices that already did are not
        affected.
      </Text>
    </ConfirmDialog>
  );
}
