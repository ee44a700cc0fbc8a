import { Select, SimpleGrid } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import {
  type TicketView,
  ticketCategories,
  ticketPriorities,
  ticketStatuses,
} from '../../../../../shared/api/schemas.ts';
import { Facts } from '../../components/facts.tsx';
import { TextLink } from '../../components/links.tsx';
import { Panel } from '../../components/panel.tsx';
import { ServiceClock } from '../../components/service-clock.tsx';
import { helpdeskQueries } from '../../helpdesk-queries.ts';
import { categoryWords, priorityWords, ticketStatusWords } from '../../ticket-words.ts';
import { useChangeTicket } from './use-change-ticket.ts';
import type { TicketDesk } from './use-ticket-desk.ts';

const statuses = ticketStatuses.map((value) => ({ value, label: ticketStatusWords[value].label }));
const priorities = ticketPriorities.map((value) => ({ value, label: priorityWords[value].label }));
const categories = ticketCategories.map((value) => ({ value, label: categoryWords[value] }));

/** Who works on it, how urgent it is and how its promises stand; each changes as soon as it is chosen. */
export function TicketFields({ ticket, desk }: { ticket: TicketView; desk: TicketDesk }) {
  const technicians = useQuery(helpdeskQueries.technicians());
  const change = useChangeTicket(ticket, 'The ticket is changed.');
  const staff = withAssignee(technicians.data?.items ?? [], ticket.assignee);
  const busy = change.isPending;
  return (
    <Panel title="The ticket">
      <SimpleGrid cols={2} spacing="sm">
        <Select
          ref={desk.status}
          label="Status"
          value={ticket.status}
          data={statuses}
          allowDeselect={false}
          disabled={busy}
          onChange={(status) => status && change.mutate({ status })}
        />
        <Select
          ref={desk.assignee}
          label="Assigned to"
          placeholder="Nobody"
          clearable
          value={ticket.assignee?.id ?? null}
          data={staff.map(({ id, name }) => ({ value: id, label: name }))}
          disabled={busy}
          onChange={(assigneeId) => change.mutate({ assigneeId })}
        />
        <Select
          ref={desk.priority}
          label="Priority"
          value={ticket.priority}
          data={priorities}
          allowDeselect={false}
          disabled={busy}
          onChange={(priority) => priority && change.mutate({ priority })}
        />
        <Select
          ref={desk.category}
          label="Category"
          value={ticket.category}
          data={categories}
          allowDeselect={false}
          disabled={busy}
          onChange={(category) => category && change.mutate({ category })}
        />
      </SimpleGrid>
      <Facts
        facts={[
          ['For', ticket.person ? <Person key="person" person={ticket.person} /> : 'nobody named'],
          ['First reply', <ServiceClock key="reply" clock={ticket.firstReply} />],
          ['Solution', <ServiceClock key="solution" clock={ticket.resolution} />],
        ]}
      />
    </Panel>
  );
}

/** Whoever it was given to stands there, even if nothing can be given to them any more. */
function withAssignee(staff: readonly { id: string; name: string }[], assignee: TicketView['assignee']) {
  return assignee && !staff.some(({ id }) => id === assignee.id) ? [...staff, assignee] : staff;
}

function Person({ person: { id, name } }: { person: NonNullable<TicketView['person']> }) {
  return (
    <TextLink to="/people/$id" params={{ id }}>
      {name}
    </TextLink>
  );
}
