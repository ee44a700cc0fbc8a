import { Button, Group, Select, SimpleGrid, Stack, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
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
  const [seen, setSeen] = useState(asked);
  if (!sameQuestion(seen, asked)) {
    setSeen(asked);
    // By a link or the way back; what was asked here stands here already.
    if (!sameQuestion(form, asked)) {
      setForm(asked);
      setBy(asked.device ? 'device' : 'person');
    }
  }
  const set = (change: NameTestSearch) => setForm({ ...form, ...change });
  const name = form.name?.trim() ?? '';
  const ready = name !== '' && (form.person !== undefined || form.device !== undefined);
  return (
    <Panel title="Question">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) onAsk({ ...form, name });
        }}
      >
        <Stack gap="sm">
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
          <SimpleGrid cols={{ base: 1, md: 3 }} verticalSpacing="sm">
            <Who
              by={by}
              asked={asked}
              onBy={(next) => {
                setBy(next);
                set({ person: undefined, device: undefined });
              }}
              onSet={set}
            />
            <TextInput
              type="datetime-local"
              label="When, in your time zone"
              value={form.at ? toLocal(form.at) : ''}
              description="Left empty: now"
              inputWrapperOrder={['label', 'input', 'description']}
              onChange={(event) => set({ at: fromLocal(event.currentTarget.value) })}
            />
            <Select
              label="Where"
              allowDeselect={false}
              value={form.place ?? 'on-campus'}
              data={places.map((value) => ({ value, label: placeWords[value] }))}
              onChange={(place) => set({ place: place ?? undefined })}
            />
          </SimpleGrid>
        </Stack>
        <Group mt="md">
          <Button type="submit" disabled={!ready} loading={busy}>
            Test
          </Button>
        </Group>
      </form>
    </Panel>
  );
}

function sameQuestion(a: NameTestSearch, b: NameTestSearch): boolean {
  return (['name', 'person', 'device', 'at', 'place'] as const).every((part) => a[part] === b[part]);
}

interface WhoProps {
  by: 'person' | 'device';
  /** Whoever it was asked for stands in the field from the beginning. */
  asked: NameTestSearch;
  onBy: (by: 'person' | 'device') => void;
  onSet: (change: NameTestSearch) => void;
}

function Who({ by, asked, onBy, onSet }: WhoProps) {
  const person = useQuery({ ...queries.person(asked.person ?? ''), enabled: asked.person !== undefined });
  const device = useQuery({ ...queries.device(asked.device ?? ''), enabled: asked.device !== undefined });
  return by === 'person' ? (
    <div>
      <PersonPicker
        key={`person ${person.data?.person.id}`}
        label="For which person"
        chosen={person.data?.person}
        onPick={(picked) => onSet({ person: picked?.id, device: undefined })}
      />
      <Button size="compact-xs" variant="subtle" mt={4} onClick={() => onBy('device')}>
        A device instead
      </Button>
    </div>
  ) : (
    <div>
      <DevicePicker
        key={`device ${device.data?.device.id}`}
        label="For which device"
        chosen={device.data?.device}
        onPick={(picked) => onSet({ device: picked?.id, person: undefined })}
      />
      <Button size="compact-xs" variant="subtle" mt={4} onClick={() => onBy('person')}>
        A person instead
      </Button>
    </div>
  );
}
