import type { Clock } from '../../shared/clock.ts';
import type { Bus } from '../bus.ts';
import type { Actor, Changed, Devices, EventLog } from '../services.ts';
import type { DeviceStore } from '../store/devices.ts';

export interface DeviceParts {
  store: DeviceStore;
  events: EventLog;
  bus: Bus;
  clock: Clock;
}

/** The life of an enrolled device: let in, tagged, revoked. */
export class DeviceService implements Devices {
  readonly #parts: DeviceParts;

  constructor(parts: DeviceParts) {
    this.#parts = parts;
  }

  async approve(id: string, actor: Actor): Promise<void> {
    await this.#parts.store.approve(id);
    await this.#tell('device-approved', id, 'The device was let in.', actor, { before: 'held', after: 'active' });
    this.#changed(id);
  }

  async revoke(id: string, reason: string, actor: Actor): Promise<void> {
    const why = reason.trim() || 'no reason given';
    const isNew = await this.#parts.store.revoke(id, this.#parts.clock.now(), why);
    this.#parts.bus.publish('device-revoked', { deviceId: id });
    if (!isNew) return;
    await this.#tell('device-revoked', id, `The device was revoked: ${why}.`, actor, {
      ...{ before: 'in service', after: 'revoked', reason: why },
    });
    this.#changed(id);
  }

  async setTags(id: string, tags: string[], actor: Actor): Promise<void> {
    const before = await this.#parts.store.setTags(id, tags);
    if (!before) return;
    const words = tags.length > 0 ? `The tags are now ${tags.join(', ')}.` : 'All tags were removed.';
    await this.#tell('device-tagged', id, words, actor, { before: { tags: before }, after: { tags } });
    this.#changed(id);
  }

  async #tell(code: string, id: string, words: string, actor: Actor, changed: Changed): Promise<void> {
    await this.#parts.events.add({ actor, code, words, ...changed, subject: { kind: 'device', id } });
  }

  #changed(id: string): void {
    this.#parts.bus.publish('device-changed', { deviceIds: [id] });
  }
}
