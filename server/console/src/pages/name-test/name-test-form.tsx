import { Button, Group, SegmentedControl, Select, SimpleGrid, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { places } from '../../../../../shared/filter/place.ts';
import { DevicePicker } from '../../components/device-picker.tsx';
import { Panel } from '../../components/panel.tsx';
import { PersonPicker } from '../../components/person-picker.tsx';
import type { NameTestSearch } from '../../filter-routes.tsx';
import { placeWords } from '../../filter-words.ts';
import { queries } from '../../queries.ts';
import { fromLocal, toLocal } from '../../time.ts';

interface Props {
  asked: NameTestSearch;
  busy: boolean;
  onAsk: (question: NameTestSearch) => void;
}

/** What to test: a name, for whom, when and where. */
export function NameTestForm({ asked, busy, onAsk }: Props) {
  const [form, setForm] = useState(asked);
  const [by, setBy] = useState<'person' | 'device'>(asked.device ? 'device' : 'person');
  const set = (change: NameTestSearch) => setForm({ ...form, ...change });
  const name = form.name?.trim() ?? '';
  return (
    <Panel title="Question">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (name !== '') onAsk({ ...form, name });
        }}
      >
        <SimpleGrid cols={{ base: 1, md: 2 }} verticalSpacing="md">
          <TextInput
            data-autofocus
            label="Name or web address"
            description="A pasted address of a page is fine: its host is taken"
            placeholder="https://www.museum.example/paintings"
            required
            maxLength={500}
            spellCheck={false}
            autoCapitalize="off"
            value={form.name ?? ''}
            onChange={(event) => set({ name: event.currentTarget.value })}
          />
          <Who
            by={by}
            form={form}
            onBy={(next) => {
              setBy(next);
              set({ person: undefined, device: undefined });
            }}
            onSet={set}
          />
          <Moment at={form.at} onChange={(at) => set({ at })} />
          <Select
            label="Where"
            description="Campus is where the district’s networks are"
            placeholder="Where the device is now"
            clearable
            value={form.place ?? null}
            data={places.map((value) => ({ value, label: placeWords[value] }))}
            onChange={(place) => set({ place: place ?? undefined })}
          />
        </SimpleGrid>
        <Group mt="md">
          <Button type="submit" disabled={name === ''} loading={busy}>
            Test
          </Button>
        </Group>
      </form>
    </Panel>
  );
}

interface WhoProps {
  by: 'person' | 'device';
  form: NameTestSearch;
  onBy: (by: 'person' | 'device') => void;
  onSet: (change: NameTestSearch) => void;
}

function Who({ by, form, onBy, onSet }: WhoProps) {
  const person = useQuery({ ...queries.person(form.person ?? ''), enabled: form.person !== undefined });
  const device = useQuery({ ...queries.device(form.device ?? ''), enabled: form.device !== undefined });
  const id = useId();
  return (
    <div>
      <Group justify="space-between" gap="xs" mb={4} align="flex-end">
        <Text size="sm" fw={500} id={id}>
          For whom
        </Text>
        <SegmentedControl
          aria-labelledby={id}
          size="xs"
          value={by}
          data={[
            { value: 'person', label: 'A person' },
            { value: 'device', label: 'A device' },
          ]}
          onChange={onBy}
        />
      </Group>
      {by === 'person' ? (
        <PersonPicker
          key="person"
          label="Person"
          placeholder={person.data?.person.name ?? 'Type a name; nobody: what everyone gets'}
          onPick={(picked) => onSet({ person: picked?.id, device: undefined })}
        />
      ) : (
        <DevicePicker
          key="device"
          label="Device"
          placeholder={device.data?.device.name ?? 'Type a name or serial number'}
          onPick={(picked) => onSet({ device: picked?.id, person: undefined })}
        />
      )}
    </div>
  );
}

function Moment({ at, onChange }: { at: string | undefined; onChange: (at: string | undefined) => void }) {
  return (
    <TextInput
      type="datetime-local"
      label="When"
      description="Empty: now. In your own time zone"
      value={at ? toLocal(at) : ''}
      onChange={(event) => onChange(fromLocal(event.currentTarget.value))}
    />
  );
}
