import { describe, expect, it } from 'vitest';
import {
  endOfDay,
  policyProblems,
  ruleOf,
  waiverDays,
  waiverProblem,
  withRule,
} from '../../../server/console/src/compliance-form.ts';
import { untilDay } from '../../../server/console/src/words.ts';
import { compliancePolicyDefaults as plain } from '../../../shared/compliance/policy.ts';

const battery = {
  check: 'battery-worn',
  title: 'Battery',
  why: '',
  severity: 'minor',
  countsByDefault: false,
} as const;
const disk = { check: 'disk-encrypted', title: 'Disk', why: '', severity: 'critical', countsByDefault: true } as const;

describe('a policy being edited', () => {
  it('names only what differs from the library', () => {
    const counted = withRule(plain, battery, { counts: true });
    expect(counted.checks).toEqual([{ check: 'battery-worn', counts: true, graceDays: null, severity: null }]);
    expect(ruleOf(counted, battery).counts).toBe(true);
    expect(withRule(counted, battery, { counts: false })).toEqual(plain);
    expect(withRule(withRule(plain, disk, { severity: 'major' }), battery, { counts: true }).checks).toHaveLength(2);
  });

  it.each([
    [61, 0, ['Grace: Between 0 and 60.']],
    [Number.NaN, 0, ['Grace: Between 0 and 60.']],
    [5, 99, ['Battery: Between 0 and 60.']],
    [0, 60, []],
  ])('with %s and %s school days has the problems %j', (graceDays, own, problems) => {
    const policy = withRule({ ...plain, graceDays }, battery, { counts: true, graceDays: own });
    expect(policyProblems(policy, [battery])).toEqual(problems);
  });
});

describe('a waiver being written', () => {
  const now = new Date(2026, 10, 22, 12).getTime();

  it('ends with a day in the reader’s own zone, from tomorrow for a year', () => {
    expect(waiverDays(now)).toEqual({ first: '2026-11-23', usual: '2026-12-22', last: '2027-11-22' });
    expect(endOfDay('2026-12-31')).toBe(new Date(2027, 0, 1).toISOString());
    expect(endOfDay('')).toBeUndefined();
  });

  it.each([
    ['2026-12-01', 'parts on order', undefined],
    ['', 'parts on order', 'Say on which day it ends.'],
    ['2026-11-22', 'parts on order', 'It ends tomorrow at the earliest.'],
    ['2027-11-23', 'parts on order', 'It lasts a year at most.'],
    ['2026-12-01', ' a ', 'At least 3 characters.'],
  ])('until “%s” because of “%s”: %s', (date, reason, problem) => {
    expect(waiverProblem(date, { reason }, now)).toBe(problem);
  });

  it.each([
    [new Date(2026, 11, 7, 15).toISOString(), 'until Mon 7 Dec'],
    [new Date(2026, 11, 8).toISOString(), 'until Mon 7 Dec'],
    [new Date(2027, 5, 5).toISOString(), 'until Fri 4 Jun 2027'],
    [undefined, ''],
  ])('%s is “%s”', (end, words) => {
    expect(untilDay(end, now)).toBe(words);
  });
});
