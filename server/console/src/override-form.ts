import { OverrideInput } from '../../../shared/api/schemas.ts';
import type { FieldSchema } from './form-fields.ts';
import { lengthProblem, textProblem } from './form-fields.ts';
import { timeOnly } from './time.ts';

const minute = 60_000;
const dayMinutes = 24 * 60;
const properties = { ...OverrideInput.properties } as Readonly<Record<keyof OverrideInput, FieldSchema>>;
export const domainsSchema: FieldSchema = { ...properties.domains, 'x-example': 'museum.example' };
export const longestMinutes = properties.minutes.maximum ?? dayMinutes;
export const reasonSchema = properties.reason;

/** How long something is opened or closed: a named stretch, or minutes written by hand. */
export type Span = { kind: 'lesson' | 'hour' | 'today' | 'week' } | { kind: 'minutes'; minutes: number | undefined };

/** The stretches on offer at a moment; the lesson only while one is on. */
export function spansAt(now: number, lessonEnds: string | null): { value: Span['kind']; label: string }[] {
  const lesson = lessonEnds !== null && Date.parse(lessonEnds) > now;
  return [
    ...(lesson
      ? [{ value: 'lesson' as const, label: `Until the lesson ends (${timeOnly(Date.parse(lessonEnds))})` }]
      : []),
    { value: 'hour', label: 'One hour' },
    { value: 'today', label: 'Until midnight' },
    { value: 'week', label: 'One week' },
    { value: 'minutes', label: 'Another time…' },
  ];
}

/** Whole minutes from now to the end of the span, never less than one; undefined while none is written. */
export function minutesOf(span: Span, now: number, lessonEnds: string | null): number | undefined {
  switch (span.kind) {
    case 'lesson':
      return lessonEnds === null ? undefined : untilInstant(Date.parse(lessonEnds), now);
    case 'hour':
      return 60;
    case 'today':
      return untilInstant(new Date(now).setHours(24, 0, 0, 0), now);
    case 'week':
      return 7 * dayMinutes;
    case 'minutes':
      return span.minutes;
  }
}

const untilInstant = (end: number, now: number) => Math.max(1, Math.ceil((end - now) / minute));

/** What is wrong with a number of minutes, in words. */
export function minutesProblem(minutes: number | undefined): string | undefined {
  if (minutes === undefined) return 'Write for how many minutes.';
  if (!Number.isInteger(minutes) || minutes < 1) return 'At least one minute, in whole minutes.';
  return minutes > longestMinutes
    ? `At most ${longestMinutes / dayMinutes} days (${longestMinutes.toLocaleString('en')} minutes).`
    : undefined;
}

/** What is wrong with a reason, in words. */
export function reasonProblem(reason: string, minLength = reasonSchema.minLength ?? 1): string | undefined {
  return reason.trim().length < minLength ? `At least ${minLength} characters.` : undefined;
}

/** What keeps an override from being sent, in words; undefined when the server will take it. */
export function overrideProblem(input: Omit<OverrideInput, 'minutes'> & { minutes: number | undefined }) {
  const { domains, categories, everything, minutes, reason } = input;
  const bad = domains.find((domain) => textProblem(domainsSchema.items ?? {}, domain) !== undefined);
  if (bad !== undefined) return `“${bad.slice(0, 80)}” is no site.`;
  if (!everything && domains.length + categories.length === 0) return 'Name at least one site or category.';
  return lengthProblem(domainsSchema, domains.length) ?? minutesProblem(minutes) ?? reasonProblem(reason);
}
