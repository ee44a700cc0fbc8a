const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

const units: readonly [limit: number, size: number, unit: Intl.RelativeTimeFormatUnit][] = [
  [hour, minute, 'minute'],
  [day, hour, 'hour'],
  [30 * day, day, 'day'],
  [365 * day, 30 * day, 'month'],
  [Number.POSITIVE_INFINITY, 365 * day, 'year'],
];

// In figures: “yesterday” would be wrong for what was 40 hours ago.
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'always' });

/** `3 hours ago`, `in 6 days`, `just now`; both in milliseconds since 1970. */
export function relativeTime(at: number, now: number): string {
  const distance = Math.abs(at - now);
  if (distance < minute) return at > now ? 'in a moment' : 'just now';
  const [, size, unit] = units.find(([limit]) => distance < limit) ?? units[units.length - 1] ?? [0, day, 'day'];
  return relative.format(Math.sign(at - now) * Math.floor(distance / size), unit);
}

/** Length of a stretch of time in its largest fitting unit: `5 days`, `1 hour`. */
export function duration(ms: number): string {
  const [size, unit] =
    ms >= day ? ([day, 'day'] as const) : ms >= hour ? ([hour, 'hour'] as const) : ([minute, 'minute'] as const);
  const count = Math.max(1, Math.floor(ms / size));
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

/** The instant in full, in the reader's own zone. */
export function absoluteTime(at: number): string {
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'short' }).format(at);
}

/** `22 Nov 2026 – 3 Dec 2026`; within one day `22 Nov 2026, 09:15 – 10:40`; without an end `22 Nov 2026 until now`. */
export function stretch(from: number, to: number | undefined): string {
  if (to === undefined) return `${dateOnly(from)} until now`;
  if (dateOnly(from) !== dateOnly(to)) return `${dateOnly(from)} – ${dateOnly(to)}`;
  return `${dateAndTime(from)} – ${timeOnly(to)}`;
}

/** `09:15` */
export function timeOnly(at: number): string {
  return new Intl.DateTimeFormat('en-GB', { timeStyle: 'short' }).format(at);
}

/** `22 Nov 2026, 09:15` in the reader's own zone. */
export function dateAndTime(at: number): string {
  return `${dateOnly(at)}, ${timeOnly(at)}`;
}

/** `22 Nov 2026` */
export function dateOnly(at: number): string {
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium' }).format(at);
}

/** An instant as a form's `datetime-local` value in the reader's own zone; empty when it is none. */
export function toLocal(at: string): string {
  const instant = new Date(at);
  if (Number.isNaN(instant.getTime())) return '';
  const local = new Date(instant.getTime() - instant.getTimezoneOffset() * minute);
  return local.toISOString().slice(0, 16);
}

/** The instant of a form's `datetime-local` value, ISO 8601 in UTC; undefined when it is none. */
export function fromLocal(value: string): string | undefined {
  const instant = new Date(value);
  return value === '' || Number.isNaN(instant.getTime()) ? undefined : instant.toISOString();
}

/** `2026-11-22` of an instant, in the reader's own zone. */
export function plainDate(at: number): string {
  return toLocal(new Date(at).toISOString()).slice(0, 10);
}
