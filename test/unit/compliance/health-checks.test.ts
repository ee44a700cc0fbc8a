import { describe, expect, it } from 'vitest';
import type { Check } from '../../../shared/compliance/check.ts';
import { batteryWorn } from '../../../shared/compliance/checks/battery-worn.ts';
import { clockRight } from '../../../shared/compliance/checks/clock-right.ts';
import { diskSpace } from '../../../shared/compliance/checks/disk-space.ts';
import { driveHealthy } from '../../../shared/compliance/checks/drive-healthy.ts';
import { filterMeasured } from '../../../shared/compliance/checks/filter-measured.ts';
import { noTampering } from '../../../shared/compliance/checks/no-tampering.ts';
import { osSupported } from '../../../shared/compliance/checks/os-supported.ts';
import { restartedLately } from '../../../shared/compliance/checks/restarted-lately.ts';
import { supportedUntil } from '../../../shared/compliance/os-support.ts';
import type { FindingStatus } from '../../../shared/compliance/verdict.ts';

const day = 86_400_000;
const now = Date.UTC(2026, 9, 12);
type Case = [string, unknown, FindingStatus, string, parameters?: Record<string, unknown>];

function table(check: Check, cases: Case[]): void {
  it.each(cases)('%s', (_, observation, status, actual, parameters = {}) => {
    expect(check.evaluate(observation, parameters, now)).toMatchObject({ status, actual });
  });
}

const volume = (mount: string, usedPercent: number, kind = 'ext4', sizeBytes = 100e9) => ({
  mount,
  kind,
  sizeBytes,
  usedPercent,
});
const drives = (...smart: string[]) => ({
  volumes: [],
  drives: smart.map((said, i) => ({ name: `sd${i}`, smart: said })),
});

describe('disk space', () => {
  table(diskSpace, [
    ['passes at exactly the least', { volumes: [volume('/', 95)], drives: [] }, 'pass', 'enough'],
    ['fails beyond it', { volumes: [volume('/', 95.1)], drives: [] }, 'fail', 'nearly full: /'],
    [
      'names each volume that is full',
      { volumes: [volume('/home', 99), volume('/', 97), volume('/srv', 10)], drives: [] },
      'fail',
      'nearly full: /, /home',
    ],
    [
      'leaves images and boot volumes aside',
      {
        volumes: [volume('/', 10), volume('/snap/x', 100, 'squashfs', 3e9), volume('/boot', 99, 'ext4', 1e9)],
        drives: [],
      },
      'pass',
      'enough',
    ],
    [
      'knows nothing of a device without volumes',
      { volumes: [], drives: [] },
      'unknown',
      'not known (no volume was reported)',
    ],
    [
      'can demand more',
      { volumes: [volume('C:', 85)], drives: [] },
      'fail',
      'nearly full: C:',
      { leastFreePercent: 20 },
    ],
  ]);
});

describe('the drive', () => {
  table(driveHealthy, [
    ['passes when all say so', drives('ok', 'ok'), 'pass', 'no failure foreseen'],
    ['fails when one foresees its failure', drives('ok', 'failing', 'unknown'), 'fail', 'a drive foresees its failure'],
    [
      'is unknown when one does not tell',
      drives('ok', 'unknown'),
      'unknown',
      'not known (a drive does not tell; SMART may not be supported)',
    ],
    ['is unknown without drives', drives(), 'unknown', 'not known (no drive was reported)'],
  ]);
});

describe('the battery', () => {
  table(batteryWorn, [
    ['does not apply to a desktop', { present: false }, 'not-applicable', 'no battery'],
    ['passes at exactly the limit', { present: true, lostPercent: 40 }, 'pass', 'in good order'],
    ['fails beyond it', { present: true, lostPercent: 41 }, 'fail', 'worn'],
    ['is unknown when it does not tell', { present: true }, 'unknown', 'not known (the battery does not tell)'],
    ['can be judged more strictly', { present: true, lostPercent: 30 }, 'fail', 'worn', { mostLostPercent: 20 }],
  ]);
});

describe('the last restart', () => {
  const booted = (bootedAt?: number) => ({ name: 'x', version: '1', ...(bootedAt === undefined ? {} : { bootedAt }) });
  table(restartedLately, [
    ['passes on the last day', booted(now - 30 * day), 'pass', 'within 30 days'],
    ['fails after it', booted(now - 30 * day - 1), 'fail', 'more than 30 days ago'],
    ['is unknown when the system does not tell', booted(), 'unknown', 'not known (the system does not tell)'],
    ['is unknown for a start in the future', booted(now + day), 'unknown', 'not known (the device’s clock is ahead)'],
    ['bears clocks that differ a little', booted(now + 60_000), 'pass', 'within 30 days'],
    ['can be asked for weekly', booted(now - 8 * day), 'fail', 'more than 7 days ago', { mostDays: 7 }],
  ]);
});

describe('the clock', () => {
  table(clockRight, [
    ['passes while the agent says nothing else', { openFindings: ['proxy'] }, 'pass', 'right'],
    ['fails while the agent says so', { openFindings: ['clock-changed'] }, 'fail', 'wrong by more than two minutes'],
  ]);
});

describe('settings left alone', () => {
  table(noTampering, [
    ['passes while the agent says nothing of it', { openFindings: ['clock-changed'] }, 'pass', 'left alone'],
    [
      'fails while something changes a setting back',
      { openFindings: ['tamper'] },
      'fail',
      'a setting is changed back again and again',
    ],
    ['is not known before the device has reported', undefined, 'unknown', 'not reported yet'],
  ]);
});

describe('the filter, measured', () => {
  table(filterMeasured, [
    ['does not apply without a filter', { asked: false }, 'not-applicable', 'no web filter is asked of this device'],
    ['passes what was asked for and blocked', { asked: true, measured: 'blocked' }, 'pass', 'asked for and blocked'],
    [
      'passes a filter that had nothing to block',
      { asked: true, measured: 'idle' },
      'pass',
      'the filter answers; nothing had to be blocked at that hour',
    ],
    [
      'fails a page that came',
      { asked: true, measured: 'not-blocked' },
      'fail',
      'not every page that must be blocked was',
    ],
    [
      'never passes what was only applied',
      { asked: true, measured: 'none' },
      'unknown',
      'not measured in the last report',
    ],
    ['knows nothing without a report', { asked: true }, 'unknown', 'not reported yet'],
  ]);
});

describe('the support of the system', () => {
  /** Names as /etc/os-release writes them, and as systeminformation gives Windows' caption and macOS' name. */
  table(osSupported, [
    ['knows Debian', { name: 'Debian GNU/Linux', version: '12' }, 'pass', 'Debian 12: until 2028-06-30'],
    ['fails Debian 11', { name: 'Debian GNU/Linux', version: '11' }, 'fail', 'Debian 11: support ended on 2026-08-31'],
    [
      'knows Ubuntu with its point release',
      { name: 'Ubuntu', version: '24.04.3' },
      'pass',
      'Ubuntu 24.04: until 2029-05-31',
    ],
    ['fails Fedora 42', { name: 'Fedora Linux', version: '42' }, 'fail', 'Fedora 42: support ended on 2026-05-13'],
    [
      'gives Education a year more',
      { name: 'Microsoft Windows 11 Education', version: '10.0.22631' },
      'pass',
      'Windows 22631 Education: until 2026-11-10',
    ],
    [
      'but not Pro Education',
      { name: 'Microsoft Windows 11 Pro Education', version: '10.0.22631' },
      'fail',
      'Windows 22631: support ended on 2025-11-11',
    ],
    [
      'tells Windows by its build, whatever the language',
      { name: 'Майкрософт Windows 11 Домашняя', version: '10.0.26100' },
      'pass',
      'Windows 26100: until 2026-10-13',
    ],
    [
      'fails Windows 10',
      { name: 'Microsoft Windows 10 Pro', version: '10.0.19045' },
      'fail',
      'Windows 19045: support ended on 2025-10-14',
    ],
    [
      'moves a date where support was bought',
      { name: 'Microsoft Windows 10 Pro', version: '10.0.19045' },
      'pass',
      'Windows 19045: until 2028-10-10',
      { until: { 'Windows 19045': '2028-10-10' } },
    ],
    [
      'leaves the long-term channel open',
      { name: 'Microsoft Windows 10 Enterprise LTSC', version: '10.0.19044' },
      'unknown',
      'no end of support is known for Microsoft Windows 10 Enterprise LTSC 10.0.19044',
    ],
    ['fails macOS 13', { name: 'macOS', version: '13.7.8' }, 'fail', 'macOS 13: support ended on 2025-09-15'],
    [
      'does not guess for macOS 15',
      { name: 'macOS', version: '15.0' },
      'unknown',
      'no end of support is known for macOS 15.0',
    ],
    [
      'does not guess',
      { name: 'Arch Linux', version: 'rolling' },
      'unknown',
      'no end of support is known for Arch Linux rolling',
    ],
  ]);

  it('counts the whole last day, in every zone', () => {
    const debian = { name: 'Debian GNU/Linux', version: '11' };
    const at = (moment: string) => osSupported.evaluate(debian, {}, Date.parse(moment)).status;
    expect(at('2026-09-01T11:59:59Z')).toBe('pass');
    expect(at('2026-09-01T12:00:00Z')).toBe('fail');
  });

  it('holds real dates only', () => {
    for (const [release, date] of Object.entries(supportedUntil))
      expect(new Date(Date.parse(date)).toISOString().slice(0, 10), release).toBe(date);
  });

  it('refuses a date that is none', () => {
    expect(() => osSupported.evaluate(undefined, { until: { x: '2026-13-01' } }, now)).toThrow(RangeError);
  });
});
