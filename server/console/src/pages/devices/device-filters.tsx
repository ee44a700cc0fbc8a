import { Pill } from '@mantine/core';
import { verdictStates } from '../../../../../shared/compliance/verdict.ts';
import { FilterSelect } from '../../components/filter-select.tsx';
import { Filters } from '../../components/filters.tsx';
import { OrgSelect } from '../../components/org-select.tsx';
import { SearchField } from '../../components/search-field.tsx';
import type { DevicesSearch } from '../../router.tsx';
import { deviceStatusWords, platformWords, verdictWords } from '../../words.ts';

interface Props {
  filters: DevicesSearch;
  onFilter: (change: DevicesSearch) => void;
}

export function DeviceFilters({ filters, onFilter }: Props) {
  const { search, platform, org, tag, status, verdict, connected } = filters;
  return (
    <Filters>
      <SearchField
        label="Search by name, serial or model"
        value={search}
        onChange={(next) => onFilter({ search: next })}
      />
      <FilterSelect
        label="System"
        any="Any system"
        value={platform}
        options={(['linux', 'darwin', 'win32'] as const).map((value) => ({ value, label: platformWords[value] }))}
        onChange={(next) => onFilter({ platform: next })}
      />
      <OrgSelect value={org} onChange={(next) => onFilter({ org: next })} />
      <FilterSelect
        label="Verdict"
        any="Any verdict"
        value={verdict}
        options={verdictStates.map((value) => ({ value, label: verdictWords[value].label }))}
        onChange={(next) => onFilter({ verdict: next })}
      />
      <FilterSelect
        label="Connection"
        any="On or off line"
        value={connected}
        options={[
          { value: 'true', label: 'Connected' },
          { value: 'false', label: 'Not connected' },
        ]}
        onChange={(next) => onFilter({ connected: next })}
      />
      <FilterSelect
        label="Status"
        any="Any status"
        value={status}
        options={(['active', 'held', 'revoked'] as const).map((value) => ({ value, label: deviceStatusWords[value] }))}
        onChange={(next) => onFilter({ status: next })}
      />
      {tag ? (
        <Pill withRemoveButton size="md" onRemove={() => onFilter({ tag: undefined })}>
          Tag: {tag}
        </Pill>
      ) : null}
    </Filters>
  );
}
