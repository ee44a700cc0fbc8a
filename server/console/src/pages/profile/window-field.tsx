import { Checkbox, Chip, Group, Select, SimpleGrid, Stack, TagsInput, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type Window, weekdays } from '../../../../../shared/calendar/calendar.ts';
import { queries } from '../../queries.ts';
import { daysWords, emptyWindow, windowKinds } from '../../window-words.ts';

interface Props {
  when: Window;
  onChange: (when: Window) => void;
}

/** When something holds. School hours, days and periods come from the calendar of the person's school. */
export function WindowField({ when, onChange }: Props) {
  return (
    <Stack gap="xs">
      <Select
        label="When"
        allowDeselect={false}
        value={when.kind}
        data={Object.entries(windowKinds).map(([value, label]) => ({ value: value as Window['kind'], label }))}
        onChange={(kind) => kind && kind !== when.kind && onChange(emptyWindow(kind))}
      />
      {when.kind === 'periods' ? <Periods when={when} onChange={onChange} /> : null}
      {when.kind === 'times' ? <Times when={when} onChange={onChange} /> : null}
    </Stack>
  );
}

type OfKind<K extends Window['kind']> = Extract<Window, { kind: K }>;

function Periods({ when, onChange }: { when: OfKind<'periods'>; onChange: (when: Window) => void }) {
  const calendars = useQuery(queries.calendars());
  const known = (calendars.data?.items ?? []).flatMap(({ calendar }) =>
    calendar.bells.flatMap(({ periods }) => periods.map(({ name }) => name)),
  );
  return (
    <TagsInput
      label="Periods"
      description="By their names in the bell schedules of the calendar"
      placeholder={when.periods.length === 0 ? 'Lunch' : ''}
      data={[...new Set(known)]}
      maxTags={40}
      value={when.periods}
      error={when.periods.length === 0}
      onChange={(periods) => onChange({ ...when, periods: periods.map((name) => name.slice(0, 60)) })}
    />
  );
}

function Times({ when, onChange }: { when: OfKind<'times'>; onChange: (when: Window) => void }) {
  const overnight = when.from !== '' && when.to !== '' && when.to <= when.from;
  return (
    <>
      <SimpleGrid cols={2}>
        <TextInput
          type="time"
          label="From"
          value={when.from}
          error={when.from === ''}
          onChange={(event) => onChange({ ...when, from: event.currentTarget.value })}
        />
        <TextInput
          type="time"
          label="To"
          value={when.to}
          error={when.to === ''}
          onChange={(event) => onChange({ ...when, to: event.currentTarget.value })}
        />
      </SimpleGrid>
      {overnight ? (
        <Text size="xs" c="dimmed">
          It ends on the next day; the days below are those on which it begins.
        </Text>
      ) : null}
      <Chip.Group
        multiple
        value={when.days}
        onChange={(days) => onChange({ ...when, days: weekdays.filter((day) => days.includes(day)) })}
      >
        <Group gap={6} role="group" aria-label="Days">
          {weekdays.map((day) => (
            <Chip key={day} value={day} size="xs">
              {daysWords([day])}
            </Chip>
          ))}
        </Group>
      </Chip.Group>
      <Checkbox
        label="Only on school days"
        checked={when.schoolDaysOnly ?? false}
        onChange={(event) => {
          const { schoolDaysOnly: _, ...rest } = when;
          onChange(event.currentTarget.checked ? { ...rest, schoolDaysOnly: true } : rest);
        }}
      />
    </>
  );
}
