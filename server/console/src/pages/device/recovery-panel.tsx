import { Button, Group, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { RecoveryKeyView } from '../../../../../shared/api/schemas.ts';
import { call } from '../../api.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { Panel } from '../../components/panel.tsx';
import { ReasonField } from '../../components/reason-field.tsx';
import { RecoveryActs, RecoveryState } from '../../components/recovery-request.tsx';
import { type Column, Rows } from '../../components/rows.tsx';
import { Tag } from '../../components/tag.tsx';
import { useAct } from '../../components/use-act.ts';
import { When } from '../../components/when.tsx';
import { reasonProblem } from '../../override-form.ts';
import { queries } from '../../queries.ts';

/** Recovery keys that the device has handed in; nothing while it has none. */
export function RecoveryPanel({ deviceId }: { deviceId: string }) {
  const keys = useQuery(queries.recoveryKeys(deviceId));
  const [withEarlier, setWithEarlier] = useState(false);
  const all = keys.data?.items ?? [];
  const inUse = all.filter(({ supersededAt }) => supersededAt === null);
  if (all.length === 0) return null;
  return (
    <Panel title="Recovery keys" note="They open the disk when nothing else does. It takes two people to read one.">
      <Rows label="Recovery keys" rows={withEarlier ? all : inUse} keyOf={(row) => row.id} columns={columns} />
      {all.length > inUse.length ? (
        <Group>
          <Button size="compact-sm" variant="subtle" onClick={() => setWithEarlier(!withEarlier)}>
            {withEarlier ? 'Hide earlier keys' : `Show ${all.length - inUse.length} earlier`}
          </Button>
        </Group>
      ) : null}
    </Panel>
  );
}

const columns: Column<RecoveryKeyView>[] = [
  { title: 'Volume', main: true, cell: (row) => <Volume of={row} /> },
  { title: 'Handed in', cell: ({ reportedAt }) => <When at={reportedAt} as="moment" /> },
  { title: 'Last read', cell: ({ shownAt }) => (shownAt ? <When at={shownAt} as="moment" /> : 'Never') },
  { title: 'Reading it', wide: true, cell: (row) => <Reading of={row} /> },
];

function Volume({ of: { volume, protector, supersededAt, currentEscrow } }: { of: RecoveryKeyView }) {
  return (
    <div>
      <Group gap={6}>
        <Text fw={600} size="sm" style={{ overflowWrap: 'anywhere' }}>
          {volume}
        </Text>
        {supersededAt ? <Tag>Replaced</Tag> : null}
        {currentEscrow ? null : <Tag tone="warn">Earlier passphrase</Tag>}
      </Group>
      <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
        {protector}
      </Text>
    </div>
  );
}

function Reading({ of: key }: { of: RecoveryKeyView }) {
  const [opened, dialog] = useDisclosure();
  const { request } = key;
  const isOpen = request?.state === 'waiting' || request?.state === 'approved';
  if (request && isOpen)
    return (
      <Stack gap={4} align="flex-start">
        <RecoveryState request={request} />
        <RecoveryActs request={request} />
      </Stack>
    );
  return (
    <>
      <Button size="compact-sm" variant="default" onClick={dialog.open} aria-label={`Ask for the key of ${key.volume}`}>
        Ask for it…
      </Button>
      {opened ? <Ask of={key} onClose={dialog.close} /> : null}
    </>
  );
}

function Ask({ of: key, onClose }: { of: RecoveryKeyView; onClose: () => void }) {
  const [reason, setReason] = useState('');
  const ask = useAct({
    act: () => call('askForRecoveryKey', { params: { id: key.id }, body: { reason: reason.trim() } }),
    done: 'Asked. Another person decides within an hour, on the page Recovery.',
    stale: ['recovery'],
    onDone: onClose,
  });
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={`Recovery key of ${key.volume}`}
      action="Ask"
      unfinished={reasonProblem(reason) !== undefined}
      onConfirm={() => ask.mutate(undefined)}
      busy={ask.isPending}
      error={ask.error}
    >
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          Another person of staff approves it with the passphrase. Then you see the key once. Who asked, who approved
          and why is kept in the events.
        </Text>
        <ReasonField
          description="A ticket, or what the key is for"
          placeholder="Ticket 4711: the laptop asks for its recovery key after a firmware update"
          value={reason}
          onChange={setReason}
        />
      </Stack>
    </ConfirmDialog>
  );
}
