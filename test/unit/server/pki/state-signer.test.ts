import { createPublicKey, verify } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { followStatements } from '../../../../agent/identity/key-statements.ts';
import { StateKeys } from '../../../../server/pki/state-signer.ts';
import { decode, encode } from '../../../../shared/protocol/codec.ts';
import { maxStatements } from '../../../../shared/protocol/trust.ts';

const district = 'd'.repeat(64);
let home: string;
const file = () => join(home, 'pki', 'state.key');

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'rollcall-signer-'));
});
afterEach(async () => await rm(home, { recursive: true }));

const pinnedBy = (keys: StateKeys) => ({ district, name: 'Test', root: '', ...keys.pinned });

function isSigned(text: string, signature: string, keys: StateKeys): boolean {
  const key = createPublicKey(keys.pinned.stateKeys[0]?.publicKey ?? '');
  return verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64'));
}

describe('the state key', () => {
  it('signs so that the public key verifies, with the same key after a restart', async () => {
    const keys = await StateKeys.open(home);
    const text = '{"generation":1,"name":"Ünï"}';
    const signature = keys.sign(text);
    const again = await StateKeys.open(home);
    expect(isSigned(text, signature, again)).toBe(true);
    expect(isSigned(`${text} `, signature, again)).toBe(false);
    expect(keys.keyId).toMatch(/^[0-9a-f]{32}$/);
    expect((await stat(file())).mode & 0o777).toBe(0o600);
  });

  it('is refused with the remedy when it is damaged, and no other is made', async () => {
    await StateKeys.open(home);
    await writeFile(file(), '-----BEGIN');
    await expect(StateKeys.open(home)).rejects.toThrow(/state\.key is not an Ed25519 private key. Restore it/);
  });
});

describe('a rotation of the state key', () => {
  it('brings a new key that a device follows to, after a restart too, and destroys the old one', async () => {
    const keys = await StateKeys.open(home);
    const [before, old] = [pinnedBy(keys), await readFile(file(), 'utf8')];
    await keys.rotate(district);
    await keys.rotate(district);
    for (const one of [keys, await StateKeys.open(home)]) {
      expect(one.version).toBe(3);
      expect(followStatements(one.statementsAfter(1), before)).toMatchObject({
        kind: 'new',
        trust: { version: 3, stateKeys: [one.pinned.stateKeys[0], before.stateKeys[0]] },
      });
      expect(one.statementsAfter(2)).toHaveLength(1);
      expect(one.statementsAfter(3)).toEqual([]);
      expect(isSigned('text', one.sign('text'), keys)).toBe(true);
    }
    expect(await readFile(file(), 'utf8')).not.toContain(old.split('\n')[1]);
    expect(await readdir(join(home, 'pki'))).toEqual(['state.key']);
    expect((await stat(file())).mode & 0o777).toBe(0o600);
  });

  it('does not begin while another is at work: the second key would split the fleet', async () => {
    const keys = await StateKeys.open(home);
    const first = keys.rotate(district);
    await expect(keys.rotate(district)).rejects.toMatchObject({ code: 'conflict' });
    await first;
    expect((await StateKeys.open(home)).keyId).toBe(keys.keyId);
    await keys.rotate(district);
    expect(keys.version).toBe(3);
  });

  it('that the disk refuses leaves the old key in use, and can be tried again', async () => {
    const keys = await StateKeys.open(home);
    const before = keys.keyId;
    await mkdir(`${file()}.half`);
    await expect(keys.rotate(district)).rejects.toThrow();
    expect([keys.keyId, keys.version, (await StateKeys.open(home)).keyId]).toEqual([before, 1, before]);
    await rm(`${file()}.half`, { recursive: true });
    await keys.rotate(district);
    expect((await StateKeys.open(home)).version).toBe(2);
  });

  it.each([0, 1, 100, 119, 120, 200, 400])(
    'that crashed after %i bytes of the new file leaves the old key in use',
    async (written) => {
      const keys = await StateKeys.open(home);
      const [before, whole] = [keys.keyId, await readFile(file())];
      await keys.rotate(district);
      const next = await readFile(file());
      await writeFile(file(), whole);
      await writeFile(`${file()}.half`, next.subarray(0, written));
      const after = await StateKeys.open(home);
      expect([after.keyId, after.version]).toEqual([before, 1]);
      await after.rotate(district);
      expect((await StateKeys.open(home)).version).toBe(2);
    },
  );

  it('keeps the statements of the last 64 rotations, which fit into one message', async () => {
    const keys = await StateKeys.open(home);
    for (let i = 0; i < maxStatements + 2; i++) await keys.rotate(district);
    expect(keys.version).toBe(maxStatements + 3);
    expect(keys.statementsAfter(1)).toHaveLength(maxStatements);
    const frame = encode('trust', 's1', { statements: keys.statementsAfter(1) });
    expect(decode(Buffer.from(frame), 'server')).toMatchObject({ ok: true });
    expect((await StateKeys.open(home)).statementsAfter(1)).toEqual(keys.statementsAfter(1));
  });
});

describe('the file of the state key is refused with the remedy when', () => {
  const lines = async () => (await readFile(file(), 'utf8')).trimEnd().split('\n');
  const cases: [string, (lines: string[]) => string[]][] = [
    ['its last statement is missing', (all) => all.slice(0, -1)],
    ['a statement in between is missing', (all) => all.toSpliced(-2, 1)],
    ['a statement is cut short', (all) => [...all.slice(0, -1), (all.at(-1) ?? '').slice(0, -9)]],
    ['a statement is not signed by the key before', (all) => [...all.slice(0, -1), swapSignature(all)]],
    ['statements are in the wrong order', (all) => [...all.slice(0, -2), ...all.slice(-2).reverse()]],
  ];
  it.each(cases)('%s', async (_name, damage) => {
    const keys = await StateKeys.open(home);
    for (let i = 0; i < 3; i++) await keys.rotate(district);
    await writeFile(file(), `${damage(await lines()).join('\n')}\n`);
    await expect(StateKeys.open(home)).rejects.toThrow(
      /state\.key holds statements that do not lead to its key\. Restore/,
    );
  });

  function swapSignature(all: string[]): string {
    const [last, before] = [JSON.parse(all.at(-1) ?? ''), JSON.parse(all.at(-2) ?? '')];
    return JSON.stringify({ ...last, signature: before.signature });
  }
});
