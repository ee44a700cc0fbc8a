import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Capability, Host } from '../../../../agent/capabilities/capability.ts';
import { createFirewall } from '../../../../agent/capabilities/firewall/index.ts';
import { createGuestAccount } from '../../../../agent/capabilities/guestAccount/index.ts';
import { createUsbStorage } from '../../../../agent/capabilities/usbStorage/index.ts';
import type { CommandResult } from '../../../../agent/platform/commands.ts';
import { HostFiles } from '../../../../agent/platform/host-files.ts';
import { enforceOnce, removeOnce } from '../../../../agent/reconcile/enforce.ts';
import type { Sections } from '../../../../shared/profile/registry.ts';
import { everythingBelow } from '../../../fakes/folder.ts';
import { MemoryOriginals } from '../../../fakes/originals.ts';
import { failed, PretendedHostFiles, succeeded } from '../browser/recorded.ts';
import { keptLog } from '../health/recorded.ts';
import { PretendedMac, PretendedPc } from './pretended-hosts.ts';

const services = 'HKLM:\\SYSTEM\\CurrentControlSet\\Services';
let root: string;
let originals: MemoryOriginals;
let pc: PretendedPc;
let mac: PretendedMac;

beforeEach(async () => {
  originals = new MemoryOriginals();
  root = await mkdtemp(join(tmpdir(), 'rollcall-elsewhere-'));
  pc = new PretendedPc();
  pc.registry.set(`${services}\\USBSTOR\\Start`, 3).set(`${services}\\UASPStor\\Start`, 3);
  for (const name of ['Domain', 'Private', 'Public'])
    pc.profiles.set(name, { enabled: 'True', inbound: 'NotConfigured' });
  pc.profiles.set('Public', { enabled: 'False', inbound: 'Allow' });
  pc.guests.set('S-1-5-21-1-2-3-501', true);
  mac = new PretendedMac();
});
afterEach(() => rm(root, { recursive: true }));

const windows = (): Host => ({ platform: 'win32', commands: pc, files: new PretendedHostFiles(root, originals) });
const macOs = (): Host => ({ platform: 'darwin', commands: mac, files: new PretendedHostFiles(root, originals) });

type Desired = NonNullable<Sections['firewall' | 'usbStorage' | 'guestAccount']>;
interface Case {
  capability: () => Capability;
  desired: Desired;
  /** How many settings the first pass changes. */
  changes: number;
  drift: () => void;
  state: () => unknown;
}
const cases: Record<string, Case> = {
  'USB storage blocked on Windows': {
    capability: () => createUsbStorage(windows()),
    desired: { mode: 'enforce', access: 'block' },
    changes: 2,
    drift: () => pc.registry.set(`${services}\\USBSTOR\\Start`, 3),
    state: () => pc.state,
  },
  'USB storage read only on Windows': {
    capability: () => createUsbStorage(windows()),
    desired: { mode: 'enforce', access: 'read-only' },
    changes: 1,
    drift: () => {
      for (const id of pc.registry.keys()) if (id.endsWith('Deny_Write')) pc.registry.set(id, 0);
    },
    state: () => pc.state,
  },
  'the firewall of Windows': {
    capability: () => createFirewall(windows()),
    desired: { mode: 'enforce', allowedPorts: ['22/tcp', '6000-6007/udp'], trustedNetworks: ['10.20.30.0/24'] },
    changes: 5,
    drift: () => pc.profiles.set('Private', { enabled: 'False', inbound: 'NotConfigured' }),
    state: () => pc.state,
  },
  'the firewall of macOS': {
    capability: () => createFirewall(macOs()),
    desired: { mode: 'enforce', allowedPorts: ['22/tcp'] },
    changes: 1,
    drift: () => {
      mac.firewall = 0;
    },
    state: () => mac.firewall,
  },
  'the guest account of Windows': {
    capability: () => createGuestAccount(windows()),
    desired: { mode: 'enforce', disabled: true },
    changes: 1,
    drift: () => pc.guests.set('S-1-5-21-1-2-3-501', true),
    state: () => pc.state,
  },
  'the guest account of macOS': {
    capability: () => createGuestAccount(macOs()),
    desired: { mode: 'enforce', disabled: true },
    changes: 1,
    drift: () => {
      mac.guest = true;
    },
    state: () => mac.guest,
  },
};

/** Not run on a real PC or Mac: from documented output. */
describe.each(Object.entries(cases))('%s', (_, { capability, desired, changes, drift, state }) => {
  const pass = async (settings: Desired = desired) => await enforceOnce(capability(), settings, keptLog());

  it('is applied, seen to drift, put right, and removed to what it was', async () => {
    const before = state();
    const first = await pass();
    expect([first.status, first.changes.length]).toEqual(['verified', changes]);
    expect(await pass()).toMatchObject({ status: 'verified', changes: [] });
    drift();
    expect((await pass()).changes).toHaveLength(1);
    expect(await pass()).toMatchObject({ status: 'verified', changes: [] });
    expect(await removeOnce(capability(), keptLog())).toMatchObject({ status: 'verified' });
    expect(state()).toEqual(before);
    expect(everythingBelow(root)).toEqual([]);
  });

  it('is only looked at in audit, and let go when a profile turns to audit', async () => {
    const before = state();
    expect(await pass({ ...desired, mode: 'audit' })).toMatchObject({ status: 'verified', changes: [] });
    expect(state()).toEqual(before);
    await pass();
    expect((await pass({ ...desired, mode: 'audit' })).changes).toHaveLength(1);
    expect(state()).toEqual(before);
  });

  it.each<[string, CommandResult]>([
    ['access denied', failed('Access is denied.')],
    ['access denied, in German', failed('Zugriff verweigert')],
    ['access denied, in Japanese', failed('アクセスが拒否されました。')],
    ['empty output', succeeded('')],
    ['something else', succeeded('[1,2]')],
    ['no such program', { code: -1, stdout: '', stderr: 'ENOENT', failure: 'missing' }],
    ['no answer in time', { code: -1, stdout: '', stderr: '', failure: 'timed-out' }],
  ])('%s is an expected failure that names a remedy, and changes nothing', async (_words, answer) => {
    const before = state();
    pc.answer = answer;
    mac.answer = answer;
    const { status, failure } = await pass();
    expect(status).toBe('failed');
    expect(failure).toMatchObject({
      code: expect.not.stringMatching('internal'),
      message: expect.stringMatching(/\(.+\)|else/),
    });
    expect(state()).toEqual(before);
    expect(everythingBelow(root)).toEqual([]);
  });

  it('is left alone in a trial below a root', () => {
    const files = new HostFiles(root, new MemoryOriginals());
    const host = { ...(state() === pc.state ? windows() : macOs()), files };
    const name = capability().name;
    const all: Capability[] = [createFirewall(host), createUsbStorage(host), createGuestAccount(host)];
    expect(all.find((one) => one.name === name)?.supported).toBe(false);
  });
});

describe('what only some systems can do', () => {
  it('USB storage on a Mac is left to MDM', () => {
    const usb = createUsbStorage(macOs());
    expect([usb.supported, usb.unsupportedWhy]).toEqual([false, 'On a Mac only MDM can block USB storage.']);
  });

  it('ports on a Mac are said to be ignored', async () => {
    const { evidence } = await createFirewall(macOs()).observe({ mode: 'enforce', allowedPorts: ['22/tcp'] });
    expect(evidence.at(-1)).toMatchObject({ seen: 'macOS lets programs in, not ports or networks', ok: true });
  });

  it('a Mac under MDM refuses, in its own words', async () => {
    mac.isLocked = true;
    const { failure } = await enforceOnce(createFirewall(macOs()), { mode: 'enforce' }, keptLog());
    expect(failure).toMatchObject({
      code: 'firewall-refused',
      message: expect.stringMatching(/managed Mac computers/),
    });
  });

  it('drivers that a PC lacks are not made up', async () => {
    pc.registry.delete(`${services}\\UASPStor\\Start`);
    await enforceOnce(createUsbStorage(windows()), { mode: 'enforce', access: 'block' }, keptLog());
    expect([...pc.registry]).toEqual([[`${services}\\USBSTOR\\Start`, 4]]);
  });

  it.each<[string, () => Capability, Desired, () => unknown]>([
    ['USB storage', () => createUsbStorage(windows()), { mode: 'enforce', access: 'block' }, () => pc.state],
    ['guests of Windows', () => createGuestAccount(windows()), { mode: 'enforce', disabled: true }, () => pc.state],
    ['guests of macOS', () => createGuestAccount(macOs()), { mode: 'enforce', disabled: true }, () => mac.guest],
  ])('%s: as before when a revision no longer says anything of it', async (_, capability, desired, state) => {
    const before = state();
    await enforceOnce(capability(), desired, keptLog());
    expect(state()).not.toEqual(before);
    await enforceOnce(capability(), { mode: 'enforce' }, keptLog());
    expect(state()).toEqual(before);
  });

  it('a port that a new revision no longer lets in loses its rule', async () => {
    await enforceOnce(createFirewall(windows()), { mode: 'enforce', allowedPorts: ['22/tcp', '80/tcp'] }, keptLog());
    await enforceOnce(createFirewall(windows()), { mode: 'enforce', allowedPorts: ['22/tcp'] }, keptLog());
    expect([...pc.rules.keys()]).toEqual(['Rollcall-In-TCP-22']);
  });
});
