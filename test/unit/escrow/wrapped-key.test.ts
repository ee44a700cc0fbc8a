import { describe, expect, it } from 'vitest';
import { systemRandom } from '../../../server/clock.ts';
import { unwrapKey, usualCost, wrapKey } from '../../../server/escrow/wrapped-key.ts';

const cost = { memory: 64, passes: 1, parallelism: 1 };
const owner = { id: 'k1', publicKey: 'A'.repeat(43) };
const key = Buffer.alloc(32, 7);
const wrap = (passphrase: string) => wrapKey(key, passphrase, owner, systemRandom, cost);

describe('a private key under a passphrase', () => {
  it('comes back with the passphrase, also when its accents were typed another way', async () => {
    const wrapped = await wrap('caf\u00e9 au lait le matin');
    expect(await unwrapKey(wrapped, 'cafe\u0301 au lait le matin', owner)).toEqual(key);
  });

  it.each([
    ['another passphrase', 'not the right passphrase', owner],
    ['another id', 'the right passphrase', { ...owner, id: 'k2' }],
    ['another public key', 'the right passphrase', { ...owner, publicKey: 'B'.repeat(43) }],
  ])('does not come back with %s', async (_what, passphrase, of) => {
    expect(await unwrapKey(await wrap('the right passphrase'), passphrase, of)).toBeUndefined();
  });

  it('holds neither key nor passphrase, and says what a try costs', async () => {
    const wrapped = await wrap('the right passphrase');
    expect(wrapped).not.toContain('right');
    expect(wrapped).not.toContain(key.toString('base64url'));
    expect(JSON.parse(wrapped)).toMatchObject({ kdf: 'argon2id', ...cost });
  });

  it('costs 64 MiB a try unless a test says otherwise (RFC 9106, section 4)', () => {
    expect(usualCost).toEqual({ memory: 65_536, passes: 3, parallelism: 4 });
  });

  it('says that a damaged database is damaged', async () => {
    await expect(unwrapKey('{"kdf":"none"}', 'x', owner)).rejects.toThrow(/damaged/);
  });
});
