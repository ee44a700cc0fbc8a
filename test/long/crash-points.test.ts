import { it } from 'vitest';
import { crashAtEachStep } from '../fakes/crash-points.ts';
import { show } from '../fakes/programs.ts';

const seed = Number(process.env.ROLLCALL_SEED ?? Date.now() % 1_000_000);

it('an agent killed at any step of its apply has the old settings or the new ones in force, and can leave', {
  timeout: 480_000,
}, async () => {
  const began = performance.now();
  await crashAtEachStep(seed);
  show(`every step took ${Math.round((performance.now() - began) / 1000)} s`);
});
