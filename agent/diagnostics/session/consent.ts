import type { Place } from '../../../shared/filter/place.ts';

/** What the person who holds the device is. */
export type Holder = 'student' | 'staff' | 'unknown';
/** `school`: see `hourOf`. */
export type Hour = 'school' | 'other';
/** `told`: it begins, and the person reads of it and can stop it. `asked`: it begins when they allow it. */
export type Consent = 'told' | 'asked';

/** Without an answer in this time nobody looks. */
export const answerWithinMs = 120_000;
/** No look lasts longer, whatever the server says. */
export const longestLookMs = 3_600_000;

const asked: Record<Hour, Consent> = { school: 'asked', other: 'asked' };

/**
 * When a look needs the person's word. The table is part of the program: no message, policy or setting reaches it. What is
 * not known is the stricter.
 */
const table: Record<Holder, Record<Place, Record<Hour, Consent>>> = {
  student: { 'on-campus': { school: 'told', other: 'asked' }, 'off-campus': asked, unknown: asked },
  staff: { 'on-campus': asked, 'off-campus': asked, unknown: asked },
  unknown: { 'on-campus': asked, 'off-campus': asked, unknown: asked },
};

export function consentFor(holder: Holder, place: Place, hour: Hour): Consent {
  return table[holder][place][hour];
}

/** A look of before, as far as it counts for the next. */
export interface Before {
  at: number;
  /** `refused` by the person, or by itself when they did not answer. */
  state: 'open' | 'refused' | 'ended';
  beganAt?: number;
  endedAt?: number;
  /** The person ended it. */
  wasStopped?: boolean;
}

const hourMs = 3_600_000;
/** A person who said no, or did not answer, so often in an hour is left alone for it. */
export const mostRefusals = 2;
const told = { withinMs: 4 * hourMs, mostMs: hourMs };

/**
 * What looks of before make of it: whoever stopped one, or was looked at for an hour of the last four, is asked; who said
 * no twice in an hour is not even asked. Only ever stricter.
 */
export function consentAfter(consent: Consent, before: readonly Before[], now: number): Consent | 'refused' {
  const since = (ms: number) => before.filter(({ at }) => Math.abs(now - at) < ms);
  const lately = since(hourMs);
  if (lately.filter(({ state }) => state === 'refused').length >= mostRefusals) return 'refused';
  if (lately.some(({ wasStopped }) => wasStopped)) return 'asked';
  const looked = since(told.withinMs).map(({ beganAt, endedAt }) => (endedAt ?? now) - (beganAt ?? endedAt ?? now));
  return looked.reduce((sum, ms) => sum + Math.max(0, ms), 0) >= told.mostMs ? 'asked' : consent;
}

const earliest = 6;
const latest = 18;

/**
 * School hours are what the calendar says, and never at night or at a weekend by the device's own clock and zone: a calendar
 * of the server's cannot make them so.
 */
export function hourOf(isSchool: boolean, local: { weekday: number; hour: number }): Hour {
  const isWeekday = local.weekday >= 1 && local.weekday <= 5;
  return isSchool && isWeekday && local.hour >= earliest && local.hour < latest ? 'school' : 'other';
}

/** 0 is Sunday. */
export function localTime(now: number): { weekday: number; hour: number } {
  const date = new Date(now);
  return { weekday: date.getDay(), hour: date.getHours() };
}
