import type { Clock } from '../../shared/clock.ts';
import type { DeviceDesired } from '../store/desired.ts';
import type { Posture } from '../store/posture.ts';
import type { Contact } from './devices.ts';
import type { Case } from './judge.ts';

/** Who is connected since when, as far as verdicts ask. The store learns it later, and not at all of who is there. */
export class PresenceMemory {
  readonly #clock: Clock;
  readonly #isConnected: (deviceId: string) => boolean;
  readonly #came = new Map<string, number>();
  readonly #left = new Map<string, number>();
  readonly #turning = new Set<string>();
  /** Device → the generation it waits for, and since when it could have applied it. */
  readonly #waiting = new Map<string, { generation: number; at: number }>();

  constructor(clock: Clock, isConnected: (deviceId: string) => boolean) {
    this.#clock = clock;
    this.#isConnected = isConnected;
  }

  note(deviceId: string, connected: boolean): void {
    (connected ? this.#left : this.#came).delete(deviceId);
    (connected ? this.#came : this.#left).set(deviceId, this.#clock.now());
  }

  /** A device was judged. False: it came or went meanwhile, and that decides. */
  noteJudged({ deviceId, wasConnected, turns }: Contact): boolean {
    if (turns) this.#turning.add(deviceId);
    else this.#turning.delete(deviceId);
    return !turns || this.#isConnected(deviceId) === wasConnected;
  }

  /** Whether this device may be judged otherwise because it came or went; see `turnsOnContact`. */
  turns(deviceId: string): boolean {
    return this.#turning.has(deviceId);
  }

  of({ id, lastSeenAt }: Posture): Pick<Case, 'contact' | 'contactSince'> {
    if (this.#isConnected(id)) return { contact: 'now', contactSince: this.#came.get(id) ?? null };
    const known = [lastSeenAt, this.#left.get(id)].filter((at) => at !== null && at !== undefined);
    return { contact: known.length === 0 ? null : Math.max(...known), contactSince: null };
  }

  waitingSince(id: string, desired: DeviceDesired | undefined): number | null {
    if (!desired || !this.#isConnected(id)) return null;
    const known = this.#waiting.get(id);
    if (known?.generation === desired.generation) return known.at;
    const at = this.#clock.now();
    this.#waiting.set(id, { generation: desired.generation, at });
    return at;
  }
}
