import { ActionIcon, Group, Text } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { type KeyboardEvent, useMemo, useRef, useState } from 'react';
import type { SchoolCalendar } from '../../../../../shared/calendar/calendar.ts';
import { dateAt, isKnownZone } from '../../../../../shared/calendar/zone.ts';
import { Panel } from '../../components/panel.tsx';
import { plainDate } from '../../time.ts';
import { type DayKind, dayByKey, firstMonthOf, monthAfter, type YearMonth, yearFrom } from './year-days.ts';
import classes from './year-view.module.css';

const weekdayLetters = ['Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa', 'Su'];

/** The school year as the calendar being edited makes it. */
export function YearView({ calendar }: { calendar: SchoolCalendar }) {
  const now = Date.now();
  const today = isKnownZone(calendar.zone) ? dateAt(now, calendar.zone) : plainDate(now);
  const [moved, setMoved] = useState(0);
  const [chosen, setChosen] = useState(today);
  const firstMonth = monthAfter(firstMonthOf(calendar, today), 12 * moved);
  const months = useMemo(() => yearFrom(calendar, firstMonth), [calendar, firstMonth]);
  const frame = useRef<HTMLDivElement>(null);
  const days = months.flatMap((month) => month.days);
  const shown = days.find(({ date }) => date === chosen) ?? days[0];
  /** Arrows, Home, End and Page keys lead from day to day. */
  const follow = (event: KeyboardEvent) => {
    const next = shown && dayByKey(shown.date, event.key);
    if (next === undefined) return;
    event.preventDefault();
    frame.current?.querySelector<HTMLElement>(`[data-date="${next}"]`)?.focus();
  };
  return (
    <Panel
      title="The school year"
      note="As the calendar below makes it, saved or not."
      aside={<Turn moved={moved} onTurn={setMoved} />}
    >
      <Legend />
      <Text size="sm" role="status" className={classes.shown ?? ''}>
        {shown?.words}
      </Text>
      <div ref={frame} className={classes.year}>
        {months.map((month) => (
          <Month
            key={month.title}
            month={month}
            today={today}
            chosen={shown?.date}
            onChoose={setChosen}
            onKey={follow}
          />
        ))}
      </div>
    </Panel>
  );
}

function Turn({ moved, onTurn }: { moved: number; onTurn: (moved: number) => void }) {
  return (
    <Group gap={4} wrap="nowrap">
      <ActionIcon variant="default" size={36} aria-label="The school year before" onClick={() => onTurn(moved - 1)}>
        <IconChevronLeft size={18} />
      </ActionIcon>
      <ActionIcon variant="default" size={36} aria-label="The school year after" onClick={() => onTurn(moved + 1)}>
        <IconChevronRight size={18} />
      </ActionIcon>
    </Group>
  );
}

const legend: readonly [string, { kind: DayKind; freeze?: boolean; today?: boolean }][] = [
  ['School day', { kind: 'school' }],
  ['Other bells', { kind: 'bells' }],
  ['Holiday', { kind: 'holiday' }],
  ['Closed by an exception', { kind: 'closed' }],
  ['No school', { kind: 'off' }],
  ['Freeze', { kind: 'school', freeze: true }],
  ['Today', { kind: 'school', today: true }],
];

function Legend() {
  return (
    <ul className={classes.legend} aria-label="Signs">
      {legend.map(([words, { kind, freeze, today }]) => (
        <li key={words}>
          <span className={classes.day} data-kind={kind} data-freeze={freeze} data-today={today} aria-hidden>
            8
          </span>
          {words}
        </li>
      ))}
    </ul>
  );
}

interface MonthProps {
  month: YearMonth;
  today: string;
  /** The one day that the Tab key reaches; arrows lead on. */
  chosen: string | undefined;
  onChoose: (date: string) => void;
  onKey: (event: KeyboardEvent) => void;
}

function Month({ month: { title, before, days }, today, chosen, onChoose, onKey }: MonthProps) {
  return (
    <fieldset className={classes.month}>
      <legend>{title}</legend>
      <div className={classes.days}>
        {weekdayLetters.map((letters) => (
          <span key={letters} className={classes.weekday} aria-hidden>
            {letters}
          </span>
        ))}
        {days.map(({ date, kind, freeze, words }, index) => (
          <button
            key={date}
            type="button"
            className={classes.day}
            style={index === 0 ? { gridColumnStart: before + 1 } : undefined}
            data-date={date}
            data-kind={kind}
            data-freeze={freeze || undefined}
            data-today={date === today || undefined}
            aria-current={date === today ? 'date' : undefined}
            aria-label={words}
            title={words}
            tabIndex={date === chosen ? 0 : -1}
            onFocus={() => onChoose(date)}
            onClick={() => onChoose(date)}
            onKeyDown={onKey}
          >
            {Number(date.slice(8))}
          </button>
        ))}
      </div>
    </fieldset>
  );
}
