import { Button, Group, NumberInput, Select, SimpleGrid, Stack, Switch, TextInput } from '@mantine/core';
import { useState } from 'react';
import { call } from '../../api.ts';
import { OrgSelect } from '../../components/org-select.tsx';
import { PersonPicker } from '../../components/person-picker.tsx';
import { Problem } from '../../components/problem.tsx';
import { SecretDialog } from '../../components/secret-dialog.tsx';
import { TagsField } from '../../components/tags-field.tsx';
import { platformWords } from '../../words.ts';
import { ShownOnce } from './shown-once.tsx';
import { fresh, lifetimes, requestOf, type TokenForm } from './token-form.ts';

interface Props {
  opened: boolean;
  onClose: () => void;
}

export function CreateTokenDialog({ opened, onClose }: Props) {
  return (
    <SecretDialog
      opened={opened}
      onClose={onClose}
      title="New enrolment token"
      titleMade="Copy the token now"
      make={(form: TokenForm) => call('createToken', { body: requestOf(form) })}
      stale="tokens"
      form={({ make, busy, error }) => <Form busy={busy} error={error} onCreate={make} onClose={onClose} />}
      shown={(made) => <ShownOnce made={made} onClose={onClose} />}
    />
  );
}

interface FormProps {
  busy: boolean;
  error: Error | null;
  onCreate: (form: TokenForm) => void;
  onClose: () => void;
}

function Form({ busy, error, onCreate, onClose }: FormProps) {
  const [form, setForm] = useState(fresh);
  const set = (change: Partial<TokenForm>) => setForm({ ...form, ...change });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onCreate(form);
      }}
    >
      <Stack gap="sm">
        <TextInput
          data-autofocus
          label="Label"
          description="For you, to tell it from the others"
          placeholder="Grade 6 carts, August"
          maxLength={120}
          value={form.label}
          onChange={(event) => set({ label: event.currentTarget.value })}
        />
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <NumberInput
            label="Devices it may enrol"
            min={1}
            max={100_000}
            allowDecimal={false}
            thousandSeparator=","
            required
            value={form.maxUses}
            onChange={(maxUses) => typeof maxUses === 'number' && set({ maxUses })}
          />
          <Select
            label="Valid for"
            allowDeselect={false}
            value={form.lifetime}
            data={lifetimes.map(({ value, label }) => ({ value, label }))}
            onChange={(lifetime) => lifetime && set({ lifetime })}
          />
          <OrgSelect label="School" value={form.orgId} onChange={(orgId) => set({ orgId })} />
          <Select
            label="Kind of device"
            placeholder="Any"
            clearable
            value={form.platform ?? null}
            data={(['linux', 'darwin', 'win32'] as const).map((value) => ({ value, label: platformWords[value] }))}
            onChange={(platform) => set({ platform: platform ?? undefined })}
          />
        </SimpleGrid>
        <PersonPicker
          label="Hand it to a person at once"
          description="For one device: it is in their custody from the moment it enrols"
          placeholder="Nobody yet"
          onPick={(person) => set({ personId: person?.id, ...(person ? { maxUses: 1 } : {}) })}
        />
        <TagsField value={form.tags} onChange={(tags) => set({ tags })} />
        <Switch
          label="Hold each device until somebody approves it"
          checked={form.hold}
          onChange={(event) => set({ hold: event.currentTarget.checked })}
        />
        {error ? <Problem error={error} title="The token was not made" /> : null}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={busy}>
            Make the token
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
