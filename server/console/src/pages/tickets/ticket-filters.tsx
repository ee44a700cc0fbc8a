import { Pill } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { ticketCategories, ticketPriorities, ticketStatuses } from '../../../../../shared/api/schemas.ts';
import { FilterSelect } from '../../components/filter-select.tsx';
import { Filters } from '../../components/filters.tsx';
import { SearchField } from '../../components/search-field.tsx';
import { helpdeskQueries } from '../../helpdesk-queries.ts';
import type { TicketsSearch } from '../../helpdesk-routes.tsx';
import { categoryWords, priorityWords, ticketStatusWords } from '../../ticket-words.ts';

const statuses = [
  ...ticketStatuses.map((value) => ({ value, label: ticketStatusWords[value].label })),
  { value: 'all' as const, label: 'All, also closed' },
];
const categories = ticketCategories.map((value) => ({ value, label: categoryWords[value] }));
const priorities = ticketPriorities.map((value) => ({ value, label: priorityWords[value].label }));

interface Props {
  filters: TicketsSearch;
  onFilter: (change: TicketsSearch) => void;
}

export function TicketFilters({ filters, onFilter }: Props) {
  const { search, status, category, priority, assignee, device, person } = filters;
  const technicians = useQuery(helpdeskQueries.technicians());
  const staff = technicians.data?.items.map(({ id, name }) => ({ value: id, label: name })) ?? [];
  return (
    <Filters>
      <SearchField
        label="Search by number, words, person or device"
        value={search}
        onChange={(next) => onFilter({ search: next })}
      />
      <FilterSelect
        label="Status"
        any="Needs work"
        value={status}
        options={statuses}
        onChange={(next) => onFilter({ status: next })}
      />
      <FilterSelect
        label="Category"
        any="Any category"
        value={category}
        options={categories}
        onChange={(next) => onFilter({ category: next })}
      />
      <FilterSelect
        label="Priority"
        any="Any priority"
        value={priority}
        options={priorities}
        onChange={(next) => onFilter({ priority: next })}
      />
      <FilterSelect
        label="Assigned to"
        any="Anybody"
        value={assignee === 'me' || assignee === 'nobody' ? undefined : assignee}
        options={staff}
        onChange={(next) => onFilter({ assignee: next, late: undefined })}
      />
      {device ? (
        <Pill withRemoveButton size="md" onRemove={() => onFilter({ device: undefined })}>
          Of one device
        </Pill>
      ) : null}
      {person ? (
        <Pill withRemoveButton size="md" onRemove={() => onFilter({ person: undefined })}>
          Of one person
        </Pill>
      ) : null}
    </Filters>
  );
}
