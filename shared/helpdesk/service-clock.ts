import type { ServiceClock, TicketStatus } from '../api/schemas/tickets.ts';
import type { SchoolCalendar } from '../calendar/calendar.ts';
import { afterSchoolHours, schoolHoursBetween } from '../calendar/school-hours.ts';
import type { SchoolTime } from './school-time.ts';

/** A status a ticket took, and when (epoch ms). */
export interface TicketStep {
  at: number;
  status: TicketStatus;
}

/** What was promised for its priority, in school minutes; `null`: nothing. */
export interface Promised {
  firstReplyMinutes: number | null;
  resolutionMinutes: number | null;
}

/** What the clocks of a ticket are counted by. Steps in their order; the first is its opening. */
export interface ClockFacts {
  openedAt: number;
  steps: readonly TicketStep[];
  promised: Promised;
}

/** When the promises run out (epoch ms); `null`: nothing promised, the calendar does not tell, or the clock stands. */
export interface DueDates {
  firstReplyDueAt: number | null;
  resolutionDueAt: number | null;
  /** School time left while the clock stands; `null` while it runs. */
  resolutionLeftMs: number | null;
}

const minute = 60_000;
const hour = 60 * minute;

/** While it waits for somebody else, and once it is solved, nobody is late with a solution. */
export const runsIn = (status: TicketStatus) => status === 'new' || status === 'open';

/** Counted anew from the facts, so that a calendar that is put right puts the deadlines right. */
export function dueDates(facts: ClockFacts, calendar: SchoolCalendar | undefined): DueDates {
  const { firstReplyMinutes, resolutionMinutes } = facts.promised;
  return {
    firstReplyDueAt:
      firstReplyMinutes === null ? null : (afterMs(calendar, facts.openedAt, firstReplyMinutes * minute) ?? null),
    ...(resolutionMinutes === null
      ? { resolutionDueAt: null, resolutionLeftMs: null }
      : resolutionDue(facts.steps, resolutionMinutes * minute, calendar)),
  };
}

/** Every stretch in which the clock ran takes from what was promised; once nothing is left, that instant stays. */
function resolutionDue(
  steps: readonly TicketStep[],
  promisedMs: number,
  calendar: SchoolCalendar | undefined,
): Pick<DueDates, 'resolutionDueAt' | 'resolutionLeftMs'> {
  let leftMs = promisedMs;
  for (const [index, step] of steps.entries()) {
    if (!runsIn(step.status)) continue;
    const end = steps[index + 1]?.at;
    const due = afterMs(calendar, step.at, leftMs) ?? null;
    if (end === undefined || (due !== null && due <= end)) return { resolutionDueAt: due, resolutionLeftMs: null };
    leftMs -= schoolHoursBetween(calendar, step.at, end) * hour;
  }
  const last = steps.at(-1);
  if (last?.status === 'waiting' || !last) return { resolutionDueAt: null, resolutionLeftMs: Math.round(leftMs) };
  const solvedAt = lastOver(steps);
  return { resolutionDueAt: afterMs(calendar, solvedAt, leftMs) ?? null, resolutionLeftMs: null };
}

/** When it was solved the last time; closing what is solved is no second solution. */
function lastOver(steps: readonly TicketStep[]): number {
  const reversed = steps.toReversed();
  const before = reversed.findIndex(({ status }) => status !== 'resolved' && status !== 'closed');
  return (before === -1 ? steps[0] : reversed[before - 1])?.at ?? 0;
}

/** One promise with what became of it. */
export interface ServicePromise {
  isPromised: boolean;
  dueAt: number | null;
  leftMs: number | null;
  metAt: number | null;
}

/** How a promise stands at an instant, for people. */
export function clockAt(
  { isPromised, dueAt, leftMs, metAt }: ServicePromise,
  time: SchoolTime,
  now: number,
): ServiceClock {
  const met = metAt === null ? null : new Date(metAt).toISOString();
  const clock = { dueAt: dueAt === null ? null : new Date(dueAt).toISOString(), metAt: met, minutesLeft: null };
  if (isPromised && leftMs !== null && metAt === null)
    return { ...clock, state: 'paused', minutesLeft: Math.floor(leftMs / minute) };
  if (!isPromised || dueAt === null) return { ...clock, state: 'none' };
  if (metAt !== null) return { ...clock, state: metAt <= dueAt ? 'met' : 'met-late' };
  const isLate = now > dueAt;
  const hours = isLate ? -time.hoursBetween(dueAt, now) : time.hoursBetween(now, dueAt);
  return { ...clock, state: isLate ? 'late' : 'running', minutesLeft: Math.floor(hours * 60) };
}

function afterMs(calendar: SchoolCalendar | undefined, from: number, ms: number): number | undefined {
  const due = afterSchoolHours(calendar, from, ms / hour);
  return due === undefined ? undefined : Math.round(due);
}
