import { it } from 'vitest';
import { soak } from '../../fakes/soak.ts';

it('slow tabs, dead tabs and a restart of the server leave nothing behind (ten of each; fifty in the long run)', async () => {
  await soak({ devices: 10, samples: 40 });
});
