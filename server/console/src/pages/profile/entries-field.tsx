import { Button, Group, Stack, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import type { FilterSchedule, SplitDomain } from '../../../../../shared/profile/web-filter.ts';
import type { WifiNetwork } from '../../../../../shared/profile/wifi.ts';
import {
  type EntryKind,
  emptyNetwork,
  emptySchedule,
  emptySplitDomain,
  entryKindOf,
  entryProblem,
  entryWords,
} from '../../entries.ts';
import type { FieldSchema } from '../../form-fields.ts';
import { changedAt, numbered, without } from '../../form-rows.ts';
import classes from './entries-field.module.css';
import { EntryLine } from './entry-line.tsx';
import { ScheduleForm } from './schedule-form.tsx';
import { SplitDomainForm } from './split-domain-form.tsx';
import { WifiForm } from './wifi-form.tsx';

interface Props {
  schema: FieldSchema;
  labelId: string;
  value: readonly unknown[];
  problem: string | undefined;
  onChange: (value: unknown[]) => void;
}

const kinds = {
  schedule: { add: 'Add a schedule', empty: emptySchedule },
  'split-domain': { add: 'Add a domain', empty: emptySplitDomain },
  wifi: { add: 'Add a network', empty: emptyNetwork },
} as const;

/** A list whose entries have several parts: each is a line of words, opened one at a time to change it. */
export function EntriesField({ schema, labelId, value, problem, onChange }: Props) {
  const [open, setOpen] = useState<number>();
  const kind = entryKindOf(schema);
  if (!kind) return <Text size="sm">This console is too old to change it. What is set stays.</Text>;
  const add = () => {
    onChange([...value, kinds[kind].empty]);
    setOpen(value.length);
  };
  return (
    <Stack gap="xs" role="group" aria-labelledby={labelId}>
      {numbered(value).map(({ key, place, row }) => (
        <Entry
          key={key}
          kind={kind}
          entry={row}
          open={open === place}
          onToggle={() => setOpen(open === place ? undefined : place)}
          onChange={(entry) => onChange(changedAt(value, place, entry))}
          onRemove={() => {
            setOpen(undefined);
            onChange(without(value, place));
          }}
        />
      ))}
      <Group justify="space-between">
        <Text size="xs" c="dimmed">
          {value.length === 0 ? 'Left alone' : ''}
        </Text>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlus size={14} />}
          disabled={value.length >= (schema.maxItems ?? Number.POSITIVE_INFINITY)}
          onClick={add}
        >
          {kinds[kind].add}
        </Button>
      </Group>
      <Text size="xs" c="var(--mantine-color-error)" role="status">
        {problem}
      </Text>
    </Stack>
  );
}

interface EntryProps {
  kind: EntryKind;
  entry: unknown;
  open: boolean;
  onToggle: () => void;
  onChange: (entry: unknown) => void;
  onRemove: () => void;
}

function Entry({ kind, entry, onChange, ...line }: EntryProps) {
  const words = entryWords(entry);
  const head = (
    <Text size="sm" className={classes.words ?? ''}>
      {words}
    </Text>
  );
  const form = <EntryForm kind={kind} entry={entry} onChange={onChange} />;
  return <EntryLine {...line} {...{ words, head, form }} problem={entryProblem(entry)} />;
}

function EntryForm({ kind, entry, onChange }: Pick<EntryProps, 'kind' | 'entry' | 'onChange'>) {
  if (kind === 'schedule') return <ScheduleForm schedule={entry as FilterSchedule} onChange={onChange} />;
  if (kind === 'wifi') return <WifiForm network={entry as WifiNetwork} onChange={onChange} />;
  return <SplitDomainForm split={entry as SplitDomain} onChange={onChange} />;
}
