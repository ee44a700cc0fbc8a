import {
  type AuthenticationResponseJSON,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  startAuthentication,
  startRegistration,
} from '@simplewebauthn/browser';
import type { NewPasskey, PasskeyAssertion, PasskeyOptions } from '../../../shared/api/schemas.ts';

/** Whether this browser, on this host, can use the passkeys of a server: they work on its host and on those below. */
export function takesPasskeys(passkeyHost: string): boolean {
  const { hostname } = window.location;
  return 'PublicKeyCredential' in window && (hostname === passkeyHost || hostname.endsWith(`.${passkeyHost}`));
}

/** Has the browser ask for a passkey. Rejects with a sentence when the person gives none. */
export async function showPasskey(options: PasskeyOptions): Promise<PasskeyAssertion> {
  const optionsJSON = options as unknown as PublicKeyCredentialRequestOptionsJSON;
  return assertionOf(await startAuthentication({ optionsJSON }).catch(inWords));
}

/** Has the browser make a passkey. Rejects with a sentence when the person does not. */
export async function makePasskey(options: PasskeyOptions, name: string): Promise<NewPasskey> {
  const optionsJSON = options as unknown as PublicKeyCredentialCreationOptionsJSON;
  const { id, response } = await startRegistration({ optionsJSON }).catch(inWords);
  const { clientDataJSON, attestationObject, transports = [] } = response;
  return { name, credentialId: id, clientData: clientDataJSON, attestation: attestationObject, transports };
}

function assertionOf({ id, response }: AuthenticationResponseJSON): PasskeyAssertion {
  const { authenticatorData, clientDataJSON, signature } = response;
  return { credentialId: id, authenticatorData, clientData: clientDataJSON, signature };
}

const notGiven =
  'No passkey was given. Try again, or take another way: browsers refuse passkeys where they warn about the certificate.';

/** What browsers say is for programmers (WebAuthn Level 3, sections 5.1.3 and 5.1.4). */
function inWords(cause: unknown): never {
  const name = cause instanceof Error ? cause.name : '';
  if (name === 'InvalidStateError') throw new Error('This device holds a passkey of yours already.', { cause });
  if (name === 'NotAllowedError') throw new Error(notGiven, { cause });
  throw new Error('This browser cannot use passkeys here. Take another way.', { cause });
}
