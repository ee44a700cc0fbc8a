import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconClipboardText, IconListDetails, IconUpload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { GroupDetail } from '../../../../../shared/api/schemas.ts';
import { Empty } from '../../components/empty.tsx';
import { Panel } from '../../components/panel.tsx';
import { Rows } from '../../components/rows.tsx';
import { PersonSelect } from '../../components/selector/roster-selects.tsx';
import { entriesOf, joined, type ListContent, type ListEntry, listWords, withoutEntry } from '../../group-form.ts';
import { queries } from '../../queries.ts';
import { capital } from '../../words.ts';
import { ListImportDialog } from './list-import-dialog.tsx';

interface Props {
  id: string;
  content: ListContent;
  onChange: (content: ListContent) => void;
  /** The server has read a file and saved it as the draft. */
  onImported: (detail: GroupDetail) => void;
}

const shownAtOnce = 20;

/** Who is on a list: put there one by one, pasted, or from a file. */
export function ListEditor({ id, content, onChange, onImported }: Props) {
  const [opened, dialog] = useDisclosure();
  const add = (people: readonly string[], devices: readonly string[]) =>
    onChange(joined(content, { kind: 'list', people: [...people], devices: [...devices] }));
  return (
    <Panel
      title="Who is in it"
      note={`${capital(listWords(content))} on the list. A person brings every device in their custody; a device is on it by its serial number.`}
      aside={
        <Button size="xs" variant="default" leftSection={<IconUpload size={14} />} onClick={dialog.open}>
          Bring in a file or paste…
        </Button>
      }
    >
      <Group gap="sm" align="flex-end">
        <div style={{ flex: '1 1 260px' }}>
          <PersonSelect label="Add a person" value="" onChange={(person) => person && add([person], [])} />
        </div>
        <AddDevice onAdd={(serial) => add([], [serial])} />
      </Group>
      <Entries content={content} onRemove={(entry) => onChange(withoutEntry(content, entry))} />
      <ListImportDialog
        id={id}
        before={content}
        opened={opened}
        onClose={dialog.close}
        onImported={onImported}
        onChange={onChange}
      />
    </Panel>
  );
}

function AddDevice({ onAdd }: { onAdd: (serial: string) => void }) {
  const [serial, setSerial] = useState('');
  const add = () => {
    if (serial.trim() !== '') onAdd(serial.trim());
    setSerial('');
  };
  return (
    <form
      style={{ flex: '1 1 260px' }}
      onSubmit={(event) => {
        event.preventDefault();
        add();
      }}
    >
      <Group gap={6} align="flex-end" wrap="nowrap">
        <TextInput
          label="Add a device"
          placeholder="Serial number"
          maxLength={100}
          spellCheck={false}
          flex={1}
          value={serial}
          onChange={(event) => setSerial(event.currentTarget.value)}
        />
        <Button type="submit" variant="default" disabled={serial.trim() === ''}>
          Add
        </Button>
      </Group>
    </form>
  );
}

function Entries({ content, onRemove }: { content: ListContent; onRemove: (entry: ListEntry) => void }) {
  const [search, setSearch] = useState('');
  const [shown, setShown] = useState(shownAtOnce);
  const all = content.people.length + content.devices.length;
  const found = entriesOf(content, search.trim());
  if (all === 0)
    return (
      <Empty icon={IconClipboardText} title="Nobody is on the list yet">
        Add people and devices above, or bring in a CSV file.
      </Empty>
    );
  return (
    <Stack gap="sm">
      {all > shownAtOnce ? (
        <TextInput
          type="search"
          aria-label="Search in the list"
          placeholder="Search in the list by roster id or serial number"
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
      ) : null}
      {found.length === 0 ? (
        <Empty icon={IconListDetails} title="Nothing on the list matches" />
      ) : (
        <Rows
          label="On the list"
          rows={found.slice(0, shown)}
          keyOf={({ part, id }) => `${part} ${id}`}
          columns={[
            { title: 'Entry', main: true, cell: (entry) => <EntryName entry={entry} /> },
            { title: 'Kind', cell: ({ part }) => (part === 'people' ? 'Person' : 'Device') },
            {
              title: 'Change',
              cell: (entry) => (
                <Button
                  size="compact-sm"
                  variant="default"
                  aria-label={`Remove ${entry.id}`}
                  onClick={() => onRemove(entry)}
                >
                  Remove
                </Button>
              ),
            },
          ]}
        />
      )}
      {found.length > shown ? (
        <Button size="compact-sm" variant="subtle" onClick={() => setShown(shown + 5 * shownAtOnce)}>
          Show more of {found.length.toLocaleString('en')}
        </Button>
      ) : null}
    </Stack>
  );
}

function EntryName({ entry: { part, id } }: { entry: ListEntry }) {
  const name = useQuery({ ...queries.personName(id), enabled: part === 'people' });
  if (part === 'devices') return id;
  return (
    <div>
      <Text size="sm" fw={600}>
        {name.data ?? (name.data === null ? 'Not on the roster' : '…')}
      </Text>
      <Text size="xs" c="dimmed">
        {id}
      </Text>
    </div>
  );
}
