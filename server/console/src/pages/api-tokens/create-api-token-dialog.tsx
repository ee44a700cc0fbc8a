import { Button, Checkbox, Group, Select, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { ApiTokenInput } from '../../../../../shared/api/schemas.ts';
import { type ApiScope, apiScopes, scopeWords } from '../../../../../shared/api/scopes.ts';
import { call } from '../../api.ts';
import { OrgSelect } from '../../components/org-select.tsx';
import { Problem } from '../../components/problem.tsx';
import { SecretDialog } from '../../components/secret-dialog.tsx';
import { SecretOnce } from '../../components/secret-once.tsx';
import { When } from '../../components/when.tsx';
import { scopeTitles } from '../../interface-words.ts';

const lifetimes = [
  { value: '7', label: 'A week' },
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: 'A year' },
];

interface Props {
  opened: boolean;
  onClose: () => void;
}

export function CreateApiTokenDialog({ opened, onClose }: Props) {
  return (
    <SecretDialog
      opened={opened}
      onClose={onClose}
      title="New API token"
      titleMade="Copy the token now"
      make={(body: ApiTokenInput) => call('createApiToken', { body })}
      stale="api-tokens"
      form={({ make, busy, error }) => <Form busy={busy} error={error} onCreate={make} onClose={onClose} />}
      shown={({ secret, token }) => (
        <SecretOnce secret={secret} onClose={onClose}>
          <Text size="sm">
            Whoever has it can act as “{token.name}”. It expires <When at={token.expiresAt} />.
          </Text>
        </SecretOnce>
      )}
    />
  );
}

interface FormProps {
  busy: boolean;
  error: Error | null;
  onCreate: (input: ApiTokenInput) => void;
  onClose: () => void;
}

function Form({ busy, error, onCreate, onClose }: FormProps) {
  const [name, setName] = useState('');
  const [days, setDays] = useState('90');
  const [scopes, setScopes] = useState<ApiScope[]>(['read']);
  const [orgId, setOrgId] = useState<string>();
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onCreate({ name: name.trim(), scopes, expiresInDays: Number(days), ...(orgId !== undefined && { orgId }) });
      }}
    >
      <Stack gap="sm">
        <TextInput
          data-autofocus
          label="Name"
          description="What the events call the program: letters, digits, spaces, dots and dashes"
          placeholder="policy pipeline"
          required
          maxLength={60}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <OrgSelect label="For" placeholder="As far as you may yourself" value={orgId} onChange={setOrgId} />
        <Select
          label="Valid for"
          description="Then somebody looks at it again"
          allowDeselect={false}
          value={days}
          data={lifetimes}
          onChange={(value) => value && setDays(value)}
        />
        <Checkbox.Group label="What it may do" value={scopes} onChange={setScopes} withAsterisk>
          <Stack gap="xs" mt={6}>
            {apiScopes.map((scope) => (
              <Checkbox key={scope} value={scope} label={scopeTitles[scope]} description={scopeWords[scope]} />
            ))}
          </Stack>
        </Checkbox.Group>
        {error ? <Problem error={error} title="The token was not made" /> : null}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={busy} disabled={scopes.length === 0}>
            Make the token
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
