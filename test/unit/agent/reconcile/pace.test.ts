import { describe, expect, it } from 'vitest';
import { nextPassDelay, recent, settleDelay } from '../../../../agent/reconcile/pace.ts';

const minute = 60_000;

describe('the time until the next pass', () => {
  it.each([
    ['is the period, a fifth earlier at the earliest', 0, 0, 5 * minute, 4 * minute],
    ['is the period, a fifth later at the latest', 0, 1, 5 * minute, 6 * minute],
    ['is five seconds after a first failure', 1, 0.5, 5 * minute, 5_000],
    ['doubles with each failure', 4, 0.5, 5 * minute, 40_000],
    ['is never longer than the period', 50, 0.5, 5 * minute, 5 * minute],
  ])('%s', (_name, failures, unit, period, expected) => {
    expect(nextPassDelay(failures, unit, period)).toBeCloseTo(expected);
  });
});

describe('the time between a change that was seen and the pass', () => {
  it.each([
    ['is a tenth of a second for the first', 0, 100],
    ['is still a tenth for the thirteenth within a minute', 12, 100],
    ['grows where changes never end', 14, 4_000],
    ['is half a minute at most', 40, 30_000],
  ])('%s', (_name, looks, expected) => {
    expect(settleDelay(looks)).toBe(expected);
  });

  it('counts the looks of the last minute', () => {
    expect(recent([0, 30_000, 59_999], 60_000)).toEqual([30_000, 59_999]);
  });
});
