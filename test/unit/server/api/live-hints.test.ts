import { expect, it } from 'vitest';
import { type Hint, LiveHints } from '../../../../server/api/live-hints.ts';
import { FakeClock } from '../../../fakes/clock.ts';

function hinting() {
  const clock = new FakeClock();
  const told: string[] = [];
  const hints = new LiveHints(clock, ({ topic, id }) => told.push(id === undefined ? topic : `${topic} ${id}`));
  return { clock, told, hints };
}

const devices = (from: number, to: number): Hint[] =>
  Array.from({ length: to - from }, (_, n) => ({ topic: 'device', id: `d${from + n}` }));

it('tells the first at once, and what follows together and once each', () => {
  const { clock, told, hints } = hinting();
  hints.add([{ topic: 'device', id: 'a' }, { topic: 'devices' }]);
  expect(told.splice(0)).toEqual(['device a', 'devices']);
  for (let n = 0; n < 10; n++) hints.add([{ topic: 'device', id: 'b' }, { topic: 'devices' }]);
  expect(told).toEqual([]);
  clock.advance(500);
  expect(told.splice(0)).toEqual(['device b', 'devices']);
  clock.advance(10_000);
  expect([told, clock.pending]).toEqual([[], 0]);
});

it('says of a crowd only that there is one, and then rests longer', () => {
  const { clock, told, hints } = hinting();
  hints.add(devices(0, 51));
  expect(told.splice(0)).toEqual(['device']);
  hints.add(devices(0, 50));
  clock.advance(4_999);
  expect(told).toEqual([]);
  clock.advance(1);
  expect(told.splice(0)).toHaveLength(50);
  clock.advance(500);
  expect(clock.pending).toBe(0);
});

it('tells nothing more once it is stopped', () => {
  const { clock, told, hints } = hinting();
  hints.add([{ topic: 'lists' }]);
  hints.add([{ topic: 'lists' }]);
  hints.stop();
  clock.advance(10_000);
  expect([told, clock.pending]).toEqual([['lists'], 0]);
});
