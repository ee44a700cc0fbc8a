import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Capability } from '../../../agent/capabilities/capability.ts';
import { createFirewall } from '../../../agent/capabilities/firewall/index.ts';
import { createGuestAccount } from '../../../agent/capabilities/guestAccount/index.ts';
import { createUsbStorage } from '../../../agent/capabilities/usbStorage/index.ts';
import { HostFiles } from '../../../agent/platform/host-files.ts';
import { enforceOnce, removeOnce } from '../../../agent/reconcile/enforce.ts';
import type { GuestAccountSettings } from '../../../shared/profile/guest-account.ts';
import type { UsbStorageSettings } from '../../../shared/profile/usb-storage.ts';
import { everythingBelow } from '../../fakes/folder.ts';
import { MemoryOriginals } from '../../fakes/originals.ts';
import { keptLog, recordedCommands } from '../../unit/agent/health/recorded.ts';

const modprobe = '/etc/modprobe.d/00-rollcall-usb-storage.conf';
const udev = '/etc/udev/rules.d/99-rollcall-usb-storage.rules';
const dropIn = '/etc/lightdm/lightdm.conf.d/zz-rollcall-guest.conf';
const main = '/etc/lightdm/lightdm.conf';

let root: string;
let commands: ReturnType<typeof recordedCommands>;
let usb: Capability<'usbStorage'>;
let guest: Capability<'guestAccount'>;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'rollcall-baseline-'));
  commands = recordedCommands({});
  const host = { platform: 'linux' as const, files: new HostFiles(root, new MemoryOriginals()), commands };
  usb = createUsbStorage(host);
  guest = createGuestAccount(host);
});
afterEach(async () => {
  expect(commands.calls, 'a trial runs nothing').toEqual([]);
  await rm(root, { recursive: true, force: true });
});

async function put(path: string, content: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), content);
}

type Pass = { status: string; changes: string[]; wrong: string[] };
/** One pass of the agent: what it reported, changed, and could not put right. */
async function pass(capability: Capability, settings: UsbStorageSettings | GuestAccountSettings): Promise<Pass> {
  const { status, changes, evidence } = await enforceOnce(capability, settings, keptLog());
  const wrong = evidence.filter(({ ok }) => !ok).map(({ item, seen }) => `${item}: ${seen}`);
  return { status, changes: changes.map(({ item, before }) => `${item}: ${before}`), wrong };
}
const settled = { status: 'verified', changes: [], wrong: [] };
const below = () => everythingBelow(root).filter((words) => !words.includes('/ '));

describe('USB storage in a root of its own', () => {
  const block: UsbStorageSettings = { mode: 'enforce', access: 'block' };
  const readOnly: UsbStorageSettings = { mode: 'enforce', access: 'read-only' };

  it('is blocked by one file, and a second pass changes nothing', async () => {
    expect(await pass(usb, block)).toEqual({
      status: 'verified',
      changes: [`${modprobe}: the file is missing`],
      wrong: [],
    });
    expect(await pass(usb, block)).toEqual(settled);
    expect(below().map((words) => words.split(' ')[0])).toEqual([modprobe.slice(1)]);
    expect(await readFile(join(root, modprobe), 'utf8')).toMatch(
      /^# .*\ninstall usb-storage \/bin\/false\ninstall uas \/bin\/false\n$/,
    );
  });

  it.each<[string, () => Promise<void>, RegExp]>([
    ['a deleted file', () => rm(join(root, modprobe)), /the file is missing/],
    ['a changed file', () => put(modprobe, '# nothing\n'), /changed elsewhere/],
    ['a file programs cannot read', () => chmod(join(root, modprobe), 0o600), /with permissions 600/],
  ])('drift by %s is seen and put right', async (_, drift, words) => {
    await pass(usb, block);
    await drift();
    expect((await pass(usb, block)).changes).toEqual([expect.stringMatching(words)]);
    expect(await pass(usb, block)).toEqual(settled);
  });

  it('goes from blocked to read only with one file at a time, and to allowed with none', async () => {
    await pass(usb, block);
    expect((await pass(usb, readOnly)).status).toBe('verified');
    expect(below().map((words) => words.split(' ')[0])).toEqual([udev.slice(1)]);
    expect(await readFile(join(root, udev), 'utf8')).toMatch(
      /^# .*\nACTION!="remove", SUBSYSTEM=="block", SUBSYSTEMS=="usb", RUN\+="\/sbin\/blockdev --setro \$env\{DEVNAME\}"\n$/,
    );
    await pass(usb, { mode: 'enforce', access: 'allow' });
    expect(below()).toEqual([]);
  });

  it('is as before when a revision no longer says anything of it', async () => {
    await pass(usb, block);
    expect((await pass(usb, { mode: 'enforce' })).changes).toEqual([`${modprobe}: set by an earlier profile`]);
    expect(below()).toEqual([]);
  });

  it('only looks in audit, and lets go of what an earlier profile enforced', async () => {
    expect(await pass(usb, { mode: 'audit', access: 'block' })).toEqual(settled);
    expect(await pass(usb, { access: 'block' })).toEqual(settled);
    expect(below()).toEqual([]);
    await pass(usb, block);
    expect((await pass(usb, { mode: 'audit', access: 'block' })).changes).toEqual([
      'usbStorage: still set by an earlier profile',
    ]);
    expect(below()).toEqual([]);
  });

  it('leaves a file of the same name as it was, byte for byte', async () => {
    await put(modprobe, 'install usb-storage /bin/true\n');
    await chmod(join(root, modprobe), 0o640);
    const before = everythingBelow(root);
    await pass(usb, block);
    await pass(usb, readOnly);
    await pass(usb, block);
    await removeOnce(usb, keptLog());
    expect(everythingBelow(root)).toEqual(before);
    expect(await removeOnce(usb, keptLog())).toMatchObject({ status: 'verified' });
    expect(everythingBelow(root)).toEqual(before);
  });

  it('names the file when the host refuses', async () => {
    await put('/etc/modprobe.d', 'a file where a folder belongs');
    const { status, failure } = await enforceOnce(usb, block, keptLog());
    expect({ status, ...failure }).toMatchObject({ status: 'failed', code: 'baseline-file' });
    expect(failure?.message).toMatch(/^\/etc\/modprobe\.d\/00-rollcall-usb-storage\.conf could not be read or written/);
  });
});

describe('the guest account in a root of its own', () => {
  const off: GuestAccountSettings = { mode: 'enforce', disabled: true };
  const letsIn = '[LightDM]\n\n[Seat:*]\n# sessions\nallow-guest = true\ngreeter-session=x\n';

  it('says that nothing is to be done where no display manager has guests', async () => {
    await put('/etc/gdm3/custom.conf', '[daemon]\n');
    expect(await pass(guest, off)).toEqual(settled);
    expect(below()).toHaveLength(1);
  });

  it('is refused by a drop-in of LightDM', async () => {
    await put(main, '[LightDM]\n');
    expect((await pass(guest, off)).changes).toEqual([`${dropIn}: the file is missing`]);
    expect(await pass(guest, off)).toEqual(settled);
  });

  it('changes the one line of the main file, which is read last, and puts it back', async () => {
    await put(main, letsIn);
    const before = everythingBelow(root);
    expect((await pass(guest, off)).status).toBe('verified');
    expect(await new HostFiles(root, new MemoryOriginals()).read(main)).toBe(letsIn.replace('= true', '= false'));
    expect(await pass(guest, off)).toEqual(settled);
    await removeOnce(guest, keptLog());
    expect(everythingBelow(root)).toEqual(before);
  });

  it.each<[string, () => Promise<void>, RegExp]>([
    ['a deleted drop-in', () => rm(join(root, dropIn)), /the file is missing/],
    ['a changed drop-in', () => put(dropIn, '[Seat:*]\nallow-guest=true\n'), /changed elsewhere/],
    ['a line in the main file', () => put(main, `${letsIn}# mine\n`), /lets guests in, and is read last/],
    ['a line for one seat', () => put(main, '[Seat:seat1]\nallow-guest=true\n'), /lets guests in/],
  ])('drift by %s is seen and put right', async (_, drift, words) => {
    await put(main, '[LightDM]\n');
    await pass(guest, off);
    await drift();
    expect((await pass(guest, off)).changes).toEqual([expect.stringMatching(words)]);
    expect(await pass(guest, off)).toEqual(settled);
  });

  it.each<GuestAccountSettings>([{ mode: 'enforce' }, { mode: 'enforce', disabled: false }, { disabled: true }])(
    'is as before when a revision says %j',
    async (settings) => {
      await put(main, letsIn);
      const before = everythingBelow(root);
      await pass(guest, off);
      expect((await pass(guest, settings)).changes).toHaveLength(1);
      expect(everythingBelow(root)).toEqual(before);
      expect((await pass(guest, settings)).changes).toEqual([]);
    },
  );

  it('keeps what an administrator wrote into the main file meanwhile', async () => {
    await put(main, letsIn);
    await pass(guest, off);
    await put(main, `${letsIn}# mine\n`);
    await pass(guest, off);
    await removeOnce(guest, keptLog());
    expect(await new HostFiles(root, new MemoryOriginals()).read(main)).toBe(`${letsIn}# mine\n`);
  });

  it('leaves the main file alone when somebody has refused guests there since', async () => {
    await put(main, letsIn);
    await pass(guest, off);
    await put(main, '[Seat:*]\nallow-guest=false\n# mine\n');
    await removeOnce(guest, keptLog());
    expect(await new HostFiles(root, new MemoryOriginals()).read(main)).toBe('[Seat:*]\nallow-guest=false\n# mine\n');
  });

  it('reports an account that is called guest, and leaves it to people', async () => {
    await put('/etc/passwd', 'root:x:0:0::/root:/bin/bash\nguest:x:1001:1001::/home/guest:/bin/bash\n');
    await put('/etc/shadow', 'root:*:1:::::::\nguest::1:::::::\n');
    expect(await pass(guest, off)).toEqual({
      status: 'failed',
      changes: [],
      wrong: ['account guest: open; lock it with: usermod --lock --expiredate 1 guest'],
    });
    await put('/etc/shadow', 'root:*:1:::::::\nguest:!:1:::::::\n');
    expect(await pass(guest, off)).toEqual(settled);
  });
});

describe('the firewall', () => {
  it('is left alone below a root: it is no file', async () => {
    const host = { platform: 'linux' as const, files: new HostFiles(root, new MemoryOriginals()), commands };
    const firewall = createFirewall(host);
    expect(firewall.supported).toBe(false);
    expect(await removeOnce(firewall, keptLog())).toMatchObject({ status: 'verified' });
  });
});
