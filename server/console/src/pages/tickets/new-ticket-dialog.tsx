import { Button, Group, Select, SimpleGrid, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import {
  type DeviceSummary,
  type PersonSummary,
  type TicketCategory,
  type TicketPriority,
  ticketCategories,
  ticketPriorities,
} from '../../../../../shared/api/schemas.ts';
import { call } from '../../api.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { DevicePicker } from '../../components/device-picker.tsx';
import { PersonPicker } from '../../components/person-picker.tsx';
import { useAct } from '../../components/use-act.ts';
import { helpdeskQueries } from '../../helpdesk-queries.ts';
import { queries } from '../../queries.ts';
import { categoryWords, priorityWords } from '../../ticket-words.ts';

interface Props {
  opened: boolean;
  onClose: () => void;
  /** Filled in from the page it is opened on. */
  device?: DeviceSummary;
  person?: PersonSummary;
}

/** Takes a ticket down; its page opens when it is made. */
export function NewTicketDialog(props: Props) {
  return props.opened ? <NewTicket {...props} /> : null;
}

const leastSubject = 3;

function NewTicket({ onClose, device: givenDevice, person: givenPerson }: Props) {
  const [subject, setSubject] = useState('');
  const [words, setWords] = useState('');
  const [category, setCategory] = useState<TicketCategory>('slow');
  const [priority, setPriority] = useState<TicketPriority>('normal');
  const [device, setDevice] = useState(givenDevice);
  /** Taken from what the person holds; the field begins with it anew. */
  const [theirs, setTheirs] = useState<DeviceSummary>();
  const [person, setPerson] = useState(givenPerson);
  const client = useQueryClient();
  const navigate = useNavigate();
  const create = useAct({
    act: () =>
      call('createTicket', {
        body: {
          ...{ subject: subject.trim(), category, priority },
          ...(words.trim() === '' ? {} : { words: words.trim() }),
          ...(device ? { deviceId: device.id } : {}),
          ...(person ? { personId: person.id } : {}),
        },
      }),
    done: ({ number }) => `Ticket ${number} is open.`,
    stale: ['tickets'],
    onDone: (ticket) => {
      client.setQueryData(helpdeskQueries.ticket(ticket.id).queryKey, ticket);
      onClose();
      void navigate({ to: '/tickets/$id', params: { id: ticket.id } });
    },
  });
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title="New ticket"
      action="Open the ticket"
      onConfirm={() => create.mutate(undefined)}
      unfinished={subject.trim().length < leastSubject || (!device && !person)}
      busy={create.isPending}
      error={create.error}
    >
      <TextInput
        data-autofocus
        label="What is it about"
        placeholder="Laptop is slow since Monday"
        required
        maxLength={200}
        value={subject}
        onChange={(event) => setSubject(event.currentTarget.value)}
      />
      <SimpleGrid cols={2}>
        <Select
          label="Category"
          value={category}
          data={ticketCategories.map((value) => ({ value, label: categoryWords[value] }))}
          allowDeselect={false}
          onChange={(next) => next && setCategory(next)}
        />
        <Select
          label="Priority"
          value={priority}
          data={ticketPriorities.map((value) => ({ value, label: priorityWords[value].label }))}
          allowDeselect={false}
          onChange={(next) => next && setPriority(next)}
        />
      </SimpleGrid>
      <PersonPicker label="For whom" chosen={givenPerson} onPick={setPerson} />
      <Stack gap={6}>
        <DevicePicker
          key={theirs?.id ?? 'typed'}
          label="Which device"
          chosen={theirs ?? givenDevice}
          onPick={setDevice}
        />
        {person && !device ? (
          <TheirDevices
            person={person.id}
            onPick={(one) => {
              setTheirs(one);
              setDevice(one);
            }}
          />
        ) : null}
      </Stack>
      <Textarea
        label="What was told"
        autosize
        minRows={3}
        maxRows={8}
        maxLength={4000}
        value={words}
        onChange={(event) => setWords(event.currentTarget.value)}
      />
      <Text size="xs" c="dimmed">
        A person, a device, or both must be named.
      </Text>
    </ConfirmDialog>
  );
}

/** What somebody holds is most often what it is about. */
function TheirDevices({ person, onPick }: { person: string; onPick: (device: DeviceSummary) => void }) {
  const { data } = useQuery(queries.person(person));
  return (
    <Group gap={6}>
      {data?.devices.map((device) => (
        <Button key={device.id} size="compact-xs" variant="default" onClick={() => onPick(device)}>
          {device.name}
        </Button>
      ))}
    </Group>
  );
}
