import Type from 'typebox';
import { strictObject, validator } from '../schema.ts';

/** What a passkey answers (WebAuthn Level 3, section 5.2.2), base64url. */
const Bytes = Type.String({ maxLength: 8192, pattern: '^[A-Za-z0-9_-]*$' });
export const PasskeyAssertion = strictObject({
  credentialId: Bytes,
  authenticatorData: Bytes,
  clientData: Bytes,
  signature: Bytes,
});
export type PasskeyAssertion = Type.Static<typeof PasskeyAssertion>;

/** The public half of a passkey. */
export const Passkey = strictObject({
  /** As the authenticator names it, base64url. */
  id: Type.String({ pattern: '^[A-Za-z0-9_-]{1,1400}$' }),
  /** SPKI, DER (RFC 5280 section 4.1.2.7), base64url. */
  publicKey: Type.String({ pattern: '^[A-Za-z0-9_-]{40,2000}$' }),
  /** COSE (RFC 9053, RFC 8812): ES256, EdDSA, RS256. */
  algorithm: Type.Union([Type.Literal(-7), Type.Literal(-8), Type.Literal(-257)]),
});
export type Passkey = Type.Static<typeof Passkey>;

/** Where a passkey may be used: the origin of the console and the relying party it was made for. */
export const Site = strictObject({
  origin: Type.String({ maxLength: 300, pattern: '^https://[^/\\s]+$' }),
  rpId: Type.String({ minLength: 1, maxLength: 253 }),
});
export type Site = Type.Static<typeof Site>;

/** Cryptography of whoever checks; `shared` has none of its own. */
export interface Primitives {
  sha256(bytes: Uint8Array): Uint8Array;
  /** Whether this passkey signed exactly these bytes; false for a key that cannot be read. */
  isSignedByPasskey(passkey: Passkey, bytes: Uint8Array, signature: Uint8Array): boolean;
}

export type AssertionProblem =
  | 'approval-malformed'
  | 'approval-wrong-type'
  | 'approval-other-text'
  | 'approval-other-site'
  | 'approval-not-verified'
  | 'approval-bad-signature';

const ClientData = Type.Object({
  type: Type.String(),
  challenge: Type.String(),
  origin: Type.String(),
  crossOrigin: Type.Optional(Type.Boolean()),
});
const clientDataSchema = validator(ClientData);

/** Flags of authenticator data (WebAuthn Level 3, section 6.1): user present, user verified. */
const present = 0x01;
const verified = 0x04;
const shortestAuthenticatorData = 37;
const hashLength = 32;

/** Why an assertion is no signature of this passkey under this text; undefined: it is one (WebAuthn Level 3, section 7.2). */
export function problemOfAssertion(
  assertion: PasskeyAssertion,
  { passkey, text, sites }: { passkey: Passkey; text: string; sites: readonly Site[] },
  primitives: Primitives,
): AssertionProblem | undefined {
  const authenticatorData = fromBase64url(assertion.authenticatorData);
  const clientBytes = fromBase64url(assertion.clientData);
  const signature = fromBase64url(assertion.signature);
  const client = clientBytes && parsed(clientBytes);
  if (!authenticatorData || !clientBytes || !signature || !clientDataSchema.check(client)) return 'approval-malformed';
  if (authenticatorData.length < shortestAuthenticatorData) return 'approval-malformed';
  if (client.type !== 'webauthn.get' || client.crossOrigin === true) return 'approval-wrong-type';
  if (client.challenge !== challengeOf(text, primitives)) return 'approval-other-text';
  const rpIdHash = authenticatorData.subarray(0, hashLength);
  const isHere = ({ origin, rpId }: Site) =>
    origin === client.origin && isSame(rpIdHash, primitives.sha256(utf8.encode(rpId)));
  if (!sites.some(isHere)) return 'approval-other-site';
  const flags = authenticatorData[hashLength] ?? 0;
  if ((flags & present) === 0 || (flags & verified) === 0) return 'approval-not-verified';
  const signed = joined(authenticatorData, primitives.sha256(clientBytes));
  return primitives.isSignedByPasskey(passkey, signed, signature) ? undefined : 'approval-bad-signature';
}

/** What a passkey is asked to sign for this text: its SHA-256, base64url. */
export function challengeOf(text: string, { sha256 }: Pick<Primitives, 'sha256'>): string {
  return toBase64url(sha256(utf8.encode(text)));
}

const utf8 = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(bytes));
  } catch {
    return undefined;
  }
}

/** Undefined for what is not base64url (RFC 4648 section 5, without padding). */
export function fromBase64url(text: string): Uint8Array | undefined {
  if (!/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) return undefined;
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

export function toBase64url(bytes: Uint8Array): string {
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
