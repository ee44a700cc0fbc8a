import { Select, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { DeviceSummary, TicketSummary } from '../../../../../shared/api/schemas.ts';
import { Loaded } from '../../components/loaded.tsx';
import { TicketsOf } from '../../components/tickets/tickets-of.tsx';
import { helpdeskQueries } from '../../helpdesk-queries.ts';
import { Cockpit } from '../cockpit/cockpit.tsx';
import { useCockpit } from '../cockpit/use-cockpit.ts';

/** The tickets of the device, and its cockpit for one that is open: without a ticket nobody looks at a device. */
export default function HelpdeskTab({ device }: { device: DeviceSummary }) {
  const open = useQuery(helpdeskQueries.tickets({ device: device.id, limit: 50 }));
  return (
    <Stack gap="md">
      <TicketsOf device={device} />
      {open.data && open.data.items.length > 0 ? <OfTicket tickets={open.data.items} device={device} /> : null}
    </Stack>
  );
}

function OfTicket({ tickets, device }: { tickets: readonly TicketSummary[]; device: DeviceSummary }) {
  const [chosen, setChosen] = useState(tickets[0]?.id);
  const id = tickets.some((ticket) => ticket.id === chosen) ? chosen : tickets[0]?.id;
  const ticket = useQuery({ ...helpdeskQueries.ticket(id ?? ''), enabled: id !== undefined });
  const view = useCockpit();
  return (
    <>
      {tickets.length > 1 ? (
        <Select
          label="For which ticket"
          maw={420}
          value={id ?? null}
          data={tickets.map((one) => ({ value: one.id, label: `${one.number} ${one.subject}` }))}
          allowDeselect={false}
          onChange={(next) => next && setChosen(next)}
        />
      ) : null}
      <Loaded query={ticket}>
        {(shown) => <Cockpit key={shown.id} ticket={shown} deviceId={device.id} view={view} />}
      </Loaded>
    </>
  );
}
