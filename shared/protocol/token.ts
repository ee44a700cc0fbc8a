import Type from 'typebox';
import { CodedError } from '../errors/catalogue.ts';
import { EpochMs, Sha256, strictObject, text, validator } from '../schema.ts';
import { Address } from './enrolment.ts';

/** What the one string carries: where to enrol, whom to trust, the secret, and until when. */
export const TokenContent = strictObject({
  addresses: Type.Array(Address, { minItems: 1, maxItems: 4 }),
  /** SHA-256 of the district's root certificate (DER). */
  ca: Sha256,
  secret: Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' }),
  expiresAt: EpochMs,
  label: Type.Optional(text(120)),
});
export type TokenContent = Type.Static<typeof TokenContent>;

const prefix = 'rollcall1-';
const content = validator(TokenContent);

/** The token as people copy it: `rollcall1-` and base64url of JSON. */
export function encodeToken(token: TokenContent): string {
  return prefix + Buffer.from(JSON.stringify(token), 'utf8').toString('base64url');
}

/** Reads a pasted token; spaces and line breaks from copying are forgiven. Throws `token-invalid` with the remedy. */
export function decodeToken(pasted: string): TokenContent {
  const compact = pasted.replace(/\s+/g, '');
  if (!compact.startsWith(prefix) || compact.length > 4096) throw notAToken();
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(compact.slice(prefix.length), 'base64url').toString('utf8'));
  } catch (error) {
    throw notAToken(error);
  }
  if (!content.check(parsed)) throw notAToken();
  return parsed;
}

function notAToken(cause?: unknown): CodedError {
  const words = `This is not a whole enrolment token. It starts with ${prefix}; copy all of it from the Enrolment page.`;
  return new CodedError('token-invalid', words, [], cause);
}
