import { describe, expect, it } from 'vitest';
import { coursesOf, devices, type FaultCase, faultCases, healthyCourses, median } from '../../fakes/rollout-faults.ts';

const runs = 12;
/** The most that may have it when it is stopped, in the middle of the runs; 60 % offline and all. */
const byThen: Record<FaultCase['name'], number> = {
  'it fails everywhere': 0.02,
  'it fails on one device in twenty': 0.11,
  'it breaks 1 % of the models': 0.11,
  'memory leaks slowly': 0.11,
  'it breaks on Mondays alone': 0.11,
  'the agent crashes on one in ten, 60 % offline': 0.11,
  'one in ten falls silent': 0.11,
  'a quarter starts slowly': 0.02,
  'the filter leaks on one in sixteen': 0.11,
};

describe(`a rollout to ${devices} simulated devices by the usual plan`, () => {
  it.each(faultCases)('is stopped when $name', (fault) => {
    const courses = coursesOf(fault, runs);
    expect(courses.filter(({ state }) => state.kind === 'completed')).toEqual([]);
    expect(median(courses.map(({ given }) => given / devices))).toBeLessThan(byThen[fault.name] ?? 0);
  });

  // A thousand runs: test/long and `npm run bench -- rollouts`.
  it('is stopped without need in fewer than one of a hundred healthy runs', () => {
    const stopped = healthyCourses(300).filter(({ state }) => state.kind !== 'completed');
    expect(stopped.length, JSON.stringify(stopped[0])).toBeLessThan(3);
  });
});
