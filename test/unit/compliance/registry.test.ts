import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Check, findingOf } from '../../../shared/compliance/check.ts';
import { checks } from '../../../shared/compliance/registry.ts';
import { CheckFinding } from '../../../shared/compliance/verdict.ts';
import { validator } from '../../../shared/schema.ts';

const finding = validator(CheckFinding);
const now = Date.UTC(2026, 9, 12);
const all = checks.map((check): [string, Check] => [check.check, check]);
/** Facts about a device that never reported anything. */
const silentDevice = {
  agentVersion: undefined,
  observations: {},
  health: {},
  openFindings: undefined,
  webFilter: { asked: true },
};

it('names each check once', () => {
  expect(new Set(checks.map(({ check }) => check)).size).toBe(checks.length);
});

describe.each(all)('%s', (_, check) => {
  const statusOf = (observation: unknown) => check.evaluate(observation, {}, now).status;

  it('has words for the person and for the technician, and defaults that fit', () => {
    const outcome = check.evaluate(undefined, {}, now);
    expect(finding.problems(findingOf(check, outcome, check.severity))).toEqual([]);
    expect(check.check).toMatch(/^[a-z]+(-[a-z]+)*$/);
    for (const words of [check.title, check.why, check.fix, check.fixTechnician ?? ''])
      expect(words.trim().length).toBeGreaterThan(4);
    expect(validator(check.parameters).problems(check.defaults)).toEqual([]);
  });

  it('refuses parameters it does not know', () => {
    expect(() => check.evaluate(undefined, { nonsense: 1 }, now)).toThrow(RangeError);
  });

  it('knows nothing of a device that never reported', () => {
    expect(check.evaluate(check.observe(silentDevice), {}, now)).toMatchObject({
      status: 'unknown',
      actual: 'not reported yet',
    });
  });

  it('is unknown, with the reason, for an observation that says unknown', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 500 }), (evidence) => {
        expect(statusOf({ state: 'unknown', evidence })).toBe('unknown');
      }),
    );
  });

  it('is unknown for whatever has not its shape', () => {
    const strange = fc.oneof(
      fc.anything(),
      fc.record({ state: fc.string(), evidence: fc.anything(), stranger: fc.constant(1) }),
      fc.record({ version: fc.integer(), volumes: fc.anything(), present: fc.string(), asked: fc.string() }),
    );
    fc.assert(fc.property(strange, (observation) => void expect(statusOf(observation)).toBe('unknown')));
  });
});
