import type { Logger } from 'pino';
import type { Clock, Random } from '../../shared/clock.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import { plainText, plainTextOrNull } from '../../shared/plain-text.ts';
import type { EnrolmentRequest } from '../../shared/protocol/enrolment.ts';
import type { Bus } from '../bus.ts';
import type { Authority } from '../pki/authority.ts';
import { type RequestedKey, readCsr } from '../pki/csr.ts';
import type { Custodies, EventLog } from '../services.ts';
import type { CertificateStore, EnrolmentFacts, EnrolmentOutcome } from '../store/certificates.ts';
import type { TokenRow } from '../store/tokens.ts';
import { admit } from './enrolment-rules.ts';
import type { RareEvents } from './rare-events.ts';
import { hashSecret } from './tokens.ts';

export interface EnrolmentParts {
  store: CertificateStore;
  authority: Authority;
  custodies: Custodies;
  events: EventLog;
  refusals: RareEvents;
  bus: Bus;
  clock: Clock;
  random: Random;
  isConnected: (deviceId: string) => boolean;
  log: Pick<Logger, 'error'>;
}

export interface Issued {
  deviceId: string;
  certificateChain: string;
}

interface Enrolled extends EnrolmentOutcome {
  token: TokenRow;
  isNew: boolean;
  chain: string;
}

/**
 * Turns a token and a key into a device with a certificate. The same hardware enrolling again stays the same device: its
 * id, tags and custody remain, its earlier certificates end. See `enrolment-rules.ts` for who is let in.
 */
export class Enrolment {
  readonly #parts: EnrolmentParts;

  constructor(parts: EnrolmentParts) {
    this.#parts = parts;
  }

  /** `address` is where the request came from, for the event of a refusal. Throws the refusal, coded. */
  async enroll(request: EnrolmentRequest, address: string): Promise<Issued> {
    let token: TokenRow | undefined;
    try {
      const key = readCsr(request.csr);
      const asked = {
        secretHash: hashSecret(request.secret),
        hardwareId: request.hardware.id,
        keyHash: key.keyHash,
      };
      const enrolled = await this.#parts.store.enrol(asked, this.#parts.clock.now(), async (facts) => {
        token = facts.token;
        return await this.#decide(request, key, asked.secretHash, facts);
      });
      await this.#announce(enrolled);
      return { deviceId: enrolled.device.id, certificateChain: enrolled.chain };
    } catch (error) {
      if (error instanceof CodedError) await this.#tellRefusal(error, address, token);
      throw error;
    }
  }

  async #decide(
    request: EnrolmentRequest,
    key: RequestedKey,
    secretHash: string,
    facts: EnrolmentFacts,
  ): Promise<Enrolled> {
    const { clock, random, authority, isConnected } = this.#parts;
    const claim = { secretHash, platform: request.platform, now: clock.now(), isConnected };
    const { token, deviceId, status, isRepeat } = admit(facts, claim);
    const id = deviceId ?? random.uuid();
    const issued = await authority.issueDevice(id, key.publicKey);
    return {
      device: { ...describe(request, id), id, status, simulated: token.simulated, token_id: token.id },
      certificate: { ...issued, keyHash: key.keyHash },
      tags: JSON.parse(token.tags) as string[],
      countsUse: !isRepeat,
      token,
      isNew: deviceId === undefined,
      chain: issued.chain,
    };
  }

  async #announce({ device, token, isNew }: Enrolled): Promise<void> {
    const { events, bus } = this.#parts;
    const waits = device.status === 'held' ? ' It waits for approval.' : '';
    await events.add({
      actor: `device:${device.name}`,
      code: isNew ? 'device-enrolled' : 'device-enrolled-again',
      words:
        (isNew ? 'The device was enrolled.' : 'The device was enrolled again; its earlier certificates ended.') + waits,
      subject: { kind: 'device', id: device.id },
    });
    bus.publish('device-changed', { deviceIds: [device.id] });
    bus.publish('tokens-changed', {});
    if (token.person_id !== null) await this.#handOver(device.id, token.person_id);
  }

  /** A custody that cannot be opened (the person left) must not undo the enrolment: the device exists. */
  async #handOver(deviceId: string, personId: string): Promise<void> {
    try {
      await this.#parts.custodies.open(deviceId, personId, 'primary', 'server');
    } catch (error) {
      this.#parts.log.error({ err: error, deviceId }, 'custody was not opened at enrolment');
      await this.#parts.events.add({
        actor: 'server',
        code: 'custody-not-opened',
        words: 'The person the enrolment token names could not be given the device. Hand it over on the device’s page.',
        subject: { kind: 'device', id: deviceId },
      });
    }
  }

  async #tellRefusal(error: CodedError, address: string, token: TokenRow | undefined): Promise<void> {
    await this.#parts.refusals.add(`enrol ${error.code} ${address}`, {
      actor: 'server',
      code: 'enrolment-refused',
      words: `An enrolment from ${address} was refused (${error.code}): ${error.message}`,
      ...(token ? { subject: { kind: 'token', id: token.id } } : {}),
    });
  }
}

function describe(request: EnrolmentRequest, id: string) {
  return {
    name: plainText(request.hostname, id.slice(0, 8)),
    serial: plainTextOrNull(request.hardware.serial),
    maker: plainTextOrNull(request.hardware.maker),
    model: plainTextOrNull(request.hardware.model),
    hardware_id: request.hardware.id,
    platform: request.platform,
    os_name: plainText(request.os.name, 'unknown'),
    os_version: plainText(request.os.version, 'unknown'),
    agent_version: plainText(request.agentVersion, 'unknown'),
  };
}
