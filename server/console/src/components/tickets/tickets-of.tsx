import { Button, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { DeviceSummary, PersonSummary } from '../../../../../shared/api/schemas.ts';
import { helpdeskQueries } from '../../helpdesk-queries.ts';
import { NewTicketDialog } from '../../pages/tickets/new-ticket-dialog.tsx';
import { TextLink } from '../links.tsx';
import { Loaded, RowsSkeleton } from '../loaded.tsx';
import { May } from '../may.tsx';
import { Panel } from '../panel.tsx';
import { TicketTable } from './ticket-table.tsx';

const limit = 10;

/** The tickets of a device or of a person, those that need work first, and a new one. */
export function TicketsOf({ device, person }: { device?: DeviceSummary; person?: PersonSummary }) {
  const [creating, create] = useDisclosure();
  const about = { ...(device ? { device: device.id } : {}), ...(person ? { person: person.id } : {}) };
  const tickets = useQuery(helpdeskQueries.tickets({ ...about, status: 'all', limit }));
  return (
    <Panel
      title="Tickets"
      aside={
        <May call="createTicket">
          <Button size="xs" variant="default" leftSection={<IconPlus size={14} />} onClick={create.open}>
            New ticket
          </Button>
        </May>
      }
    >
      <Loaded query={tickets} skeleton={<RowsSkeleton rows={1} />}>
        {({ items, total }) => (
          <>
            {items.length > 0 ? (
              <TicketTable tickets={items} />
            ) : (
              <Text size="sm" c="dimmed">
                There has been none.
              </Text>
            )}
            {total > items.length ? (
              <TextLink to="/tickets" search={{ ...about, status: 'all' }} size="sm">
                All {total.toLocaleString('en')}
              </TextLink>
            ) : null}
          </>
        )}
      </Loaded>
      <NewTicketDialog
        opened={creating}
        onClose={create.close}
        {...(device ? { device } : {})}
        {...(person ? { person } : {})}
      />
    </Panel>
  );
}
