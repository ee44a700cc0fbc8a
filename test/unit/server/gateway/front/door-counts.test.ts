import { expect, it } from 'vitest';
import { DoorCounts } from '../../../../../server/gateway/front/door-counts.ts';
import { FakeClock } from '../../../../fakes/clock.ts';

it('what a front counts at its door is told together, and only when it changed', () => {
  const clock = new FakeClock();
  const told: unknown[] = [];
  const counts = new DoorCounts(clock, {
    refused: (...refused) => told.push(refused),
    waiting: (count) => told.push(count),
  });
  for (let n = 0; n < 10_000; n++) counts.handshakesRefused.inc({ reason: 'no-certificate' });
  counts.handshakesRefused.inc({ reason: 'other' });
  for (const waiting of [1, 2, 7]) counts.handshakesWaiting.set(waiting);
  clock.advance(1_000);
  expect(told).toEqual([['no-certificate', 10_000], ['other', 1], 7]);
  counts.handshakesWaiting.set(7);
  clock.advance(1_000);
  expect(told).toHaveLength(3);
  counts.handshakesWaiting.set(0);
  clock.advance(1_000);
  expect(told.at(-1)).toBe(0);
  expect(clock.pending).toBe(0);
});
