import { it } from 'vitest';
import { soak } from '../../fakes/soak.ts';

it('slow tabs, dead tabs and a restart of the server leave nothing behind (six of each; fifty in the long run)', async () => {
  await soak({ devices: 6, samples: 25 });
});
