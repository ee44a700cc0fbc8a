import { expect, it } from 'vitest';
import { Pace, windowMs } from '../../../../../server/gateway/door/pace.ts';

/** How many may begin in one window that starts at `now`. */
function admitted(pace: Pace, now: number): number {
  let count = 0;
  while (pace.take(now)) count += 1;
  return count;
}

it('lets few begin at first, and no more in the same window', () => {
  const pace = new Pace();
  expect(admitted(pace, 0)).toBe(8);
  expect(admitted(pace, windowMs - 1)).toBe(0);
  expect(admitted(pace, windowMs)).toBe(8);
});

it('grows by one while the loop is in time, up to a bound', () => {
  const pace = new Pace();
  pace.adapt(0);
  expect(admitted(pace, 0)).toBe(9);
  for (let n = 0; n < 1_000; n++) pace.adapt(3);
  expect(admitted(pace, windowMs)).toBe(64);
});

it('halves when the loop is late, but one may always begin', () => {
  const pace = new Pace();
  pace.adapt(100);
  expect(admitted(pace, 0)).toBe(4);
  for (let n = 0; n < 10; n++) pace.adapt(5_000);
  expect(admitted(pace, windowMs)).toBe(1);
});

it('keeps its pace while the loop is neither', () => {
  const pace = new Pace();
  for (let n = 0; n < 10; n++) pace.adapt(25);
  expect(admitted(pace, 0)).toBe(8);
});

it('begins at a school of any size in the end: a loop that recovers is used again', () => {
  const pace = new Pace();
  for (let n = 0; n < 10; n++) pace.adapt(5_000);
  for (let n = 0; n < 20; n++) pace.adapt(0);
  expect(admitted(pace, 0)).toBe(21);
});
