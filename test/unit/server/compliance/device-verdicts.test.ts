import { describe, expect, it } from 'vitest';
import { type Judged, verdictMessage } from '../../../../server/compliance/device-verdicts.ts';
import type { CheckFinding } from '../../../../shared/compliance/verdict.ts';
import { decode, encode } from '../../../../shared/protocol/codec.ts';

const now = Date.UTC(2026, 9, 5, 14);
const day = 86_400_000;
const iso = (at: number) => new Date(at).toISOString();

function finding(change: Partial<CheckFinding> = {}): CheckFinding {
  const words = { title: 'Firewall', expected: 'on', actual: 'off', why: 'w', fix: 'f' };
  return { check: 'firewall-on', status: 'fail', severity: 'critical', ...words, ...change };
}
const judged = (findings: CheckFinding[], change: Partial<Judged> = {}): Judged => ({
  verdict: { state: 'noncompliant', reasons: [] },
  findings,
  policy: { graceDays: 5, checks: [], steps: { remindDays: 1, restrict: { profileId: 'p', afterDays: 3 } } },
  calendar: undefined,
  ...change,
});
const said = (given: Judged, contact = '') => verdictMessage(given, { obligations: [] }, contact, now);

describe('what a device is told', () => {
  it.each<[string, CheckFinding, object]>([
    ['a pass', finding({ status: 'pass', actual: 'on' }), { status: 'pass', seen: 'on' }],
    [
      'a failure with its time',
      finding({ failingSince: iso(now - day), grace: { until: iso(now + day), words: '' } }),
      { failingSince: now - day, graceUntil: now + day },
    ],
    ['a failure without a date', finding({ grace: { until: null, words: '' } }), { graceUntil: null }],
    ['a waiver', finding({ waiver: { until: iso(now + day), words: '' } }), { waivedUntil: now + day }],
    ['what only informs', finding({ severity: 'minor' }), { severity: 'minor' }],
  ])('holds %s', (_name, given, expected) => {
    expect(said(judged([given])).checks).toMatchObject([{ check: 'firewall-on', ...expected }]);
  });

  it('says the step that was reached and when the next one comes', () => {
    const failing = finding({ failingSince: iso(now - day), grace: { until: iso(now + 10 * day), words: '' } });
    const message = said(judged([failing]));
    expect(message.step).toBe('warn');
    expect(message.nextStepAt).toBeGreaterThan(now);
    expect(said(judged([finding({ status: 'pass' })]))).toMatchObject({ step: 'none' });
    expect(said(judged([finding({ status: 'pass' })]))).not.toHaveProperty('nextStepAt');
  });

  it('puts what is wrong first, so that it is never what is left out', () => {
    const passes = Array.from({ length: 70 }, (_, index) => finding({ check: `c${index}`, status: 'pass' }));
    const { checks } = said(judged([...passes, finding()]));
    expect(checks).toHaveLength(60);
    expect(checks[0]).toMatchObject({ check: 'firewall-on', status: 'fail' });
  });

  it('is never a message the device could not read', () => {
    const findings = [finding({ actual: 'x'.repeat(9_000) }), finding({ check: 'c'.repeat(99) })];
    const obligations = Array.from({ length: 50 }, () => ({ kind: 'agreement' as const, title: 't', dueAt: now }));
    const message = verdictMessage(judged(findings), { obligations }, 'c'.repeat(9_000), now);
    expect(decode(Buffer.from(encode('verdict', 'v1', message)), 'server')).toMatchObject({ ok: true });
  });

  it.each([
    ['signs of three bytes', '方'],
    ['signs of two halves', '💻'],
    ['signs that JSON escapes', '"'],
  ])('fits into a frame whatever every check has seen: %s', (_name, sign) => {
    const findings = Array.from({ length: 60 }, (_, i) =>
      finding({ check: `${i}`.padEnd(60, 'c'), actual: sign.repeat(500), failingSince: iso(now - day) }),
    );
    const title = sign.repeat(200 / sign.length);
    const obligations = Array.from({ length: 20 }, () => ({ kind: 'device-return' as const, title, dueAt: now }));
    const message = verdictMessage(judged(findings), { obligations }, sign.repeat(9_000), now);
    expect(decode(Buffer.from(encode('verdict', 'v1', message)), 'server')).toMatchObject({ ok: true });
    expect(message.checks).toHaveLength(60);
    expect(message.checks[0]?.seen.length).toBeGreaterThan(190);
    expect(message.checks[0]?.seen.isWellFormed()).toBe(true);
  });
});
