import { ActionIcon, Button, Text, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import type { SchoolCalendar } from '../../../../../shared/calendar/calendar.ts';
import { Panel } from '../../components/panel.tsx';
import { changedAt, numbered, without } from '../../form-rows.ts';
import { plainDate } from '../../time.ts';
import { BellsSelect } from './bells-select.tsx';
import classes from './calendar.module.css';
import type { PlacedProblem } from './calendar-form.ts';
import { Problems } from './problems.tsx';

type Day = SchoolCalendar['exceptions'][number];

interface Props {
  days: readonly Day[];
  bellNames: readonly string[];
  problems: readonly PlacedProblem[];
  onChange: (days: Day[]) => void;
}

/** Days that differ from the week. */
export function ExceptionsEditor({ days, bellNames, problems, onChange }: Props) {
  return (
    <Panel
      title="Exceptions"
      note="Single days that differ: an early dismissal, a snow day."
      aside={
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlus size={14} />}
          onClick={() => onChange([...days, { date: plainDate(Date.now()), title: '', bells: null }])}
        >
          Add an exception
        </Button>
      }
    >
      {days.length === 0 ? (
        <Text size="sm" c="dimmed">
          None
        </Text>
      ) : null}
      {numbered(days).map(({ key, place, row }) => (
        <div key={key} className={classes.range}>
          <TextInput
            className={classes.wide ?? ''}
            label="Name"
            maxLength={100}
            value={row.title}
            error={row.title.trim() === ''}
            onChange={(event) => onChange(changedAt(days, place, { ...row, title: event.currentTarget.value }))}
          />
          <TextInput
            label="Day"
            type="date"
            value={row.date}
            error={row.date === ''}
            onChange={(event) => onChange(changedAt(days, place, { ...row, date: event.currentTarget.value }))}
          />
          <BellsSelect
            label="Bells"
            names={bellNames}
            value={row.bells}
            onChange={(bells) => onChange(changedAt(days, place, { ...row, bells }))}
          />
          <ActionIcon
            variant="subtle"
            size={36}
            aria-label={`Remove the exception ${row.title}`}
            onClick={() => onChange(without(days, place))}
          >
            <IconTrash size={18} />
          </ActionIcon>
        </div>
      ))}
      <Problems problems={problems} />
    </Panel>
  );
}
