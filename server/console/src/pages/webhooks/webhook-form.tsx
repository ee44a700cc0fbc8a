import { Button, Checkbox, Group, Stack, Switch, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { WebhookInput } from '../../../../../shared/api/schemas.ts';
import { webhookEvents } from '../../../../../shared/api/webhook-events.ts';
import { Problem } from '../../components/problem.tsx';
import { webhookEventWords } from '../../interface-words.ts';

interface Props {
  start: WebhookInput;
  action: string;
  busy: boolean;
  error: Error | null;
  onSave: (input: WebhookInput) => void;
  onClose: () => void;
}

/** Where it goes and what it is told of. */
export function WebhookForm({ start, action, busy, error, onSave, onClose }: Props) {
  const [form, setForm] = useState(start);
  const set = (change: Partial<WebhookInput>) => setForm({ ...form, ...change });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onSave({ ...form, name: form.name.trim(), url: form.url.trim() });
      }}
    >
      <Stack gap="sm">
        <TextInput
          data-autofocus
          label="Name"
          placeholder="Help desk"
          required
          maxLength={100}
          value={form.name}
          onChange={(event) => set({ name: event.currentTarget.value })}
        />
        <TextInput
          label="Address"
          description="Of the program that is told; it begins with https://"
          placeholder="https://desk.example.org/rollcall"
          required
          maxLength={500}
          inputMode="url"
          autoComplete="off"
          value={form.url}
          onChange={(event) => set({ url: event.currentTarget.value })}
        />
        <Checkbox.Group label="Told of" value={form.events} onChange={(events) => set({ events })} withAsterisk>
          <Stack gap="xs" mt={6}>
            {webhookEvents.map((event) => (
              <Checkbox
                key={event}
                value={event}
                label={webhookEventWords[event].title}
                description={webhookEventWords[event].words}
              />
            ))}
          </Stack>
        </Checkbox.Group>
        <Switch
          label="On"
          description="What happens while it is off is not told later"
          checked={form.active}
          onChange={(event) => set({ active: event.currentTarget.checked })}
        />
        {error ? <Problem error={error} title="The webhook was not saved" /> : null}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={busy} disabled={form.events.length === 0}>
            {action}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
