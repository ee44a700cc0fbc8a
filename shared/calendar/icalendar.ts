import { CodedError } from '../errors/catalogue.ts';
import { plainText } from '../plain-text.ts';
import { type ContentLine, contentLines, textList, unescaped } from './icalendar-lines.ts';
import { icalendarDate, icalendarDays } from './icalendar-time.ts';
import { type Budget, dateOfDay, dayNumber, occurrences, readRecurrence } from './recurrence.ts';

/** Some days of an event; both ends are included. */
export interface IcalendarDays {
  title: string;
  categories: readonly string[];
  from: string;
  to: string;
  /** Where the event begins in the file, 1-based. */
  line: number;
}

/** What of a file could not be read as it is written. */
export interface IcalendarProblem {
  line: number | null;
  severity: 'error' | 'warning';
  words: string;
}

export interface Icalendar {
  days: IcalendarDays[];
  /** How many events the file holds, cancelled ones included. */
  events: number;
  problems: IcalendarProblem[];
}

/** The zone of the school, and the days asked for; both ends are included. */
export interface IcalendarSpan {
  zone: string;
  from: string;
  to: string;
}

export const icalendarLimits = { bytes: 5 * 1024 * 1024, events: 10_000, depth: 10, days: 20_000, steps: 2_000_000 };
/** Longer than any holiday; such an event is a mistake. */
const longestDays = 400;

/**
 * The events of an iCalendar file (RFC 5545) as days of the school's zone, oldest first, repeating ones spread out.
 * Cancelled ones are left out, and a changed one of a series takes the place of the one it changes. Events with a
 * fault become problems. Throws `too-large` and `bad-file` for a file that is none or that would never end.
 */
export function readIcalendar(bytes: Uint8Array, span: IcalendarSpan): Icalendar {
  if (bytes.length > icalendarLimits.bytes)
    throw new CodedError('too-large', 'The calendar file is larger than 5 MB. Export fewer years.');
  const problems: IcalendarProblem[] = [];
  const events = eventsOf(contentLines(bytes), problems);
  const moved = movedDays(events, span.zone);
  const budget = stepBudget();
  const days: IcalendarDays[] = [];
  for (const event of events) {
    for (const one of daysOf(event, span, moved, budget, problems)) days.push(one);
    if (days.length > icalendarLimits.days) throw tooMuch();
  }
  days.sort((a, b) => (a.from === b.from ? a.line - b.line : a.from < b.from ? -1 : 1));
  return { days, events: events.length, problems };
}

interface Event {
  line: number;
  first: ReadonlyMap<string, ContentLine>;
  /** EXDATE may be there several times. */
  except: ContentLine[];
  categories: string[];
}

/** The events directly within a calendar; alarms within them and tasks beside them are passed over. */
function eventsOf(lines: Iterable<ContentLine>, problems: IcalendarProblem[]): Event[] {
  const reader = new EventReader();
  for (const content of lines) {
    if (content.name === 'BEGIN') reader.begin(content);
    else if (content.name === 'END') reader.end(content);
    else reader.property(content);
  }
  const broken = reader.brokenOffAt();
  if (broken !== undefined)
    problems.push(warning(broken, 'The file breaks off in what begins here. What came after is missing.'));
  return reader.events;
}

type OpenEvent = Event & { first: Map<string, ContentLine> };

class EventReader {
  readonly events: Event[] = [];
  readonly #open: { name: string; line: number }[] = [];
  #isCalendar = false;
  #begun: OpenEvent | undefined;
  #exceptedDates = 0;

  begin({ value, line }: ContentLine): void {
    const name = componentOf(value);
    this.#isCalendar = this.#open.length > 0 || name === 'VCALENDAR';
    refuse(!this.#isCalendar, notOne);
    refuse(this.#open.length === icalendarLimits.depth, `Line ${line}: the file is nested more than ten deep.`);
    if (this.#open.length === 1 && name === 'VEVENT') {
      this.#begun = { line, first: new Map(), except: [], categories: [] };
      refuse(this.events.length === icalendarLimits.events, tooManyEvents);
    }
    this.#open.push({ name, line });
  }

  end({ value, line }: ContentLine): void {
    refuse(this.#open.pop()?.name !== componentOf(value), `Line ${line} ends what was not begun. Export it again.`);
    if (this.#open.length !== 1 || !this.#begun) return;
    this.events.push(this.#begun);
    this.#begun = undefined;
  }

  property(content: ContentLine): void {
    refuse(this.#open.length === 0, notOne);
    if (!this.#begun || this.#open.length !== 2) return;
    if (content.name === 'EXDATE') this.#exceptedDates += content.value.split(',').length;
    refuse(this.#exceptedDates > icalendarLimits.days, 'The file holds more than 20,000 exception dates (EXDATE).');
    collect(this.#begun, content);
  }

  /** The line of the last part that was not ended; undefined for a whole file. */
  brokenOffAt(): number | undefined {
    refuse(!this.#isCalendar, notOne);
    return this.#open.at(-1)?.line;
  }
}

const notOne = 'This is no iCalendar file: it does not begin with BEGIN:VCALENDAR.';
const tooManyEvents = 'The file holds more than 10,000 events. Export fewer years.';
const read = new Set(['UID', 'SUMMARY', 'STATUS', 'DTSTART', 'DTEND', 'DURATION', 'RRULE', 'RDATE', 'RECURRENCE-ID']);
const componentOf = (value: string) => value.trim().toUpperCase();

function collect(event: OpenEvent, content: ContentLine): void {
  if (content.name === 'EXDATE') event.except.push(content);
  else if (content.name === 'CATEGORIES' && event.categories.length < 50)
    event.categories.push(...textList(content.value.slice(0, 2000)).map(words));
  else if (read.has(content.name) && !event.first.has(content.name)) event.first.set(content.name, content);
}

/** Per series, the days of which an event of its own says what became of them. */
function movedDays(events: readonly Event[], zone: string): Map<string, Set<string>> {
  const moved = new Map<string, Set<string>>();
  for (const { first } of events) {
    const instead = first.get('RECURRENCE-ID');
    const uid = first.get('UID')?.value;
    const date = instead && icalendarDate(instead, zone);
    if (uid === undefined || !date) continue;
    const dates = moved.get(uid) ?? new Set();
    moved.set(uid, dates.add(date));
  }
  return moved;
}

function daysOf(
  event: Event,
  span: IcalendarSpan,
  moved: ReadonlyMap<string, ReadonlySet<string>>,
  budget: Budget,
  problems: IcalendarProblem[],
): IcalendarDays[] {
  const { first, line, categories } = event;
  if (first.get('STATUS')?.value.trim().toUpperCase() === 'CANCELLED') return [];
  const title = words(unescaped(first.get('SUMMARY')?.value.slice(0, 2000) ?? '')) || 'Untitled';
  const found = icalendarDays(first, span.zone);
  if ('cannot' in found) {
    problems.push({ line, severity: 'error', words: `“${title}” was left out: ${found.cannot}` });
    return [];
  }
  if (found.unknownZone !== undefined)
    problems.push(warning(line, `“${title}” names a time zone that is not known here; its times were taken as local.`));
  const begins = dayNumber(found.from);
  const length = dayNumber(found.to) - begins;
  if (length >= longestDays) {
    problems.push({ line, severity: 'error', words: `“${title}” was left out: it lasts longer than 400 days.` });
    return [];
  }
  const excepted = new Set(event.except.flatMap((content) => exceptedDates(content, span.zone)));
  const movedOn = first.has('RECURRENCE-ID') ? undefined : moved.get(first.get('UID')?.value ?? '');
  return beginnings(event, title, begins, length, span, budget, problems)
    .map((day) => ({ title, categories, from: dateOfDay(day), to: dateOfDay(day + length), line }))
    .filter(({ from, to }) => from <= span.to && to >= span.from && !excepted.has(from) && !movedOn?.has(from));
}

function beginnings(
  { first, line }: Event,
  title: string,
  begins: number,
  length: number,
  span: IcalendarSpan,
  budget: Budget,
  problems: IcalendarProblem[],
): number[] {
  if (first.has('RDATE')) problems.push(warning(line, `“${title}” has further dates (RDATE), which are not read.`));
  const written = first.get('RRULE');
  if (!written) return [begins];
  const rule = readRecurrence(written.value, (value) =>
    icalendarDate({ ...written, params: new Map(), value }, span.zone),
  );
  if (!('cannot' in rule)) return occurrences(rule, begins, dayNumber(span.from) - length, dayNumber(span.to), budget);
  problems.push(warning(written.line, `“${title}” repeats, but ${rule.cannot}. Only its first day was taken.`));
  return [begins];
}

function exceptedDates(content: ContentLine, zone: string): string[] {
  return content.value.split(',').flatMap((value) => icalendarDate({ ...content, value }, zone) ?? []);
}

function stepBudget(): Budget {
  let left = icalendarLimits.steps;
  return (steps) => {
    left -= steps;
    if (left < 0) throw tooMuch();
  };
}

const tooMuch = () =>
  new CodedError('bad-file', 'The repeating events of the file give more days than a school has. Export fewer years.');

function refuse(isWrong: boolean, sentence: string): void {
  if (isWrong) throw new CodedError('bad-file', sentence);
}

const warning = (line: number | null, sentence: string): IcalendarProblem => ({
  ...{ line, severity: 'warning', words: sentence },
});

/** One line that fits the title of a holiday. */
function words(text: string): string {
  // A cut may leave half of a pair, which is not plain either.
  return plainText(plainText(text, '').replace(/\s+/g, ' ').slice(0, 100), '');
}
