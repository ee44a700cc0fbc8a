import { describe, expect, test } from 'vitest';
import { luksIn } from '../../../../agent/commands/acts/wipe.ts';
import { type WipeFacts, wipePlan } from '../../../../agent/commands/wipe-plan.ts';

const linux: WipeFacts = { platform: 'linux', luks: [], homes: ['/home/mia', '/home/noah'] };
const programs = (facts: WipeFacts) => {
  const plan = wipePlan(facts);
  return plan.kind === 'plan' ? plan.steps.map(({ path, args }) => [path, ...args].join(' ')) : plan.words;
};

describe('the plan of a wipe', () => {
  test('destroys the keys of an encrypted disk first, and restarts at once', () => {
    expect(programs({ ...linux, luks: ['/dev/nvme0n1p3'] })).toEqual([
      '/usr/sbin/cryptsetup --batch-mode erase /dev/nvme0n1p3',
      '/usr/bin/systemctl --force --force reboot',
    ]);
  });

  test('deletes what people have where the disk is not encrypted, and says that it may be brought back', () => {
    expect(programs(linux)).toEqual([
      '/usr/bin/loginctl terminate-seat seat0',
      '/bin/rm -rf --one-file-system -- /home/mia',
      '/bin/rm -rf --one-file-system -- /home/noah',
      '/bin/sync',
      '/usr/bin/systemctl reboot',
    ]);
    expect(wipePlan(linux).words).toContain('may bring some of them back');
  });

  test('resets Windows by its own management interface', () => {
    expect(programs({ platform: 'win32', luks: [], homes: [] })).toEqual([expect.stringContaining('doWipeMethod')]);
  });

  test.each<[string, WipeFacts]>([
    ['a Mac, which only its management can erase', { platform: 'darwin', luks: [], homes: [] }],
    ['a disk with a name that is no device', { ...linux, luks: ['--help'] }],
    ['a disk outside /dev', { ...linux, luks: ['/etc/passwd'] }],
    ['a home that leads elsewhere', { ...linux, homes: ['/home/../etc'] }],
  ])('begins nothing on %s', (_name, facts) => {
    expect(wipePlan(facts).kind).toBe('unsupported');
  });
});

describe('encrypted disks of this system, as lsblk tells of them', () => {
  const part = { path: '/dev/sda2', fstype: 'crypto_LUKS', type: 'part', rm: false };
  const open = { path: '/dev/mapper/root', fstype: 'ext4', type: 'crypt', rm: false };
  const listing = (...blockdevices: object[]) => JSON.stringify({ blockdevices });

  test.each<[string, string, string[]]>([
    ['one that is open', listing({ path: '/dev/sda', children: [{ ...part, children: [open] }] }), ['/dev/sda2']],
    ['one that is closed, which is not this system’s', listing({ path: '/dev/sda', children: [part] }), []],
    ['one that was plugged in', listing({ ...part, rm: true, children: [open] }), []],
    ['none', listing({ path: '/dev/sda', fstype: 'ext4' }), []],
    ['what is no list', 'lsblk: not found', []],
  ])('%s', (_name, json, expected) => {
    expect(luksIn(json)).toEqual(expected);
  });
});
