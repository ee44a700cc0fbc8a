import Type from 'typebox';
import { choice, strictObject, text } from '../schema.ts';

/** A day without a zone: `2026-11-22`. */
export const PlainDate = Type.String({ pattern: '^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$' });

/** A time of day without a zone: `08:05`; `24:00` is the end of the day. */
export const PlainTime = Type.String({ pattern: '^(([01]\\d|2[0-3]):[0-5]\\d|24:00)$' });

/** An IANA time zone: `America/Chicago`. Whether it exists is checked where a calendar is saved. */
export const TimeZone = Type.String({ pattern: '^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,2}$', maxLength: 64 });

export const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
export const Weekday = choice(weekdays);
export type Weekday = (typeof weekdays)[number];

/** One lesson or break of a bell schedule, in local time; `from` is included, `to` is not. */
export const Period = strictObject({ name: text(60, { minLength: 1 }), from: PlainTime, to: PlainTime });
export type Period = Type.Static<typeof Period>;

/** The bell times of one kind of school day, in their order. School hours run from the first bell to the last. */
export const BellSchedule = strictObject({
  name: text(60, { minLength: 1 }),
  periods: Type.Array(Period, { minItems: 1, maxItems: 40 }),
});
export type BellSchedule = Type.Static<typeof BellSchedule>;

/** Days with a name; both ends are included. */
export const DateRange = strictObject({ title: text(100, { minLength: 1 }), from: PlainDate, to: PlainDate });
export type DateRange = Type.Static<typeof DateRange>;

const BellName = Type.Union([text(60, { minLength: 1 }), Type.Null()]);

/**
 * The calendar of a district or one of its units. A day is a school day when it lies in a term (or there are none), in
 * no holiday, and its weekday has a bell schedule; an exception decides its own day alone.
 */
export const SchoolCalendar = strictObject({
  zone: TimeZone,
  bells: Type.Array(BellSchedule, { minItems: 1, maxItems: 20 }),
  /** Weekday → the name of its bell schedule; `null`: no school. */
  week: strictObject({
    monday: BellName,
    tuesday: BellName,
    wednesday: BellName,
    thursday: BellName,
    friday: BellName,
    saturday: BellName,
    sunday: BellName,
  }),
  terms: Type.Array(DateRange, { maxItems: 20 }),
  holidays: Type.Array(DateRange, { maxItems: 100 }),
  /** Days that differ: another bell schedule (early dismissal), or `null` for none (a snow day). */
  exceptions: Type.Array(strictObject({ date: PlainDate, title: text(100, { minLength: 1 }), bells: BellName }), {
    maxItems: 100,
  }),
  /** Exam days, in which nothing should change and stricter rules may hold. */
  freezes: Type.Array(DateRange, { maxItems: 50 }),
});
export type SchoolCalendar = Type.Static<typeof SchoolCalendar>;

/**
 * When something holds. `times` may pass midnight (`to` at or before `from` ends on the next day); its `days` are those
 * on which it begins.
 */
export const Window = Type.Union([
  strictObject({ kind: Type.Literal('always') }),
  strictObject({ kind: Type.Literal('school-hours') }),
  strictObject({ kind: Type.Literal('outside-school-hours') }),
  strictObject({ kind: Type.Literal('school-days') }),
  strictObject({ kind: Type.Literal('days-off') }),
  strictObject({ kind: Type.Literal('freeze') }),
  strictObject({
    kind: Type.Literal('periods'),
    periods: Type.Array(text(60, { minLength: 1 }), { minItems: 1, maxItems: 40 }),
  }),
  strictObject({
    kind: Type.Literal('times'),
    from: PlainTime,
    to: PlainTime,
    days: Type.Array(Weekday, { minItems: 1, maxItems: 7 }),
    /** Only where the day it begins on is a school day. */
    schoolDaysOnly: Type.Optional(Type.Boolean()),
  }),
]);
export type Window = Type.Static<typeof Window>;

/** Whether a window holds at an instant, and until when that is certain (epoch ms; `Infinity`: for good). */
export interface WindowState {
  holds: boolean;
  until: number;
}
