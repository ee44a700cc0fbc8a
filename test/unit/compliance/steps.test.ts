import { describe, expect, it } from 'vitest';
import type { SchoolCalendar } from '../../../shared/calendar/calendar.ts';
import { graceDeadline } from '../../../shared/compliance/grace.ts';
import type { ComplianceSteps } from '../../../shared/compliance/policy.ts';
import { restrictingFindings, stepOf } from '../../../shared/compliance/steps.ts';
import type { CheckFinding } from '../../../shared/compliance/verdict.ts';
import { at, calendarIn } from '../calendar/calendars.ts';

const year: Partial<SchoolCalendar> = {
  terms: [{ title: 'Year', from: '2026-08-17', to: '2027-06-04' }],
  holidays: [
    { title: 'Thanksgiving', from: '2026-11-25', to: '2026-11-27' },
    { title: 'Winter break', from: '2026-12-21', to: '2027-01-01' },
  ],
  exceptions: [],
  freezes: [],
};
const chicago = calendarIn('America/Chicago', year);
const snow = (date: string) => ({ ...chicago, exceptions: [{ date, title: 'Snow day', bells: null }] });
const over = calendarIn('America/Chicago', {
  ...year,
  terms: [{ title: 'Fall', from: '2026-08-17', to: '2026-10-07' }],
});

const usual: ComplianceSteps = { remindDays: 2, restrict: { profileId: 'p', afterDays: 3 } };
const remindOnly: ComplianceSteps = { remindDays: 2, restrict: null };
const restrictOnly: ComplianceSteps = { remindDays: 0, restrict: { profileId: 'p', afterDays: 1 } };
const atOnce: ComplianceSteps = { remindDays: 2, restrict: { profileId: 'p', afterDays: 0 } };

/** A failing check with this many school days of grace. */
function failing(since: string, days: number, calendar: SchoolCalendar | undefined, more: Partial<CheckFinding> = {}) {
  const end = graceDeadline(calendar, at(since), days);
  const until = Number.isFinite(end) ? new Date(end).toISOString() : null;
  const finding: CheckFinding = {
    ...{ check: 'firewall-on', title: 'Firewall', status: 'fail', expected: 'on', actual: 'off', why: '', fix: '' },
    ...{ severity: days === 0 ? 'critical' : 'major', failingSince: new Date(at(since)).toISOString() },
    ...(days > 0 && { grace: { until, words: 'in grace' } }),
  };
  return { ...finding, ...more };
}

const text = (moment: number | null) => (moment === null ? null : new Date(moment).toISOString());
const never = null;

/** When the person is reminded and restricted, of a failure with so many school days of grace. */
const cases: [string, SchoolCalendar | undefined, string, number, ComplianceSteps, string | null, string | null][] = [
  [
    'an ordinary fortnight',
    chicago,
    '2026-10-05T10:00-05:00',
    5,
    usual,
    '2026-10-08T15:00-05:00',
    '2026-10-15T15:00-05:00',
  ],
  ['Thanksgiving', chicago, '2026-11-16T10:00-06:00', 5, usual, '2026-11-19T15:00-06:00', '2026-12-01T15:00-06:00'],
  ['winter break', chicago, '2026-12-16T10:00-06:00', 5, usual, '2027-01-04T15:00-06:00', '2027-01-11T15:00-06:00'],
  ['no snow day yet', chicago, '2027-02-01T10:00-06:00', 3, usual, '2027-02-02T15:00-06:00', '2027-02-09T15:00-06:00'],
  [
    'a snow day in the grace',
    snow('2027-02-03'),
    '2027-02-01T10:00-06:00',
    3,
    usual,
    '2027-02-02T15:00-06:00',
    '2027-02-10T11:00-06:00',
  ],
  [
    'a snow day after the grace',
    snow('2027-02-08'),
    '2027-02-01T10:00-06:00',
    3,
    usual,
    '2027-02-02T15:00-06:00',
    '2027-02-10T11:00-06:00',
  ],
  [
    'the clocks going back',
    chicago,
    '2026-10-26T10:00-05:00',
    5,
    usual,
    '2026-10-29T15:00-05:00',
    '2026-11-05T15:00-06:00',
  ],
  [
    'the clocks going forward',
    chicago,
    '2027-03-10T10:00-06:00',
    2,
    usual,
    '2027-03-10T10:00-06:00',
    '2027-03-17T11:00-05:00',
  ],
  [
    'a grace shorter than the reminder',
    chicago,
    '2026-10-05T10:00-05:00',
    1,
    usual,
    '2026-10-05T10:00-05:00',
    '2026-10-09T15:00-05:00',
  ],
  [
    'a critical failure',
    chicago,
    '2026-10-05T10:00-05:00',
    0,
    usual,
    '2026-10-05T10:00-05:00',
    '2026-10-08T15:00-05:00',
  ],
  [
    'a critical failure in a break',
    chicago,
    '2026-12-24T10:00-06:00',
    0,
    usual,
    '2027-01-04T00:00-06:00',
    '2027-01-06T11:00-06:00',
  ],
  [
    'a restriction without delay on a school day',
    chicago,
    '2026-10-05T10:00-05:00',
    0,
    atOnce,
    null,
    '2026-10-05T10:00-05:00',
  ],
  [
    'a restriction without delay in a break',
    chicago,
    '2026-12-24T10:00-06:00',
    0,
    atOnce,
    null,
    '2027-01-04T00:00-06:00',
  ],
  [
    'a restriction without delay on a Saturday',
    chicago,
    '2026-10-10T10:00-05:00',
    0,
    atOnce,
    null,
    '2026-10-12T00:00-05:00',
  ],
  ['a policy that only reminds', chicago, '2026-10-05T10:00-05:00', 5, remindOnly, '2026-10-08T15:00-05:00', never],
  ['a policy without reminders', chicago, '2026-10-05T10:00-05:00', 2, restrictOnly, never, '2026-10-08T15:00-05:00'],
  ['no calendar: weekdays', undefined, '2026-10-05T10:00Z', 3, usual, '2026-10-07T00:00Z', '2026-10-14T00:00Z'],
  ['a calendar that names too few days', over, '2026-10-05T10:00-05:00', 5, usual, never, never],
  [
    'a calendar that ends before the restriction',
    over,
    '2026-10-05T10:00-05:00',
    1,
    usual,
    '2026-10-05T10:00-05:00',
    never,
  ],
];

describe('steps after a failure', () => {
  it.each(cases)('over %s', (_, calendar, since, days, steps, remind, restrict) => {
    const findings = [failing(since, days, calendar)];
    const standing = (moment: number) => stepOf(findings, steps, calendar, moment);
    const expected = [
      { step: 'warn', moment: at(since) },
      ...(remind === null ? [] : [{ step: 'remind', moment: at(remind) }]),
      ...(restrict === null ? [] : [{ step: 'restrict', moment: at(restrict) }]),
    ].filter(({ moment }, index, all) => all.findLastIndex((one) => one.moment === moment) === index);
    expect(standing(at(since) - 1).step).toBe('none');
    for (const [index, { step, moment }] of expected.entries()) {
      const next = expected[index + 1]?.moment ?? null;
      expect(standing(moment).step).toBe(step);
      expect(text(standing(moment).nextStepAt)).toBe(text(next));
      if (next !== null) expect(standing(next - 1).step).toBe(step);
    }
    const last = expected.at(-1)?.step;
    expect(standing(at('2028-01-01T00:00Z'))).toEqual({ step: last, nextStepAt: null });
  });

  it('stand still all through a break', () => {
    const findings = [failing('2026-12-16T10:00-06:00', 5, chicago)];
    for (let day = 18; day <= 31; day += 1) {
      const now = at(`2026-12-${day}T23:00-06:00`);
      expect(stepOf(findings, usual, chicago, now)).toEqual({ step: 'warn', nextStepAt: at('2027-01-04T15:00-06:00') });
    }
  });

  it('follow the worst failure, and say when the next step of any comes', () => {
    const old = failing('2026-10-05T10:00-05:00', 5, chicago);
    const fresh = failing('2026-10-12T10:00-05:00', 5, chicago, { check: 'disk-encrypted' });
    const now = at('2026-10-13T10:00-05:00');
    expect(stepOf([fresh, old], usual, chicago, now)).toEqual({
      step: 'remind',
      nextStepAt: at('2026-10-15T15:00-05:00'),
    });
    const late = at('2026-10-16T10:00-05:00');
    expect(stepOf([fresh, old], usual, chicago, late)).toEqual({ step: 'restrict', nextStepAt: null });
    expect(restrictingFindings([fresh, old], usual, chicago, late)).toEqual([old]);
  });

  const since = '2026-10-05T10:00-05:00';
  const until = (time: string) => ({ waiver: { until: new Date(at(time)).toISOString(), words: 'waived' } });
  it.each<[string, Partial<CheckFinding>, string]>([
    ['passes', { status: 'pass' }, 'none'],
    ['is not known', { status: 'unknown' }, 'none'],
    ['does not apply', { status: 'not-applicable' }, 'none'],
    ['only informs', { severity: 'minor' }, 'none'],
    ['is waived', until('2027-01-01T00:00Z'), 'none'],
    ['was waived until yesterday', until('2026-11-01T00:00Z'), 'restrict'],
    ['fails', {}, 'restrict'],
  ])('of a check that %s', (_, more, step) => {
    const findings = [failing(since, 5, chicago, more)];
    expect(stepOf(findings, usual, chicago, at('2026-11-02T10:00-06:00')).step).toBe(step);
  });

  it('are none where nothing is known or since when is not', () => {
    const now = at('2026-11-02T10:00-06:00');
    const { failingSince: _, ...undated } = failing(since, 5, chicago);
    expect(stepOf([], usual, chicago, now)).toEqual({ step: 'none', nextStepAt: null });
    expect(stepOf([undated], usual, chicago, now)).toEqual({ step: 'none', nextStepAt: null });
  });
});
