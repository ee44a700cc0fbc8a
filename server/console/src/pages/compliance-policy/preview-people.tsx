import { Button, Group, Stack, Text } from '@mantine/core';
import { IconArrowRight } from '@tabler/icons-react';
import { useState } from 'react';
import type { PolicyPreview } from '../../../../../shared/api/schemas.ts';
import { TextLink } from '../../components/links.tsx';
import { type Column, Rows } from '../../components/rows.tsx';
import { Verdict } from '../../components/verdict.tsx';
import { count } from '../../words.ts';

type Change = PolicyPreview['changes'][number];

const columns: Column<Change>[] = [
  {
    title: 'Person',
    main: true,
    cell: ({ person: { id, name } }) => (
      <TextLink to="/people/$id" params={{ id }} fw={600} target="_blank">
        {name}
      </TextLink>
    ),
  },
  {
    title: 'Verdict',
    cell: ({ before, after, until }) => (
      <Group gap={6}>
        <Verdict state={before} />
        <IconArrowRight size={15} aria-label="becomes" />
        <Verdict state={after} until={until ?? undefined} />
      </Group>
    ),
  },
  { title: 'Why', cell: ({ reasons }) => reasons.join('; ') || 'Nothing would fail.' },
];

interface Props {
  changes: readonly Change[];
  /** Of everybody; `changes` are the first of them. */
  changed: number;
  /** How many are shown at first. */
  most: number;
}

/** The first people whose verdict would be another, those who become worse first. */
export function PreviewPeople({ changes, changed, most }: Props) {
  const [all, setAll] = useState(false);
  if (changes.length === 0) return null;
  const shown = all ? changes : changes.slice(0, most);
  return (
    <Stack gap="xs">
      <Rows
        label="People who would stand differently"
        rows={shown}
        keyOf={({ person }) => person.id}
        columns={columns}
      />
      <Group gap="xs">
        <Text size="sm" c="dimmed">
          {shown.length.toLocaleString('en')} of {count(changed, 'person', 'people')}, those who become worse first
        </Text>
        {changes.length > most ? (
          <Button size="compact-sm" variant="subtle" onClick={() => setAll(!all)}>
            {all ? 'Show fewer' : `Show ${changes.length.toLocaleString('en')}`}
          </Button>
        ) : null}
      </Group>
    </Stack>
  );
}
