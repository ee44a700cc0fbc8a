import { Stack } from '@mantine/core';
import { IconUsers } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { verdictStates } from '../../../../../shared/compliance/verdict.ts';
import { personRoles } from '../../../../../shared/policy/selector.ts';
import { AsOfNotice } from '../../components/as-of-notice.tsx';
import { Empty } from '../../components/empty.tsx';
import { FilterSelect } from '../../components/filter-select.tsx';
import { Filters } from '../../components/filters.tsx';
import { ButtonLink } from '../../components/links.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { OrgSelect } from '../../components/org-select.tsx';
import { Page } from '../../components/page.tsx';
import { Pager } from '../../components/pager.tsx';
import { PeopleTable } from '../../components/people-table.tsx';
import { SearchField } from '../../components/search-field.tsx';
import { queries } from '../../queries.ts';
import type { PeopleSearch } from '../../router.tsx';
import { gradeWords, roleWords, verdictWords } from '../../words.ts';

const route = getRouteApi('/shell/people');
const limit = 50;
const grades = ['PK', 'KG', '01', '02', '03', '04', '05', '06', '07', '08', '09', '10', '11', '12'];

export function PeoplePage() {
  const { page = 1, ...filters } = route.useSearch();
  const { holdsDevice, ...others } = filters;
  const query = { ...others, limit, holdsDevice: holdsDevice === undefined ? undefined : holdsDevice === 'true' };
  const navigate = route.useNavigate();
  const people = useQuery(queries.people(query));
  const filter = (change: PeopleSearch) =>
    void navigate({ search: ({ cursor: _, page: __, ...rest }) => ({ ...rest, ...change }), replace: true });
  const { at, ...narrowing } = filters;
  const filtered = Object.values(narrowing).some((value) => value !== undefined);
  return (
    <Page title="People" lead="Everyone on the roster, each with one verdict across all their devices.">
      <AsOfNotice at={at} onNow={() => filter({ at: undefined })}>
        Verdicts and devices in hand are as they were then.
      </AsOfNotice>
      <PeopleFilters filters={filters} onFilter={filter} />
      <Loaded query={people}>
        {(found) => (
          <Stack gap="md">
            {found.items.length > 0 ? <PeopleTable people={found.items} /> : <Nobody filtered={filtered} />}
            <Pager
              page={page}
              limit={limit}
              found={found}
              onGo={(to) => void navigate({ search: ({ cursor: _, page: __, ...rest }) => ({ ...rest, ...to }) })}
            />
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}

function PeopleFilters({ filters, onFilter }: { filters: PeopleSearch; onFilter: (change: PeopleSearch) => void }) {
  const { search, role, org, grade, verdict, holdsDevice } = filters;
  return (
    <Filters>
      <SearchField label="Search by name or user name" value={search} onChange={(next) => onFilter({ search: next })} />
      <FilterSelect
        label="Role"
        any="Any role"
        value={role}
        options={personRoles.map((value) => ({ value, label: roleWords[value].many }))}
        onChange={(next) => onFilter({ role: next })}
      />
      <OrgSelect value={org} onChange={(next) => onFilter({ org: next })} />
      <FilterSelect
        label="Grade"
        any="Any grade"
        value={grade}
        options={[...new Set([...grades, ...(grade ? [grade] : [])])].map((value) => ({
          value,
          label: gradeWords(value),
        }))}
        onChange={(next) => onFilter({ grade: next })}
      />
      <FilterSelect
        label="Verdict"
        any="Any verdict"
        value={verdict}
        options={verdictStates.map((value) => ({ value, label: verdictWords[value].label }))}
        onChange={(next) => onFilter({ verdict: next })}
      />
      <FilterSelect
        label="Device in hand"
        any="Device or none"
        value={holdsDevice}
        options={[
          { value: 'true', label: 'Holds a device' },
          { value: 'false', label: 'Lacks a device' },
        ]}
        onChange={(next) => onFilter({ holdsDevice: next })}
      />
    </Filters>
  );
}

function Nobody({ filtered }: { filtered: boolean }) {
  return filtered ? (
    <Empty
      icon={IconUsers}
      title="Nobody matches"
      action={
        <ButtonLink to="/people" search={{}} variant="default">
          Clear the filters
        </ButtonLink>
      }
    >
      Loosen a filter, or search for part of the name.
    </Empty>
  ) : (
    <Empty icon={IconUsers} title="No people yet" action={<ButtonLink to="/import">Import a roster</ButtonLink>}>
      People come from OneRoster or a CSV file.
    </Empty>
  );
}
