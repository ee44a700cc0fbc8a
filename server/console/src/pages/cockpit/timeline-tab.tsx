import { SegmentedControl, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { commandStateWords } from '../../command-words.ts';
import classes from '../../components/event-list.module.css';
import { TextLink } from '../../components/links.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { Tag } from '../../components/tag.tsx';
import { When } from '../../components/when.tsx';
import { type Happened, timelineOf } from '../../device-timeline.ts';
import { helpdeskQueries } from '../../helpdesk-queries.ts';
import { queries } from '../../queries.ts';
import { ticketStatusWords } from '../../ticket-words.ts';
import { actorWords } from '../../words.ts';

const kinds = [
  { value: 'all', label: 'All' },
  { value: 'ticket', label: 'Tickets' },
  { value: 'command', label: 'Commands' },
  { value: 'event', label: 'Events' },
] as const;
type Kind = (typeof kinds)[number]['value'];

const limit = 100;

/** What happened to the device, what was told of it and what was done to it, in one line. */
export function TimelineTab({ deviceId }: { deviceId: string }) {
  const [kind, setKind] = useState<Kind>('all');
  const events = useQuery(queries.deviceEvents(deviceId, { limit }));
  const tickets = useQuery(helpdeskQueries.tickets({ device: deviceId, status: 'all', limit }));
  const commands = useQuery(helpdeskQueries.commands({ device: deviceId, limit }));
  return (
    <Stack gap="md">
      <SegmentedControl
        aria-label="What of it"
        size="xs"
        value={kind}
        data={[...kinds]}
        onChange={(next) => setKind(next as Kind)}
        style={{ alignSelf: 'start', maxWidth: '100%' }}
      />
      <Loaded query={events}>
        {(found) => {
          const all = timelineOf({
            events: found.items,
            tickets: tickets.data?.items ?? [],
            commands: commands.data?.items ?? [],
          });
          return <Timeline happened={all.filter((one) => kind === 'all' || one.kind === kind).slice(0, limit)} />;
        }}
      </Loaded>
      <TextLink to="/devices/$id" params={{ id: deviceId }} search={{ tab: 'history' }} size="sm">
        Its whole history
      </TextLink>
    </Stack>
  );
}

function Timeline({ happened }: { happened: readonly Happened[] }) {
  if (happened.length === 0)
    return (
      <Text size="sm" c="dimmed">
        Nothing of this kind has happened to it.
      </Text>
    );
  return (
    <ol className={classes.events} aria-label="Timeline">
      {happened.map((one) => (
        <li key={`${one.kind} ${idOf(one)}`} className={classes.event}>
          <Entry happened={one} />
        </li>
      ))}
    </ol>
  );
}

function idOf(one: Happened): string | number {
  if (one.kind === 'event') return one.event.id;
  return one.kind === 'ticket' ? one.ticket.id : one.command.id;
}

function Entry({ happened }: { happened: Happened }) {
  switch (happened.kind) {
    case 'event': {
      const { words, actor, at } = happened.event;
      return <Line at={at} by={actorWords(actor)} what={words} />;
    }
    case 'ticket': {
      const { id, number, subject, status, openedAt } = happened.ticket;
      const { label, tone } = ticketStatusWords[status];
      return (
        <Line
          at={openedAt}
          by="ticket opened"
          tag={<Tag tone={tone}>{label}</Tag>}
          what={
            <TextLink to="/tickets/$id" params={{ id }}>
              Ticket {number}: {subject}
            </TextLink>
          }
        />
      );
    }
    case 'command': {
      const { id, words, state, by, createdAt } = happened.command;
      const { label, tone } = commandStateWords[state];
      return (
        <Line
          at={createdAt}
          by={actorWords(by)}
          tag={<Tag tone={tone}>{label}</Tag>}
          what={
            <TextLink to="/commands/$id" params={{ id }}>
              {words}
            </TextLink>
          }
        />
      );
    }
  }
}

interface LineProps {
  at: string;
  by: string;
  what: React.ReactNode;
  tag?: React.ReactNode;
}

function Line({ at, by, what, tag }: LineProps) {
  return (
    <>
      <Text size="sm" component="div" style={{ overflowWrap: 'anywhere' }}>
        {what} {tag}
      </Text>
      <Text size="xs" c="dimmed" component="div">
        <When at={at} /> · {by}
      </Text>
    </>
  );
}
