import { Button, Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './entries-field.module.css';

interface Props {
  /** Names the entry to who cannot see it. */
  words: string;
  /** What is seen of it beside its buttons. */
  head: ReactNode;
  open: boolean;
  onToggle: () => void;
  onRemove: () => void;
  form: ReactNode;
  problem: string | undefined;
  /** Below the head while it is closed and nothing is wrong. */
  note?: ReactNode;
}

/** One entry of a list: a line of words, or open to be changed. */
export function EntryLine({ words, head, open, onToggle, onRemove, form, problem, note }: Props) {
  const said = problem ? (
    <Text size="xs" c="var(--mantine-color-error)">
      {problem}
    </Text>
  ) : (
    note
  );
  return (
    <div className={classes.entry}>
      <div className={classes.head}>
        {head}
        <Group gap={4} wrap="nowrap">
          <Button
            size="compact-sm"
            variant="default"
            aria-expanded={open}
            aria-label={`${open ? 'Done with' : 'Change'} ${words}`}
            onClick={onToggle}
          >
            {open ? 'Done' : 'Change'}
          </Button>
          <Button size="compact-sm" variant="subtle" aria-label={`Remove ${words}`} onClick={onRemove}>
            Remove
          </Button>
        </Group>
      </div>
      {open ? <div className={classes.form}>{form}</div> : said}
    </div>
  );
}
