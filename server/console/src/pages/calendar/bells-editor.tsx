import { ActionIcon, Button, Group, TextInput, VisuallyHidden } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import type { BellSchedule, Period, SchoolCalendar } from '../../../../../shared/calendar/calendar.ts';
import { Panel } from '../../components/panel.tsx';
import { changedAt, numbered, without } from '../../form-rows.ts';
import classes from './calendar.module.css';
import { type PlacedProblem, renameBells } from './calendar-form.ts';
import { Problems } from './problems.tsx';

interface Props {
  calendar: SchoolCalendar;
  problems: readonly PlacedProblem[];
  onChange: (change: Partial<SchoolCalendar>) => void;
}

/** The bell times of each kind of school day. */
export function BellsEditor({ calendar, problems, onChange }: Props) {
  const { bells } = calendar;
  const add = () =>
    onChange({ bells: [...bells, { name: '', periods: [{ name: 'Period 1', from: '08:00', to: '08:50' }] }] });
  return (
    <Panel
      title="Bell schedules"
      note="School hours run from the first bell to the last. Periods can be named by schedules of the web filter."
      aside={
        <Button size="xs" variant="default" leftSection={<IconPlus size={14} />} onClick={add}>
          Add a bell schedule
        </Button>
      }
    >
      <Problems problems={problems} />
      {numbered(bells).map(({ key, place, row }) => (
        <Bells
          key={key}
          bells={row}
          alone={bells.length === 1}
          onRename={(name) => onChange(renameBells(calendar, place, name))}
          onPeriods={(periods) => onChange({ bells: changedAt(bells, place, { ...row, periods }) })}
          onRemove={() => onChange({ bells: without(bells, place) })}
        />
      ))}
    </Panel>
  );
}

interface BellsProps {
  bells: BellSchedule;
  /** The last one cannot be taken away. */
  alone: boolean;
  onRename: (name: string) => void;
  onPeriods: (periods: Period[]) => void;
  onRemove: () => void;
}

function Bells({ bells: { name, periods }, alone, onRename, onPeriods, onRemove }: BellsProps) {
  const add = () => {
    const from = periods.at(-1)?.to ?? '08:00';
    onPeriods([...periods, { name: `Period ${periods.length + 1}`, from, to: from }]);
  };
  return (
    <fieldset className={classes.bells}>
      <VisuallyHidden component="legend">Bell schedule {name}</VisuallyHidden>
      <Group align="flex-end" gap="xs" mb="xs">
        <TextInput
          label="Name"
          placeholder="Early dismissal"
          maxLength={60}
          flex="1 1 180px"
          maw={320}
          value={name}
          onChange={(event) => onRename(event.currentTarget.value)}
        />
        <Button variant="default" disabled={alone} onClick={onRemove} aria-label={`Remove the bell schedule ${name}`}>
          Remove
        </Button>
      </Group>
      <table className={classes.periods} aria-label={`Periods of ${name}`}>
        <thead>
          <tr>
            <th scope="col">Period</th>
            <th scope="col">From</th>
            <th scope="col">To</th>
            <th scope="col">
              <VisuallyHidden>Remove</VisuallyHidden>
            </th>
          </tr>
        </thead>
        <tbody>
          {numbered(periods).map(({ key, place, row }) => (
            <PeriodRow
              key={key}
              period={row}
              onChange={(period) => onPeriods(changedAt(periods, place, period))}
              onRemove={() => onPeriods(without(periods, place))}
            />
          ))}
        </tbody>
      </table>
      <Button size="xs" variant="subtle" leftSection={<IconPlus size={14} />} onClick={add}>
        Add a period
      </Button>
    </fieldset>
  );
}

interface PeriodProps {
  period: Period;
  onChange: (period: Period) => void;
  onRemove: () => void;
}

function PeriodRow({ period, onChange, onRemove }: PeriodProps) {
  const backward = period.from !== '' && period.to !== '' && period.to <= period.from;
  return (
    <tr>
      <td>
        <TextInput
          aria-label="Period"
          size="xs"
          maxLength={60}
          value={period.name}
          error={period.name.trim() === ''}
          onChange={(event) => onChange({ ...period, name: event.currentTarget.value })}
        />
      </td>
      <td>
        <TextInput
          aria-label={`${period.name} from`}
          type="time"
          size="xs"
          value={period.from}
          error={period.from === ''}
          onChange={(event) => onChange({ ...period, from: event.currentTarget.value })}
        />
      </td>
      <td>
        <TextInput
          aria-label={`${period.name} to`}
          type="time"
          size="xs"
          value={period.to}
          error={period.to === '' || backward}
          onChange={(event) => onChange({ ...period, to: event.currentTarget.value })}
        />
      </td>
      <td>
        <ActionIcon variant="subtle" size={30} aria-label={`Remove the period ${period.name}`} onClick={onRemove}>
          <IconTrash size={16} />
        </ActionIcon>
      </td>
    </tr>
  );
}
