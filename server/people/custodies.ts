import type { CustodyView } from '../../shared/api/schemas.ts';
import type { Clock, Random } from '../../shared/clock.ts';
import type { Bus } from '../bus.ts';
import type { Actor, Changed, Custodies, EventLog } from '../services.ts';
import type { CustodyRecord, CustodyStore } from '../store/custody.ts';

interface Parts {
  store: CustodyStore;
  events: EventLog;
  bus: Bus;
  clock: Clock;
  random: Random;
}

const longestReason = 200;
const handedOut = {
  primary: 'The device was handed to its holder.',
  loan: 'The device was lent.',
} as const;

/** Whose a device is: rows with a start and an end. An observed sign-in never changes them. */
export class CustodyService implements Custodies {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Handing over what the person already holds in the same way changes nothing and writes no event. */
  async open(deviceId: string, personId: string, kind: 'primary' | 'loan', actor: Actor): Promise<CustodyView> {
    const { store, clock, random } = this.#parts;
    const wanted = { id: random.uuid(), deviceId, personId, kind, at: clock.now(), by: actor };
    const { view, isNew, ended } = await store.open(wanted);
    if (!isNew) return view;
    for (const custody of ended) await this.#tellEnded(custody, actor);
    const after = { holder: view.person.name, kind };
    await this.#tell('custody-opened', deviceId, handedOut[kind], actor, { before: {}, after });
    this.#changed([deviceId, ...ended.map((custody) => custody.deviceId)]);
    return view;
  }

  async close(deviceId: string, reason: string, actor: Actor): Promise<CustodyView> {
    const shown = reason.trim().slice(0, longestReason) || 'returned';
    const view = await this.#parts.store.close(deviceId, this.#parts.clock.now(), shown);
    await this.#tell('custody-closed', deviceId, 'The device was taken back.', actor, {
      ...{ before: { holder: view.person.name, kind: view.kind }, after: {}, reason: shown },
    });
    this.#changed([deviceId]);
    return view;
  }

  async ofDevice(deviceId: string): Promise<CustodyView[]> {
    return await this.#parts.store.ofDevice(deviceId);
  }

  async ofPerson(personId: string): Promise<CustodyView[]> {
    return await this.#parts.store.ofPerson(personId);
  }

  async #tellEnded(custody: CustodyRecord, actor: Actor): Promise<void> {
    await this.#tell('custody-closed', custody.deviceId, `A custody ended: ${custody.endReason}.`, actor, {
      ...{ before: { kind: custody.kind }, after: {} },
    });
  }

  async #tell(code: string, deviceId: string, words: string, actor: Actor, changed: Changed): Promise<void> {
    await this.#parts.events.add({ actor, code, words, ...changed, subject: { kind: 'device', id: deviceId } });
  }

  #changed(deviceIds: readonly string[]): void {
    this.#parts.bus.publish('device-changed', { deviceIds: [...new Set(deviceIds)] });
  }
}
