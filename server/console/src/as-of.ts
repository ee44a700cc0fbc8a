import { plainDate, timeOnly } from './time.ts';

const dayMs = 86_400_000;

/** Lengths of time a history is shown over, in days, as they stand in the address. */
export const spans = ['30', '90', '365'] as const;
export type SpanDays = (typeof spans)[number];
export const spanWords: Record<SpanDays, string> = { 30: '30 days', 90: '90 days', 365: 'A year' };
export const usualSpan: SpanDays = '90';

/** The past instant an address names, ISO 8601 in UTC; whatever is none, and the future, is now: undefined. */
export function pastInstant(value: unknown, now: number): string | undefined {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\dT/.test(value)) return undefined;
  const at = Date.parse(value);
  return Number.isNaN(at) || at >= now ? undefined : new Date(at).toISOString();
}

/** `Tue 3 Oct 2026, 14:00` in the reader's own zone. */
export function momentWords(at: number): string {
  const parts = new Intl.DateTimeFormat('en-GB', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
  }).formatToParts(at);
  const words = parts.filter(({ type }) => type !== 'literal').map(({ value }) => value);
  return `${words.join(' ')}, ${timeOnly(at)}`;
}

/** Whole calendar days of the reader between two instants; a day with a change of the clock is one day. */
export function daysBetween(earlier: number, later: number): number {
  return Math.round((Date.parse(plainDate(later)) - Date.parse(plainDate(earlier))) / dayMs);
}

/**
 * The instant so many days before today, never before `since`. It keeps the time of day that was chosen before; else it
 * is noon, when devices are in use.
 */
export function instantBefore(days: number, now: number, since: number, chosen: string | undefined): string {
  const [today, like] = [new Date(now), chosen === undefined ? undefined : new Date(chosen)];
  const at = new Date(
    today.getFullYear(),
    today.getMonth(),
    today.getDate() - days,
    like?.getHours() ?? 12,
    like?.getMinutes() ?? 0,
  );
  return new Date(Math.max(since, at.getTime())).toISOString();
}

/** Fewer days than this are no scale to slide on. */
const fewDays = 3;
const fineSteps = 100;

/** Positions of a slider from `since` to now: days, or, while little is known of the past, hundredths of it. */
export function sliderScale(since: number, now: number) {
  const days = daysBetween(since, now);
  const isFine = days < fewDays;
  const steps = isFine ? fineSteps : days;
  const length = Math.max(1, now - since);
  return {
    steps,
    /** The last position is now. */
    positionOf(at: string | undefined): number {
      if (at === undefined) return steps;
      const back = isFine ? ((now - Date.parse(at)) / length) * steps : daysBetween(Date.parse(at), now);
      return Math.min(steps, Math.max(0, Math.round(steps - back)));
    },
    /** `chosen`: what is shown now, whose time of day is kept. */
    instantOf(position: number, chosen: string | undefined): string | undefined {
      if (position >= steps) return undefined;
      if (isFine) return new Date(since + (length * position) / steps).toISOString();
      return instantBefore(steps - position, now, since, chosen);
    },
  };
}

/** The shortest span, no shorter than the one asked for, that reaches back to an instant. */
export function spanReaching(at: string | undefined, asked: SpanDays, now: number): SpanDays {
  const days = at === undefined ? 0 : daysBetween(Date.parse(at), now);
  return spans.find((span) => Number(span) >= Number(asked) && Number(span) >= days) ?? '365';
}

/** Where a span begins: midnight of the reader, so that an address stays the same all day. ISO 8601 in UTC. */
export function spanStart(span: SpanDays, now: number): string {
  const today = new Date(now);
  return new Date(today.getFullYear(), today.getMonth(), today.getDate() - Number(span)).toISOString();
}
