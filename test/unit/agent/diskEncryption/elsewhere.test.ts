import { describe, expect, it } from 'vitest';
import { devicePath, parseCrypttab, parseOpenVolumes } from '../../../../agent/capabilities/diskEncryption/crypttab.ts';
import { createDiskEncryption } from '../../../../agent/capabilities/diskEncryption/index.ts';
import { parseHeader } from '../../../../agent/capabilities/diskEncryption/luks-header.ts';
import { newRecoveryKey, readRecoveryKey } from '../../../../agent/capabilities/diskEncryption/recovery-key.ts';
import type { CommandResult, Commands } from '../../../../agent/platform/commands.ts';
import { HostFiles } from '../../../../agent/platform/host-files.ts';
import { enforceOnce } from '../../../../agent/reconcile/enforce.ts';
import { SeededRandom } from '../../../fakes/clock.ts';
import { FakeLog } from '../../../fakes/log.ts';
import { MemoryOriginals } from '../../../fakes/originals.ts';

const done = (stdout: string): CommandResult => ({ code: 0, stdout, stderr: '' });
const missing: CommandResult = { code: -1, stdout: '', stderr: '', failure: 'missing' };

/** Answers by the end of the path and the first argument. */
function host(platform: 'linux' | 'darwin', answers: Record<string, CommandResult>) {
  const asked: string[] = [];
  const commands: Commands = {
    run: async (path, args) => {
      const line = [path.split('/').pop(), ...args].join(' ');
      asked.push(line);
      return Object.entries(answers).find(([start]) => line.startsWith(start))?.[1] ?? missing;
    },
  };
  return { asked, host: { platform, commands, files: new HostFiles('/', new MemoryOriginals()) } };
}

const enforce = { mode: 'enforce' as const, escrow: true, escrowKey: { id: 'k1', publicKey: 'A'.repeat(43) } };

describe('a Mac', () => {
  it.each([
    ['FileVault is On.', true, 'encrypted'],
    ['FileVault is Off.', false, 'FileVault is off; turn it on by MDM, or in System Settings'],
  ])('is only looked at: %s', async (said, ok, seen) => {
    const mac = host('darwin', { 'fdesetup status': done(said) });
    const capability = createDiskEncryption(mac.host, { random: new SeededRandom() });
    const { evidence, changes } = await enforceOnce(capability, enforce, new FakeLog());
    expect(evidence.map((line) => [line.ok, line.seen])).toEqual([
      [ok, seen],
      [false, 'on a Mac only MDM can keep them'],
    ]);
    expect([changes, mac.asked]).toEqual([[], ['fdesetup status']]);
  });
});

describe('a Linux volume that opens by TPM2', () => {
  const lsblk = JSON.stringify({
    blockdevices: [
      {
        name: 'sda3',
        path: '/dev/sda3',
        type: 'part',
        fstype: 'crypto_LUKS',
        uuid: 'u-1',
        mountpoints: [null],
        children: [{ name: 'root', path: '/dev/mapper/root', type: 'crypt', fstype: 'ext4', mountpoints: ['/'] }],
      },
    ],
  });
  const header = (more: object = {}) =>
    done(
      JSON.stringify({
        keyslots: { 0: {}, 1: {} },
        tokens: { 0: { type: 'systemd-tpm2', keyslots: ['1'], ...more } },
      }),
    );

  it.each([
    ['an older systemd cannot add a key', header(), 'systemd 255 (255.4-1ubuntu8)', 'needs systemd 256'],
    ['a person types a PIN', header({ 'tpm2-pin': true }), 'systemd 257 (257.4)', 'asks a person for a PIN'],
    ['there is no systemd-cryptenroll', header(), '', 'needs systemd 256'],
  ])('is only reported where %s', async (_what, dump, version, words) => {
    const laptop = host('linux', {
      lsblk: done(lsblk),
      'cryptsetup luksDump': dump,
      'systemd-cryptenroll --version': version ? done(`${version}\n+PAM +AUDIT`) : missing,
    });
    const capability = createDiskEncryption(laptop.host, { random: new SeededRandom() });
    const { evidence, changes } = await enforceOnce(capability, enforce, new FakeLog());
    expect(evidence[0]).toMatchObject({ item: 'system disk', ok: true });
    expect(evidence[1]).toMatchObject({ item: 'recovery key of root', seen: expect.stringContaining(words) });
    expect(changes).toEqual([]);
  });

  it('gets a key by systemd-cryptenroll 256, handed in with the slot systemd chose (from its documentation)', async () => {
    const key = Array(8).fill('cbdefghi').join('-');
    const handedIn: [string, string][] = [];
    const laptop = host('linux', {
      lsblk: done(lsblk),
      'systemd-cryptenroll --version': done('systemd 257 (257.4)'),
      'systemd-cryptenroll --recovery-key --unlock-tpm2-device=auto /dev/sda3': done(`${key}\n`),
      'cryptsetup token': done(''),
    });
    let isMade = false;
    const run = laptop.host.commands.run;
    laptop.host.commands.run = async (path, args, options) => {
      isMade ||= args.includes('--recovery-key');
      const slots = isMade ? { 0: {}, 1: {}, 2: {} } : { 0: {}, 1: {} };
      const tokens = { 0: { type: 'systemd-tpm2', keyslots: ['1'] } };
      return args[0] === 'luksDump' ? done(JSON.stringify({ keyslots: slots, tokens })) : run(path, args, options);
    };
    const recovery = {
      sealedFor: () => 'k1 d1',
      handIn: ({ protector }: { protector: string }, clear: Uint8Array) =>
        handedIn.push([protector, Buffer.from(clear).toString()]) > 0,
      isOnItsWay: () => true,
    };
    await createDiskEncryption(laptop.host, { recovery, random: new SeededRandom() }).apply(enforce);
    expect(handedIn).toEqual([[expect.stringMatching(/^slot-2-[0-9a-f]{8}$/), key]]);
    expect(laptop.asked.at(-1)).toMatch(/^cryptsetup token import --token-id 1 --json-file - \/dev\/sda3/);
  });
});

describe('crypttab', () => {
  it('is read for volumes alone, in the forms systemd and Debian write', () => {
    const text = `# comment
root  UUID=u-1  none  luks,discard
data\t/dev/sdb1\t/etc/data.key\tluks,keyfile-offset=4,keyfile-size=64
swap  /dev/sdc1 /dev/urandom swap,cipher=aes-xts-plain64
tmp   /dev/sdc2 - tmp
odd
`;
    expect(parseCrypttab(text).map(({ name, device, keyFile }) => [name, device, keyFile])).toEqual([
      ['root', 'UUID=u-1', undefined],
      ['data', '/dev/sdb1', '/etc/data.key'],
    ]);
    expect(parseCrypttab(text)[1]?.options.get('keyfile-size')).toBe('64');
  });

  it.each([
    ['UUID=u-1', '/dev/disk/by-uuid/u-1'],
    ['PARTLABEL="my disk"', '/dev/disk/by-partlabel/my disk'],
    ['/dev/sda3', '/dev/sda3'],
  ])('names the device %s as %s', (written, path) => {
    expect(devicePath(written)).toBe(path);
  });
});

describe('output of programs', () => {
  it.each(['', 'null', '[]', '{"keyslots":null}', '{"tokens":{}}', '{"blockdevices":[{"children":7}]}', '\u0000'])(
    'that is no header and no list gives none: %j',
    (text) => {
      expect([parseHeader(text), parseOpenVolumes(text)]).toEqual([undefined, []]);
    },
  );

  it('gives a recovery key only in its whole form', () => {
    const key = Array(8).fill('vutrnlkj').join('-');
    expect(readRecoveryKey(`A secret key:\n${key}\n`)?.toString()).toBe(key);
    expect(readRecoveryKey(key.slice(0, -1))).toBeUndefined();
    expect(readRecoveryKey(key.replace('v', 'a'))).toBeUndefined();
  });
});

describe('a new recovery key', () => {
  it('has the form of systemd-cryptenroll and is not the one before', () => {
    const random = new SeededRandom();
    const [one, other] = [newRecoveryKey(random).toString(), newRecoveryKey(random).toString()];
    expect(one).toMatch(/^([cbdefghijklnrtuv]{8}-){7}[cbdefghijklnrtuv]{8}$/);
    expect(one).not.toBe(other);
    expect(readRecoveryKey(one)?.toString()).toBe(one);
  });
});
