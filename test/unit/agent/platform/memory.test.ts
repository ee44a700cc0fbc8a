import { expect, test } from 'vitest';
import { collectEachHour } from '../../../../agent/platform/memory.ts';
import { FakeClock } from '../../../fakes/clock.ts';

const hourMs = 3_600_000;

test('memory is given back once the start is over, then each hour, thoroughly', () => {
  const clock = new FakeClock();
  const asked: object[] = [];
  collectEachHour(clock, (how) => asked.push(how));
  expect(asked).toEqual([]);
  clock.advance(60_000);
  expect(asked).toEqual([{ type: 'major', execution: 'sync', flavor: 'last-resort' }]);
  clock.advance(3 * hourMs);
  expect(asked).toHaveLength(4);
});

test('nothing is collected any more after its end', () => {
  const clock = new FakeClock();
  let times = 0;
  const end = collectEachHour(clock, () => times++);
  clock.advance(60_000);
  end();
  clock.advance(10 * hourMs);
  expect({ times, pending: clock.pending }).toEqual({ times: 1, pending: 0 });
});

test('a process without --expose-gc sets no timer', () => {
  const clock = new FakeClock();
  collectEachHour(clock, undefined);
  expect(clock.pending).toBe(0);
});
