import { describe, expect, it } from 'vitest';
import { guestAccountOff } from '../../../shared/compliance/checks/guest-account-off.ts';
import { usbStorageBlocked } from '../../../shared/compliance/checks/usb-storage-blocked.ts';
import type { FindingStatus } from '../../../shared/compliance/verdict.ts';

const evidence = 'seen';

describe('the USB storage check', () => {
  it.each<[string, unknown, object, FindingStatus, string]>([
    ['passes what is blocked', { state: 'blocked', evidence }, {}, 'pass', 'blocked'],
    ['fails what may be read', { state: 'read-only', evidence }, {}, 'fail', 'read only'],
    ['lets a district accept reading', { state: 'read-only', evidence }, { readOnlyPasses: true }, 'pass', 'read only'],
    ['fails what is allowed', { state: 'allowed', evidence }, { readOnlyPasses: true }, 'fail', 'allowed'],
    ['says why it is not known', { state: 'unknown', evidence }, {}, 'unknown', 'not known (seen)'],
    ['does not guess at another form', { state: 'closed', evidence }, {}, 'unknown', 'reported in a form'],
    ['knows nothing without a report', undefined, {}, 'unknown', 'not reported yet'],
  ])('%s', (_, observation, parameters, status, actual) => {
    const found = usbStorageBlocked.evaluate(observation, { ...parameters }, 0);
    expect(found).toMatchObject({ status, actual: expect.stringContaining(actual) });
  });

  it('says what passes, as its parameter has it', () => {
    const expected = (readOnlyPasses: boolean) => usbStorageBlocked.evaluate(undefined, { readOnlyPasses }, 0).expected;
    expect([expected(false), expected(true)]).toEqual(['blocked', 'blocked or read only']);
  });
});

describe('the guest account check', () => {
  it.each<[string, unknown, FindingStatus, string]>([
    ['passes where guests are off', { state: 'off', evidence }, 'pass', 'off'],
    ['fails where they are on', { state: 'on', evidence }, 'fail', 'on'],
    [
      'does not apply without guests',
      { state: 'not-applicable', evidence },
      'not-applicable',
      'this system has no guests',
    ],
    ['says why it is not known', { state: 'unknown', evidence }, 'unknown', 'not known (seen)'],
    ['knows nothing without a report', undefined, 'unknown', 'not reported yet'],
  ])('%s', (_, observation, status, actual) => {
    expect(guestAccountOff.evaluate(observation, {}, 0)).toMatchObject({ status, actual, expected: 'off' });
  });
});
