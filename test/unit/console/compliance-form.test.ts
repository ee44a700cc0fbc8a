import { describe, expect, it } from 'vitest';
import {
  endOfDay,
  policyProblems,
  ruleOf,
  waiverDays,
  waiverProblem,
  withRule,
} from '../../../server/console/src/compliance-form.ts';
import { type AudienceKind, obligationProblem, previewWords } from '../../../server/console/src/obligation-form.ts';
import { parameterProblem, parametersOf, recordLines, recordOf } from '../../../server/console/src/parameter-form.ts';
import { untilDay } from '../../../server/console/src/words.ts';
import type { ObligationInput } from '../../../shared/api/schemas.ts';
import {
  type CheckPolicy,
  type CompliancePolicy,
  compliancePolicyDefaults as plain,
} from '../../../shared/compliance/policy.ts';

const battery = {
  check: 'battery-worn',
  title: 'Battery',
  why: '',
  severity: 'minor',
  countsByDefault: false,
  parameters: {
    type: 'object',
    properties: { mostLostPercent: { type: 'number', title: 'Most lost (%)', minimum: 0, maximum: 100 } },
  },
  defaults: { mostLostPercent: 40 },
} as const;
const disk = {
  ...({ check: 'disk-encrypted', title: 'Disk', why: '', severity: 'critical', countsByDefault: true } as const),
  ...{ parameters: {}, defaults: {} },
} as const;

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

describe('whom a check binds and what it asks', () => {
  const bound = (change: Partial<CheckPolicy>) => withRule(plain, battery, { counts: true, ...change });

  it('are kept while they differ from the library, and are gone with it', () => {
    const named = bound({ binds: [{ kind: 'role', role: 'teacher' }], parameters: { mostLostPercent: 20 } });
    expect(named.checks).toMatchObject([{ binds: [{ role: 'teacher' }], parameters: { mostLostPercent: 20 } }]);
    expect(withRule(named, battery, { counts: false, binds: [], parameters: {} })).toEqual(plain);
  });

  it.each<[Partial<CheckPolicy>, string[]]>([
    [{ binds: [{ kind: 'org', org: '' }] }, ['Battery: Choose a school.']],
    [{ parameters: { mostLostPercent: 101 } }, ['Battery: Between 0 and 100.']],
    [{ parameters: { mostLostPercent: 100 } }, []],
  ])('with %j has the problems %j', (change, problems) => {
    expect(policyProblems(bound(change), [battery])).toEqual(problems);
  });

  it('reads days by name, line by line, and says which line lacks one', () => {
    const [until] = parametersOf({
      parameters: { properties: { until: { type: 'object' } } },
      defaults: { until: {} },
    });
    const record = recordOf('Ubuntu 22.04 = 2032-04-01\n\nDebian 11');
    expect(record).toEqual({ 'Ubuntu 22.04': '2032-04-01', 'Debian 11': '' });
    expect(until && parameterProblem(until, record)).toMatch('“Debian 11” needs a day');
    expect(until && parameterProblem(until, recordOf(recordLines({ x: '2032-04-01' })))).toBeUndefined();
  });
});

describe('the steps of a policy', () => {
  it.each<[Partial<CompliancePolicy>, string[]]>([
    [{}, []],
    [{ steps: { remindDays: 21, restrict: null } }, ['Steps: Remind between 0 and 20 school days before.']],
    [
      { steps: { remindDays: 1, restrict: { profileId: '', afterDays: 5 } } },
      ['Steps: Choose the profile of a restriction.'],
    ],
    [
      { steps: { remindDays: 1, restrict: { profileId: 'p', afterDays: Number.NaN } } },
      ['Steps: Restrict between 0 and 60 school days after.'],
    ],
    [{ returnDays: 61 }, ['Steps: Devices come back within 0 to 60 school days.']],
  ])('%j have the problems %j', (change, problems) => {
    expect(policyProblems({ ...plain, ...change }, [battery])).toEqual(problems);
  });
});

describe('what is asked of people', () => {
  const now = new Date(2026, 10, 22, 12).getTime();
  const input = { kind: 'agreement', title: 'Device agreement', to: { role: 'student' }, dueOn: '2026-12-01' } as const;

  it.each<[Partial<ObligationInput>, AudienceKind, string | undefined]>([
    [{}, 'role', undefined],
    [{ to: {} }, 'everybody', undefined],
    [{ to: {} }, 'org', 'Choose whom to ask.'],
    [{ title: ' a ' }, 'role', 'Say what is owed, in a few words.'],
    [{ dueOn: '' }, 'role', 'Say by which day.'],
    [{ dueOn: '2026-11-21' }, 'role', 'That day is over.'],
    [{ dueOn: '2027-11-23' }, 'role', 'It is due within a year at most.'],
  ])('with %j of %s lacks: %s', (change, kind, problem) => {
    expect(obligationProblem({ ...input, ...change }, kind, now)).toBe(problem);
  });

  it('is told in one line beforehand', () => {
    const counts = { obligations: 3, people: 2, owing: 1, withoutDevice: 2, dueFrom: null, dueTo: null, sample: [] };
    expect(previewWords(counts)).toBe('2 people will be asked, 3 devices in all; 1 owes it already; 2 hold no device');
    expect(previewWords({ ...counts, obligations: 0, people: 0, owing: 0, withoutDevice: 0 })).toBe(
      'Nobody would be asked',
    );
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
