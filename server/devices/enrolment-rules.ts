import { timingSafeEqual } from 'node:crypto';
import { CodedError } from '../../shared/errors/catalogue.ts';
import type { EnrolmentFacts } from '../store/certificates.ts';
import type { TokenRow } from '../store/tokens.ts';

export interface EnrolmentClaim {
  secretHash: string;
  platform: string;
  now: number;
  /** Whether a device has a live session. */
  isConnected: (deviceId: string) => boolean;
}

export interface Admission {
  token: TokenRow;
  /** Undefined: this hardware is new. */
  deviceId: string | undefined;
  status: string;
  /** The same device asks again with the same token because the answer was lost: no further use is counted. */
  isRepeat: boolean;
}

const repeatWithinMs = 15 * 60_000;

/**
 * Whether a device may enrol. The secret is the authority; the hardware id is only a claim, so a known one is taken over
 * (same device row, same custody) only while that device has no live session: a reinstalled machine cannot be connected
 * as well, whereas an impostor's victim usually is. Throws the refusal, coded.
 */
export function admit(facts: EnrolmentFacts, claim: EnrolmentClaim): Admission {
  const token = demandToken(facts.token, claim);
  const { device } = facts;
  const isRepeat = isLostAnswer(facts, token, claim.now);
  if (!isRepeat && token.uses >= token.max_uses) throw new CodedError('token-used');
  demandOwnKey(facts);
  if (device && device.simulated !== token.simulated)
    throw new CodedError('conflict', 'Simulated and real devices cannot take each other’s place.');
  if (device && claim.isConnected(device.id))
    throw new CodedError(
      'clone',
      'A device with this hardware is connected now. Stop the agent there, or revoke the device, and enrol again.',
    );
  const fresh = token.approval === 'hold' ? 'held' : 'active';
  const status = isRepeat && device ? device.status : fresh;
  return { token, deviceId: device?.id, status, isRepeat };
}

function demandToken(token: TokenRow | undefined, claim: EnrolmentClaim): TokenRow {
  if (!token || !isSame(token.secret_hash, claim.secretHash)) throw new CodedError('token-invalid');
  if (token.revoked_at !== null)
    throw new CodedError('token-invalid', 'The enrolment token has been revoked. Ask IT for a new one.');
  if (token.expires_at <= claim.now) throw new CodedError('token-expired');
  if (token.platform !== null && token.platform !== claim.platform) throw new CodedError('token-wrong-platform');
  return token;
}

/**
 * The token made this very device, which has not been seen since: either it shows the same key, or it asks within minutes
 * (agents make a new key for each try). A token that is used up would strand it otherwise.
 */
function isLostAnswer({ device, keyOwner }: EnrolmentFacts, token: TokenRow, now: number): boolean {
  if (!device || device.status === 'revoked' || device.token_id !== token.id) return false;
  if (keyOwner !== undefined) return keyOwner === device.id;
  const wasSeen = device.last_seen_at !== null && device.last_seen_at >= device.enrolled_at;
  return !wasSeen && now - device.enrolled_at < repeatWithinMs;
}

/** A disk image with the agent's key in it would make many devices one; and who was revoked needs a new key. */
function demandOwnKey({ keyOwner, device }: EnrolmentFacts): void {
  if (keyOwner === undefined) return;
  if (keyOwner === device?.id && device.status !== 'revoked') return;
  const words = 'The key of this request was used before. Delete the agent’s folder on this device and enrol again.';
  throw new CodedError('bad-csr', words);
}

function isSame(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
