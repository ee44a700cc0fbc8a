import type { Bus } from '../bus.ts';

/**
 * Tells the bus who came and who went, in the order it happened: all of one turn of the loop at once, for a whole fleet may
 * come within minutes.
 */
export class Comings {
  readonly #bus: Pick<Bus, 'publish'>;
  /** Who came or went one after the other, without one of the other kind between. */
  #moves: { connected: boolean; deviceIds: string[] }[] = [];
  #welcomed: string[] = [];
  #isDue = false;

  constructor(bus: Pick<Bus, 'publish'>) {
    this.#bus = bus;
  }

  /** It is connected now and was not before, or the other way round. */
  moved(deviceId: string, connected: boolean): void {
    const last = this.#moves.at(-1);
    if (last?.connected === connected) last.deviceIds.push(deviceId);
    else this.#moves.push({ connected, deviceIds: [deviceId] });
    this.#tellSoon();
  }

  welcomed(deviceId: string): void {
    this.#welcomed.push(deviceId);
    this.#tellSoon();
  }

  /** Tells what waits. */
  tell(): void {
    this.#isDue = false;
    for (const moves of this.#moves.splice(0)) this.#bus.publish('presence-changed', moves);
    const deviceIds = this.#welcomed.splice(0);
    if (deviceIds.length > 0) this.#bus.publish('device-welcomed', { deviceIds });
  }

  #tellSoon(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    setImmediate(() => this.tell());
  }
}
