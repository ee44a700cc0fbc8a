import { expect, it } from 'vitest';
import { Failures } from '../../../../../server/gateway/door/failures.ts';

const school = '10.1.0.1';

function failing(times: number, now: number, failures = new Failures(), address = school): Failures {
  for (let n = 0; n < times; n++) failures.add(address, now);
  return failures;
}

it('takes some for what broken machines do', () => {
  expect(failing(60, 0).areMany(school, 0)).toBe(false);
});

it('notices a flood, of that address alone', () => {
  const failures = failing(61, 0);
  expect(failures.areMany(school, 0)).toBe(true);
  expect(failures.areMany('10.1.0.2', 0)).toBe(false);
});

it('forgives within five minutes, however long it went on', () => {
  const failures = failing(100_000, 0);
  expect(failures.areMany(school, 299_000)).toBe(true);
  expect(failures.areMany(school, 301_000)).toBe(false);
});

it('never minds one or two a second', () => {
  const failures = new Failures();
  for (let second = 0; second < 3_600; second++) failing(2, second * 1_000, failures);
  expect(failures.areMany(school, 3_600_000)).toBe(false);
});

it('remembers so many addresses, and those that failed last', () => {
  const failures = failing(100, 0);
  for (let n = 0; n < 9_999; n++) failures.add(`10.2.${n >> 8}.${n & 255}`, 0);
  expect(failures.areMany(school, 0)).toBe(true);
  failures.add('10.3.0.1', 0);
  expect(failures.areMany(school, 0)).toBe(false);
});
