import { Button, Modal, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { PasskeyView } from '../../../../../shared/api/schemas.ts';
import { call } from '../../api.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { notifyDone } from '../../components/notify.ts';
import { Panel } from '../../components/panel.tsx';
import { PasskeyForm } from '../../components/passkey-form.tsx';
import { Rows } from '../../components/rows.tsx';
import { useAct } from '../../components/use-act.ts';
import { When } from '../../components/when.tsx';
import { takesPasskeys } from '../../passkey.ts';
import { queries } from '../../queries.ts';

export function PasskeysPanel({ passkeys }: { passkeys: readonly PasskeyView[] }) {
  const { data: session } = useQuery(queries.session());
  const client = useQueryClient();
  const [adding, dialog] = useDisclosure();
  const [removing, setRemoving] = useState<PasskeyView>();
  const host = session?.passkeyHost ?? '';
  const added = () => {
    dialog.close();
    notifyDone('The passkey is added.');
    void client.invalidateQueries({ queryKey: ['security'] });
  };
  return (
    <Panel
      title="Passkeys"
      note="The safest way in, and what dangerous commands are signed with. Have two, on two devices."
      aside={
        takesPasskeys(host) ? (
          <Button size="xs" variant="default" leftSection={<IconPlus size={14} />} onClick={dialog.open}>
            Add a passkey
          </Button>
        ) : null
      }
    >
      {passkeys.length > 0 ? (
        <Rows
          label="Passkeys"
          rows={passkeys}
          keyOf={({ id }) => id}
          columns={[
            { title: 'Name', main: true, cell: ({ name }) => name },
            { title: 'Added', cell: ({ createdAt }) => <When at={createdAt} as="date" /> },
            { title: 'Last used', cell: ({ lastUsedAt }) => <When at={lastUsedAt} /> },
            {
              title: 'Actions',
              align: 'right',
              cell: (passkey) => (
                <Button
                  size="xs"
                  variant="subtle"
                  aria-label={`Remove ${passkey.name}`}
                  onClick={() => setRemoving(passkey)}
                >
                  Remove
                </Button>
              ),
            },
          ]}
        />
      ) : (
        <Text size="sm" c="dimmed">
          {takesPasskeys(host) ? 'You have none yet.' : `You have none yet. They can be added at https://${host} only.`}
        </Text>
      )}
      <Modal opened={adding} onClose={dialog.close} title="Add a passkey">
        <PasskeyForm onAdded={added} />
      </Modal>
      <RemoveDialog passkey={removing} onClose={() => setRemoving(undefined)} />
    </Panel>
  );
}

function RemoveDialog({ passkey, onClose }: { passkey: PasskeyView | undefined; onClose: () => void }) {
  const remove = useAct({
    act: (id: string) => call('removePasskey', { params: { id } }),
    done: 'The passkey is removed.',
    stale: ['security'],
    onDone: onClose,
  });
  return (
    <ConfirmDialog
      opened={passkey !== undefined}
      onClose={onClose}
      title="Remove this passkey"
      action="Remove it"
      dangerous
      onConfirm={() => passkey && remove.mutate(passkey.id)}
      busy={remove.isPending}
      error={remove.error}
    >
      <Text size="sm">“{passkey?.name}” lets nobody in any more. Delete it from the device as well.</Text>
    </ConfirmDialog>
  );
}
