import { describe, expect, it } from 'vitest';
import { clockSynchronised } from '../../../shared/compliance/checks/clock-synchronised.ts';
import { screenLocks } from '../../../shared/compliance/checks/screen-locks.ts';
import { updatesAutomatic } from '../../../shared/compliance/checks/updates-automatic.ts';
import type { FindingStatus } from '../../../shared/compliance/verdict.ts';

const evidence = 'seen';

describe('the screen lock check', () => {
  it.each<[string, unknown, object, FindingStatus, string]>([
    [
      'passes ten minutes and five seconds',
      { state: 'enforced', afterSeconds: 605, evidence },
      {},
      'pass',
      'after 10 min 5 s',
    ],
    [
      'passes what is just in time',
      { state: 'enforced', afterSeconds: 930, evidence },
      {},
      'pass',
      'after 15 min 30 s',
    ],
    ['fails a second more', { state: 'enforced', afterSeconds: 931, evidence }, {}, 'fail', 'after 15 min 31 s'],
    [
      'follows its parameter',
      { state: 'enforced', afterSeconds: 605, evidence },
      { longestSeconds: 300 },
      'fail',
      'after 10 min 5 s',
    ],
    ['fails what each person may choose', { state: 'not-enforced', evidence }, {}, 'fail', 'not set for everybody'],
    ['does not apply without a desktop', { state: 'no-desktop', evidence }, {}, 'not-applicable', 'no desktop'],
    ['does not guess a time', { state: 'enforced', evidence }, {}, 'unknown', 'not known (after how long)'],
    ['says why it is not known', { state: 'unknown', evidence }, {}, 'unknown', 'not known (seen)'],
    ['knows nothing without a report', undefined, {}, 'unknown', 'not reported yet'],
  ])('%s', (_, observation, parameters, status, actual) => {
    expect(screenLocks.evaluate(observation, { ...parameters }, 0)).toMatchObject({ status, actual });
  });
});

describe('the updates check', () => {
  it.each<[string, unknown, FindingStatus, string]>([
    ['passes what installs by itself', { state: 'automatic', evidence }, 'pass', 'they install by themselves'],
    ['fails what does not', { state: 'not-automatic', evidence }, 'fail', 'they do not install by themselves'],
    ['says why it is not known', { state: 'unknown', evidence }, 'unknown', 'not known (seen)'],
    ['knows nothing without a report', undefined, 'unknown', 'not reported yet'],
  ])('%s', (_, observation, status, actual) => {
    expect(updatesAutomatic.evaluate(observation, {}, 0)).toMatchObject({ status, actual });
  });
});

describe('the clock check', () => {
  it.each<[string, unknown, object, FindingStatus, string]>([
    ['passes a clock in step', { state: 'synchronised', offsetSeconds: -60, evidence }, {}, 'pass', 'synchronised'],
    ['passes one whose distance is not told', { state: 'synchronised', evidence }, {}, 'pass', 'synchronised'],
    ['fails one ahead', { state: 'synchronised', offsetSeconds: 61, evidence }, {}, 'fail', 'more than 60 s off'],
    ['fails one behind', { state: 'synchronised', offsetSeconds: -61, evidence }, {}, 'fail', 'more than 60 s off'],
    [
      'follows its parameter',
      { state: 'synchronised', offsetSeconds: 61, evidence },
      { mostSeconds: 90 },
      'pass',
      'synchronised',
    ],
    ['fails what no server keeps', { state: 'not-synchronised', evidence }, {}, 'fail', 'not synchronised'],
    ['says why it is not known', { state: 'unknown', evidence }, {}, 'unknown', 'not known (seen)'],
    ['knows nothing without a report', undefined, {}, 'unknown', 'not reported yet'],
  ])('%s', (_, observation, parameters, status, actual) => {
    expect(clockSynchronised.evaluate(observation, { ...parameters }, 0)).toMatchObject({ status, actual });
  });
});
