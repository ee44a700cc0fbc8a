import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { queries } from '../queries.ts';

interface Props {
  label?: string;
  value: string | undefined;
  onChange: (value: string | undefined) => void;
  /** Filters go by the server's id, selectors by the roster's own. */
  by?: 'id' | 'sourcedId';
  placeholder?: string;
  error?: string | undefined;
}

/** Schools and other units, searchable. */
export function OrgSelect({ label, value, onChange, by = 'id', placeholder = 'Any school', error }: Props) {
  const orgs = useQuery(queries.orgs());
  const options = (orgs.data?.items ?? []).map((org) => ({ value: org[by], label: org.name }));
  const unknown = value !== undefined && !options.some((option) => option.value === value);
  return (
    <Select
      {...(label ? { label } : { 'aria-label': 'School' })}
      placeholder={placeholder}
      searchable
      clearable
      value={value ?? null}
      data={unknown ? [...options, { value, label: value }] : options}
      error={error}
      onChange={(next) => onChange(next ?? undefined)}
      nothingFoundMessage="No school of that name"
    />
  );
}
