import { Stack } from '@mantine/core';
import { IconMessageQuestion } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { requestStates, type UnblockRequestView } from '../../../../../shared/api/schemas.ts';
import { Empty } from '../../components/empty.tsx';
import { FilterSelect } from '../../components/filter-select.tsx';
import { Filters } from '../../components/filters.tsx';
import { ButtonLink } from '../../components/links.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { OrgSelect } from '../../components/org-select.tsx';
import { Page } from '../../components/page.tsx';
import { Pager } from '../../components/pager.tsx';
import { SearchField } from '../../components/search-field.tsx';
import type { RequestsSearch } from '../../filter-routes.tsx';
import { requestStateWords } from '../../filter-words.ts';
import { queries } from '../../queries.ts';
import { type Asked, DecideDialog } from './decide-dialog.tsx';
import { RequestCard } from './request-card.tsx';

const route = getRouteApi('/shell/requests');
const limit = 25;

export function RequestsPage() {
  const { page = 1, state, ...filters } = route.useSearch();
  const navigate = route.useNavigate();
  const requests = useQuery(
    queries.requests({ ...filters, limit, state: state === 'all' ? undefined : (state ?? 'open') }),
  );
  const filter = (change: RequestsSearch) =>
    void navigate({ search: ({ cursor: _, page: __, ...rest }) => ({ ...rest, ...change }), replace: true });
  const [asked, setAsked] = useState<Asked>();
  const narrowed = state !== undefined || filters.org !== undefined || filters.search !== undefined;
  return (
    <Page
      title="Requests"
      lead="What people asked for on the block page, those due first. Whoever asked reads your reason on the device."
    >
      <RequestFilters search={{ ...filters, state }} onFilter={filter} />
      <Loaded query={requests}>
        {(found) => (
          <Stack gap="md">
            {found.items.length > 0 ? (
              <RequestList requests={found.items} onDecide={setAsked} />
            ) : (
              <Nothing narrowed={narrowed} />
            )}
            <Pager
              page={page}
              limit={limit}
              found={found}
              onGo={(to) => void navigate({ search: ({ cursor: _, page: __, ...rest }) => ({ ...rest, ...to }) })}
            />
          </Stack>
        )}
      </Loaded>
      <DecideDialog asked={asked} onClose={() => setAsked(undefined)} />
    </Page>
  );
}

function RequestFilters({ search, onFilter }: { search: RequestsSearch; onFilter: (change: RequestsSearch) => void }) {
  return (
    <Filters>
      <SearchField
        label="Search by name, person or words"
        value={search.search}
        onChange={(next) => onFilter({ search: next })}
      />
      <FilterSelect
        label="State"
        any="Waiting"
        value={search.state === 'open' ? undefined : search.state}
        options={[
          ...requestStates
            .filter((value) => value !== 'open')
            .map((value) => ({ value, label: requestStateWords[value] })),
          { value: 'all' as const, label: 'Any state' },
        ]}
        onChange={(next) => onFilter({ state: next })}
      />
      <OrgSelect value={search.org} onChange={(next) => onFilter({ org: next })} />
    </Filters>
  );
}

interface ListProps {
  requests: readonly UnblockRequestView[];
  onDecide: (asked: Asked) => void;
}

function RequestList({ requests, onDecide }: ListProps) {
  return (
    <Stack component="ul" gap="sm" m={0} p={0} style={{ listStyle: 'none' }} aria-label="Requests">
      {requests.map((request) => (
        <li key={request.id}>
          <RequestCard request={request} onDecide={(outcome) => onDecide({ request, outcome })} />
        </li>
      ))}
    </Stack>
  );
}

function Nothing({ narrowed }: { narrowed: boolean }) {
  return narrowed ? (
    <Empty
      icon={IconMessageQuestion}
      title="No request matches"
      action={
        <ButtonLink to="/requests" search={{}} variant="default">
          Show what waits
        </ButtonLink>
      }
    >
      Loosen a filter, or search for part of the name.
    </Empty>
  ) : (
    <Empty icon={IconMessageQuestion} title="Nobody waits for an answer">
      When somebody asks on the block page of a device, it appears here at once.
    </Empty>
  );
}
