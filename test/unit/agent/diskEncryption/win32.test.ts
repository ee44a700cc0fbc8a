import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseVolume, passwordOf } from '../../../../agent/capabilities/diskEncryption/bitlocker.ts';
import { createDiskEncryption } from '../../../../agent/capabilities/diskEncryption/index.ts';
import { HostFiles } from '../../../../agent/platform/host-files.ts';
import { enforceOnce, removeOnce } from '../../../../agent/reconcile/enforce.ts';
import type { DiskEncryptionSection } from '../../../../shared/profile/disk-encryption.ts';
import { SeededRandom } from '../../../fakes/clock.ts';
import { FakeLog } from '../../../fakes/log.ts';
import { MemoryOriginals } from '../../../fakes/originals.ts';
import { ids, PretendedBitLocker, passwords, protectorsGet } from './pretended-bitlocker.ts';

const section: DiskEncryptionSection = {
  mode: 'enforce',
  escrow: true,
  rotate: true,
  turnOn: true,
  escrowKey: { id: 'k1', publicKey: 'A'.repeat(43) },
};

let folder: string;
let pc: PretendedBitLocker;
let handedIn: { protector: string; clear: string; escrowKeyId: string }[];
let isOnItsWay: boolean;
let capability: ReturnType<typeof createDiskEncryption>;

/** Files of the host lie in a folder of the test; BitLocker is asked as on a host. */
class OwnFolder extends HostFiles {
  override get isHost(): boolean {
    return true;
  }
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-bitlocker-'));
  pc = new PretendedBitLocker();
  handedIn = [];
  isOnItsWay = false;
  const recovery = {
    sealedFor: ({ id }: { id: string }) => id,
    handIn: ({ protector }: { protector: string }, clear: Uint8Array, { id }: { id: string }) => {
      handedIn.push({ protector, clear: Buffer.from(clear).toString(), escrowKeyId: id });
      isOnItsWay = true;
      return true;
    },
    isOnItsWay: () => isOnItsWay,
  };
  const host = { platform: 'win32' as const, commands: pc, files: new OwnFolder(folder, new MemoryOriginals()) };
  capability = createDiskEncryption(host, { recovery, random: new SeededRandom() });
});
afterEach(() => rmSync(folder, { recursive: true }));

const pass = (wanted = section) => enforceOnce(capability, wanted, new FakeLog());
const acknowledge = () => {
  isOnItsWay = false;
};
const seen = async (wanted = section) => (await pass(wanted)).evidence.map((line) => line.seen);
const lines = (part: string) => pc.asked.filter((line) => line.includes(part));

describe('BitLocker turned on', () => {
  it('encrypts only when the server holds the recovery key', async () => {
    await pass();
    expect([pc.volume, handedIn.map(({ protector }) => protector)]).toEqual(['FullyDecrypted', [ids.first]]);
    expect(await seen()).toContainEqual(expect.stringContaining('off until the server holds its recovery key'));
    acknowledge();
    await pass();
    expect(pc.volume).toBe('EncryptionInProgress');
    expect(lines('manage-bde.exe -on')).toEqual([
      'C:\\Windows\\System32\\manage-bde.exe -on C: -UsedSpaceOnly -SkipHardwareTest ',
    ]);
    expect(await pass()).toMatchObject({ status: 'verified', changes: [] });
  });

  it.each<[string, Partial<DiskEncryptionSection>, Partial<PretendedBitLocker>, string]>([
    ['there is no TPM', {}, { tpmReady: false }, 'no TPM is ready'],
    ['it is not asked for', { turnOn: false }, {}, 'BitLocker is off'],
    ['keys are not kept', { escrow: false }, {}, 'only where recovery keys are kept'],
    ['it is suspended', {}, { volume: 'FullyEncrypted' }, 'protection is suspended'],
  ])('is left to people where %s', async (_what, change, state, words) => {
    Object.assign(pc, state);
    expect(await seen({ ...section, ...change })).toContainEqual(expect.stringContaining(words));
    expect(lines('-on')).toEqual([]);
  });

  it('does nothing while a profile only looks', async () => {
    expect(await pass({ ...section, mode: 'audit' })).toMatchObject({ status: 'verified', changes: [] });
    expect([lines('manage-bde'), handedIn]).toEqual([[], []]);
  });
});

describe('the recovery password', () => {
  it('that is there already is handed in, once, and comes from no command line', async () => {
    pc.encrypted().add('RecoveryPassword');
    expect((await pass()).status).toBe('verified');
    acknowledge();
    await pass();
    expect(handedIn).toEqual([{ protector: ids.first, clear: passwords[ids.first], escrowKeyId: 'k1' }]);
    expect(pc.asked.join()).not.toMatch(/\d{6}-\d{6}/);
    expect(lines('-add')).toEqual([]);
  });

  it('that somebody has read is replaced, and removed once the server holds the new one', async () => {
    pc.encrypted().add('RecoveryPassword');
    await pass();
    acknowledge();
    const shown = { ...section, shown: [ids.first] };
    await pass(shown);
    expect([...pc.protectors.keys()]).toEqual([ids.tpm, ids.first, ids.second]);
    expect(handedIn.at(-1)).toEqual({ protector: ids.second, clear: passwords[ids.second], escrowKeyId: 'k1' });
    acknowledge();
    // The server, which holds the new one, says no more that the old one was read.
    expect((await pass()).status).toBe('verified');
    expect([...pc.protectors.keys()]).toEqual([ids.tpm, ids.second]);
  });

  it('is sealed again for a new escrow key, without a new password', async () => {
    pc.encrypted().add('RecoveryPassword');
    await pass();
    acknowledge();
    await pass({ ...section, escrowKey: { id: 'k2', publicKey: 'B'.repeat(43) } });
    expect(handedIn.map(({ protector, escrowKeyId }) => [protector, escrowKeyId])).toEqual([
      [ids.first, 'k1'],
      [ids.first, 'k2'],
    ]);
  });

  it('the agent added goes when the device leaves, unless it is the last; the drive stays encrypted', async () => {
    pc.encrypted();
    await pass();
    await removeOnce(capability, new FakeLog());
    expect([...pc.protectors.keys()]).toEqual([ids.tpm, ids.first]);
    await pass();
    pc.add('RecoveryPassword');
    await removeOnce(capability, new FakeLog());
    expect([pc.protectors.has(ids.second), pc.volume]).toEqual([true, 'FullyEncrypted']);
  });

  it.each<[string, Parameters<typeof protectorsGet>[1]]>([
    ['English', 'english'],
    ['German', 'german'],
    ['Spanish', 'spanish'],
  ])('is read from the output of %s Windows', (_name, language) => {
    const shown = protectorsGet(
      new Map([
        [ids.first, 'RecoveryPassword'],
        [ids.tpm, 'Tpm'],
        [ids.second, 'RecoveryPassword'],
      ]),
      language,
    );
    expect([ids.first, ids.second, ids.tpm].map((id) => passwordOf(shown, id)?.toString())).toEqual([
      passwords[ids.first],
      passwords[ids.second],
      undefined,
    ]);
  });
});

describe('a BitLocker that does not answer', () => {
  it.each([
    ['access denied', { code: 1, stdout: '', stderr: 'Access is denied.' }],
    ['nothing', { code: 0, stdout: '', stderr: '' }],
    ['something else', { code: 0, stdout: 'Das ist kein JSON', stderr: '' }],
    ['no program', { code: -1, stdout: '', stderr: '', failure: 'missing' as const }],
  ])('is not known, and nothing is done: %s', async (_what, answer) => {
    pc.answer = answer;
    const { changes, evidence } = await pass();
    expect([changes, handedIn]).toEqual([[], []]);
    expect(evidence[0]?.seen).toMatch(/^not known/);
  });

  it('tells of an error by its code alone, never by text that may hold a password', async () => {
    pc.encrypted().add('RecoveryPassword');
    const run = pc.run.bind(pc);
    pc.run = async (path, args, options) =>
      args[1] === '-get'
        ? { code: 5, stdout: `0x80310000 ${passwords[ids.first]}`, stderr: '' }
        : run(path, args, options);
    const outcome = await pass();
    expect(outcome).toMatchObject({ status: 'failed', failure: { code: 'bitlocker' } });
    expect(outcome.failure?.message).toContain('0x80310000');
    expect(JSON.stringify(outcome)).not.toContain(passwords[ids.first]);
  });

  it.each(['C: -id {x}', '', '{11111111-1111-4111-8111-111111111111} -foo'])(
    'takes no protector id that is none: %s',
    (id) => {
      const answer = { protection: 'On', volume: 'FullyEncrypted', protectors: [{ id, type: 'RecoveryPassword' }] };
      expect(parseVolume(answer)?.protectors).toEqual([]);
    },
  );
});
