import { Pill, Select } from '@mantine/core';
import { verdictStates } from '../../../../../shared/compliance/verdict.ts';
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
      <Select
        aria-label="System"
        placeholder="Any system"
        clearable
        value={platform ?? null}
        data={(['linux', 'darwin', 'win32'] as const).map((value) => ({ value, label: platformWords[value] }))}
        onChange={(value) => onFilter({ platform: value ?? undefined })}
      />
      <OrgSelect value={org} onChange={(next) => onFilter({ org: next })} />
      <Select
        aria-label="Verdict"
        placeholder="Any verdict"
        clearable
        value={verdict ?? null}
        data={verdictStates.map((value) => ({ value, label: verdictWords[value].label }))}
        onChange={(value) => onFilter({ verdict: value ?? undefined })}
      />
      <Select
        aria-label="Connection"
        placeholder="On or off line"
        clearable
        value={connected ?? null}
        data={[
          { value: 'true', label: 'Connected' },
          { value: 'false', label: 'Not connected' },
        ]}
        onChange={(value) => onFilter({ connected: value ?? undefined })}
      />
      <Select
        aria-label="Status"
        placeholder="Any status"
        clearable
        value={status ?? null}
        data={(['active', 'held', 'revoked'] as const).map((value) => ({ value, label: deviceStatusWords[value] }))}
        onChange={(value) => onFilter({ status: value ?? undefined })}
      />
      {tag ? (
        <Pill withRemoveButton size="md" onRemove={() => onFilter({ tag: undefined })}>
          Tag: {tag}
        </Pill>
      ) : null}
    </Filters>
  );
}
