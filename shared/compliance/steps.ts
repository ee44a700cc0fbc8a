import type { SchoolCalendar } from '../calendar/calendar.ts';
import { dayOn, lastDateOf } from '../calendar/days.ts';
import { addDays, dateAt, startOfDay } from '../calendar/zone.ts';
import { countsSchoolDays, graceDeadline } from './grace.ts';
import type { ComplianceSteps } from './policy.ts';
import type { CheckFinding } from './verdict.ts';

/** What has followed a failure, mildest first. */
export const complianceSteps = ['none', 'warn', 'remind', 'restrict'] as const;
export type ComplianceStep = (typeof complianceSteps)[number];

/** Where a device stands, and when it goes a step further if nothing changes (epoch ms; `null`: never, as far as is known). */
export interface Standing {
  step: ComplianceStep;
  nextStepAt: number | null;
}

/** After the last date a calendar speaks of every week is like the others. */
const daysThatShowAll = 7;
/** The longest grace a policy can give (`CompliancePolicy`). */
const longestGrace = 60;
const never = Number.POSITIVE_INFINITY;

/**
 * How far the worst failure has come: warned at once, reminded some school days before its grace ends, restricted some
 * after. No step is taken on a day without school. What is waived, only informs or is not known takes none. Pure.
 */
export function stepOf(
  findings: readonly CheckFinding[],
  steps: ComplianceSteps,
  calendar: SchoolCalendar | undefined,
  now: number,
): Standing {
  const moments = findings.filter((one) => isUnsettled(one, now)).map((one) => momentsOf(one, steps, calendar));
  const reached = Math.max(0, ...moments.map((its) => its.findLastIndex((at) => at <= now)));
  const later = moments.flatMap((its) => its.filter((at, step) => step > reached && at > now && at < never));
  return { step: complianceSteps[reached] ?? 'none', nextStepAt: later.length === 0 ? null : Math.min(...later) };
}

/** The findings that have brought a device to the last step. */
export function restrictingFindings(
  findings: readonly CheckFinding[],
  steps: ComplianceSteps,
  calendar: SchoolCalendar | undefined,
  now: number,
): CheckFinding[] {
  return findings.filter((one) => stepOf([one], steps, calendar, now).step === 'restrict');
}

function isUnsettled({ status, severity, waiver, failingSince }: CheckFinding, now: number): boolean {
  const waived = waiver !== undefined && Date.parse(waiver.until) > now;
  return status === 'fail' && severity !== 'minor' && failingSince !== undefined && !waived;
}

/** When each step is taken, by its place in `complianceSteps`; no step before the one it follows. */
function momentsOf(
  { failingSince = '', grace }: CheckFinding,
  { remindDays, restrict }: ComplianceSteps,
  calendar: SchoolCalendar | undefined,
): number[] {
  const since = Date.parse(failingSince);
  const graceEnd = grace === undefined ? since : grace.until === null ? never : Date.parse(grace.until);
  const remindAt = remindDays === 0 ? never : daysBefore(calendar, since, graceEnd, remindDays);
  const restrictAt = restrict === null ? never : daysAfter(calendar, graceEnd, restrict.afterDays);
  return [Number.NEGATIVE_INFINITY, since, onSchoolDay(calendar, remindAt), onSchoolDay(calendar, restrictAt)];
}

/** The end of the school day that lies so many school days before the end of a grace; its begin where there is none. */
function daysBefore(calendar: SchoolCalendar | undefined, since: number, end: number, days: number): number {
  if (end === never) return never;
  for (let given = 0; given <= longestGrace; given += 1)
    if (graceDeadline(calendar, since, given) >= end) return graceDeadline(calendar, since, Math.max(0, given - days));
  return end;
}

/** The last bell of the n-th school day after an end, which belongs to the day it ends. */
function daysAfter(calendar: SchoolCalendar | undefined, end: number, days: number): number {
  return days === 0 || end === never ? end : graceDeadline(calendar, end - 1, days);
}

/** The moment itself on a school day (an end belongs to the day it ends), else the first of the next. */
function onSchoolDay(calendar: SchoolCalendar | undefined, moment: number): number {
  if (!Number.isFinite(moment) || !countsSchoolDays(calendar)) return moment;
  const date = dateAt(moment - 1, calendar.zone);
  if (dayOn(calendar, date).isSchoolDay) return moment;
  const last = lastDateOf(calendar) ?? '';
  let without = 0;
  for (let next = addDays(date, 1); without < daysThatShowAll; next = addDays(next, 1)) {
    if (dayOn(calendar, next).isSchoolDay) return startOfDay(next, calendar.zone);
    if (next > last) without += 1;
  }
  return never;
}
