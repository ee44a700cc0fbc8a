import type { Clock } from '../../shared/clock.ts';
import { type CampusNetwork, type NetworkFacts, placeOf, type Whereabouts } from '../../shared/filter/place.ts';
import type { Log } from '../log.ts';
import type { NetworkReader } from './network/reader.ts';

export interface PlacesOptions {
  network: NetworkReader;
  clock: Clock;
  log: Log;
}

const lookEveryMs = 30_000;
/** While the place is not known, programs are asked again after this. */
const retryEveryMs = 5 * 60_000;

/**
 * Where this host is, by the campus networks of its section. The network is looked at twice a minute and whenever somebody
 * says that it may have changed; programs are started only when it did. Where no networks are given nothing is looked at.
 */
export class Places {
  readonly #options: PlacesOptions;
  readonly #listeners = new Set<() => void>();
  #campus: readonly CampusNetwork[] = [];
  #here: Whereabouts = { place: 'unknown' };
  #read: { signature: string; facts: NetworkFacts; at: number } | undefined;
  /** The address the server saw this host at, and on which network that was. */
  #seen: { address: string; on: NetworkFacts } | undefined;
  #underWay: Promise<void> = Promise.resolve();
  /** A look that has not begun: whoever asks while one is under way may know of a later change. */
  #next: Promise<void> | undefined;
  #cancel: (() => void) | undefined;

  constructor(options: PlacesOptions) {
    this.#options = options;
  }

  get here(): Whereabouts {
    return this.#here;
  }

  /** The networks to go by from now on. Resolves when the place is worked out by them. Never rejects. */
  async use(campus: readonly CampusNetwork[]): Promise<void> {
    const isSame = JSON.stringify(campus) === JSON.stringify(this.#campus) && this.#read !== undefined;
    this.#campus = campus;
    if (campus.length === 0) {
      this.stop();
      this.#arrive(placeOf([], {}));
      return;
    }
    await this.#underWay;
    if (!isSame) this.#read = undefined;
    await this.look();
    this.#cancel ??= this.#options.clock.after(lookEveryMs, () => this.#again());
  }

  /** The address the server sees this host at. */
  async seenFrom(address: string): Promise<void> {
    await this.look();
    this.#seen = { address, on: this.#read?.facts ?? {} };
    this.#judge();
  }

  /** Looks at the network now, where there are networks to go by. Never rejects. */
  look(): Promise<void> {
    if (this.#campus.length === 0) return Promise.resolve();
    this.#next ??= this.#underWay.then(() => {
      this.#next = undefined;
      this.#underWay = this.#look().catch((error: unknown) =>
        this.#options.log.warn({ err: error }, 'The network of this host could not be read.'),
      );
      return this.#underWay;
    });
    return this.#next;
  }

  /** Calls the listener when the place changed. */
  onMoved(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Looks no more; `use` begins again. */
  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#read = undefined;
  }

  #again(): void {
    this.#cancel = this.#options.clock.after(lookEveryMs, () => this.#again());
    void this.look();
  }

  async #look(): Promise<void> {
    const { network, clock } = this.#options;
    const signature = await network.signature();
    const isOld = this.#here.place === 'unknown' && clock.monotonic() - (this.#read?.at ?? 0) >= retryEveryMs;
    if (this.#read?.signature === signature && !isOld) return;
    const asksWifi = this.#campus.some(({ ssids, accessPoints }) => ssids ?? accessPoints);
    const facts = { ...(await network.wired()), ...(asksWifi ? await network.wifi() : {}) };
    this.#read = { signature, facts, at: clock.monotonic() };
    if (this.#seen && !isSameNetwork(this.#seen.on, facts)) this.#seen = undefined;
    this.#judge();
  }

  #judge(): void {
    if (!this.#read) return;
    const publicAddress = this.#seen?.address;
    this.#arrive(placeOf(this.#campus, { ...this.#read.facts, ...(publicAddress !== undefined && { publicAddress }) }));
  }

  #arrive(here: Whereabouts): void {
    const { place, network } = this.#here;
    this.#here = here;
    if (here.place === place && here.network === network) return;
    for (const listener of this.#listeners) listener();
  }
}

/** By the gateways where both are known: addresses at two homes may be the same. */
function isSameNetwork(one: NetworkFacts, other: NetworkFacts): boolean {
  const known = one.gateways && other.gateways ? 'gateways' : 'addresses';
  return one[known]?.some((item) => other[known]?.includes(item)) ?? false;
}
