import type { SchoolCalendar } from '../calendar/calendar.ts';
import { dateAt, weekdayOf } from '../calendar/zone.ts';
import type { Groups } from '../policy/group.ts';
import type { PolicySubject } from '../policy/subject.ts';
import { countsSchoolDays, graceDeadline } from './grace.ts';
import { type CompliancePolicy, demandOf, policyName } from './policy.ts';
import type { CheckFinding } from './verdict.ts';

/** An exception somebody made for a device, as far as its verdict goes. Times in epoch ms. */
export interface WaiverInForce {
  /** `null`: every check. */
  check: string | null;
  until: number;
  /** Who made it, by name. */
  by: string;
}

/** What may stand between a failing check and the verdict of one device. */
export interface Leniency {
  policy: CompliancePolicy;
  /** Whom the policy's selectors look at; absent: somebody whom every check binds. */
  subject?: PolicySubject;
  /** Those that the policy's selectors name. */
  groups?: Groups;
  /** That of the custodian's nearest unit. */
  calendar: SchoolCalendar | undefined;
  waivers: readonly WaiverInForce[];
  /** Check → since when its failure counts against who holds the device. */
  failures: ReadonlyMap<string, number>;
}

/** The findings with what the district decided about them: their weight, and the grace and the waiver they have. */
export function lenient(findings: readonly CheckFinding[], leniency: Leniency): CheckFinding[] {
  return findings.map((finding) => {
    const { policy, subject, groups } = leniency;
    const demand = demandOf(policy, finding.check, finding.severity ?? 'critical', subject, groups);
    const weighed = { ...finding, severity: demand.severity };
    if (!demand.counts || (finding.status !== 'fail' && finding.status !== 'unknown')) return weighed;
    const since = leniency.failures.get(finding.check);
    return {
      ...weighed,
      ...(since !== undefined && { failingSince: new Date(since).toISOString() }),
      ...(finding.status === 'fail' && since !== undefined && graceOf(leniency, since, demand.graceDays)),
      ...waiverOf(leniency, finding.check),
    };
  });
}

/** `Mon 7 Dec 2026`: the local day of the last moment before an end. */
export function lastDayWords(end: number, calendar: SchoolCalendar | undefined): string {
  const date = dateAt(end - 1, countsSchoolDays(calendar) ? calendar.zone : 'UTC');
  const [year, month, day] = date.split('-').map(Number);
  return `${days[weekdayOf(date)]} ${day} ${months[(month ?? 1) - 1]} ${year}`;
}

const days = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function graceOf({ calendar }: Leniency, since: number, graceDays: number): Pick<CheckFinding, 'grace'> {
  if (graceDays === 0) return {};
  const end = graceDeadline(calendar, since, graceDays);
  if (end === Number.POSITIVE_INFINITY)
    return { grace: { until: null, words: 'in grace: the calendar names too few school days to say until when' } };
  const counted = countsSchoolDays(calendar) ? '' : '; weekdays count, for there is no school calendar';
  return {
    grace: { until: new Date(end).toISOString(), words: `in grace until ${lastDayWords(end, calendar)}${counted}` },
  };
}

/** Of several the one that holds longest. */
function waiverOf({ waivers, calendar }: Leniency, check: string): Pick<CheckFinding, 'waiver'> {
  const covering = waivers.filter(
    (one) => one.check === null || one.check === check || one.check === policyName(check),
  );
  const longest = covering.toSorted((a, b) => b.until - a.until)[0];
  if (!longest) return {};
  const { until, by } = longest;
  const words = `waived until ${lastDayWords(until, calendar)} by ${by}`;
  return { waiver: { until: new Date(until).toISOString(), words } };
}
