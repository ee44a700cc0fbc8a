import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CodedError } from '../../../shared/errors/catalogue.ts';
import { decodeToken, encodeToken, type TokenContent } from '../../../shared/protocol/token.ts';

const token: TokenContent = {
  addresses: [{ host: 'rollcall.example.org', port: 8445 }],
  ca: 'ab'.repeat(32),
  secret: 'x'.repeat(43),
  expiresAt: 1_791_208_800_000,
  label: 'Lincoln School, carts 1–4',
};
const packed = (content: unknown) =>
  `rollcall1-${Buffer.from(typeof content === 'string' ? content : JSON.stringify(content)).toString('base64url')}`;

describe('a token survives being copied', () => {
  test('what was written is read', () => {
    expect(decodeToken(encodeToken(token))).toEqual(token);
    const { label: _, ...bare } = token;
    expect(decodeToken(encodeToken(bare))).toEqual(bare);
  });

  test('it is one word of letters, digits, - and _', () => {
    expect(encodeToken(token)).toMatch(/^rollcall1-[A-Za-z0-9_-]+$/);
  });

  test('blanks and line breaks of a terminal or an e-mail are forgiven', () => {
    const broken = encodeToken(token).replace(/.{60}/g, '$&\r\n  ');
    expect(decodeToken(`\t ${broken}\u00a0\n`)).toEqual(token);
  });
});

describe('what is no token gets one sentence with the remedy', () => {
  const table: [string, string][] = [
    ['nothing', ''],
    ['the prefix alone', 'rollcall1-'],
    ['a token of another version', encodeToken(token).replace('rollcall1', 'rollcall2')],
    ['half a token', encodeToken(token).slice(0, 80)],
    ['a token without its prefix', encodeToken(token).slice('rollcall1-'.length)],
    ['text that is no JSON', packed('hello')],
    ['a list', packed([])],
    ['null', packed(null)],
    ['no address', packed({ ...token, addresses: [] })],
    ['five addresses', packed({ ...token, addresses: Array.from({ length: 5 }, () => token.addresses[0]) })],
    ['port 0', packed({ ...token, addresses: [{ host: 'a', port: 0 }] })],
    ['port 65536', packed({ ...token, addresses: [{ host: 'a', port: 65_536 }] })],
    ['a fingerprint that is too short', packed({ ...token, ca: 'ab' })],
    ['a fingerprint in capitals', packed({ ...token, ca: 'AB'.repeat(32) })],
    ['a short secret', packed({ ...token, secret: 'x' })],
    ['an unknown field', packed({ ...token, admin: true })],
    ['a prototype key', packed(JSON.stringify(token).replace('"ca"', '"__proto__":{"admin":true},"ca"'))],
    ['an expiry in text', packed({ ...token, expiresAt: 'tomorrow' })],
    ['a megabyte', `rollcall1-${'A'.repeat(1_000_000)}`],
  ];
  test.each(table)('%s', (_, pasted) => {
    expect(() => decodeToken(pasted)).toThrow(CodedError);
    expect(() => decodeToken(pasted)).toThrow(/not a whole enrolment token.*copy all of it from the Enrolment page/);
  });

  test('any text gives a token or the coded error, never anything else', () => {
    const text = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }).map((tail) => `rollcall1-${tail}`),
      fc.json().map(packed),
    );
    fc.assert(
      fc.property(text, (pasted) => {
        try {
          decodeToken(pasted);
        } catch (error) {
          expect(error).toMatchObject({ name: 'CodedError', code: 'token-invalid' });
        }
      }),
    );
  });
});
