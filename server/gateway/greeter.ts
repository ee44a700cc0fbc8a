import type { Clock } from '../../shared/clock.ts';
import { plainText, plainTextOrNull } from '../../shared/plain-text.ts';
import { type Body, closeCodes } from '../../shared/protocol/messages.ts';
import type { Bus } from '../bus.ts';
import type { RareEvents } from '../devices/rare-events.ts';
import { Grouped } from '../grouped.ts';
import type { Metrics } from '../metrics.ts';
import type { Asked, Greeting, Opening, PresenceStore } from '../store/presence.ts';
import type { AgentSession } from './agent-session.ts';
import { refusalOf } from './refusal.ts';

export interface GreeterParts {
  presence: PresenceStore;
  offences: RareEvents;
  bus: Bus;
  clock: Clock;
  metrics: Pick<Metrics, 'handshakesRefused'>;
  heartbeatSeconds: number;
  /** Where the server sees a device that comes from this address; `null`: it cannot be said. */
  placeOf: (address: string | undefined) => string | null;
}

/** About ten milliseconds of the loop. */
const openedAtOnce = 200;

/** Answers hellos: lets the device in, or ends the session because its certificate or hardware is not in order. */
export class Greeter {
  readonly #parts: GreeterParts;
  readonly #opening: Grouped<Asked, Opening>;

  constructor(parts: GreeterParts) {
    this.#parts = parts;
    const { presence, clock } = parts;
    this.#opening = new Grouped((asked) => presence.openAll(asked, clock.now()), openedAtOnce);
  }

  /** The welcome to send; undefined when the session was ended, or ended by itself meanwhile. */
  async greet(session: AgentSession, hello: Body<'hello'>): Promise<Body<'welcome'> | undefined> {
    const { clock, bus, heartbeatSeconds, placeOf } = this.#parts;
    const { seenFrom } = session;
    session.state = 'opening';
    const greeting = { ...greetingOf(hello, session.deviceId), place: placeOf(seenFrom) };
    const opening = await this.#opening.ask({ serial: session.serial, greeting });
    if (session.hasEnded) return undefined;
    if (opening.kind !== 'open') {
      await this.#refuse(session, opening);
      return undefined;
    }
    session.held = { generation: hello.generation, sections: hello.sections };
    session.trustVersion = hello.trustVersion;
    if (opening.changed) bus.publish('device-changed', { deviceIds: [session.deviceId] });
    else if (opening.moved) bus.publish('device-changed', { deviceIds: [session.deviceId], only: 'place' });
    return {
      deviceId: session.deviceId,
      serverTime: clock.now(),
      heartbeatSeconds,
      acknowledged: opening.acknowledged,
      ...(seenFrom === undefined ? {} : { seenFrom }),
    };
  }

  async #refuse(session: AgentSession, opening: Exclude<Opening, { kind: 'open' }>): Promise<void> {
    const { metrics } = this.#parts;
    if (opening.kind === 'refused') {
      const refusal = refusalOf(opening.identity);
      metrics.handshakesRefused.inc({ reason: refusal?.code ?? 'device-unknown' });
      session.close(refusal?.closeCode ?? closeCodes.notAllowed, refusal?.code ?? 'device-unknown');
      return;
    }
    metrics.handshakesRefused.inc({ reason: 'clone' });
    session.close(closeCodes.clone, 'clone');
    await this.#tellClone(session.deviceId, opening.isNew);
  }

  /** The first sight is always told; further ones rarely, however often the copy tries. */
  async #tellClone(deviceId: string, isNew: boolean): Promise<void> {
    const deviceIds = [deviceId];
    if (isNew)
      this.#parts.bus.publish('reported', {
        ...{ deviceIds, byKind: { finding: deviceIds }, changed: deviceIds, restless: [] },
      });
    await this.#parts.offences.add(`clone ${deviceId}`, {
      actor: 'server',
      code: 'clone-refused',
      words: 'The certificate of this device was presented by other hardware and was refused.',
      subject: { kind: 'device', id: deviceId },
    });
  }
}

function greetingOf(hello: Body<'hello'>, deviceId: string): Greeting {
  return {
    name: plainText(hello.hostname, deviceId.slice(0, 8)),
    hardwareId: hello.hardware.id,
    serial: plainTextOrNull(hello.hardware.serial),
    maker: plainTextOrNull(hello.hardware.maker),
    model: plainTextOrNull(hello.hardware.model),
    osName: plainText(hello.os.name, 'unknown'),
    osVersion: plainText(hello.os.version, 'unknown'),
    agentVersion: hello.agentVersion,
    spoolEpoch: hello.spool.epoch,
  };
}
