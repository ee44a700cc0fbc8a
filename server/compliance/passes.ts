import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import type { Bus } from '../bus.ts';
import type { CalendarRecord } from '../store/calendars.ts';
import { Batches, type BatchParts, byKind, type Changed } from './batches.ts';
import { movedBetween } from './calendars-moved.ts';
import { type District, readDistrict } from './cases.ts';

export interface PassParts extends BatchParts {
  bus: Bus;
}

/** Who waits to be judged. */
export interface Waiting {
  /** Devices, and people by `personKey`. */
  ids: readonly string[];
  /** Devices of which something changed besides what they reported. */
  touched: ReadonlySet<string>;
  /** Devices that were given a state, and are judged whether they have reported or not. */
  applying: ReadonlySet<string>;
}

interface Pass {
  devices: readonly string[];
  /** Those of these devices whose standing may read otherwise although nothing that is stored differs. */
  touched: ReadonlySet<string>;
  people: readonly string[];
  /** See `District`. */
  calendarsMovedFrom: number | null;
  isAll: boolean;
}

/** Devices judged between two looks at the sockets: some milliseconds, for who reports meanwhile waits. Fewer would cost more each. */
const atOnce = 25;
/** After each batch others have the processor for as long as it took, and for this at most. */
const longestPauseMs = 50;
/** As many such pauses while others keep the loop busy for more than half of one: reports would wait the longer the longer a pass lasts. */
const mostPauses = 4;
/** Devices of a long pass are told what was judged without waiting for the others. */
const toldTogether = 500;

/** Judges everybody or some, a batch at a time and others between, and tells the bus; one pass after the other. */
export class Passes {
  readonly #parts: PassParts;
  readonly #batches: Batches;
  /** As of the last time everything was judged. */
  #calendars: readonly CalendarRecord[] | undefined;
  #allJudgedAt = 0;
  #stopping = false;

  constructor(parts: PassParts) {
    this.#parts = parts;
    this.#batches = new Batches(parts);
  }

  async start(): Promise<void> {
    this.#allJudgedAt = await this.#parts.stores.judgements.allJudgedAt();
  }

  /** The pass under way ends with its batch. */
  stop(): void {
    this.#stopping = true;
    this.#batches.disarm();
  }

  /** What is the same for every device, as of now. */
  async district(calendarsMovedFrom: number | null = null): Promise<District> {
    const { stores, clock } = this.#parts;
    return await readDistrict(stores, clock.now(), { allJudgedAt: this.#allJudgedAt, calendarsMovedFrom });
  }

  async judgeAll(): Promise<void> {
    const { stores, clock } = this.#parts;
    await this.#telling(async (changed) => {
      const begun = clock.now();
      const [devices, people] = [await stores.posture.deviceIds(), await this.#everybody()];
      const calendars = await stores.calendars.list();
      const moved = { calendarsMovedFrom: this.#movedFrom(calendars), isAll: true };
      await this.#pass({ devices, people, touched: new Set(devices), ...moved }, changed);
      if (this.#stopping) return;
      this.#calendars = calendars;
      this.#allJudgedAt = begun;
      await stores.judgements.noteAllJudged(begun);
    });
  }

  async judgeSome({ ids, touched, applying }: Waiting): Promise<void> {
    await this.#telling(async (changed) => {
      const { devices: named, people } = byKind(ids);
      const devices = await this.#due(named, touched.union(applying));
      await this.#pass({ devices, people, touched, calendarsMovedFrom: null, isAll: false }, changed);
    });
  }

  /** Also of a pass that fails in the middle. */
  async #telling(judge: (changed: Changed) => Promise<void>): Promise<void> {
    const changed: Changed = { deviceIds: [], personIds: [], worded: new Set() };
    try {
      await judge(changed);
    } finally {
      const { deviceIds, personIds } = changed;
      if (deviceIds.length + personIds.length > 0) this.#parts.bus.publish('verdict-changed', { deviceIds, personIds });
    }
  }

  /** Devices with those people whom they move, then the people who are left; each batch by the time at which it begins. */
  async #pass({ devices, people, touched, calendarsMovedFrom, isAll }: Pass, changed: Changed): Promise<void> {
    const { clock } = this.#parts;
    const district = await this.district(calendarsMovedFrom);
    const waiting = new Set(people);
    const turn = this.#turns();
    let untold: string[] = [];
    for (let start = 0; start < devices.length; start += atOnce) {
      if (this.#stopping) return;
      const now = clock.now();
      const some = devices.slice(start, start + atOnce);
      const work = () => this.#batches.judgeDevices(some, { ...district, now }, !isAll, changed);
      for (const id of await turn(work)) waiting.delete(id);
      untold.push(...some);
      if (untold.length < toldTogether) continue;
      this.#tellOf(untold, touched, changed);
      untold = [];
    }
    const left = [...waiting];
    for (let start = 0; start < left.length; start += atOnce) {
      if (this.#stopping) return;
      const now = clock.now();
      const some = left.slice(start, start + atOnce);
      await turn(() => this.#batches.judgePeople(some, { ...district, now }, changed));
    }
    if (!this.#stopping) this.#batches.arm();
    this.#tellOf(untold, touched, changed);
  }

  /** Of those who said something or now stand otherwise. */
  #tellOf(judged: readonly string[], touched: ReadonlySet<string>, { worded }: Changed): void {
    const deviceIds = judged.filter((id) => touched.has(id) || worded.has(id));
    if (deviceIds.length > 0) this.#parts.bus.publish('devices-judged', { deviceIds });
  }

  /** Runs batches, with a pause between two: a report passes the loop several times until it is acknowledged, and must not meet one each time. */
  #turns(): <T>(batch: () => Promise<T>) => Promise<T> {
    const { clock } = this.#parts;
    let tookMs: number | undefined;
    return async (batch) => {
      if (tookMs !== undefined) await this.#rest(Math.min(tookMs, longestPauseMs));
      const begun = clock.monotonic();
      const result = await batch();
      tookMs = clock.monotonic() - begun;
      return result;
    };
  }

  /** Again while others keep the loop busy, up to `mostPauses` in all. */
  async #rest(pauseMs: number): Promise<void> {
    for (let pauses = 0, isBusy = true; isBusy && pauses < mostPauses && !this.#stopping; pauses++) {
      const before = performance.eventLoopUtilization();
      await pause(pauseMs);
      isBusy = performance.eventLoopUtilization(before).utilization > 0.5;
    }
  }

  async #everybody(): Promise<string[]> {
    const { posture, obligations } = this.#parts.stores;
    return [...new Set([...(await posture.everHolding()), ...(await obligations.everOf()).keys()])];
  }

  /** A device that said nothing which checks read need not be judged. */
  async #due(ids: readonly string[], touched: ReadonlySet<string>): Promise<string[]> {
    const reported = ids.filter((id) => !touched.has(id));
    const saying = reported.length === 0 ? undefined : await this.#parts.stores.judgements.inputs(reported);
    return ids.filter((id) => touched.has(id) || saying?.has(id));
  }

  /** At the first pass what the calendars were before is not known, only whether one was saved since everything was judged. */
  #movedFrom(calendars: readonly CalendarRecord[]): number | null {
    if (this.#calendars) return movedBetween(this.#calendars, calendars);
    return calendars.some(({ updatedAt }) => updatedAt > this.#allJudgedAt) ? Number.NEGATIVE_INFINITY : null;
  }
}
