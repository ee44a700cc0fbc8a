import { Text } from '@mantine/core';
import type { TicketSummary } from '../../../../../shared/api/schemas.ts';
import { categoryWords, isOver, priorityWords, sourceWords, ticketStatusWords } from '../../ticket-words.ts';
import { TextLink } from '../links.tsx';
import { type Column, Rows } from '../rows.tsx';
import { NextClock } from '../service-clock.tsx';
import { Tag } from '../tag.tsx';
import { When } from '../when.tsx';

const columns: readonly Column<TicketSummary>[] = [
  { title: 'Ticket', main: true, cell: (ticket) => <What ticket={ticket} /> },
  { title: 'For', cell: (ticket) => <ForWhom ticket={ticket} /> },
  {
    title: 'Priority',
    cell: ({ priority }) => (
      <Tag keepsLine tone={priorityWords[priority].tone}>
        {priorityWords[priority].label}
      </Tag>
    ),
  },
  {
    title: 'Status',
    cell: ({ status }) => <Tag tone={ticketStatusWords[status].tone}>{ticketStatusWords[status].label}</Tag>,
  },
  { title: 'Assigned to', cell: ({ assignee }) => assignee?.name ?? <Nobody /> },
  { title: 'Due', wide: true, cell: (ticket) => <NextClock ticket={ticket} /> },
];

/** Tickets in the order of the queue. */
export function TicketTable({ tickets }: { tickets: readonly TicketSummary[] }) {
  return <Rows label="Tickets" rows={tickets} keyOf={({ id }) => id} columns={columns} />;
}

function What({ ticket }: { ticket: TicketSummary }) {
  const { id, number, subject, category, source, openedAt } = ticket;
  return (
    <div>
      <TextLink to="/tickets/$id" params={{ id }} fw={isOver(ticket) ? 500 : 600} data-row-link>
        <span className="numeric">{number}</span> {subject}
      </TextLink>
      <Text size="xs" c="dimmed" component="div">
        {categoryWords[category]} · {sourceWords[source]} · <When at={openedAt} />
      </Text>
    </div>
  );
}

function ForWhom({ ticket: { person, device, org } }: { ticket: TicketSummary }) {
  return (
    <div>
      {person ? (
        <TextLink to="/people/$id" params={{ id: person.id }}>
          {person.name}
        </TextLink>
      ) : device ? (
        <TextLink to="/devices/$id" params={{ id: device.id }}>
          {device.name}
        </TextLink>
      ) : (
        '–'
      )}
      <Text size="xs" c="dimmed">
        {[person ? device?.name : undefined, org?.name].filter(Boolean).join(' · ')}
      </Text>
    </div>
  );
}

function Nobody() {
  return (
    <Text size="sm" c="dimmed">
      Nobody
    </Text>
  );
}
