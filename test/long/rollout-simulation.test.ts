import { expect, it } from 'vitest';
import { devices, healthyCourses } from '../fakes/rollout-faults.ts';

it(`a healthy rollout to ${devices} simulated devices is stopped in fewer than ten of a thousand runs`, () => {
  const stopped = healthyCourses(1_000).filter(({ state }) => state.kind !== 'completed');
  expect(stopped.length, JSON.stringify(stopped[0])).toBeLessThan(10);
}, 300_000);
