import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { sealFor } from '../../../agent/platform/seal.ts';
import { makeKeyPair, openSealed, seal } from '../../../server/escrow/hpke.ts';
import { type Hmac, sealingKey } from '../../../shared/escrow/key-schedule.ts';
import { bindingBytes, decodeSealed } from '../../../shared/escrow/sealed.ts';

const hmac: Hmac = (key, message) => createHmac('sha256', key).update(message).digest();
const hex = (text: string) => Buffer.from(text, 'hex');
const binding = { deviceId: 'd1', volume: 'root', protector: 'slot-1-aa', escrowKeyId: 'k1' };
const clear = Buffer.from('cbdefghi-jklnrtuv');
const pair = makeKeyPair();

describe('the key schedule of HPKE', () => {
  it('gives key and nonce of RFC 9180, appendix A.1.1 (base mode, X25519, HKDF-SHA256, AES-128-GCM)', () => {
    const { key, nonce } = sealingKey(
      hmac,
      {
        // The X25519 of skEm and pkRm of the appendix.
        dh: hex('b3b5c19eab3f088ac18f23f774ff6414ba4fde45404d10085efc3e4dc9c72e35'),
        enc: hex('37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431'),
        recipient: hex('3948cfe0ad1ddb695d780e59077195da6c56506b027329794ab02bca80815c4d'),
        info: hex('4f6465206f6e2061204772656369616e2055726e'),
      },
      { id: 1, keyLength: 16 },
    );
    expect(Buffer.from(key).toString('hex')).toBe('4531685d41d65f03dc48f6b8302c05b0');
    expect(Buffer.from(nonce).toString('hex')).toBe('56d890e5accaaf011cff4b7d');
  });
});

describe.each([
  ['an agent', sealFor],
  ['the server, sealing again', (publicKey: string, key: Buffer, to: typeof binding) => seal(key, publicKey, to)],
])('a recovery key sealed by %s', (_who, sealIt) => {
  it('opens with the private key, for the place it was sealed for', () => {
    const opened = openSealed(sealIt(pair.publicKey, clear, binding), pair.privateKey, binding);
    expect(opened?.toString()).toBe('cbdefghi-jklnrtuv');
  });

  it('is different each time, and fits the protocol', () => {
    const [one, other] = [sealIt(pair.publicKey, clear, binding), sealIt(pair.publicKey, clear, binding)];
    expect(one).not.toBe(other);
    expect(one).toMatch(/^[A-Za-z0-9_-]{1,4096}$/);
  });

  it.each([
    ['another device', { ...binding, deviceId: 'd2' }],
    ['another volume', { ...binding, volume: 'home' }],
    ['another protector', { ...binding, protector: 'slot-2-aa' }],
    ['another escrow key', { ...binding, escrowKeyId: 'k2' }],
  ])('does not open as one of %s', (_what, elsewhere) => {
    expect(openSealed(sealIt(pair.publicKey, clear, binding), pair.privateKey, elsewhere)).toBeUndefined();
  });

  it('does not open with another private key', () => {
    expect(openSealed(sealIt(pair.publicKey, clear, binding), makeKeyPair().privateKey, binding)).toBeUndefined();
  });

  it('does not open when any single byte of it was changed', () => {
    const sealed = Buffer.from(sealIt(pair.publicKey, clear, binding), 'base64url');
    const opened = [...sealed.keys()].filter((at) => {
      const changed = Buffer.from(sealed);
      changed[at] = (changed[at] ?? 0) ^ 1;
      return openSealed(changed.toString('base64url'), pair.privateKey, binding) !== undefined;
    });
    // The highest bit of an X25519 key is not part of it (RFC 7748 section 5), but of what the key is derived from.
    expect(opened).toEqual([]);
  });
});

describe('what is no sealed key', () => {
  const lowOrder = Buffer.concat([Buffer.from([1]), Buffer.alloc(32), Buffer.alloc(40)]).toString('base64url');
  it.each([
    ['nothing', ''],
    ['too short', Buffer.alloc(49, 1).toString('base64url')],
    ['of another format', Buffer.alloc(100, 2).toString('base64url')],
    ['with a key of low order', lowOrder],
  ])('does not open: %s', (_what, sealed) => {
    expect(openSealed(sealed, pair.privateKey, binding)).toBeUndefined();
  });

  it('is told by its form where it is not even that', () => {
    expect(decodeSealed(Buffer.alloc(100, 2))).toBeUndefined();
    expect(decodeSealed(Buffer.alloc(100, 1))?.ciphertext).toHaveLength(67);
  });
});

describe('what a sealed key is bound to', () => {
  it('reads alike for no two bindings', () => {
    const shifted = { ...binding, volume: 'root","slot-1-aa', protector: '' };
    expect(Buffer.from(bindingBytes(shifted))).not.toEqual(Buffer.from(bindingBytes(binding)));
  });
});
