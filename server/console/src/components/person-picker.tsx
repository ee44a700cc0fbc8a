import { Loader, Select, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { PersonSummary } from '../../../../shared/api/schemas.ts';
import { queries } from '../queries.ts';
import { gradeWords, roleWords } from '../words.ts';

interface Props {
  label: string;
  /** Among filters, where the label is for screen readers alone. */
  isFilter?: boolean;
  description?: string;
  /** Shown before anything is picked, for a person chosen earlier. */
  placeholder?: string;
  /** Picked from the beginning. */
  chosen?: PersonSummary | undefined;
  onPick: (person: PersonSummary | undefined) => void;
}

/** Finds a person by name or user name on the server, ten at a time. */
export function PersonPicker({
  label,
  isFilter = false,
  description,
  placeholder = 'Type a name',
  chosen,
  onPick,
}: Props) {
  const [typed, setTyped] = useState(chosen?.name ?? '');
  const [search] = useDebouncedValue(typed.trim(), 200);
  const found = useQuery(queries.people({ ...(search ? { search } : {}), limit: 10 }));
  const people = withChosen(found.data?.items ?? [], chosen);
  return (
    <Select
      {...(isFilter ? { 'aria-label': label } : { label })}
      description={description}
      placeholder={placeholder}
      searchable
      defaultValue={chosen?.id ?? null}
      clearable
      data={people.map((person) => ({ value: person.id, label: person.name }))}
      filter={({ options }) => options}
      searchValue={typed}
      onSearchChange={setTyped}
      onChange={(id) => onPick(people.find((person) => person.id === id))}
      renderOption={({ option }) => <Choice person={people.find((person) => person.id === option.value)} />}
      rightSection={found.isFetching ? <Loader size={14} /> : undefined}
      nothingFoundMessage={found.isFetching ? 'Searching…' : 'Nobody of that name'}
      maxDropdownHeight={320}
    />
  );
}

function withChosen(people: readonly PersonSummary[], chosen: PersonSummary | undefined): readonly PersonSummary[] {
  return chosen && !people.some(({ id }) => id === chosen.id) ? [...people, chosen] : people;
}

function Choice({ person }: { person: PersonSummary | undefined }) {
  if (!person) return null;
  const about = [roleWords[person.role].one, person.grade ? gradeWords(person.grade) : null, person.orgName];
  return (
    <div>
      <Text size="sm">{person.name}</Text>
      <Text size="xs" c="dimmed">
        {about.filter(Boolean).join(' · ')}
      </Text>
    </div>
  );
}
