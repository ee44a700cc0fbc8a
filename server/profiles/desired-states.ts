import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../shared/clock.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import type { Manifest, SignedManifest } from '../../shared/protocol/messages.ts';
import { TryLimiter } from '../access/limiter.ts';
import type { Bus, BusEvents } from '../bus.ts';
import { ChangeQueue } from '../change-queue.ts';
import { Deadlines } from '../deadlines.ts';
import type { StateSigner } from '../pki/state-signer.ts';
import type { DesiredStates, GivenState, LifeCycle } from '../services.ts';
import {
  type DesiredChanges,
  type DesiredStore,
  type DeviceDesired,
  manifestSections,
  type SignedState,
} from '../store/desired.ts';
import { assignGenerations, type Decision, decideStates } from './decide.ts';
import type { DesiredRows } from './desired-rows.ts';
import { type FilterSources, readFilterContexts } from './filter-context.ts';
import { type Policy, type PolicySources, readPolicy } from './policy.ts';
import { resolverOf } from './resolving.ts';
import type { StateContent } from './sections.ts';
import type { SubjectIndex } from './subject-index.ts';

export interface DesiredParts extends FilterSources {
  stores: FilterSources['stores'] & PolicySources['stores'] & { desired: DesiredStore };
  index: SubjectIndex;
  rows: DesiredRows;
  signer: StateSigner;
  /** The district's fingerprint: SHA-256 of its root certificate. */
  audience: string;
  bus: Bus;
  clock: Clock;
  onError: (error: unknown) => void;
}

const statesKept = 1_000;
const committedAtOnce = 5_000;
/** Each claim to hold a later generation costs a signature and a row; after a restored backup a device makes one. */
const passedPerHour = 4;
/** States no device should hold any more are kept this long: a device may be fetching their sections. */
const keptUnused = 7 * 86_400_000;

/** Keeps what each device should hold in step with policy, roster and custody; signs once per distinct state. */
export class DesiredStateService implements DesiredStates, LifeCycle {
  readonly #parts: DesiredParts;
  readonly #queue: ChangeQueue;
  readonly #signed = new Map<number, SignedManifest>();
  /** Generations later than ours that devices say they hold, until they are given a later one. */
  readonly #held = new Map<string, number>();
  readonly #passed: TryLimiter;
  /** Exceptions that run out. */
  readonly #ends: Deadlines;
  #policy: Policy | undefined;
  #unsubscribe: (() => void)[] = [];

  constructor(parts: DesiredParts) {
    this.#parts = parts;
    const { clock, onError } = parts;
    this.#passed = new TryLimiter(clock, passedPerHour, 3_600_000);
    this.#queue = new ChangeQueue({ work: (ids) => this.#recompute(ids), clock, onError });
    this.#ends = new Deadlines(clock, () => this.#queue.add('all'));
  }

  /**
   * Clears away what is long unused, follows the bus, and begins to bring everything up to date. Devices are given what was
   * decided earlier meanwhile; who has nothing yet waits.
   */
  async start(): Promise<void> {
    const { bus, stores, clock } = this.#parts;
    await stores.desired.prune(clock.now() - keptUnused);
    this.#unsubscribe = [
      bus.subscribe('policy-changed', () => this.#queue.add('all')),
      bus.subscribe('filter-changed', () => this.#queue.add('all')),
      bus.subscribe('approvers-changed', () => this.#queue.add('all')),
      bus.subscribe('overrides-changed', ({ deviceIds }) => this.#queue.add(deviceIds)),
      bus.subscribe('restrictions-changed', ({ deviceIds }) => this.#queue.add(deviceIds)),
      bus.subscribe('requests-changed', ({ deviceIds }) => this.#queue.add(deviceIds)),
      bus.subscribe('recovery-changed', ({ deviceIds }) => this.#queue.add(deviceIds)),
      bus.subscribe('state-key-rotated', () => this.#queue.add('all')),
      bus.subscribe('roster-changed', () => this.#queue.add('all')),
      bus.subscribe('device-changed', (change) => this.#follow(change)),
      bus.subscribe('device-revoked', ({ deviceId }) => this.#queue.add([deviceId])),
    ];
    this.#queue.add('all');
  }

  async stop(): Promise<void> {
    for (const unsubscribe of this.#unsubscribe.splice(0)) unsubscribe();
    await this.#queue.stop();
    this.#ends.disarm();
  }

  /** Resolves when every change published so far has been worked in. */
  async settled(): Promise<void> {
    await this.#queue.settled();
  }

  async forDevice(deviceId: string, held = 0): Promise<GivenState> {
    const state = (await this.forDevices(new Map([[deviceId, held]]))).get(deviceId);
    if (!state) throw new CodedError('device-unknown');
    return state;
  }

  async forDevices(held: ReadonlyMap<string, number>): Promise<Map<string, GivenState>> {
    const rows = await this.#parts.rows.all();
    const waiting = [...held.keys()].filter((id) => this.#mustWait(id, held.get(id) ?? 0, rows.get(id)?.generation));
    if (waiting.length > 0) {
      this.#queue.add(waiting);
      await this.#queue.settled();
    }
    const generations = new Map(
      [...held.keys()].flatMap((id) => {
        const generation = rows.get(id)?.generation;
        return generation === undefined ? [] : [[id, generation] as const];
      }),
    );
    const states = await this.#signedStates(new Set(generations.values()));
    return new Map(generations.entries().map(([id, generation]) => [id, stateIn(states, generation)]));
  }

  async section(hash: string): Promise<string | undefined> {
    return await this.#parts.stores.desired.section(hash);
  }

  /** What is of the future no new generation could pass: a lie, or a clock that was wrong. */
  #isLater(held: number, generation: number): boolean {
    return held > generation && held < this.#parts.clock.now();
  }

  /** It has nothing yet, or says that it holds something later. */
  #mustWait(deviceId: string, held: number, generation: number | undefined): boolean {
    if (generation === undefined) return true;
    if (!this.#isLater(held, generation) || !this.#passed.take(deviceId)) return false;
    this.#held.set(deviceId, held);
    return true;
  }

  /** Those that were never signed are absent. */
  async #signedStates(generations: ReadonlySet<number>): Promise<Map<number, GivenState>> {
    const unread = [...generations].filter((generation) => !this.#signed.has(generation));
    const read = unread.length > 0 ? await this.#parts.stores.desired.states(unread) : new Map<number, SignedState>();
    const states = new Map<number, GivenState>();
    for (const generation of generations) {
      const signed = this.#signed.get(generation) ?? read.get(generation)?.signed;
      if (signed) states.set(generation, { generation, signed });
    }
    if (this.#signed.size + read.size > statesKept) this.#signed.clear();
    for (const [generation, { signed }] of read) this.#signed.set(generation, signed);
    return states;
  }

  /** A device that was only moved is none of the policy's business, unless the policy asks for places. */
  #follow({ deviceIds, only }: BusEvents['device-changed']): void {
    if (only !== 'place' || this.#policy?.asks('place') !== false) this.#queue.add(deviceIds);
  }

  /** One pass, with few queries for however many devices; the sockets are served between its steps. */
  async #recompute(ids: readonly string[] | 'all'): Promise<void> {
    const { stores, clock, signer, index, rows } = this.#parts;
    const devices = ids === 'all' ? await index.all() : await index.some(ids);
    const all = await rows.all();
    const previous = ids === 'all' ? all : rowsOf(all, ids);
    const policy = await this.#readPolicy();
    const lastKnown = (id: string) => previous.get(id)?.scope ?? nowhere;
    const contextOf = await readFilterContexts(this.#parts, clock.now());
    const { decisions, tooLarge } = await decideStates(
      ...([devices, resolverOf(policy), lastKnown, contextOf, () => setImmediate()] as const),
    );
    const active = new Set(devices.map((device) => device.id));
    const held = new Map([...this.#held].filter(([id]) => active.has(id)));
    const states = await stores.desired.states([...new Set(previous.values().map(({ generation }) => generation))]);
    const round = {
      decisions,
      previous,
      newest: await stores.desired.newestOfContents(distinctHashes(decisions), signer.keyId),
      retired: retiredOf(states.values(), signer.keyId),
      sectionsOf: sectionsOncePer(states),
      held,
      now: clock.now(),
      mint: this.#minter(await stores.desired.lastGeneration()),
    };
    const changes = await assignGenerations(round, () => setImmediate());
    const removed = [...previous.keys()].filter((id) => !active.has(id));
    await this.#commit({ ...changes, removed });
    for (const [id, generation] of held) if (this.#held.get(id) === generation) this.#held.delete(id);
    if (tooLarge.length > 0) this.#parts.onError(new Error(tooLargeWords(tooLarge)));
  }

  /**
   * What was signed first, then devices, some at a time: each knows its own state whole, and a fleet in one transaction would keep
   * every socket waiting. They are told when all are written: whoever has its state asks for more at once, and to hear that takes
   * longer than to write. What a crash leaves out, `start` finds; what a failure does, the next try.
   */
  async #commit({ devices, removed, changed, ...signed }: DesiredChanges & { changed: string[] }): Promise<void> {
    const { rows, bus } = this.#parts;
    if (devices.length === 0 && removed.length === 0) return;
    const isChanged = new Set(changed);
    const deviceIds: string[] = [];
    await rows.commit({ ...signed, devices: [], removed });
    try {
      for (let start = 0; start < devices.length; start += committedAtOnce) {
        await setImmediate();
        const some = devices.slice(start, start + committedAtOnce);
        await rows.commit({ sections: new Map(), states: [], devices: some, removed: [] });
        for (const { deviceId } of some) if (isChanged.has(deviceId)) deviceIds.push(deviceId);
      }
    } finally {
      if (deviceIds.length > 0) bus.publish('desired-changed', { deviceIds });
    }
  }

  async #readPolicy(): Promise<Policy> {
    const policy = await readPolicy(this.#parts, this.#parts.clock.now());
    this.#policy = policy;
    this.#ends.set('override', policy.nextEnd());
    this.#ends.arm();
    return policy;
  }

  /** Generations follow the clock, so that they go on rising after an old backup was restored. */
  #minter(last: number): (content: StateContent) => SignedState {
    const { clock, signer, audience } = this.#parts;
    let generation = last;
    return ({ hash, sections }) => {
      const issuedAt = clock.now();
      generation = Math.max(generation + 1, issuedAt);
      const manifest = JSON.stringify({ format: 1, audience, generation, issuedAt, sections } satisfies Manifest);
      const signed = { manifest, signature: signer.sign(manifest), keyId: signer.keyId };
      return { generation, contentHash: hash, signed, createdAt: issuedAt };
    };
  }
}

const nowhere: readonly string[] = [];

/** Throws for a generation that was never signed. */
function stateIn(states: ReadonlyMap<number, GivenState>, generation: number): GivenState {
  const state = states.get(generation);
  if (!state) throw new Error(`generation ${generation} is desired but was never signed`);
  return state;
}

function rowsOf(all: ReadonlyMap<string, DeviceDesired>, ids: readonly string[]): Map<string, DeviceDesired> {
  return new Map(
    ids.flatMap((id) => {
      const row = all.get(id);
      return row ? [[id, row] as const] : [];
    }),
  );
}

/** Generations that were signed with a key no longer in use. */
function retiredOf(states: Iterable<SignedState>, keyId: string): Set<number> {
  return new Set(
    Iterator.from(states).flatMap(({ signed, generation }) => (signed.keyId === keyId ? [] : [generation])),
  );
}

/** Each manifest is read once. */
function sectionsOncePer(states: ReadonlyMap<number, SignedState>): (generation: number) => Record<string, string> {
  const read = new Map<number, Record<string, string>>();
  return (generation) => {
    const manifest = states.get(generation)?.signed.manifest;
    const sections = read.get(generation) ?? (manifest === undefined ? {} : manifestSections(manifest));
    read.set(generation, sections);
    return sections;
  };
}

function distinctHashes(decisions: readonly Decision[]): string[] {
  return [...new Set(decisions.map(({ content }) => content.hash))];
}

function tooLargeWords(ids: readonly string[]): string {
  return `The settings of ${ids.length} devices (the first is ${ids[0]}) are too large to send; they keep what they hold.`;
}
