import { createPublicKey, verify } from 'node:crypto';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { StateKeys } from '../../../../server/pki/state-signer.ts';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'rollcall-signer-'));
});
afterEach(async () => await rm(home, { recursive: true }));

it('signs so that the public key verifies, with the same key after a restart', async () => {
  const signer = await StateKeys.open(home);
  const text = '{"generation":1,"name":"Ünï"}';
  const signature = Buffer.from(signer.sign(text), 'base64');
  const key = createPublicKey((await StateKeys.open(home)).pinned.stateKeys[0]?.publicKey ?? '');
  expect(verify(null, Buffer.from(text), key, signature)).toBe(true);
  expect(verify(null, Buffer.from(`${text} `), key, signature)).toBe(false);
  expect(signer.keyId).toMatch(/^[0-9a-f]{32}$/);
  expect((await stat(join(home, 'pki', 'state.key'))).mode & 0o777).toBe(0o600);
});

it('refuses a damaged key with the remedy instead of making another', async () => {
  await StateKeys.open(home);
  await writeFile(join(home, 'pki', 'state.key'), '-----BEGIN');
  await expect(StateKeys.open(home)).rejects.toThrow(/state\.key is not an Ed25519 private key. Restore it/);
});
