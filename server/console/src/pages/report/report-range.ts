import { plainDate } from '../../time.ts';

const day = 86_400_000;
const shape = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;

export interface ReportRange {
  from: string;
  to: string;
}

/** The range of the address, or the last 30 days; whatever is no date there is passed over. */
export function rangeOf(search: { from?: string | undefined; to?: string | undefined }, now: number): ReportRange {
  const to = search.to && shape.test(search.to) ? search.to : plainDate(now);
  const from = search.from && shape.test(search.from) ? search.from : plainDate(now - 29 * day);
  return { from, to };
}

/** The last so many days, today included. */
export function lastDays(days: number, now: number): ReportRange {
  return { from: plainDate(now - (days - 1) * day), to: plainDate(now) };
}

/** What is wrong with a range, in words. */
export function rangeProblem({ from, to }: ReportRange): string | undefined {
  if (!shape.test(from) || !shape.test(to)) return 'Choose both days.';
  return to < from ? 'The last day is before the first.' : undefined;
}
