import { it } from 'vitest';
import { killUnderLoad } from '../fakes/killed-server.ts';

const seed = Number(process.env.ROLLCALL_SEED ?? Date.now() % 1_000_000);

it(`a server killed while many devices report holds each acknowledged report once (ROLLCALL_SEED=${seed})`, async () => {
  await killUnderLoad({ seed, kills: 2, devices: 8, fronts: 0 });
}, 240_000);
