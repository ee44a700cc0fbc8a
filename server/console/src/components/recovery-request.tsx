import { Alert, Button, Code, Group, Modal, PasswordInput, Stack, Text } from '@mantine/core';
import { IconEyeOff } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { RecoveryRequestView } from '../../../../shared/api/schemas.ts';
import { call } from '../api.ts';
import { ConfirmDialog } from './confirm-dialog.tsx';
import { CopyButton } from './copy-button.tsx';
import { Problem } from './problem.tsx';
import { Tag } from './tag.tsx';
import { useAct } from './use-act.ts';
import { When } from './when.tsx';

const stale = ['recovery', 'device', 'events'] as const;

const stateWords: Readonly<Record<RecoveryRequestView['state'], string>> = {
  waiting: 'Waits for a second person',
  approved: 'Approved',
  refused: 'Refused',
  shown: 'Was shown',
  expired: 'Ended by itself',
};
const tones = { waiting: 'warn', approved: 'good', refused: 'bad', shown: 'plain', expired: 'plain' } as const;

/** How a request stands. */
export function RecoveryState({ request: { state, expiresAt } }: { request: RecoveryRequestView }) {
  const isOpen = state === 'waiting' || state === 'approved';
  return (
    <Group gap={6}>
      <Tag tone={tones[state]}>{stateWords[state]}</Tag>
      {isOpen ? (
        <Text size="xs" c="dimmed" component="span">
          ends <When at={expiresAt} />
        </Text>
      ) : null}
    </Group>
  );
}

/** What the person who looks can do about a request: decide another's, or see the key of an approved one of their own. */
export function RecoveryActs({ request }: { request: RecoveryRequestView }) {
  const [asked, setAsked] = useState<'approved' | 'refused'>();
  const about = `${request.volume} of ${request.deviceName}`;
  if (request.state === 'approved' && request.mine) return <ShowKey request={request} />;
  if (request.state !== 'waiting') return null;
  if (request.mine)
    return (
      <Text size="sm" c="dimmed">
        Another person decides.
      </Text>
    );
  return (
    <Group gap="xs" wrap="nowrap">
      <Button size="compact-sm" onClick={() => setAsked('approved')} aria-label={`Approve ${about}`}>
        Approve…
      </Button>
      <Button size="compact-sm" variant="default" onClick={() => setAsked('refused')} aria-label={`Refuse ${about}`}>
        Refuse…
      </Button>
      {asked ? <Decide request={request} outcome={asked} onClose={() => setAsked(undefined)} /> : null}
    </Group>
  );
}

interface DecideProps {
  request: RecoveryRequestView;
  outcome: 'approved' | 'refused';
  onClose: () => void;
}

function Decide({ request, outcome, onClose }: DecideProps) {
  const [passphrase, setPassphrase] = useState('');
  const approving = outcome === 'approved';
  const decide = useAct({
    act: () =>
      call('decideRecoveryRequest', {
        params: { id: request.id },
        body: approving ? { outcome: 'approved', passphrase } : { outcome: 'refused' },
      }),
    done: approving ? `${request.askedBy} can see the key once.` : 'The request is refused.',
    stale,
    onDone: onClose,
  });
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={approving ? 'Approve' : 'Refuse'}
      action={approving ? 'Approve' : 'Refuse'}
      unfinished={approving && passphrase === ''}
      onConfirm={() => decide.mutate(undefined)}
      busy={decide.isPending}
      error={decide.error}
    >
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {request.askedBy} asks for the recovery key of {request.volume} of {request.deviceName}: “{request.reason}”
      </Text>
      {approving ? (
        <>
          <Text size="sm" c="dimmed">
            Speak to {request.askedBy} before you approve. Whoever has this key and the device reads everything on its
            disk.
          </Text>
          <PasswordInput
            data-autofocus
            label="Approvers’ passphrase"
            required
            autoComplete="off"
            value={passphrase}
            onChange={(event) => setPassphrase(event.currentTarget.value)}
          />
        </>
      ) : null}
    </ConfirmDialog>
  );
}

/** The key is in this component alone while it is seen, and nowhere after. */
function ShowKey({ request }: { request: RecoveryRequestView }) {
  const client = useQueryClient();
  const [opened, setOpened] = useState(false);
  const show = useMutation({ mutationFn: () => call('showRecoveryKey', { params: { id: request.id } }), gcTime: 0 });
  const close = () => {
    setOpened(false);
    show.reset();
    for (const key of stale) void client.invalidateQueries({ queryKey: [key] });
  };
  return (
    <>
      <Button size="compact-sm" onClick={() => setOpened(true)}>
        See the key…
      </Button>
      <Modal opened={opened} onClose={close} title="Recovery key" closeOnClickOutside={false}>
        <Stack gap="sm">
          <Text size="sm">
            {request.volume} of {request.deviceName}
          </Text>
          {show.data ? (
            <Seen keyText={show.data.key} onClose={close} />
          ) : (
            <>
              <Alert variant="default" icon={<IconEyeOff color="var(--verdict-silent)" />}>
                It is shown once. Begin when the device is in front of you and nobody looks over your shoulder.
              </Alert>
              {show.error ? <Problem error={show.error} /> : null}
              <Group justify="flex-end" gap="xs">
                <Button variant="default" onClick={close}>
                  Not now
                </Button>
                <Button loading={show.isPending} onClick={() => show.mutate()}>
                  Show it
                </Button>
              </Group>
            </>
          )}
        </Stack>
      </Modal>
    </>
  );
}

function Seen({ keyText, onClose }: { keyText: string; onClose: () => void }) {
  return (
    <Stack gap="sm">
      <Code block fz="lg" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }} aria-label="The key">
        {keyText}
      </Code>
      <Text size="sm" c="dimmed">
        Type it with its dashes where the device asks. Do not write it down: where the profile says so, the device makes
        a new one.
      </Text>
      <Group justify="flex-end" gap="xs">
        <CopyButton text={keyText} label="Copy" />
        <Button onClick={onClose}>Done</Button>
      </Group>
    </Stack>
  );
}
