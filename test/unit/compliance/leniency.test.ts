import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldDevice, foldPerson, leniencyDeadline, type Verdict } from '../../../shared/compliance/fold.ts';
import { type Leniency, lenient } from '../../../shared/compliance/leniency.ts';
import {
  type CheckPolicy,
  compliancePolicyDefaults,
  demandOf,
  parametersOf,
} from '../../../shared/compliance/policy.ts';
import { type CheckFinding, type FindingStatus, findingStatuses } from '../../../shared/compliance/verdict.ts';
import { type PolicySubject, unknownDevice } from '../../../shared/policy/subject.ts';
import { at } from '../calendar/calendars.ts';

const now = at('2026-10-05T10:00Z');
const day = 86_400_000;
const major: CheckPolicy = { check: 'disk-encrypted', counts: true, graceDays: 2, severity: 'major' };
const heard = { status: 'pass', seen: 'Heard of lately.' } as const;

const finding = (check: string, status: FindingStatus, severity: CheckFinding['severity'] = 'major'): CheckFinding => {
  return { check, title: check, status, expected: 'x', actual: status, why: '', fix: '', severity };
};
const leniencyOf = (change: Partial<Leniency> = {}): Leniency => {
  const policy = { graceDays: 1, checks: [] };
  return { policy, calendar: undefined, waivers: [], failures: new Map(), ...change };
};

describe('what a policy demands', () => {
  it.each<[string, string, CheckFinding['severity'], CheckPolicy[], ReturnType<typeof demandOf>]>([
    ['what counts by default', 'agent-current', 'major', [], { counts: true, severity: 'major', graceDays: 5 }],
    [
      'no grace for what is critical',
      'disk-encrypted',
      'critical',
      [],
      { counts: true, severity: 'critical', graceDays: 0 },
    ],
    ['nothing of the rest', 'battery-worn', 'minor', [], { counts: false, severity: 'minor', graceDays: 0 }],
    [
      'more of a minor check that counts',
      'battery-worn',
      'minor',
      [{ ...major, check: 'battery-worn', severity: null }],
      { counts: true, severity: 'major', graceDays: 2 },
    ],
    [
      'less than by default',
      'disk-encrypted',
      'critical',
      [{ ...major, counts: false }],
      { counts: false, severity: 'minor', graceDays: 0 },
    ],
    ['its own days', 'disk-encrypted', 'critical', [major], { counts: true, severity: 'major', graceDays: 2 }],
    [
      'the district’s days',
      'disk-encrypted',
      'critical',
      [{ ...major, graceDays: null }],
      { counts: true, severity: 'major', graceDays: 5 },
    ],
    [
      'the same of every section',
      'policy-verified:browser',
      'critical',
      [{ ...major, check: 'policy-verified' }],
      { counts: true, severity: 'major', graceDays: 2 },
    ],
  ])('is %s', (_, check, severity, checks, demand) => {
    expect(demandOf({ ...compliancePolicyDefaults, checks }, check, severity ?? 'critical')).toEqual(demand);
  });
});

describe('whom a policy binds', () => {
  const custodian = { sourcedId: 's1', role: 'student', grade: '06', orgs: ['maple'], classes: null } as const;
  const held = { ...unknownDevice, deviceId: 'd', tags: ['cart'], custodian };
  const teacher = { kind: 'role', role: 'teacher' } as const;
  it.each<[string, CheckPolicy['binds'], PolicySubject | undefined, boolean]>([
    ['everybody where it says nothing', undefined, held, true],
    ['everybody by an empty list', [], held, true],
    ['whom one of its selectors reaches', [teacher, { kind: 'tag', tag: 'cart' }], held, true],
    ['nobody whom none of them reaches', [teacher], held, false],
    ['of whom nothing is known, for unknown is never no', [teacher], { ...held, custodian: null }, true],
    ['whoever is asked about in general', [teacher], undefined, true],
  ])('is %s', (_, binds, subject, counts) => {
    const policy = { graceDays: 1, checks: [{ ...major, ...(binds && { binds }) }] };
    expect(demandOf(policy, 'disk-encrypted', 'critical', subject).counts).toBe(counts);
  });

  it('sets parameters, of the settings for every section', () => {
    const policy = { graceDays: 1, checks: [{ ...major, parameters: { a: 1 } }] };
    expect([parametersOf(policy, 'disk-encrypted'), parametersOf(policy, 'firewall-on')]).toEqual([{ a: 1 }, {}]);
  });
});

describe('a verdict with grace and waivers', () => {
  const failures = new Map([
    ['agent-current', now - day],
    ['disk-encrypted', now - day],
  ]);
  const judged = (findings: CheckFinding[], leniency: Leniency) => foldDevice(lenient(findings, leniency), heard, now);
  const until = now + 30 * day;
  const waiver = (check: string | null, end = until) => ({ check, until: end, by: 'Kim' });
  const late = finding('agent-current', 'fail');
  const plain = finding('disk-encrypted', 'fail', 'critical');
  const dark = finding('firewall-on', 'unknown', 'critical');
  const well = finding('filter-measured', 'pass', 'critical');

  it.each<[string, CheckFinding[], Partial<Leniency>, Verdict]>([
    [
      'is in grace before the deadline',
      [late, well],
      {},
      {
        state: 'in-grace',
        until: at('2026-10-06T00:00Z'),
        reasons: [
          'agent-current: fail (in grace until Mon 5 Oct 2026; weekdays count, for there is no school calendar)',
        ],
      },
    ],
    [
      'is in grace although others are unknown',
      [late, dark],
      {},
      { state: 'in-grace', until: at('2026-10-06T00:00Z'), reasons: expect.anything() as never },
    ],
    [
      'is noncompliant when one has no grace',
      [late, plain],
      {},
      { state: 'noncompliant', reasons: ['disk-encrypted: fail', expect.stringContaining('in grace') as never] },
    ],
    [
      'is noncompliant after the deadline',
      [late],
      { failures: new Map([['agent-current', now - 4 * day]]) },
      { state: 'noncompliant', reasons: [expect.stringContaining('agent-current') as never] },
    ],
    [
      'is waived when all that fails is',
      [plain, well],
      { waivers: [waiver('disk-encrypted')] },
      { state: 'waived', until, reasons: ['disk-encrypted: fail (waived until Wed 4 Nov 2026 by Kim)'] },
    ],
    [
      'is waived by the longest of several',
      [plain],
      { waivers: [waiver(null, until - day), waiver('disk-encrypted')] },
      { state: 'waived', until, reasons: [expect.stringContaining('4 Nov') as never] },
    ],
    [
      'is in grace when only the other is waived',
      [late, plain],
      { waivers: [waiver('disk-encrypted')] },
      { state: 'in-grace', until: at('2026-10-06T00:00Z'), reasons: [expect.stringContaining('agent') as never] },
    ],
    [
      'is unknown when only a failure is waived',
      [plain, dark],
      { waivers: [waiver('disk-encrypted')] },
      { state: 'unknown', reasons: ['firewall-on: unknown'] },
    ],
    [
      'is waived when what is unknown is',
      [dark, well],
      { waivers: [waiver('firewall-on')] },
      { state: 'waived', until, reasons: [expect.stringContaining('firewall-on') as never] },
    ],
    [
      'is compliant when nothing of what is waived fails',
      [well],
      { waivers: [waiver(null)] },
      { state: 'compliant', reasons: [] },
    ],
    [
      'is noncompliant when another check is waived',
      [plain],
      { waivers: [waiver('firewall-on')] },
      { state: 'noncompliant', reasons: ['disk-encrypted: fail'] },
    ],
    [
      'is waived for each section by one waiver',
      [finding('policy-verified:browser', 'fail', 'critical')],
      { waivers: [waiver('policy-verified')] },
      { state: 'waived', until, reasons: [expect.stringContaining('waived') as never] },
    ],
  ])('%s', (_, findings, change, verdict) => {
    expect(judged(findings, leniencyOf({ failures, ...change }))).toEqual(verdict);
  });

  it('turns by itself at the next end of grace or of a waiver', () => {
    const both = lenient([late, plain], leniencyOf({ failures, waivers: [waiver('disk-encrypted', now + hourly)] }));
    expect(leniencyDeadline(both, now)).toBe(now + hourly);
    expect(leniencyDeadline(both, now + hourly)).toBe(at('2026-10-06T00:00Z'));
    expect(leniencyDeadline(both, at('2026-10-06T00:00Z'))).toBeNull();
  });
  const hourly = 3_600_000;

  it('of a person is that of the worst device, until the first end', () => {
    const device = (name: string, state: Verdict['state'], end?: number) => {
      return { name, state, reasons: [], ...(end !== undefined && { until: end }) };
    };
    const state = (...devices: ReturnType<typeof device>[]) => foldPerson(devices);
    expect(state(device('a', 'waived', 5), device('b', 'in-grace', 9))).toMatchObject({ state: 'in-grace', until: 9 });
    expect(state(device('a', 'waived', 5), device('b', 'waived', 3))).toMatchObject({ state: 'waived', until: 3 });
    expect(state(device('a', 'waived', 5), device('b', 'compliant'))).toMatchObject({ state: 'waived', until: 5 });
    expect(state(device('a', 'waived', 5), device('b', 'unknown')).until).toBeUndefined();
    expect(state(device('a', 'noncompliant'), device('b', 'in-grace', 3)).state).toBe('noncompliant');
  });

  it('never turns an unknown or a failure into a pass, whatever is let pass', () => {
    const anything = fc.array(
      fc.record({
        check: fc.constantFrom('agent-current', 'disk-encrypted', 'firewall-on'),
        status: fc.constantFrom(...findingStatuses),
      }),
      { minLength: 1, maxLength: 5 },
    );
    const letPass = fc.array(fc.constantFrom(null, 'agent-current', 'disk-encrypted', 'firewall-on'), { maxLength: 3 });
    fc.assert(
      fc.property(anything, letPass, fc.integer({ min: 0, max: 40 }), (all, waived, age) => {
        const findings = all.map(({ check, status }) => finding(check, status));
        const leniency = leniencyOf({
          waivers: waived.map((check) => waiver(check)),
          failures: new Map(findings.map(({ check }) => [check, now - age * day])),
        });
        const { state } = judged(findings, leniency);
        const open = findings.some(({ status }) => status === 'fail' || status === 'unknown');
        expect(state === 'compliant' && open).toBe(false);
      }),
    );
  });
});
