import { createHash, verify, X509Certificate } from 'node:crypto';
import type { Clock } from '../../shared/clock.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import { type RenewalRequest, renewalProof } from '../../shared/protocol/enrolment.ts';
import { TryLimiter } from '../access/limiter.ts';
import type { Authority } from '../pki/authority.ts';
import { type RequestedKey, readCsr } from '../pki/csr.ts';
import type { EventLog } from '../services.ts';
import type { CertificateStore, Identity, RenewalFacts } from '../store/certificates.ts';
import type { Challenges } from './challenges.ts';
import type { Issued } from './enrolment.ts';
import type { RareEvents } from './rare-events.ts';

export interface RenewalParts {
  store: CertificateStore;
  authority: Authority;
  challenges: Challenges;
  events: EventLog;
  refusals: RareEvents;
  clock: Clock;
}

const day = 86_400_000;
/** A laptop may lie in a drawer over two summers and come back by itself. */
const renewableAfterExpiry = 730 * day;
const renewalsPerDay = 20;

/**
 * A new certificate for whoever proves to hold the key of the old one, also when that has expired. The old one stays
 * good until the new one is first used (see `CertificateStore`), so a lost answer strands nobody. The device should send
 * a new key, but the old one is accepted: hardware-bound keys cannot be changed at will.
 */
export class Renewal {
  readonly #parts: RenewalParts;
  readonly #perDevice: TryLimiter;

  constructor(parts: RenewalParts) {
    this.#parts = parts;
    this.#perDevice = new TryLimiter(parts.clock, renewalsPerDay, day);
  }

  challenge(): string {
    return this.#parts.challenges.issue();
  }

  /** Throws the refusal, coded. */
  async renew(request: RenewalRequest, address: string): Promise<Issued> {
    let identity: Identity | undefined;
    try {
      const certificate = this.#provenCertificate(request);
      const key = readCsr(request.csr);
      const asked = { serial: certificate.serialNumber, keyHash: key.keyHash };
      const renewed = await this.#parts.store.renew(asked, this.#parts.clock.now(), async (facts) => {
        identity = facts.identity;
        return await this.#decide(certificate, key, facts);
      });
      await this.#tellRenewed(renewed.deviceId, identity?.deviceName ?? '');
      return { deviceId: renewed.deviceId, certificateChain: renewed.certificate.chain };
    } catch (error) {
      if (error instanceof CodedError) await this.#tellRefusal(error, address, identity);
      throw error;
    }
  }

  /** Cheap checks first: the challenge costs one HMAC, the rest is only done for those who asked just now. */
  #provenCertificate(request: RenewalRequest): X509Certificate {
    const { challenges, authority } = this.#parts;
    if (!challenges.isOpen(request.challenge))
      throw new CodedError('proof-invalid', 'The challenge has expired or was used. Ask for a new one.');
    const certificate = parse(request.certificate);
    if (!authority.hasIssued(certificate)) throw new CodedError('device-unknown');
    const proof = Buffer.from(renewalProof(request.challenge, request.csr), 'utf8');
    if (!verify('sha256', proof, certificate.publicKey, Buffer.from(request.signature, 'base64')))
      throw new CodedError('proof-invalid');
    challenges.redeem(request.challenge);
    return certificate;
  }

  async #decide(certificate: X509Certificate, key: RequestedKey, facts: RenewalFacts) {
    const { deviceId } = mayRenew(facts, certificate, this.#parts.clock.now());
    if (!this.#perDevice.take(deviceId))
      throw new CodedError('too-many-requests', 'This device renewed too often today. It may try again tomorrow.');
    const issued = await this.#parts.authority.issueDevice(deviceId, key.publicKey);
    return { deviceId, certificate: { ...issued, keyHash: key.keyHash } };
  }

  async #tellRenewed(deviceId: string, name: string): Promise<void> {
    await this.#parts.events.add({
      actor: `device:${name}`,
      code: 'certificate-renewed',
      words: 'The device renewed its certificate.',
      subject: { kind: 'device', id: deviceId },
    });
  }

  async #tellRefusal(error: CodedError, address: string, identity: Identity | undefined): Promise<void> {
    await this.#parts.refusals.add(`renew ${error.code} ${identity?.deviceId ?? address}`, {
      actor: 'server',
      code: 'renewal-refused',
      words: `A renewal from ${address} was refused (${error.code}): ${error.message}`,
      ...(identity ? { subject: { kind: 'device', id: identity.deviceId } } : {}),
    });
  }
}

function mayRenew({ identity, keyOwner }: RenewalFacts, certificate: X509Certificate, now: number): Identity {
  if (!identity || identity.fingerprint !== sha256(certificate.raw)) throw new CodedError('device-unknown');
  if (identity.deviceStatus === 'revoked' || identity.certificateStatus === 'revoked')
    throw new CodedError('device-revoked');
  if (identity.certificateStatus === 'superseded') throw new CodedError('certificate-superseded');
  if (identity.deviceStatus === 'held') throw new CodedError('device-held');
  if (identity.notAfter + renewableAfterExpiry < now) throw new CodedError('certificate-too-old');
  if (keyOwner !== undefined && keyOwner !== identity.deviceId)
    throw new CodedError('bad-csr', 'The key of this request belongs to another device. Make a new one.');
  return identity;
}

function parse(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (cause) {
    throw new CodedError('bad-request', 'The certificate to be renewed cannot be read.', [], cause);
  }
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
