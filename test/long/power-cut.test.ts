import { expect, it } from 'vitest';
import { cutAgent, cutServer } from '../fakes/power-cuts.ts';
import { show } from '../fakes/programs.ts';

const seed = Number(process.env.ROLLCALL_SEED ?? Date.now() % 1_000_000);
const moments = 40;

it(`${moments} power cuts at either half, each with every kind of torn log (ROLLCALL_SEED=${seed})`, {
  timeout: 480_000,
}, async () => {
  const began = performance.now();
  await cutServer(seed, moments);
  cutAgent(seed, moments);
  show(`${moments} moments at each half took ${Math.round((performance.now() - began) / 1000)} s`);
  expect.hasAssertions();
});
