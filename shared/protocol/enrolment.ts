import Type from 'typebox';
import { Sha256, strictObject, text } from '../schema.ts';
import { Hardware, OsName, PlatformName } from './messages.ts';
import { Pem, StateKey, TrustVersion } from './trust.ts';

export { agentPaths, deltaFromHeader, deltaType, heldArtifacts, measuredBytes } from './agent-paths.ts';

/**
 * The name every server leaf for agents carries. Agents demand it (SNI and subjectAltName) whatever address they dial,
 * so that a district may move its server to another host without stranding anybody.
 */
export const agentServerName = 'agents.rollcall.internal';

/** Routes of the enrolment listener: TLS without a client certificate, rate limited. */
export const enrolmentPaths = {
  /** GET: the root certificate; the only answer an agent reads before it trusts anything, and only to compare its hash. */
  trust: '/trust',
  /** POST: `EnrolmentRequest` → `EnrolmentAnswer` */
  enroll: '/enroll',
  /** POST: → `RenewalChallenge` */
  challenge: '/renew/challenge',
  /** POST: `RenewalRequest` → `RenewalAnswer` */
  renew: '/renew',
} as const;

export const Address = strictObject({ host: text(253), port: Type.Integer({ minimum: 1, maximum: 65_535 }) });
export type Address = Type.Static<typeof Address>;

export const TrustAnswer = strictObject({ root: Pem });
export type TrustAnswer = Type.Static<typeof TrustAnswer>;

export const EnrolmentRequest = strictObject({
  secret: text(100),
  /** PKCS #10, RSA of 2048 to 4096 bits; only its key is used: the server names the device. */
  csr: Pem,
  agentVersion: text(50),
  platform: PlatformName,
  os: OsName,
  hostname: text(253),
  hardware: Hardware,
});
export type EnrolmentRequest = Type.Static<typeof EnrolmentRequest>;

/** What a device trusts from then on. */
export const Trust = strictObject({
  /** SHA-256 of the root certificate's DER: the district's identity and the audience of its signed states. */
  district: Sha256,
  name: text(255),
  root: Pem,
  /** Of the first of `stateKeys`. */
  version: TrustVersion,
  /** Whose states are obeyed, the newest first: it alone names its successor (`agent/identity/key-statements.ts`). */
  stateKeys: Type.Array(StateKey, { minItems: 1, maxItems: 4 }),
});
export type Trust = Type.Static<typeof Trust>;

export const EnrolmentAnswer = strictObject({
  deviceId: text(64),
  /** Leaf first, then the issuing intermediate. */
  certificateChain: text(40_000),
  trust: Trust,
  agents: Type.Array(Address, { minItems: 1, maxItems: 8 }),
});
export type EnrolmentAnswer = Type.Static<typeof EnrolmentAnswer>;

export const RenewalChallenge = strictObject({ challenge: text(300) });
export type RenewalChallenge = Type.Static<typeof RenewalChallenge>;
export const RenewalRequest = strictObject({
  /** The certificate to be renewed; it may have expired up to 24 months ago. */
  certificate: Pem,
  csr: Pem,
  challenge: text(300),
  /** RSA PKCS #1 v1.5 SHA-256 by the old key over `renewalProof(challenge, csr)`, base64. */
  signature: Type.String({ maxLength: 1024, pattern: '^[A-Za-z0-9+/]+=*$' }),
});
export type RenewalRequest = Type.Static<typeof RenewalRequest>;
export const RenewalAnswer = strictObject({
  certificateChain: text(40_000),
  trust: Trust,
  agents: Type.Array(Address, { minItems: 1, maxItems: 8 }),
});
export type RenewalAnswer = Type.Static<typeof RenewalAnswer>;

/** The exact text whose signature proves possession of the old key, bound to the new key. */
export function renewalProof(challenge: string, csr: string): string {
  return `rollcall-renew-1\n${challenge}\n${csr}`;
}
