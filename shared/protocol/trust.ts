import Type from 'typebox';
import { Sha256, strictObject, text } from '../schema.ts';

export const Pem = Type.String({
  maxLength: 20_000,
  pattern: '^-----BEGIN [A-Z0-9 ]+-----\\n[A-Za-z0-9+/=\\n]+-----END [A-Z0-9 ]+-----\\n?',
});

/** Ed25519 (RFC 8032), base64. */
export const Signature = Type.String({ pattern: '^[A-Za-z0-9+/]{86}==$' });

/** A key that signs desired states: Ed25519, SPKI PEM. */
export const StateKey = strictObject({ id: Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$' }), publicKey: Pem });
export type StateKey = Type.Static<typeof StateKey>;

/** Counts the state keys of a district: 1 is its first, and each statement brings the next. */
export const TrustVersion = Type.Integer({ minimum: 1, maximum: 1_000_000 });

/** The signed text by which one state key names its only successor; see docs/decisions/0010. */
export const KeyStatement = strictObject({
  format: Type.Literal(1),
  /** The district: SHA-256 of its root certificate. */
  audience: Sha256,
  /** The version this statement brings; it follows the one before without a gap. */
  version: TrustVersion,
  stateKey: StateKey,
});
export type KeyStatement = Type.Static<typeof KeyStatement>;

export const SignedKeyStatement = strictObject({
  /** The exact JSON text of a `KeyStatement` that was signed. */
  statement: text(1_024),
  /** By the key of the version before, over the text's UTF-8 bytes. */
  signature: Signature,
});
export type SignedKeyStatement = Type.Static<typeof SignedKeyStatement>;

/** How many rotations a device may sleep through; one that missed more must be enrolled again. */
export const maxStatements = 64;
