import { Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { StaffAccount } from '../../../../../shared/api/schemas.ts';
import { call } from '../../api.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { Problem } from '../../components/problem.tsx';
import { ReasonField } from '../../components/reason-field.tsx';
import { SecretDialog } from '../../components/secret-dialog.tsx';
import { SecretOnce } from '../../components/secret-once.tsx';
import { useAct } from '../../components/use-act.ts';
import { reasonProblem } from '../../override-form.ts';
import { GrantsField } from './grants-field.tsx';
import type { StaffAct } from './staff-acts.ts';

interface Props {
  account: StaffAccount;
  onClose: () => void;
}

const reasonWords = 'Others read it in the audit';

export function RolesDialog({ account, onClose }: Props) {
  const [grants, setGrants] = useState(() => account.grants.map(({ role, orgId }) => ({ role, orgId })));
  const [reason, setReason] = useState('');
  const save = useAct({
    act: () => call('saveStaffGrants', { params: { id: account.id }, body: { grants, reason } }),
    done: 'The roles are saved.',
    stale: ['staff', 'session'],
    onDone: onClose,
  });
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={`Roles of ${account.name}`}
      action="Save"
      onConfirm={() => save.mutate(undefined)}
      busy={save.isPending}
      error={save.error}
      unfinished={reasonProblem(reason) !== undefined}
    >
      <GrantsField grants={grants} onChange={setGrants} />
      <ReasonField description={reasonWords} value={reason} onChange={setReason} />
    </ConfirmDialog>
  );
}

export function ActDialog({ account, act, onClose }: Props & { act: StaffAct }) {
  const [reason, setReason] = useState('');
  const run = useAct({
    act: () => act.act(account.id, reason),
    done: act.done,
    stale: ['staff'],
    onDone: onClose,
  });
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={act.title}
      action={act.action}
      dangerous={act.isDangerous}
      onConfirm={() => run.mutate(undefined)}
      busy={run.isPending}
      error={run.error}
      unfinished={reasonProblem(reason) !== undefined}
    >
      <Text size="sm">{act.words(account)}</Text>
      <ReasonField description={reasonWords} value={reason} onChange={setReason} />
    </ConfirmDialog>
  );
}

export function PasswordDialog({ account, onClose }: Props) {
  return (
    <SecretDialog
      opened
      onClose={onClose}
      title={`New password for ${account.name}`}
      titleMade="Hand over the password"
      make={(reason: string) => call('resetStaffPassword', { params: { id: account.id }, body: { reason } })}
      stale="staff"
      form={({ make, busy, error }) => <PasswordForm busy={busy} error={error} onMake={make} onClose={onClose} />}
      shown={({ password }) => (
        <SecretOnce secret={password} onClose={onClose}>
          <Text size="sm">
            {account.name} signs in with it and changes it under “My security”. It is shown only now.
          </Text>
        </SecretOnce>
      )}
    />
  );
}

interface PasswordFormProps {
  busy: boolean;
  error: Error | null;
  onMake: (reason: string) => void;
  onClose: () => void;
}

function PasswordForm({ busy, error, onMake, onClose }: PasswordFormProps) {
  const [reason, setReason] = useState('');
  return (
    <Stack>
      <Text size="sm">The earlier password no longer counts, and all sessions end. Second factors stay.</Text>
      <ReasonField description={reasonWords} value={reason} onChange={setReason} />
      {error ? <Problem error={error} /> : null}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button loading={busy} disabled={reasonProblem(reason) !== undefined} onClick={() => onMake(reason)}>
          Make it
        </Button>
      </Group>
    </Stack>
  );
}
