import { Box, Group, Stack, Text, TextInput } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { AuditRow } from '../../../../../shared/api/schemas.ts';
import { auditQueries } from '../../audit-queries.ts';
import { type AuditSearch, auditReads } from '../../audit-routes.tsx';
import { codeWords, erasedWords, spanOf, whoWords } from '../../audit-words.ts';
import { Empty } from '../../components/empty.tsx';
import { FilterSelect } from '../../components/filter-select.tsx';
import { Filters } from '../../components/filters.tsx';
import { ButtonLink, TextLink } from '../../components/links.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { Pager } from '../../components/pager.tsx';
import { PersonPicker } from '../../components/person-picker.tsx';
import { type Column, Rows } from '../../components/rows.tsx';
import { SubjectLink } from '../../components/subject-link.tsx';
import { Tag } from '../../components/tag.tsx';
import { When } from '../../components/when.tsx';
import { actorWords } from '../../words.ts';

const route = getRouteApi('/shell/audit');
const limit = 50;
const readWords = { only: 'Looks alone', without: 'Changes alone' } as const;

const columns: readonly Column<AuditRow>[] = [
  {
    title: 'What',
    main: true,
    cell: ({ id, words, isErased, changed, isRead }) => (
      <Group gap={6} align="baseline">
        <TextLink to="/audit/$id" params={{ id: String(id) }} size="sm" style={{ overflowWrap: 'anywhere' }}>
          {isErased ? erasedWords : words}
        </TextLink>
        {isRead ? <Tag keepsLine>Look</Tag> : null}
        {changed > 0 ? <Tag keepsLine>{changed === 1 ? '1 change' : `${changed} changes`}</Tag> : null}
      </Group>
    ),
  },
  { title: 'Who', cell: (row) => whoWords(row) },
  {
    title: 'About',
    cell: ({ subject }) =>
      subject ? (
        <Box miw="7rem">
          <SubjectLink subject={subject} />
        </Box>
      ) : (
        '–'
      ),
  },
  { title: 'Why', wide: true, cell: (row) => (row.reason === null && row.ticketId === null ? '–' : <Why {...row} />) },
  { title: 'When', cell: ({ at }) => <When at={at} /> },
];

/** The log, narrowed by who, what, whom and when. */
export function AuditRows() {
  const { page = 1, tab: _, from, to, ...filters } = route.useSearch();
  const navigate = route.useNavigate();
  const rows = useQuery(auditQueries.rows({ ...filters, ...spanOf({ from, to }), limit }));
  const filter = (change: AuditSearch) =>
    void navigate({ search: ({ cursor: _, page: __, ...rest }) => ({ ...rest, ...change }), replace: true });
  return (
    <Stack gap="md">
      <AuditFilters filters={{ ...filters, from, to }} onFilter={filter} />
      <Loaded query={rows}>
        {(found) => (
          <Stack gap="md">
            {found.items.length > 0 ? (
              <Rows label="The audit" rows={found.items} keyOf={({ id }) => String(id)} columns={columns} />
            ) : (
              <Empty
                icon={IconHistory}
                title="Nothing like this happened"
                action={
                  <ButtonLink to="/audit" search={{}} variant="default">
                    Clear the filters
                  </ButtonLink>
                }
              >
                Loosen a filter, or choose a longer time.
              </Empty>
            )}
            <Pager
              page={page}
              limit={limit}
              found={found}
              onGo={(next) => void navigate({ search: ({ cursor: _, page: __, ...rest }) => ({ ...rest, ...next }) })}
            />
          </Stack>
        )}
      </Loaded>
    </Stack>
  );
}

function AuditFilters({ filters, onFilter }: { filters: AuditSearch; onFilter: (change: AuditSearch) => void }) {
  const choices = useQuery(auditQueries.filters());
  const { actor, code, reads, from, to } = filters;
  const actors = [...new Set([...(choices.data?.actors ?? []), ...(actor ? [actor] : [])])];
  const codes = [...new Set([...(choices.data?.codes ?? []), ...(code ? [code] : [])])];
  return (
    <Filters>
      <FilterSelect
        label="Who"
        any="Anybody"
        value={actor}
        options={actors.map((value) => ({ value, label: actorWords(value) }))}
        onChange={(next) => onFilter({ actor: next })}
      />
      <FilterSelect
        label="What happened"
        any="Anything"
        value={code}
        options={codes.map((value) => ({ value, label: codeWords(value) }))}
        onChange={(next) => onFilter({ code: next })}
      />
      <FilterSelect
        label="Changes or looks"
        any="Changes and looks"
        value={reads}
        options={auditReads.map((value) => ({ value, label: readWords[value] }))}
        onChange={(next) => onFilter({ reads: next })}
      />
      <PersonPicker
        label="About whom"
        isFilter
        placeholder={filters.person ? 'A person is chosen' : 'About anybody'}
        onPick={(person) => onFilter({ person: person?.id })}
      />
      <Day label="From" value={from} onChange={(next) => onFilter({ from: next })} />
      <Day label="To" value={to} onChange={(next) => onFilter({ to: next })} />
    </Filters>
  );
}

function Day({
  label,
  value,
  onChange,
}: {
  label: string;
  value: string | undefined;
  onChange: (day?: string) => void;
}) {
  return (
    <TextInput
      type="date"
      aria-label={label}
      leftSection={
        <Text size="xs" c="dimmed" aria-hidden="true">
          {label}
        </Text>
      }
      leftSectionWidth={46}
      value={value ?? ''}
      onChange={(event) => onChange(event.currentTarget.value || undefined)}
    />
  );
}

function Why({ reason, ticketId }: Pick<AuditRow, 'reason' | 'ticketId'>) {
  return (
    <Text size="sm" miw="7rem" style={{ overflowWrap: 'anywhere' }}>
      {reason}
      {reason !== null && ticketId !== null ? ' · ' : null}
      {ticketId === null ? null : (
        <TextLink to="/tickets/$id" params={{ id: ticketId }} size="sm" style={{ whiteSpace: 'nowrap' }}>
          Ticket
        </TextLink>
      )}
    </Text>
  );
}
