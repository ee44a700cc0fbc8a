import { Group, Pill, Select } from '@mantine/core';
import { verdictStates } from '../../../../../shared/compliance/verdict.ts';
import { OrgSelect } from '../../components/org-select.tsx';
import { SearchField } from '../../components/search-field.tsx';
import type { DevicesSearch } from '../../router.tsx';
import { deviceStatusWords, platformWords, verdictWords } from '../../words.ts';

interface Props {
  filters: DevicesSearch;
  onFilter: (change: DevicesSearch) => void;
}

const width = { base: '47%', sm: 150 };

export function DeviceFilters({ filters, onFilter }: Props) {
  const { search, platform, org, tag, status, verdict, connected } = filters;
  return (
    <Group gap="xs" role="search">
      <SearchField
        label="Search by name, serial or model"
        value={search}
        onChange={(next) => onFilter({ search: next })}
      />
      <Select
        aria-label="System"
        placeholder="Any system"
        clearable
        w={width}
        value={platform ?? null}
        data={(['linux', 'darwin', 'win32'] as const).map((value) => ({ value, label: platformWords[value] }))}
        onChange={(value) => onFilter({ platform: value ?? undefined })}
      />
      <OrgSelect value={org} onChange={(next) => onFilter({ org: next })} />
      <Select
        aria-label="Verdict"
        placeholder="Any verdict"
        clearable
        w={width}
        value={verdict ?? null}
        data={verdictStates.map((value) => ({ value, label: verdictWords[value].label }))}
        onChange={(value) => onFilter({ verdict: value ?? undefined })}
      />
      <Select
        aria-label="Connection"
        placeholder="On or off line"
        clearable
        w={width}
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
        w={{ base: '47%', sm: 190 }}
        value={status ?? null}
        data={(['active', 'held', 'revoked'] as const).map((value) => ({ value, label: deviceStatusWords[value] }))}
        onChange={(value) => onFilter({ status: value ?? undefined })}
      />
      {tag ? (
        <Pill withRemoveButton size="md" onRemove={() => onFilter({ tag: undefined })}>
          Tag: {tag}
        </Pill>
      ) : null}
    </Group>
  );
}
