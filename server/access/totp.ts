import { Secret, TOTP } from 'otpauth';

const stepMs = 30_000;
/** One step early or late, for clocks that are a little off (RFC 6238 section 5.2). */
const window = 1;
/** 160 bits, as RFC 4226 section 4 recommends. */
const secretBytes = 20;

/** A fresh secret, base32. */
export function newTotpSecret(random: { bytes(length: number): Uint8Array }): string {
  return new Secret({ buffer: new Uint8Array(random.bytes(secretBytes)).buffer }).base32;
}

/** The step a code belongs to; undefined for a wrong one, and for one that is too old or from too far ahead. */
export function stepOfCode(secret: string, code: string, now: number): number | undefined {
  if (!/^\d{6}$/.test(code)) return undefined;
  const delta = totp(secret).validate({ token: code, timestamp: now, window });
  return delta === null ? undefined : Math.floor(now / stepMs) + delta;
}

/** What a code app reads from the square code: https://github.com/google/google-authenticator/wiki/Key-Uri-Format */
export function totpAddress(secret: string, account: string, district: string): string {
  return totp(secret, account, district).toString();
}

function totp(secret: string, label = 'account', issuer = 'Rollcall'): TOTP {
  return new TOTP({ secret: Secret.fromBase32(secret), label, issuer, algorithm: 'SHA1', digits: 6, period: 30 });
}
