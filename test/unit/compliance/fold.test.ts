import { describe, expect, it } from 'vitest';
import { type Contact, foldDevice, foldPerson, type Verdict } from '../../../shared/compliance/fold.ts';
import type { CheckFinding, FindingStatus, VerdictState } from '../../../shared/compliance/verdict.ts';

const now = Date.UTC(2026, 9, 12);
const heard: Contact = { status: 'pass', seen: 'Heard of lately.' };
const silent: Contact = { status: 'fail', seen: 'Not heard of since 2026-10-04.' };
const never: Contact = { status: 'unknown', seen: 'Has never reported.' };

function findings(...statuses: FindingStatus[]): CheckFinding[] {
  return statuses.map((status, i) => {
    return { check: `c${i}`, title: `Check ${i}`, status, expected: 'x', actual: status, why: '', fix: '' };
  });
}

describe('a device’s verdict', () => {
  it.each<[string, FindingStatus[], Contact, VerdictState, string[]]>([
    ['is compliant when all pass', ['pass', 'pass'], heard, 'compliant', []],
    ['is compliant when what does not apply is left aside', ['pass', 'not-applicable'], heard, 'compliant', []],
    ['is noncompliant when one fails', ['pass', 'fail'], heard, 'noncompliant', ['Check 1: fail']],
    ['is noncompliant although others are unknown', ['unknown', 'fail'], heard, 'noncompliant', ['Check 1: fail']],
    ['is unknown when one is unknown and none fails', ['pass', 'unknown'], heard, 'unknown', ['Check 1: unknown']],
    ['is unknown when nothing applies', ['not-applicable'], heard, 'unknown', ['Nothing is known of it yet.']],
    ['is unknown without any check', [], heard, 'unknown', ['Nothing is known of it yet.']],
    ['is unknown when it never reported', ['fail'], never, 'unknown', ['Has never reported.']],
    ['is silent when it was not heard of', ['pass'], silent, 'silent', ['Not heard of since 2026-10-04.']],
    ['is silent rather than noncompliant', ['fail'], silent, 'silent', ['Not heard of since 2026-10-04.']],
  ])('%s', (_, statuses, contact, state, reasons) => {
    expect(foldDevice(findings(...statuses), contact, now)).toEqual({ state, reasons });
  });

  it.each<[string, FindingStatus, VerdictState]>([
    ['a failure', 'fail', 'compliant'],
    ['what is not known', 'unknown', 'compliant'],
    ['a pass, which proves nothing that counts', 'pass', 'compliant'],
  ])('is not turned by %s that only informs', (_, status, state) => {
    const minor = findings('pass', status).map((found, i) =>
      i === 1 ? { ...found, severity: 'minor' as const } : found,
    );
    expect(foldDevice(minor, heard, now)).toEqual({ state, reasons: [] });
    expect(foldDevice(minor.slice(1), heard, now).state).toBe('unknown');
  });
});

describe('a person’s verdict', () => {
  const device = (name: string, state: VerdictState, ...reasons: string[]): Verdict & { name: string } => {
    return { name, state, reasons };
  };
  it.each<[string, (Verdict & { name: string })[], Verdict]>([
    ['is unknown without a device', [], { state: 'unknown', reasons: ['Has no device.'] }],
    [
      'is that of the only device',
      [device('a', 'noncompliant', 'Firewall: off')],
      { state: 'noncompliant', reasons: ['Firewall: off'] },
    ],
    [
      'is compliant when all devices are',
      [device('a', 'compliant'), device('b', 'compliant')],
      { state: 'compliant', reasons: [] },
    ],
    [
      'prefers unknown to compliant',
      [device('a', 'compliant'), device('b', 'unknown', 'x')],
      { state: 'unknown', reasons: ['b: x'] },
    ],
    [
      'prefers silent to unknown',
      [device('a', 'unknown', 'x'), device('b', 'silent', 'y')],
      { state: 'silent', reasons: ['b: y', 'a: x'] },
    ],
    [
      'prefers noncompliant to silent',
      [device('a', 'silent', 'y'), device('b', 'noncompliant', 'z')],
      { state: 'noncompliant', reasons: ['b: z', 'a: y'] },
    ],
  ])('%s', (_, devices, verdict) => {
    expect(foldPerson(devices)).toEqual(verdict);
    expect(foldPerson(devices.toReversed())).toEqual(verdict);
  });

  it('is noncompliant when something owed is late, whatever the devices are', () => {
    const owed = ['Agreement: was due on Mon 5 Oct 2026'];
    expect(foldPerson([], owed)).toEqual({ state: 'noncompliant', reasons: owed });
    expect(foldPerson([device('a', 'silent', 'y')], owed)).toEqual({ state: 'noncompliant', reasons: [...owed, 'y'] });
  });
});
