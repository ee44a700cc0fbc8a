import Type from 'typebox';
import { strictObject } from '../schema.ts';
import { join } from './key-schedule.ts';

/**
 * A recovery key sealed for the district's escrow key: one byte of format, the sender's ephemeral X25519 key, and the
 * ciphertext of AES-256-GCM with its tag (HPKE of RFC 9180, base mode). On the wire it is base64url.
 */
export interface Sealed {
  enc: Uint8Array;
  ciphertext: Uint8Array;
}

/** The public half that devices seal for. */
export const EscrowKey = strictObject({
  id: Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$' }),
  /** X25519, 32 bytes as base64url. */
  publicKey: Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' }),
});
export type EscrowKey = Type.Static<typeof EscrowKey>;

/** What a sealed key is bound to: moved to another device, volume or protector it cannot be opened. */
export interface Binding {
  deviceId: string;
  volume: string;
  protector: string;
  escrowKeyId: string;
}

const format = 1;
const encLength = 32;
export const tagLength = 16;

/** `info` of HPKE: keys sealed for another purpose cannot be opened as this. */
export const sealingInfo = new TextEncoder().encode('rollcall recovery key 1');

/** The additional authenticated data. JSON of a list of texts: no two bindings read alike. */
export function bindingBytes({ deviceId, volume, protector, escrowKeyId }: Binding): Uint8Array {
  return new TextEncoder().encode(JSON.stringify([deviceId, volume, protector, escrowKeyId]));
}

export function encodeSealed({ enc, ciphertext }: Sealed): Uint8Array {
  return join(Uint8Array.of(format), enc, ciphertext);
}

/** Undefined for what is not of this form. */
export function decodeSealed(bytes: Uint8Array): Sealed | undefined {
  if (bytes[0] !== format || bytes.length <= 1 + encLength + tagLength) return undefined;
  return { enc: bytes.slice(1, 1 + encLength), ciphertext: bytes.slice(1 + encLength) };
}
