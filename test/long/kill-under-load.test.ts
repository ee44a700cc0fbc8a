import { it } from 'vitest';
import { killUnderLoad } from '../fakes/killed-server.ts';
import { show } from '../fakes/programs.ts';

const seed = Number(process.env.ROLLCALL_SEED ?? Date.now() % 1_000_000);

it.each([0, 2])(
  `a server killed again and again while forty devices report, with %i processes for connections (ROLLCALL_SEED=${seed})`,
  { timeout: 300_000 },
  async (fronts) => {
    const began = performance.now();
    await killUnderLoad({ seed, kills: 15, devices: 40, fronts });
    show(`took ${Math.round((performance.now() - began) / 1000)} s`);
  },
);
