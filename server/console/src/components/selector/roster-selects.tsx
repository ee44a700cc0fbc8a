import { Loader, Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { queries } from '../../queries.ts';
import { gradeWords, roleWords } from '../../words.ts';

interface Props {
  label: string;
  /** sourcedId; empty while none is chosen. */
  value: string;
  error?: string | undefined;
  onChange: (sourcedId: string) => void;
}

interface Found {
  value: string;
  label: string;
  about: string;
}

/** One person of the roster, found by name, user name or roster id. */
export function PersonSelect(props: Props) {
  const [search, type] = useSearch();
  const found = useQuery(queries.people({ ...(search ? { search } : {}), limit: 20 }));
  const name = useQuery({ ...queries.personName(props.value), enabled: props.value !== '' });
  const options = (found.data?.items ?? []).map((person) => ({
    value: person.sourcedId,
    label: person.name,
    about: [roleWords[person.role].one, person.grade ? gradeWords(person.grade) : null, person.orgName]
      .filter(Boolean)
      .join(' · '),
  }));
  return <Finder {...props} options={options} name={name.data} busy={found.isFetching} onType={type} />;
}

/** One class of the roster, found by title or teacher. */
export function ClassSelect(props: Props) {
  const [search, type] = useSearch();
  const found = useQuery(queries.classes({ ...(search ? { search } : {}), limit: 20 }));
  const name = useQuery({ ...queries.className(props.value), enabled: props.value !== '' });
  const options = (found.data?.items ?? []).map((one) => ({
    value: one.sourcedId,
    label: one.title,
    about: [one.orgName, one.teachers.join(', ')].filter(Boolean).join(' · '),
  }));
  return <Finder {...props} options={options} name={name.data} busy={found.isFetching} onType={type} />;
}

function useSearch() {
  const [typed, setTyped] = useState('');
  const [search] = useDebouncedValue(typed.trim(), 200);
  return [search, setTyped] as const;
}

interface FinderProps extends Props {
  options: readonly Found[];
  /** Of what is chosen already; null: not on the roster. */
  name: string | null | undefined;
  busy: boolean;
  onType: (typed: string) => void;
}

function Finder({ label, value, error, options, name, busy, onType, onChange }: FinderProps) {
  const chosen: Found = { value, label: name === null ? `${value} (not on the roster)` : (name ?? value), about: '' };
  const listed = value === '' || options.some((one) => one.value === value);
  const shown = distinct(listed ? options : [...options, chosen]);
  return (
    <Select
      label={label}
      placeholder="Type to search"
      searchable
      value={value === '' ? null : value}
      data={shown.map((one) => ({ value: one.value, label: one.label }))}
      filter={(given) => given.options}
      error={error}
      onSearchChange={onType}
      onChange={(next) => onChange(next ?? '')}
      renderOption={({ option }) => <Choice found={shown.find((one) => one.value === option.value)} />}
      rightSection={busy ? <Loader size={14} /> : undefined}
      nothingFoundMessage={busy ? 'Searching…' : 'Nothing of that name'}
      maxDropdownHeight={320}
    />
  );
}

const distinct = (found: readonly Found[]) => [...new Map(found.map((one) => [one.value, one])).values()];

function Choice({ found }: { found: Found | undefined }) {
  if (!found) return null;
  return (
    <div style={{ overflowWrap: 'anywhere' }}>
      <div>{found.label}</div>
      {found.about ? (
        <div style={{ color: 'var(--mantine-color-dimmed)', fontSize: '0.75rem' }}>{found.about}</div>
      ) : null}
    </div>
  );
}
