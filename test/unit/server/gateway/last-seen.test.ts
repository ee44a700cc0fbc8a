import { afterEach, beforeEach, expect, it } from 'vitest';
import { LastSeen } from '../../../../server/gateway/last-seen.ts';
import { FakeClock } from '../../../fakes/clock.ts';

const minute = 60_000;
const writes: { ids: string[]; at: number }[] = [];
let clock: FakeClock;
let lastSeen: LastSeen;

beforeEach(() => {
  clock = new FakeClock(0);
  writes.length = 0;
  const presence = {
    seen: async (ids: readonly string[], at: number) => {
      writes.push({ ids: [...ids], at });
    },
  };
  lastSeen = new LastSeen({ presence, clock, log: { error: (error: unknown) => expect.fail(String(error)) } });
  lastSeen.start();
});
afterEach(async () => {
  await lastSeen.stop();
  expect(clock.pending).toBe(0);
});

const settled = async () => await new Promise((resolve) => setImmediate(resolve));

it('who comes or goes is written within seconds', async () => {
  lastSeen.touch('a');
  clock.advance(5_000);
  await settled();
  expect(writes).toEqual([{ ids: ['a'], at: 5_000 }]);
});

it('who stays is written each ten minutes, however often it is heard', async () => {
  for (let passed = 0; passed < 20; passed++) {
    lastSeen.heard('a');
    clock.advance(minute);
    await settled();
  }
  expect(writes).toEqual([10, 20].map((minutes) => ({ ids: ['a'], at: minutes * minute })));
});

it('who went is not written again as if it were there', async () => {
  lastSeen.heard('a');
  clock.advance(minute);
  lastSeen.touch('a');
  clock.advance(20 * minute);
  await settled();
  expect(writes).toEqual([{ ids: ['a'], at: minute + 5_000 }]);
});

it('all who are there are written at the end', async () => {
  lastSeen.heard('a');
  clock.advance(minute);
  await lastSeen.stop();
  expect(writes).toEqual([{ ids: ['a'], at: minute }]);
});
