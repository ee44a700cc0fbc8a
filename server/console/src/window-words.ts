import { type Weekday, type Window, weekdays } from '../../../shared/calendar/calendar.ts';

/** When something holds, as the choices of a form. */
export const windowKinds: Record<Window['kind'], string> = {
  always: 'Always',
  'school-hours': 'In school hours',
  'outside-school-hours': 'Outside school hours',
  'school-days': 'On school days, all day',
  'days-off': 'On days off, all day',
  freeze: 'On exam days (freezes)',
  periods: 'In certain periods',
  times: 'At certain times',
};

const shortDays: Record<Weekday, string> = {
  monday: 'Mon',
  tuesday: 'Tue',
  wednesday: 'Wed',
  thursday: 'Thu',
  friday: 'Fri',
  saturday: 'Sat',
  sunday: 'Sun',
};

/** `Mon–Fri`, `Sat, Sun`, `daily`. */
export function daysWords(days: readonly Weekday[]): string {
  const places = weekdays.flatMap((day, place) => (days.includes(day) ? [place] : []));
  if (places.length === weekdays.length) return 'daily';
  const name = (place: number | undefined) => shortDays[weekdays[place ?? 0] ?? 'monday'];
  const runs: number[][] = [];
  for (const place of places) {
    const run = runs.at(-1);
    if (run && run.at(-1) === place - 1) run.push(place);
    else runs.push([place]);
  }
  return runs
    .map((run) => (run.length > 2 ? `${name(run[0])}–${name(run.at(-1))}` : run.map(name).join(', ')))
    .join(', ');
}

/** A window within a sentence: `Mon–Fri 12:00–12:45`, `in school hours`, `in Lunch, Homeroom`. */
export function windowWords(when: Window): string {
  switch (when.kind) {
    case 'periods':
      return `in ${when.periods.join(', ') || 'no period'}`;
    case 'times': {
      const overnight = when.to <= when.from ? ' (next day)' : '';
      const only = when.schoolDaysOnly ? ' on school days' : '';
      return `${daysWords(when.days) || 'on no day'} ${when.from}–${when.to}${overnight}${only}`;
    }
    case 'freeze':
      return 'on exam days';
    case 'school-days':
    case 'days-off':
      return `on ${when.kind.replace('-', ' ')}`;
    default:
      return windowKinds[when.kind].toLowerCase();
  }
}

/** A fresh window of a kind, with what is still to be chosen. */
export function emptyWindow(kind: Window['kind']): Window {
  switch (kind) {
    case 'periods':
      return { kind, periods: [] };
    case 'times':
      return { kind, from: '08:00', to: '15:00', days: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'] };
    default:
      return { kind };
  }
}

/** What a window still lacks, in words. */
export function windowProblem(when: Window): string | undefined {
  if (when.kind === 'periods' && when.periods.length === 0) return 'Name at least one period.';
  if (when.kind !== 'times') return undefined;
  if (when.from === '' || when.to === '') return 'Write both times.';
  if (when.from === '24:00') return 'It begins at 24:00; write 00:00.';
  return when.days.length === 0 ? 'Choose at least one day.' : undefined;
}
