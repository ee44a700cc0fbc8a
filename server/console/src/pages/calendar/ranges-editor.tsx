import { ActionIcon, Button, Text, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import type { DateRange } from '../../../../../shared/calendar/calendar.ts';
import { Panel } from '../../components/panel.tsx';
import { changedAt, numbered, without } from '../../form-rows.ts';
import { plainDate } from '../../time.ts';
import classes from './calendar.module.css';
import type { PlacedProblem } from './calendar-form.ts';
import { Problems } from './problems.tsx';

interface Props {
  title: string;
  /** What one row is: `holiday`. */
  one: string;
  note: string;
  ranges: readonly DateRange[];
  problems: readonly PlacedProblem[];
  onChange: (ranges: DateRange[]) => void;
}

/** Named stretches of days; both ends are included. */
export function RangesEditor({ title, one, note, ranges, problems, onChange }: Props) {
  const today = plainDate(Date.now());
  return (
    <Panel
      title={title}
      note={note}
      aside={
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlus size={14} />}
          onClick={() => onChange([...ranges, { title: '', from: today, to: today }])}
        >
          Add a {one}
        </Button>
      }
    >
      {ranges.length === 0 ? (
        <Text size="sm" c="dimmed">
          None
        </Text>
      ) : null}
      {numbered(ranges).map(({ key, place, row }) => (
        <Range
          key={key}
          one={one}
          range={row}
          onChange={(range) => onChange(changedAt(ranges, place, range))}
          onRemove={() => onChange(without(ranges, place))}
        />
      ))}
      <Problems problems={problems} />
    </Panel>
  );
}

interface RangeProps {
  one: string;
  range: DateRange;
  onChange: (range: DateRange) => void;
  onRemove: () => void;
}

function Range({ one, range, onChange, onRemove }: RangeProps) {
  const { title, from, to } = range;
  const backward = from !== '' && to !== '' && to < from;
  return (
    <div className={classes.range}>
      <TextInput
        className={classes.wide ?? ''}
        label="Name"
        maxLength={100}
        value={title}
        error={title.trim() === ''}
        onChange={(event) => onChange({ ...range, title: event.currentTarget.value })}
      />
      <TextInput
        label="First day"
        type="date"
        value={from}
        error={from === ''}
        onChange={(event) => onChange({ ...range, from: event.currentTarget.value })}
      />
      <TextInput
        label="Last day"
        type="date"
        value={to}
        error={to === '' || backward}
        onChange={(event) => onChange({ ...range, to: event.currentTarget.value })}
      />
      <ActionIcon variant="subtle" size={36} aria-label={`Remove the ${one} ${title}`} onClick={onRemove}>
        <IconTrash size={18} />
      </ActionIcon>
    </div>
  );
}
