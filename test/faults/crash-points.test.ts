import { it } from 'vitest';
import { crashAtEachStep } from '../fakes/crash-points.ts';

const seed = Number(process.env.ROLLCALL_SEED ?? Date.now() % 1_000_000);

it(`an agent killed at a step of its apply has the old settings or the new ones in force, and can leave (ROLLCALL_SEED=${seed})`, async () => {
  await crashAtEachStep(seed, 4);
}, 240_000);
