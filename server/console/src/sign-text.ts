import { bufferToBase64URLString, startAuthentication } from '@simplewebauthn/browser';
import type { PasskeyAssertion } from '../../../shared/api/schemas.ts';
import { dateAndTime } from './time.ts';

/** The SHA-256 of a text's UTF-8 bytes, worked out here: what the server says of it plays no part. */
export async function digestOf(text: string): Promise<ArrayBuffer> {
  return await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
}

/** A digest as people compare it: pairs of hexadecimal figures. */
export const fingerprint = (digest: ArrayBuffer) =>
  [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');

/**
 * Signs a text with a passkey of this browser's person (WebAuthn Level 3, section 7.2): the challenge is the SHA-256 of
 * the text that is shown. Rejects with words for people when the person cancels or has no passkey here.
 */
export async function signText(text: string, host: string): Promise<PasskeyAssertion> {
  const challenge = bufferToBase64URLString(await digestOf(text));
  const { id, response } = await askPasskey(challenge, host);
  return {
    credentialId: id,
    authenticatorData: response.authenticatorData,
    clientData: response.clientDataJSON,
    signature: response.signature,
  };
}

async function askPasskey(challenge: string, rpId: string) {
  try {
    return await startAuthentication({
      optionsJSON: { challenge, rpId, userVerification: 'required', timeout: 120_000 },
    });
  } catch (error) {
    const cancelled = error instanceof Error && error.name === 'NotAllowedError';
    const words = cancelled
      ? 'Nothing was signed: it was cancelled, it took too long, or this browser has no passkey of yours.'
      : 'This browser could not use a passkey here. Open the console by its own name over HTTPS.';
    throw new Error(words, { cause: error });
  }
}

/** One value of a signed text and where in it it stands. */
export interface SignedLine {
  path: string;
  value: string;
}

/**
 * A signed text as this browser reads it, value by value in the order of the text; undefined when it is not JSON, and
 * must be read as it stands.
 */
export function readSigned(text: string): SignedLine[] | undefined {
  try {
    return [...linesOf('', JSON.parse(text))];
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function* linesOf(path: string, value: unknown): Generator<SignedLine> {
  if (Array.isArray(value) && value.every((one) => typeof one !== 'object')) {
    yield { path, value: value.length === 0 ? 'none' : value.join(', ') };
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) yield* linesOf(path === '' ? key : `${path}.${key}`, inner);
  } else {
    yield { path: path === '' ? 'text' : path, value: valueWords(path, value) };
  }
}

/** An instant also as date and time: nobody counts milliseconds. */
function valueWords(path: string, value: unknown): string {
  const isInstant = typeof value === 'number' && /At$/.test(path) && value > 1e12;
  return isInstant ? `${value} (${dateAndTime(value)})` : String(value);
}
