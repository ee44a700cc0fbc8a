import { Button, SegmentedControl, Stack } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconLifebuoy, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Empty } from '../../components/empty.tsx';
import { KeysHelp } from '../../components/keys-help.tsx';
import { ButtonLink } from '../../components/links.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { May } from '../../components/may.tsx';
import { Page } from '../../components/page.tsx';
import { Pager } from '../../components/pager.tsx';
import { TicketTable } from '../../components/tickets/ticket-table.tsx';
import { helpdeskQueries } from '../../helpdesk-queries.ts';
import type { TicketsSearch } from '../../helpdesk-routes.tsx';
import { isLate } from '../../ticket-words.ts';
import { useMay } from '../../use-may.ts';
import { NewTicketDialog } from './new-ticket-dialog.tsx';
import { stepRow } from './step-row.ts';
import { TicketFilters } from './ticket-filters.tsx';

const route = getRouteApi('/shell/tickets');
const limit = 50;
/** Those that are late are due first: more than these nobody looks at on one page. */
const mostLate = 200;

const views = [
  { value: 'all', label: 'All' },
  { value: 'mine', label: 'Mine' },
  { value: 'unassigned', label: 'Unassigned' },
  { value: 'late', label: 'Late' },
] as const;
type View = (typeof views)[number]['value'];

const searchOf: Record<View, TicketsSearch> = {
  all: {},
  mine: { assignee: 'me' },
  unassigned: { assignee: 'nobody' },
  late: { late: 'true' },
};

function viewOf({ assignee, late }: TicketsSearch): View | undefined {
  if (late) return 'late';
  if (assignee === undefined) return 'all';
  return assignee === 'me' ? 'mine' : assignee === 'nobody' ? 'unassigned' : undefined;
}

export function TicketsPage() {
  const { page = 1, late, ...search } = route.useSearch();
  const navigate = route.useNavigate();
  const [creating, create] = useDisclosure();
  const may = useMay();
  const tickets = useQuery(helpdeskQueries.tickets({ ...search, limit: late ? mostLate : limit }));
  const show = (change: TicketsSearch) =>
    void navigate({ search: ({ cursor: _, page: __, ...rest }) => ({ ...rest, ...change }), replace: true });
  const view = viewOf({ ...search, late });
  const isFiltered = view !== 'all' || Object.values(search).some((value) => value !== undefined);
  return (
    <Page
      title="Tickets"
      lead="What needs somebody at the helpdesk: what is due first comes first, counted in school hours."
      actions={
        <>
          <KeysHelp
            search
            keys={[
              { key: 'j', words: 'Next ticket', act: () => stepRow(1) },
              { key: 'k', words: 'Ticket before', act: () => stepRow(-1) },
              { key: 'Enter', words: 'Open the ticket', act: () => stepRow(1) },
              ...(may('createTicket') ? [{ key: 'c', words: 'New ticket', act: create.open }] : []),
            ]}
          />
          <May call="createTicket">
            <Button leftSection={<IconPlus size={16} />} onClick={create.open}>
              New ticket
            </Button>
          </May>
        </>
      }
    >
      <SegmentedControl
        aria-label="Whose tickets"
        value={view ?? ''}
        data={[...views]}
        onChange={(next) => show({ assignee: undefined, late: undefined, ...searchOf[next as View] })}
        style={{ alignSelf: 'start', maxWidth: '100%' }}
      />
      <TicketFilters filters={search} onFilter={show} />
      <Loaded query={tickets}>
        {(found) => {
          const items = late ? found.items.filter(isLate) : found.items;
          return (
            <Stack gap="md">
              {items.length > 0 ? (
                <TicketTable tickets={items} />
              ) : (
                <NoTicket filtered={isFiltered} onCreate={create.open} />
              )}
              {late ? null : (
                <Pager
                  {...{ page, limit, found }}
                  onGo={(to) => void navigate({ search: ({ cursor: _, page: __, ...rest }) => ({ ...rest, ...to }) })}
                />
              )}
            </Stack>
          );
        }}
      </Loaded>
      <NewTicketDialog opened={creating} onClose={create.close} />
    </Page>
  );
}

function NoTicket({ filtered, onCreate }: { filtered: boolean; onCreate: () => void }) {
  return filtered ? (
    <Empty
      icon={IconLifebuoy}
      title="No ticket is among these"
      action={
        <ButtonLink to="/tickets" search={{}} variant="default">
          Show all that need work
        </ButtonLink>
      }
    />
  ) : (
    <Empty
      icon={IconLifebuoy}
      title="Nothing needs work"
      action={
        <May call="createTicket">
          <Button onClick={onCreate}>New ticket</Button>
        </May>
      }
    >
      Tickets come from the “Get help” page of a device, by e-mail, and from devices that report trouble by themselves.
    </Empty>
  );
}
