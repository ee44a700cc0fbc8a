import { Button, Group, Menu, SegmentedControl, Stack, Text, Textarea } from '@mantine/core';
import { IconNotes } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import type { TicketView } from '../../../../../shared/api/schemas.ts';
import { call } from '../../api.ts';
import { LeaveGuard } from '../../components/leave-guard.tsx';
import { Problem } from '../../components/problem.tsx';
import { useAct } from '../../components/use-act.ts';
import { helpdeskQueries } from '../../helpdesk-queries.ts';
import { pointerEvents } from '../cockpit/use-cockpit.ts';
import type { TicketDesk } from './use-ticket-desk.ts';

interface Props {
  ticket: TicketView;
  desk: TicketDesk;
}

/** Writes a note for staff or words to the person. Control and Enter send. */
export function Composer({ ticket, desk }: Props) {
  const client = useQueryClient();
  const { words, isToPerson, fix } = desk;
  const send = useAct({
    act: () =>
      call('noteTicket', {
        params: { id: ticket.id },
        body: { words: words.trim(), isToPerson, ...(fix && isToPerson ? { fixId: fix.id } : {}) },
      }),
    done: isToPerson ? 'It is sent.' : 'The note is kept.',
    stale: ['tickets'],
    onDone: (view) => {
      client.setQueryData(helpdeskQueries.ticket(ticket.id).queryKey, view);
      desk.clear();
    },
  });
  const ready = words.trim() !== '';
  const submit = () => {
    if (ready && !send.isPending) send.mutate(undefined);
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Stack gap="xs">
        <Group justify="space-between" gap="xs">
          <SegmentedControl
            aria-label="Who reads it"
            size="xs"
            value={isToPerson ? 'person' : 'staff'}
            data={[
              { value: 'staff', label: 'Note for staff' },
              { value: 'person', label: 'To the person' },
            ]}
            onChange={(next) => desk.setToPerson(next === 'person')}
          />
          <Fixes ticket={ticket} desk={desk} />
        </Group>
        <Textarea
          ref={desk.writing}
          aria-label={isToPerson ? 'Words to the person' : 'Note for staff'}
          placeholder={isToPerson ? 'What the person should know or do' : 'What the next technician should know'}
          autosize
          minRows={3}
          maxRows={10}
          maxLength={4000}
          value={words}
          onChange={(event) => desk.setWords(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') event.currentTarget.blur();
            if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
            event.preventDefault();
            submit();
          }}
        />
        {send.error ? <Problem error={send.error} title="It was not sent" /> : null}
        <Group justify="space-between" gap="xs">
          <Text size="xs" c="dimmed" maw={250}>
            {isToPerson ? whereItGoes(ticket) : 'Only staff see it.'}
            {fix && isToPerson && fix.resolves ? ' It also resolves the ticket.' : ''}
          </Text>
          <Button type="submit" size="sm" disabled={!ready} loading={send.isPending}>
            {isToPerson ? 'Send' : 'Keep the note'}
          </Button>
        </Group>
      </Stack>
      <LeaveGuard dirty={ready} lost="What you wrote and did not send is lost." />
    </form>
  );
}

function whereItGoes({ email, device }: TicketView): string {
  const places = [email === null ? null : `by e-mail to ${email}`, device ? 'on the page of the device' : null];
  const known = places.filter((place) => place !== null);
  return known.length === 0 ? 'Nobody is named to read it.' : `It goes ${known.join(' and stands ')}.`;
}

/** Words for what comes again and again; they can be changed before they go. */
function Fixes({ ticket, desk }: Props) {
  return (
    <Menu
      position="bottom-end"
      width={300}
      opened={desk.fixes}
      onChange={desk.setFixes}
      clickOutsideEvents={pointerEvents}
    >
      <Menu.Target>
        <Button ref={desk.fixesButton} size="compact-sm" variant="default" leftSection={<IconNotes size={14} />}>
          Canned fixes
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {ticket.fixes.length === 0 ? <Menu.Label>None for this category</Menu.Label> : null}
        {ticket.fixes.map((fix) => (
          <Menu.Item key={fix.id} onClick={() => desk.takeFix(fix)}>
            {fix.title}
            {fix.resolves ? (
              <Text size="xs" c="dimmed">
                Resolves the ticket
              </Text>
            ) : null}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
