import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import type { NewPasskey, PasskeyAssertion, PasskeyOptions } from '../../shared/api/schemas.ts';
import type { Clock, Random } from '../../shared/clock.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import { plainText } from '../../shared/plain-text.ts';
import type { EventLog } from '../services.ts';
import type { PasskeyRow, StaffFactorStore } from '../store/staff-factors.ts';
import { coseOfSpki, passkeyAlgorithms, spkiOfCose } from './passkey-keys.ts';
import { Pending } from './pending.ts';
import type { RelyingParty } from './relying-party.ts';
import type { StaffIdentity } from './staff-identity.ts';

const ceremonyMs = 300_000;
const challengeBytes = 32;
const atMost = 20;

export interface PasskeyParts {
  store: StaffFactorStore;
  relyingParty: RelyingParty;
  events: EventLog;
  clock: Clock;
  random: Random;
}

/**
 * WebAuthn Level 3 with discoverable credentials and user verification, so that a passkey is both factors in one.
 * Every challenge is good once, for one purpose: to sign in, or to make a passkey of one account.
 */
export class Passkeys {
  readonly #parts: PasskeyParts;
  /** Challenge → whom a passkey is made for; null: to sign in. */
  readonly #challenges: Pending<string | null>;

  constructor(parts: PasskeyParts) {
    this.#parts = parts;
    this.#challenges = new Pending(parts.clock, ceremonyMs);
  }

  /** What a browser asks with; it names no account, so it tells strangers nothing. */
  async ask(): Promise<PasskeyOptions> {
    const options = await generateAuthenticationOptions({
      rpID: this.#parts.relyingParty.id,
      challenge: this.#newChallenge(),
      userVerification: 'required',
      timeout: ceremonyMs,
    });
    this.#challenges.put(options.challenge, null);
    return { ...options };
  }

  async askNew(staff: StaffIdentity): Promise<PasskeyOptions> {
    const { store, relyingParty } = this.#parts;
    const known = await store.passkeysOf(staff.id);
    const options = await generateRegistrationOptions({
      rpID: relyingParty.id,
      rpName: relyingParty.name,
      userID: new Uint8Array(Buffer.from(staff.id)),
      userName: staff.email,
      userDisplayName: staff.name,
      challenge: this.#newChallenge(),
      attestationType: 'none',
      timeout: ceremonyMs,
      supportedAlgorithmIDs: passkeyAlgorithms,
      excludeCredentials: known.map(({ credential_id }) => ({ id: credential_id })),
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    });
    this.#challenges.put(options.challenge, staff.id);
    return { ...options };
  }

  /** Keeps what an authenticator made for an account. Throws `passkey-refused`. */
  async add(staff: StaffIdentity, given: NewPasskey): Promise<PasskeyRow> {
    const { store, clock, random } = this.#parts;
    const { credential, ...key } = await this.#verifyNew(staff, given);
    const row: PasskeyRow = {
      id: random.uuid(),
      staff_id: staff.id,
      credential_id: credential.id,
      public_key: key.publicKey,
      algorithm: key.algorithm,
      counter: credential.counter,
      transports: JSON.stringify(given.transports),
      name: plainText(given.name, 'Passkey'),
      created_at: clock.now(),
      last_used_at: null,
    };
    if (!(await store.addPasskey(row, atMost)))
      throw new CodedError('conflict', `This passkey is known already, or you have ${atMost} of them.`);
    return row;
  }

  /** Whose passkey this is, when it signed a challenge of ours here and now. Throws `passkey-refused`. */
  async verify(assertion: PasskeyAssertion): Promise<string> {
    const { store, clock } = this.#parts;
    const passkey = await store.passkeyByCredential(assertion.credentialId);
    if (!passkey) throw new CodedError('passkey-refused', 'This passkey is not known here. Take another way in.');
    const counter = await this.#counterOf(assertion, passkey);
    if (!(await store.usePasskey(passkey.id, counter, clock.now()))) return await this.#refuseCopy(passkey);
    return passkey.staff_id;
  }

  async #verifyNew(staff: StaffIdentity, { credentialId, clientData, attestation, transports }: NewPasskey) {
    const { relyingParty } = this.#parts;
    const answer = { clientDataJSON: clientData, attestationObject: attestation };
    const verified = await verifyRegistrationResponse({
      response: {
        ...{ id: credentialId, rawId: credentialId, type: 'public-key', clientExtensionResults: {} },
        response: { ...answer, transports },
      },
      expectedChallenge: (challenge) => this.#challenges.take(challenge) === staff.id,
      expectedOrigin: relyingParty.origins,
      expectedRPID: relyingParty.id,
      requireUserVerification: true,
      supportedAlgorithmIDs: passkeyAlgorithms,
    }).catch(refused);
    const credential = verified.registrationInfo?.credential;
    const key = credential && spkiOfCose(credential.publicKey);
    if (!key) throw new CodedError('passkey-refused');
    return { credential, ...key };
  }

  async #counterOf(assertion: PasskeyAssertion, passkey: PasskeyRow): Promise<number> {
    const { relyingParty } = this.#parts;
    const { credentialId: id, clientData, authenticatorData, signature } = assertion;
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: {
        ...{ id, rawId: id, type: 'public-key', clientExtensionResults: {} },
        response: { clientDataJSON: clientData, authenticatorData, signature },
      },
      expectedChallenge: (challenge) => this.#challenges.take(challenge) === null,
      expectedOrigin: relyingParty.origins,
      expectedRPID: relyingParty.id,
      requireUserVerification: true,
      // The counter is compared by the store, in the statement that keeps it.
      credential: { id, publicKey: coseOfSpki(passkey.public_key, passkey.algorithm), counter: 0 },
    }).catch(refused);
    if (!verified) throw new CodedError('passkey-refused');
    return authenticationInfo.newCounter;
  }

  async #refuseCopy({ name, staff_id }: PasskeyRow): Promise<never> {
    await this.#parts.events.add({
      actor: 'server',
      code: 'passkey-copied',
      words: `The passkey “${name}” was refused: its counter went back, as that of a copy does. Remove it.`,
      subject: { kind: 'staff', id: staff_id },
    });
    throw new CodedError('passkey-refused', 'This passkey may have been copied. Take another way in, and remove it.');
  }

  #newChallenge(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#parts.random.bytes(challengeBytes));
  }
}

/** The library says by throwing what is wrong; for the person it is one refusal. */
function refused(cause: unknown): never {
  throw new CodedError('passkey-refused', undefined, [], cause);
}
