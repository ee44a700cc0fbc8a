import { describe, expect, it } from 'vitest';
import { causeKey, planCondition, planSilence } from '../../../../server/helpdesk/automatic-plan.ts';

const devices = (count: number, orgId: string | null = 'maple') =>
  Array.from({ length: count }, (_, index) => ({ deviceId: `${orgId}-${index}`, orgId }));
const heldByUnit = new Map<string | null, number>([
  ['maple', 100],
  ['cedar', 10],
  [null, 3],
]);
const plan = (silent: ReturnType<typeof devices>, ...known: string[]) => {
  const { begin, end } = planSilence({ silent, heldByUnit, known: new Set(known) });
  return { begin: begin.map(causeKey), end };
};

describe('silence', () => {
  it('is a ticket for each device', () => {
    expect(plan(devices(2))).toEqual({ begin: ['silent maple-0', 'silent maple-1'], end: [] });
  });

  it('is told once', () => {
    expect(plan(devices(1), 'silent maple-0')).toEqual({ begin: [], end: [] });
  });

  it('ends where a device is heard of', () => {
    expect(plan([], 'silent maple-0', 'disk maple-0')).toEqual({ begin: [], end: ['silent maple-0'] });
  });

  it('of more than a fifth of a school is one ticket for the school', () => {
    expect(plan(devices(20)).begin).toHaveLength(20);
    expect(plan(devices(21))).toEqual({ begin: ['silent-school maple'], end: [] });
  });

  it('of a few in a small school is no outage', () => {
    expect(plan(devices(5, 'cedar')).begin).toHaveLength(5);
    expect(plan(devices(6, 'cedar')).begin).toEqual(['silent-school cedar']);
  });

  it('of one school is no outage of another', () => {
    const { begin } = plan([...devices(30), ...devices(1, 'cedar')]);
    expect(begin).toEqual(['silent-school maple', 'silent cedar-0']);
  });

  it('of people without a school is theirs together', () => {
    expect(plan(devices(6, null)).begin).toEqual(['silent-school ']);
  });

  it('of those told one by one before does not count towards an outage', () => {
    const known = devices(15).map(({ deviceId }) => `silent ${deviceId}`);
    expect(plan(devices(25), ...known).begin).toHaveLength(10);
  });

  it('of a school is over when most are back; who is left gets a ticket', () => {
    expect(plan(devices(11), 'silent-school maple')).toEqual({ begin: [], end: [] });
    const over = plan(devices(2), 'silent-school maple');
    expect(over).toEqual({ begin: ['silent maple-0', 'silent maple-1'], end: ['silent-school maple'] });
    expect(plan([], 'silent-school maple').end).toEqual(['silent-school maple']);
  });
});

describe('a condition', () => {
  it('begins, and ends only on devices that were looked at', () => {
    const known = new Set(['disk a', 'disk b', 'tamper c']);
    const { begin, end } = planCondition('disk', new Set(['d']), known, new Set(['a', 'c', 'd']));
    expect(begin).toEqual([{ kind: 'disk', subject: 'd' }]);
    expect(end).toEqual(['disk a']);
    expect(planCondition('disk', new Set(['a']), known)).toEqual({ begin: [], end: ['disk b'] });
  });
});
