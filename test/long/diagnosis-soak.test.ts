import { it } from 'vitest';
import { soak } from '../fakes/soak.ts';

it('fifty viewers on fifty devices: slow tabs, dead tabs and a restart of the server leave nothing behind', {
  timeout: 360_000,
}, async () => {
  await soak({ devices: 50, samples: 400 });
});
