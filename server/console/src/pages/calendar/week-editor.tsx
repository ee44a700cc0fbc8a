import { Select, SimpleGrid } from '@mantine/core';
import { type SchoolCalendar, weekdays } from '../../../../../shared/calendar/calendar.ts';
import { Panel } from '../../components/panel.tsx';
import { BellsSelect } from './bells-select.tsx';
import { type CalendarPlace, type PlacedProblem, weekdayWords } from './calendar-form.ts';
import { Problems } from './problems.tsx';

interface Props {
  calendar: SchoolCalendar;
  problemsAt: (place: CalendarPlace) => PlacedProblem[];
  onChange: (change: Partial<SchoolCalendar>) => void;
}

/** The time zone, and which bells an ordinary week has. */
export function WeekEditor({ calendar: { zone, bells, week }, problemsAt, onChange }: Props) {
  const names = bells.map(({ name }) => name);
  return (
    <Panel title="Time zone and week" note="Which bell schedule an ordinary day has.">
      <ZoneField zone={zone} onChange={(next) => onChange({ zone: next })} />
      <Problems problems={problemsAt('zone')} />
      <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }}>
        {weekdays.map((day) => (
          <BellsSelect
            key={day}
            label={weekdayWords[day]}
            names={names}
            value={week[day]}
            onChange={(next) => onChange({ week: { ...week, [day]: next } })}
          />
        ))}
      </SimpleGrid>
      <Problems problems={problemsAt('week')} />
    </Panel>
  );
}

const zones = Intl.supportedValuesOf('timeZone');

function ZoneField({ zone, onChange }: { zone: string; onChange: (zone: string) => void }) {
  return (
    <Select
      label="Time zone"
      maw={380}
      searchable
      allowDeselect={false}
      limit={100}
      value={zone}
      data={zones.includes(zone) || zone === '' ? zones : [zone, ...zones]}
      onChange={(next) => next && onChange(next)}
      nothingFoundMessage="No such time zone"
    />
  );
}
