import type { SchoolCalendar } from '../calendar/calendar.ts';
import { schoolHoursAt } from '../calendar/windows.ts';

const hour = 3_600_000;
/** Beyond so many bells nothing is looked up: about four years of school. */
const mostSpans = 4_000;

/**
 * School hours between instants under one calendar, for many questions about the same weeks: each bell is looked up once.
 * The same answers as `schoolHoursBetween`. Without a calendar every hour counts.
 */
export class SchoolTime {
  readonly #calendar: SchoolCalendar | undefined;
  /** Stretches of school that were looked up, in order; together with `#from` and `#to` all there is between those. */
  #spans: { from: number; to: number }[] = [];
  #from = 0;
  #to = 0;

  constructor(calendar: SchoolCalendar | undefined) {
    this.#calendar = calendar;
  }

  hoursBetween(from: number, to: number): number {
    if (to <= from) return 0;
    if (!this.#calendar) return (to - from) / hour;
    this.#know(this.#calendar, from, to);
    let passed = 0;
    for (const span of this.#spans) {
      if (span.from >= to) break;
      passed += Math.max(0, Math.min(span.to, to) - Math.max(span.from, from));
    }
    return passed / hour;
  }

  #know(calendar: SchoolCalendar, from: number, to: number): void {
    if (this.#from === this.#to) {
      [this.#from, this.#to] = [from, to];
      this.#spans = walk(calendar, from, to);
      return;
    }
    if (from < this.#from) this.#spans = [...walk(calendar, from, this.#from), ...this.#spans];
    if (to > this.#to) this.#spans = [...this.#spans, ...walk(calendar, this.#to, to)];
    this.#from = Math.min(from, this.#from);
    this.#to = Math.max(to, this.#to);
  }
}

function walk(calendar: SchoolCalendar, from: number, to: number): { from: number; to: number }[] {
  const spans: { from: number; to: number }[] = [];
  let at = from;
  for (let count = 0; at < to && count < mostSpans; count += 1) {
    const { holds, until } = schoolHoursAt(calendar, at);
    const end = Math.min(until, to);
    if (holds) spans.push({ from: at, to: end });
    at = end;
  }
  return spans;
}
