import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { GrantInput } from '../../../../../shared/api/schemas.ts';
import { call } from '../../api.ts';
import { Problem } from '../../components/problem.tsx';
import { SecretDialog } from '../../components/secret-dialog.tsx';
import { SecretOnce } from '../../components/secret-once.tsx';
import { GrantsField } from './grants-field.tsx';

interface Invitation {
  name: string;
  email: string;
  grants: GrantInput[];
}

export function InviteDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <SecretDialog
      opened={opened}
      onClose={onClose}
      title="Add somebody"
      titleMade="Hand over the password"
      make={(body: Invitation) => call('inviteStaff', { body })}
      stale="staff"
      form={({ make, busy, error }) => <Form busy={busy} error={error} onInvite={make} onClose={onClose} />}
      shown={({ account, password }) => (
        <SecretOnce secret={password} onClose={onClose}>
          <Text size="sm">
            {account.name} signs in with {account.email} and this password, then adds a passkey or a code app and
            changes the password under “My security”. It is shown only now.
          </Text>
        </SecretOnce>
      )}
    />
  );
}

interface FormProps {
  busy: boolean;
  error: Error | null;
  onInvite: (invitation: Invitation) => void;
  onClose: () => void;
}

function Form({ busy, error, onInvite, onClose }: FormProps) {
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [grants, setGrants] = useState<GrantInput[]>([{ role: 'helpdesk', orgId: null }]);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onInvite({ name: name.trim(), email: email.trim(), grants });
      }}
    >
      <Stack gap="sm">
        <TextInput
          data-autofocus
          label="Name"
          required
          maxLength={200}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          label="E-mail address"
          description="A teacher is found in the roster by it"
          type="email"
          required
          maxLength={255}
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <GrantsField grants={grants} onChange={setGrants} />
        {error ? <Problem error={error} /> : null}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={busy}>
            Add
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
