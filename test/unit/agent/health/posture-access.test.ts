import { describe, expect, it } from 'vitest';
import { lightdmAllowsGuest, readMacGuest, readWindowsGuest } from '../../../../agent/health/posture/guest.ts';
import { linuxPosture } from '../../../../agent/health/posture/linux.ts';
import { readModprobe, readUsbRegistry } from '../../../../agent/health/posture/usb.ts';
import type { CommandResult } from '../../../../agent/platform/commands.ts';
import { denied, done, kernelTree, missing, recordedCommands } from './recorded.ts';

/** As kmod 30 of Debian 12 prints them; run with the files of modprobe.d(5) in question. */
const diverted = done('install /bin/false \n');
const noModule = done('', 1, 'modprobe: FATAL: Module usb-storage not found in directory /lib/modules/6.1.0\n');
const wouldLoad = done('insmod /lib/modules/6.1.0/kernel/drivers/usb/storage/usb-storage.ko \n');
const idle = { loaded: false, hasRule: false };

describe('Linux: USB storage', () => {
  it.each<[string, (CommandResult | undefined)[], typeof idle, string, RegExp]>([
    ['both drivers are refused', [diverted, diverted], idle, 'blocked', /refuses usb-storage and uas/],
    ['refused as on a merged /usr', [done('install /usr/bin/true \n'), diverted], idle, 'blocked', /refuses/],
    ['refused, but loaded before', [diverted, diverted], { ...idle, loaded: true }, 'allowed', /until .* restarted/],
    ['only one of two is refused', [diverted, wouldLoad], idle, 'allowed', /Nothing in modprobe\.d/],
    [
      'a file that comes first runs another program',
      [done('install /sbin/modprobe x\n'), diverted],
      idle,
      'allowed',
      /Nothing/,
    ],
    ['it would be loaded', [wouldLoad, wouldLoad], idle, 'allowed', /Nothing in modprobe\.d/],
    ['it is loaded', [wouldLoad, wouldLoad], { ...idle, loaded: true }, 'allowed', /is loaded/],
    ['modules cannot be seen from the service', [noModule, noModule], idle, 'allowed', /Nothing in modprobe\.d/],
    ['a rule makes disks read only', [wouldLoad, wouldLoad], { loaded: true, hasRule: true }, 'read-only', /udev/],
    ['kmod is not installed', [undefined, undefined], idle, 'unknown', /not installed/],
    ['nothing may be asked', [denied, denied], idle, 'unknown', /may not be asked/],
    ['an empty answer and an error', [done('', 1, 'modprobe: ERROR: oops'), undefined], idle, 'unknown', /exit code 1/],
  ])('%s', (_, answers, seen, state, words) => {
    const found = readModprobe(answers, seen);
    expect(found).toMatchObject({ state, evidence: expect.stringMatching(words) });
  });

  it('looks at the kernel, the rule and both places of modprobe', async () => {
    const tree = await kernelTree({ '/sys/bus/usb/drivers/usb-storage/bind': '' });
    const commands = recordedCommands({ '/sbin/modprobe': diverted });
    expect(await linuxPosture(commands, tree.root).usbStorage()).toMatchObject({ state: 'allowed' });
    expect(commands.calls).toContain('/usr/sbin/modprobe -n -v uas');
    await tree.remove();
  });
});

/** `[string]` of the registry's numbers, empty where there is none; keys of services as Windows 10 and 11 have them. */
const registry = (starts: unknown, denyWrite = '') => done(`\uFEFF${JSON.stringify({ starts, denyWrite })}\r\n`);

describe('Windows (never run; values made up in documented forms): USB storage', () => {
  it.each<[string, CommandResult, string]>([
    ['on demand, as installed', registry(['3', '3']), 'allowed'],
    ['both never start', registry(['4', '4']), 'blocked'],
    ['one driver only', registry(['4', '3']), 'allowed'],
    ['a PC without UAS', registry(['4', '']), 'blocked'],
    ['a policy denies writing', registry(['3', '3'], '1'), 'read-only'],
    ['a policy that is switched off', registry(['3', '3'], '0'), 'allowed'],
    ['no such driver at all', registry(['', '']), 'unknown'],
    ['something else as JSON', registry('3'), 'unknown'],
    ['empty output', done(''), 'unknown'],
    ['access denied, in German', done('', 1, 'Zugriff verweigert'), 'unknown'],
    ['no PowerShell', missing, 'unknown'],
  ])('%s', (_, result, state) => {
    expect(readUsbRegistry(result).state).toBe(state);
  });
});

const seat = (value: string, section = 'Seat:*') => `[LightDM]\n[${section}]\nallow-guest=${value}\n`;
const conf = (...texts: string[]) => texts.map((text, index) => ({ path: `${index}.conf`, text }));

describe('Linux: guests', () => {
  it.each<[string, { path: string; text: string }[], boolean | undefined]>([
    ['nothing is said', conf('[Seat:*]\nautologin-user=x\n'), undefined],
    ['refused', conf(seat('false')), false],
    ['the last file wins', conf(seat('false'), seat('true')), true],
    ['the older name of the section', conf(seat('true', 'SeatDefaults'), seat('false')), false],
    ['one seat lets guests in', conf(seat('false'), seat('true', 'Seat:seat1')), true],
    ['a comment says nothing', conf('[Seat:*]\n#allow-guest=true\n'), undefined],
    ['another section says nothing', conf(seat('true', 'XDMCPServer')), undefined],
  ])('LightDM: %s', (_, files, allows) => {
    expect(lightdmAllowsGuest(files)).toBe(allows);
  });

  const script = { '/usr/sbin/guest-account': '' };
  it.each<[string, Record<string, string>, string]>([
    ['GDM and nothing else', { '/etc/gdm3/custom.conf': '[daemon]' }, 'not-applicable'],
    ['LightDM with a guest script', { '/usr/sbin/lightdm': '', ...script }, 'on'],
    ['LightDM without one, as on Debian', { '/usr/sbin/lightdm': '' }, 'off'],
    ['LightDM that refuses', { '/etc/lightdm/lightdm.conf': seat('false'), ...script }, 'off'],
    [
      'an account without a password',
      { '/etc/passwd': 'guest:x:9:9::/:/bin/sh', '/etc/shadow': 'guest::1::::::' },
      'on',
    ],
    [
      'an account that is locked',
      { '/etc/passwd': 'guest:x:9:9::/:/bin/sh', '/etc/shadow': 'guest:!:1::::::' },
      'not-applicable',
    ],
    ['an account without a shell', { '/etc/passwd': 'guest:x:9:9::/:/usr/sbin/nologin' }, 'not-applicable'],
    ['an account whose lock cannot be read', { '/etc/passwd': 'xguest:x:9:9::/:/bin/sh' }, 'unknown'],
  ])('%s', async (_, files, state) => {
    const tree = await kernelTree(files);
    expect((await linuxPosture(recordedCommands({}), tree.root).guestAccount()).state).toBe(state);
    await tree.remove();
  });
});

const guests = (...enabled: string[]) =>
  done(JSON.stringify({ guests: enabled.map((value) => ({ sid: 'S-1-5-21-1-2-3-501', enabled: value })) }));

describe('Windows (never run; values made up in documented forms): the guest account', () => {
  it.each<[string, CommandResult, string]>([
    ['disabled', guests('False'), 'off'],
    ['enabled', guests('True'), 'on'],
    ['no such account', guests(), 'off'],
    ['another value', guests(''), 'unknown'],
    ['empty output', done(''), 'unknown'],
    ['no such cmdlet', done('', 1, "The term 'Get-LocalUser' is not recognized"), 'unknown'],
    ['access denied', denied, 'unknown'],
  ])('%s', (_, result, state) => {
    expect(readWindowsGuest(result).state).toBe(state);
  });
});

/** Made up after descriptions of `sysadminctl -guestAccount status`, which writes to standard error; no published output was found. */
const guest = (words: string) => done('', 0, `2026-09-01 08:00:00.123 sysadminctl[512:4096] ${words}\n`);

describe('macOS (never run; values made up in documented forms): the guest account', () => {
  it.each<[string, CommandResult, string]>([
    ['disabled', guest('Guest account disabled.'), 'off'],
    ['enabled', guest('Guest account enabled.'), 'on'],
    ['not allowed', guest('Operation not permitted'), 'unknown'],
    ['empty output', done(''), 'unknown'],
    ['an older macOS without it', missing, 'unknown'],
  ])('%s', (_, result, state) => {
    expect(readMacGuest(result).state).toBe(state);
  });
});
