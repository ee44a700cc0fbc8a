import { describe, expect, it } from 'vitest';
import {
  type Contact,
  foldDevice,
  foldPerson,
  silenceDeadline,
  type Verdict,
} from '../../../shared/compliance/fold.ts';
import type { CheckFinding, FindingStatus, VerdictState } from '../../../shared/compliance/verdict.ts';

const day = 86_400_000;
const now = Date.UTC(2026, 9, 12);
const silence = { now, silentAfterMs: 7 * day };

function findings(...statuses: FindingStatus[]): CheckFinding[] {
  return statuses.map((status, i) => {
    return { check: `c${i}`, title: `Check ${i}`, status, expected: 'x', actual: status, why: '', fix: '' };
  });
}

describe('a device’s verdict', () => {
  it.each<[string, FindingStatus[], Contact, VerdictState, string[]]>([
    ['is compliant when all pass', ['pass', 'pass'], 'now', 'compliant', []],
    ['is compliant when what does not apply is left aside', ['pass', 'not-applicable'], 'now', 'compliant', []],
    ['is noncompliant when one fails', ['pass', 'fail'], 'now', 'noncompliant', ['Check 1: fail']],
    ['is noncompliant although others are unknown', ['unknown', 'fail'], 'now', 'noncompliant', ['Check 1: fail']],
    ['is unknown when one is unknown and none fails', ['pass', 'unknown'], 'now', 'unknown', ['Check 1: unknown']],
    ['is unknown when nothing applies', ['not-applicable'], 'now', 'unknown', ['Nothing is known of it yet.']],
    ['is unknown without any check', [], 'now', 'unknown', ['Nothing is known of it yet.']],
    ['is unknown when it never reported', ['fail'], null, 'unknown', ['Has never reported.']],
    ['is what it was while it is away for less than a week', ['pass'], now - 7 * day + 1, 'compliant', []],
    ['is silent after a week', ['pass'], now - 7 * day, 'silent', ['Not heard of since 2026-10-05.']],
    [
      'is silent rather than noncompliant after a week',
      ['fail'],
      now - 8 * day,
      'silent',
      ['Not heard of since 2026-10-04.'],
    ],
  ])('%s', (_, statuses, contact, state, reasons) => {
    expect(foldDevice(findings(...statuses), contact, silence)).toEqual({ state, reasons });
  });

  it.each<[string, FindingStatus, VerdictState]>([
    ['a failure', 'fail', 'compliant'],
    ['what is not known', 'unknown', 'compliant'],
    ['a pass, which proves nothing that counts', 'pass', 'compliant'],
  ])('is not turned by %s that only informs', (_, status, state) => {
    const minor = findings('pass', status).map((found, i) =>
      i === 1 ? { ...found, severity: 'minor' as const } : found,
    );
    expect(foldDevice(minor, 'now', silence)).toEqual({ state, reasons: [] });
    expect(foldDevice(minor.slice(1), 'now', silence).state).toBe('unknown');
  });

  it.each<[string, Contact, number | null]>([
    ['while connected', 'now', null],
    ['when never heard of', null, null],
    ['a week after it left', now - day, now + 6 * day],
    ['never again once silent', now - 7 * day, null],
  ])('turns silent %s', (_, contact, deadline) => {
    expect(silenceDeadline(contact, silence)).toBe(deadline);
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
});
