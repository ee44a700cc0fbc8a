import { expect, it } from 'vitest';
import { newSalt } from '../../../../server/store/event-chain.ts';

it('every row of the log has a salt of sixteen bytes of its own, however many there are', () => {
  const salts = Array.from({ length: 1_000 }, newSalt);
  expect(new Set(salts).size).toBe(1_000);
  expect(new Set(salts.map((salt) => Buffer.from(salt, 'base64url').length))).toEqual(new Set([16]));
});
