import { describe, expect, it } from 'vitest';
import type { SchoolCalendar } from '../../../shared/calendar/calendar.ts';
import { osSupported } from '../../../shared/compliance/checks/os-supported.ts';
import { restartedLately } from '../../../shared/compliance/checks/restarted-lately.ts';
import { personTimeline } from '../../../shared/compliance/person-timeline.ts';
import { type CompliancePolicy, compliancePolicyDefaults } from '../../../shared/compliance/policy.ts';
import {
  type CheckSpan,
  type DeviceInputs,
  deviceTimeline,
  type HoldingSpan,
} from '../../../shared/compliance/timeline.ts';
import type { FindingStatus } from '../../../shared/compliance/verdict.ts';
import { unknownDevice } from '../../../shared/policy/subject.ts';
import { at, calendarIn } from '../calendar/calendars.ts';

const day = 86_400_000;
const year = calendarIn('America/Chicago', {
  week: { ...calendarIn('America/Chicago').week, wednesday: 'Regular' },
  terms: [{ title: 'Year', from: '2026-08-17', to: '2027-06-11' }],
  holidays: [
    { title: 'Thanksgiving', from: '2026-11-25', to: '2026-11-27' },
    { title: 'Winter break', from: '2026-12-21', to: '2027-01-01' },
  ],
  exceptions: [],
  freezes: [],
});
const snow = { ...year, exceptions: [{ date: '2026-12-08', title: 'Snow day', bells: null }] };
const policyOf = (graceDays: number, counts = true): CompliancePolicy => ({
  graceDays,
  checks: [{ check: 'disk-encrypted', counts, graceDays: null, severity: 'major' }],
});
const span = (
  check: string,
  status: FindingStatus,
  from: number,
  to: number | null,
  failingSince: number | null = null,
): CheckSpan => {
  return { check, status, seen: status, from, to, failingSince };
};
const held = (
  custodyId: string | null,
  from: number,
  to: number | null,
  calendar: SchoolCalendar = year,
): HoldingSpan => {
  const subject = { ...unknownDevice, deviceId: 'd' };
  return { custodyId, personId: custodyId, orgId: 'maple', from, to, calendar, subject };
};
const timeline = (inputs: Partial<DeviceInputs>, from: number, now: number) => {
  const whole = { holdings: [held(null, from, null)], waivers: [], checks: [], ...inputs };
  const policies = inputs.policies ?? [{ from: Number.NEGATIVE_INFINITY, policy: policyOf(2) }];
  const { spans, deadline } = deviceTimeline({ ...whole, policies }, from, now);
  return { spans: spans.map((one) => `${new Date(one.from).toISOString().slice(0, 16)} ${one.state}`), deadline };
};

describe('the verdicts of a failing device', () => {
  const failing = (from: number) => [
    span('contact', 'pass', from - day, null),
    span('disk-encrypted', 'pass', from - day, from),
    span('disk-encrypted', 'fail', from, null, from),
  ];
  it.each<[string, string, SchoolCalendar, string]>([
    ['two school days', '2026-10-05T16:00Z', year, '2026-10-07T20:00Z'],
    ['over Thanksgiving', '2026-11-23T16:00Z', year, '2026-11-30T21:00Z'],
    ['over winter break', '2026-12-17T16:00Z', year, '2027-01-04T21:00Z'],
    ['without a snow day', '2026-12-07T16:00Z', year, '2026-12-09T21:00Z'],
    ['with a snow day that was added afterwards', '2026-12-07T16:00Z', snow, '2026-12-10T21:00Z'],
    ['over the night on which summer time ends', '2026-10-30T16:00Z', year, '2026-11-03T21:00Z'],
    ['over the night on which summer time begins', '2027-03-11T16:00Z', year, '2027-03-15T20:00Z'],
  ])('are in grace %s', (_, begin, calendar, end) => {
    const from = at(begin);
    const inputs = { checks: failing(from), holdings: [held(null, from - day, null, calendar)] };
    const { spans, deadline } = timeline(inputs, from - day, from + 60 * day);
    const iso = (moment: number) => new Date(moment).toISOString().slice(0, 16);
    expect(spans).toEqual([`${iso(from - day)} compliant`, `${iso(from)} in-grace`, `${iso(at(end))} noncompliant`]);
    expect(deadline).toBeNull();
    expect(timeline(inputs, from - day, at(end) - 1).deadline).toBe(at(end));
  });

  const begin = at('2026-10-05T16:00Z');
  const cases: [string, Partial<DeviceInputs>, string[]][] = [
    [
      'begin their grace anew with who gets the device',
      {
        checks: [
          span('contact', 'pass', begin, null),
          span('disk-encrypted', 'fail', begin, begin + 7 * day, begin),
          span('disk-encrypted', 'fail', begin + 7 * day, null, begin + 7 * day),
        ],
        holdings: [held('ada', begin, begin + 7 * day), held('bob', begin + 7 * day, null)],
      },
      [
        '2026-10-05T16:00 in-grace',
        '2026-10-07T20:00 noncompliant',
        '2026-10-12T16:00 in-grace',
        '2026-10-14T20:00 noncompliant',
      ],
    ],
    [
      'have the grace of a check from when the policy began to count it',
      {
        checks: [
          span('contact', 'pass', begin, null),
          span('firewall-on', 'pass', begin, null),
          span('disk-encrypted', 'fail', begin, null, begin),
        ],
        policies: [
          { from: Number.NEGATIVE_INFINITY, policy: policyOf(2, false) },
          { from: begin + 7 * day, policy: policyOf(2) },
        ],
      },
      ['2026-10-05T16:00 compliant', '2026-10-12T16:00 in-grace', '2026-10-14T20:00 noncompliant'],
    ],
    [
      'follow the policy that was in force',
      {
        checks: [span('contact', 'pass', begin, null), span('disk-encrypted', 'fail', begin, null, begin)],
        policies: [
          { from: Number.NEGATIVE_INFINITY, policy: compliancePolicyDefaults },
          { from: begin + day, policy: policyOf(3) },
        ],
      },
      ['2026-10-05T16:00 noncompliant', '2026-10-06T16:00 in-grace', '2026-10-08T20:00 noncompliant'],
    ],
    [
      'win no time by not knowing',
      {
        checks: [
          span('contact', 'pass', begin, null),
          span('disk-encrypted', 'fail', begin, begin + day, begin),
          span('disk-encrypted', 'unknown', begin + day, begin + 7 * day, begin),
          span('disk-encrypted', 'fail', begin + 7 * day, null, begin),
        ],
      },
      ['2026-10-05T16:00 in-grace', '2026-10-06T16:00 unknown', '2026-10-12T16:00 noncompliant'],
    ],
    [
      'follow a waiver of who holds the device, and end with it',
      {
        checks: [span('contact', 'pass', begin, null), span('disk-encrypted', 'fail', begin, null, begin - 30 * day)],
        holdings: [held('ada', begin, begin + 3 * day), held('bob', begin + 3 * day, null)],
        waivers: [
          { check: null, from: begin + day, to: begin + 9 * day, until: begin + 9 * day, by: 'Kim', personId: 'ada' },
        ],
      },
      ['2026-10-05T16:00 noncompliant', '2026-10-06T16:00 waived', '2026-10-08T16:00 noncompliant'],
    ],
  ];
  it.each(cases)('%s', (_, inputs, expected) => {
    expect(timeline(inputs, begin, begin + 30 * day).spans).toEqual(expected);
  });
});

describe('the verdicts of a person', () => {
  it('turn when something owed is late, until it is met', () => {
    const device = {
      state: 'compliant',
      reasons: [],
      custodyId: 'c',
      orgId: 'maple',
      from: 0,
      to: null,
      name: 'a',
    } as const;
    const inputs = {
      devices: [{ ...device, reasons: [] }],
      obligations: [{ title: 'Sign the agreement', dueAt: 5 * day, from: day, to: 9 * day }],
      units: [{ from: 0, to: null, orgId: 'maple' }],
    };
    const { spans } = personTimeline(inputs, 0, 20 * day);
    expect(spans.map(({ from, state, reasons }) => [from / day, state, reasons])).toEqual([
      [0, 'compliant', []],
      [5, 'noncompliant', ['Sign the agreement: was due on Mon 5 Jan 1970']],
      [9, 'compliant', []],
    ]);
    expect(personTimeline(inputs, 0, 2 * day).deadline).toBe(5 * day);
  });
});

describe('a check that time alone turns', () => {
  const now = at('2026-10-05T16:00Z');
  it.each([
    ['the last day of support', osSupported, { name: 'Debian GNU/Linux', version: '12' }],
    ['the days since the restart', restartedLately, { name: 'x', version: '1', bootedAt: now - day }],
  ])('says when: %s', (_, check, os) => {
    const turns = check.turnsAt?.(os, {}, now) ?? 0;
    expect(turns).toBeGreaterThan(now);
    expect([check.evaluate(os, {}, turns - 1).status, check.evaluate(os, {}, turns).status]).toEqual(['pass', 'fail']);
    expect(check.turnsAt?.(os, {}, turns)).toBeNull();
    expect(check.turnsAt?.('nonsense', {}, now)).toBeNull();
  });
});
