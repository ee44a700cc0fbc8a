import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DeskParts, SpoolDesk } from '../../../agent/capabilities/diskEncryption/desk.ts';
import { createDiskEncryption } from '../../../agent/capabilities/diskEncryption/index.ts';
import { systemRandom } from '../../../agent/platform/clock.ts';
import { HostFiles } from '../../../agent/platform/host-files.ts';
import { enforceOnce, removeOnce } from '../../../agent/reconcile/enforce.ts';
import { Home } from '../../../agent/store/home.ts';
import { openStore, type Store } from '../../../agent/store/open.ts';
import { makeKeyPair, openSealed } from '../../../server/escrow/hpke.ts';
import type { DiskEncryptionSection } from '../../../shared/profile/disk-encryption.ts';
import type { RecoveryKeyRecord } from '../../../shared/protocol/messages.ts';
import { FakeClock } from '../../fakes/clock.ts';
import { FakeLog } from '../../fakes/log.ts';
import { MemoryOriginals } from '../../fakes/originals.ts';
import { LuksHost, noCryptsetup, PowerCut, WatchedCommands } from './luks.ts';

const why = noCryptsetup();
const silentLog = new FakeLog();
const first = makeKeyPair();
const second = makeKeyPair();
const section: DiskEncryptionSection = {
  mode: 'enforce',
  escrow: true,
  rotate: true,
  escrowKey: { id: 'k1', publicKey: first.publicKey },
};

describe.skipIf(why)(`recovery keys of a real LUKS2 volume${why ? ` (skipped: ${why})` : ''}`, () => {
  let host: LuksHost;
  let commands: WatchedCommands;
  let store: Store;
  let capability: ReturnType<typeof createDiskEncryption>;

  beforeEach(() => {
    host = new LuksHost();
    store = openStore(new Home(join(host.root, 'agent')), new FakeClock(), systemRandom, silentLog);
    start();
  });
  afterEach(() => {
    store.close();
    host.clean();
  });

  /** An agent that begins anew: nothing is remembered but what is on disk. */
  function start(desk: Partial<DeskParts> = {}): void {
    commands = new WatchedCommands();
    const files = new HostFiles(host.root, new MemoryOriginals());
    const recovery = new SpoolDesk({ deviceId: () => 'd1', ...store, clock: new FakeClock(), ...desk });
    capability = createDiskEncryption({ platform: 'linux', commands, files }, { recovery, random: systemRandom });
  }

  const pass = (wanted = section) => enforceOnce(capability, wanted, silentLog);
  const remove = () => removeOnce(capability, silentLog);
  const handedIn = () => store.spool.waiting('recovery-key', 'sda3_crypt');
  /** The server commits everything that waits. */
  function acknowledge(): void {
    for (let report = store.spool.nextReport(); report; report = store.spool.nextReport())
      store.spool.acknowledged(report.epoch, report.sequence);
  }
  function opened(record: RecoveryKeyRecord | undefined, pair = first): string {
    if (!record) throw new Error('nothing was handed in');
    const { volume, protector, escrowKeyId, sealed } = record;
    return openSealed(sealed, pair.privateKey, { deviceId: 'd1', volume, protector, escrowKeyId })?.toString() ?? '';
  }
  const keyLine = async (wanted = section) =>
    (await pass(wanted)).evidence.find(({ item }) => item.startsWith('recovery key'))?.seen;

  it('hands in a key that, opened, really unlocks the volume', async () => {
    const { status, changes } = await pass();
    expect([status, changes]).toEqual([
      'verified',
      [{ item: 'recovery key of sda3_crypt', before: 'none made yet', after: 'handed in' }],
    ]);
    const key = opened(handedIn());
    expect(key).toMatch(/^([cbdefghijklnrtuv]{8}-){7}[cbdefghijklnrtuv]{8}$/);
    expect([host.opens(key), host.opens(key.replace(/^./, 'x'))]).toEqual([true, false]);
  });

  it('hands it in once: the next passes change nothing and say nothing', async () => {
    await pass();
    acknowledge();
    const before = host.header();
    for (const status of [(await pass()).status, (await pass()).status]) expect(status).toBe('verified');
    expect([host.header(), handedIn()]).toEqual([before, undefined]);
  });

  it('goes on after a restart with what the header says', async () => {
    await pass();
    acknowledge();
    start();
    expect(await pass()).toMatchObject({ status: 'verified', changes: [] });
  });

  it('puts the key in no evidence, on no command line, in no file', async () => {
    const outcome = await pass();
    const key = opened(handedIn());
    const files = readdirSync(host.root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'));
    for (const text of [JSON.stringify(outcome), ...commands.lines, ...files]) expect(text).not.toContain(key);
  });

  it('makes a new one when somebody has read it, and ends the old one once the server holds the new', async () => {
    await pass();
    const old = handedIn();
    acknowledge();
    const shown = { ...section, shown: [old?.protector ?? ''] };
    expect(await keyLine(shown)).toBe('made, and on its way to the server');
    const key = opened(handedIn());
    expect([key !== opened(old), host.opens(opened(old)), host.opens(key)]).toEqual([true, true, true]);
    acknowledge();
    // The server, which holds the new one, says no more that the old one was read.
    expect(await pass()).toMatchObject({
      status: 'verified',
      changes: [{ item: 'earlier recovery key of sda3_crypt' }],
    });
    expect([host.opens(opened(old)), host.opens(key), host.slots.length]).toEqual([false, true, 2]);
  });

  it('makes a new one for a new escrow key, which alone opens it', async () => {
    await pass();
    const old = opened(handedIn());
    acknowledge();
    const renewed = { ...section, escrowKey: { id: 'k2', publicKey: second.publicKey } };
    await pass(renewed);
    const record = handedIn();
    expect(opened(record, first)).toBe('');
    expect(host.opens(opened(record, second))).toBe(true);
    acknowledge();
    await pass(renewed);
    expect(host.opens(old)).toBe(false);
  });

  it('makes a new one when the device was enrolled anew: the earlier one is sealed for another name', async () => {
    await pass();
    acknowledge();
    start({ deviceId: () => 'd2' });
    expect(await keyLine()).toBe('made, and on its way to the server');
    acknowledge();
    await pass();
    expect(host.slots).toHaveLength(2);
  });

  it('makes another when somebody removed its key slot by hand', async () => {
    await pass();
    acknowledge();
    host.killSlot('1');
    expect((await pass()).status).toBe('verified');
    expect(host.opens(opened(handedIn()))).toBe(true);
    acknowledge();
    await pass();
    expect(Object.values(host.header().tokens)).toHaveLength(1);
  });

  it('leaves the header with the slots and tokens it had, also those somebody added meanwhile', async () => {
    const before = host.header();
    await pass();
    acknowledge();
    expect(await remove()).toMatchObject({ status: 'verified' });
    expect(host.header()).toEqual(before);
    await pass();
    host.addKey('the key of somebody else');
    await remove();
    await remove();
    expect([host.slots.length, host.opens('the key of somebody else')]).toEqual([2, true]);
  });

  it('never removes the last key of a volume', async () => {
    await pass();
    host.killSlot('0');
    expect(await remove()).toMatchObject({ status: 'failed', failure: { code: 'luks-last-key' } });
    expect(host.slots).toHaveLength(1);
  });

  it('keeps the key while a profile only looks, and makes none then', async () => {
    expect(await pass({ ...section, mode: 'audit' })).toMatchObject({ status: 'verified', changes: [] });
    expect(host.slots).toEqual(['0']);
    await pass();
    acknowledge();
    await pass({ ...section, mode: 'audit' });
    expect(host.slots).toEqual(['0', '1']);
  });

  it.each(['token import', 'luksAddKey', 'token remove'])(
    'comes to one key that opens after a power cut before “%s”',
    async (step) => {
      commands.cutAt = step;
      await expect(capability.apply(section)).rejects.toThrow(PowerCut);
      start();
      await pass();
      acknowledge();
      await pass();
      await pass();
      const { tokens } = host.header();
      expect([host.slots.length, Object.values(tokens).map(({ keyslots }) => keyslots.length)]).toEqual([2, [1]]);
      await remove();
      expect([host.slots, host.header().tokens]).toEqual([['0'], {}]);
    },
  );

  it('takes the key back when it could not be kept for the server', async () => {
    start({ reports: { emit: () => undefined } });
    expect(await pass()).toMatchObject({ status: 'failed', failure: { code: 'recovery-key-not-kept' } });
    expect([host.slots, host.header().tokens]).toEqual([['0'], {}]);
  });

  it.each([
    ['crypttab names no key file', 'none luks', 'none: only a person can open it: crypttab names no key file'],
    ['its key comes from a script', '/etc/disk.key luks,keyscript=/bin/x', 'none: only a person can open it'],
    ['its header lies elsewhere', '/etc/disk.key luks,header=/h', 'none: its header lies elsewhere'],
    ['the key file is gone', '/etc/gone.key luks', 'none: only a person can open it'],
  ])('only says so where %s', async (_what, rest, words) => {
    host.crypttab(rest);
    expect(await keyLine()).toContain(words);
    expect(await pass()).toMatchObject({ status: 'failed', changes: [] });
    expect(host.slots).toEqual(['0']);
  });

  it('says what is missing when the district has no escrow key', async () => {
    const { escrowKey: _none, ...without } = section;
    expect(await pass(without)).toMatchObject({
      changes: [],
      failure: { message: expect.stringContaining('the district has no escrow key yet') },
    });
    expect(host.slots).toEqual(['0']);
  });

  it('reports a wrong key file, and leaves no trace of the try', async () => {
    writeFileSync(host.keyFile, 'not the key');
    expect(await pass()).toMatchObject({ status: 'failed', failure: { code: 'luks' } });
    expect([host.slots, host.header().tokens]).toEqual([['0'], {}]);
  });
});

describe.skipIf(why)(`a LUKS1 volume${why ? ` (skipped: ${why})` : ''}`, () => {
  it('is only reported', async () => {
    const host = new LuksHost('luks1');
    const files = new HostFiles(host.root, new MemoryOriginals());
    const commands = new WatchedCommands();
    const recovery = { sealedFor: () => '', handIn: () => true, isOnItsWay: () => false };
    const capability = createDiskEncryption({ platform: 'linux', commands, files }, { recovery, random: systemRandom });
    const { changes, evidence } = await enforceOnce(capability, section, silentLog);
    host.clean();
    expect(changes).toEqual([]);
    expect(evidence.map(({ seen }) => seen)).toContainEqual(expect.stringContaining('no LUKS2 header can be read'));
  });
});
