import type { Query } from '../../shared/api/contract.ts';
import type { Routes } from '../../shared/api/routes.ts';
import type { RolloutSummary, RolloutView } from '../../shared/api/schemas.ts';
import type { Clock } from '../../shared/clock.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import {
  applyAction,
  beginRollout,
  decideRollout,
  type RolloutAction,
  type RolloutDecision,
  type RolloutState,
  ringsWithNew,
} from '../../shared/policy/rollout.ts';
import type { RolloutPlan } from '../../shared/policy/rollout-plan.ts';
import type { Bus } from '../bus.ts';
import { ChangeQueue } from '../change-queue.ts';
import { Serial } from '../filter/serial.ts';
import type { Actor, EventLog, LifeCycle, Page } from '../services.ts';
import type { RolloutRecord } from '../store/rollout-records.ts';
import { eventOf } from './events.ts';
import { calendarOf, type EvidenceStores, keepBefore, readEvidence, type Seen } from './evidence.ts';
import { type RingStores, readRings } from './ring-reader.ts';
import type { Rollouts } from './rollouts.ts';
import { gateViews, summaryOf, viewOf } from './views.ts';

export interface RolloutParts {
  stores: EvidenceStores & RingStores;
  events: EventLog;
  bus: Bus;
  clock: Clock;
  isConnected: (deviceId: string) => boolean;
  /** Resolves when every device's desired state follows what was published so far. */
  settled: () => Promise<void>;
  /** Before a person’s word on a list is followed; refuses what would lock the district out. */
  prepareList?: (category: string, action: RolloutAction) => Promise<void>;
  onError: (error: unknown) => void;
}

const everyMs = 60_000;
/** However many devices report, what they say is looked at so often at most. */
const gapMs = 10_000;
/** A look that took long is not repeated, but by the timer, before so many times that have passed. */
const restAfterLook = 20;
/** What was seen is shown for so long; whatever is reported meanwhile makes it new. */
const freshMs = 60_000;
const dayMs = 86_400_000;
/** Which devices took part in a rollout that has ended is kept for so long. */
const keptMs = 90 * dayMs;

/** Why a rollout moves on, and who says so. */
interface Because {
  by: Actor;
  words: string;
  gates: ReturnType<typeof gateViews>;
}

/**
 * Brings what was published to the devices, ring by ring: looks at every rollout each minute and when devices report, and
 * writes each decision with its numbers. All that is decided is in the store, so that a restarted server goes on where it was.
 */
export class RolloutService implements Rollouts, LifeCycle {
  readonly #parts: RolloutParts;
  readonly #serial = new Serial();
  readonly #queue: ChangeQueue;
  /** What was seen last of those under way. */
  readonly #seen = new Map<string, { state: RolloutState; seen: Seen }>();
  #restsUntil = 0;
  #prunedAt = Number.NEGATIVE_INFINITY;
  #unsubscribe: (() => void)[] = [];
  #cancel: (() => void) | undefined;

  constructor(parts: RolloutParts) {
    const { clock, onError } = parts;
    this.#parts = parts;
    this.#queue = new ChangeQueue({ work: () => this.look(), clock, onError, gapMs });
  }

  async start(): Promise<void> {
    const { bus, clock } = this.#parts;
    const lookSoon = () => {
      if (clock.monotonic() >= this.#restsUntil) this.#queue.add('all');
    };
    this.#unsubscribe = [
      bus.subscribe('reported', lookSoon),
      bus.subscribe('presence-changed', lookSoon),
      bus.subscribe('changes-changed', () => this.#beginDrafts()),
    ];
    this.#arm();
    this.#queue.add('all');
  }

  async stop(): Promise<void> {
    for (const unsubscribe of this.#unsubscribe.splice(0)) unsubscribe();
    this.#cancel?.();
    await this.#queue.stop();
    await this.#serial.settled();
  }

  /** One look at everything that is on its way. One that cannot be looked at keeps no other from being halted. */
  async look(): Promise<void> {
    const { stores, clock, onError } = this.#parts;
    await this.#prune();
    const began = clock.monotonic();
    for (const { id } of await stores.rollouts.live()) await this.#serial.run(() => this.#consider(id)).catch(onError);
    const ended = clock.monotonic();
    this.#restsUntil = ended + (ended - began) * restAfterLook;
  }

  async list(query: Query<Routes['listRollouts']>): Promise<Page<RolloutSummary>> {
    const { items, ...rest } = await this.#parts.stores.rollouts.page(query);
    return { ...rest, items: items.map(summaryOf) };
  }

  async read(id: string): Promise<RolloutView> {
    const { stores, clock } = this.#parts;
    const rollout = await this.#find(id);
    const calendar = await calendarOf(stores.calendars, rollout.kind);
    const decisions = await stores.rollouts.decisions(id);
    const { kind } = rollout.state;
    const isUnderWay = kind === 'running' || kind === 'paused';
    const isKept = kind === 'halted' && ringsWithNew(rollout.state) > 0;
    if (!isUnderWay && !isKept) return viewOf(rollout, decisions, calendar, clock.now());
    const seen = await this.#lookAt(rollout, freshMs);
    const decision = isUnderWay ? decideRollout(rollout, seen.evidence, clock.now()) : undefined;
    return viewOf(rollout, decisions, calendar, clock.now(), seen, decision);
  }

  async act(id: string, action: RolloutAction, reason: string, actor: Actor): Promise<RolloutView> {
    await this.#serial.run(async () => {
      const rollout = await this.#find(id);
      const next = applyAction(rollout, action, reason, this.#parts.clock.now());
      if (!next) throw new CodedError('conflict', refusalOf(rollout, action));
      if (rollout.kind === 'list')
        for (const { id: category } of rollout.items) await this.#parts.prepareList?.(category, action);
      const gates = this.#gatesSeen(rollout);
      await this.#move(rollout, next, { by: actor, words: reason, gates });
    });
    return await this.read(id);
  }

  async rings(plan: RolloutPlan, deviceIds: readonly string[]): Promise<Map<string, number>> {
    return await readRings(this.#parts.stores, plan, deviceIds, this.#parts.clock.now());
  }

  async begin(id: string): Promise<void> {
    await this.#serial.run(() => this.#consider(id));
  }

  /** Once a day. */
  async #prune(): Promise<void> {
    const now = this.#parts.clock.now();
    if (now - this.#prunedAt < dayMs) return;
    await this.#parts.stores.rollouts.prune(now - keptMs);
    this.#prunedAt = now;
  }

  /** What was just published begins at once. */
  async #beginDrafts(): Promise<void> {
    const drafts = (await this.#parts.stores.rollouts.live()).filter(({ state }) => state.kind === 'draft');
    for (const { id } of drafts) await this.begin(id);
  }

  #arm(): void {
    this.#cancel = this.#parts.clock.after(everyMs, () => {
      this.#arm();
      this.#queue.add('all');
    });
  }

  async #consider(id: string): Promise<void> {
    const { clock, settled, bus } = this.#parts;
    const rollout = await this.#parts.stores.rollouts.find(id);
    const kind = rollout?.state.kind;
    if (!rollout || (kind !== 'draft' && kind !== 'running' && kind !== 'paused')) return;
    if (kind === 'draft') {
      await this.#move(rollout, beginRollout(clock.now()), { by: rollout.by, words: 'Ring 1 opens.', gates: [] });
      return;
    }
    await settled();
    const earlier = this.#seen.get(id)?.seen;
    const seen = await this.#lookAt(rollout, 0);
    const decision = decideRollout(rollout, seen.evidence, clock.now());
    if (decision.state !== rollout.state) await this.#follow(rollout, decision, seen);
    else if (!isSame(earlier, seen)) bus.publish('rollouts-changed', { rolloutIds: [id] });
  }

  async #follow(rollout: RolloutRecord, decision: RolloutDecision, seen: Seen): Promise<void> {
    const gates = gateViews(seen.evidence, decision);
    await this.#move(rollout, decision.state, { by: 'server', words: decision.words, gates });
    if (decision.state.kind === 'halted') this.#parts.bus.publish('rollout-halted', { rolloutId: rollout.id });
  }

  /** How devices are before they are given it is kept first: done twice it does no harm, and left out it could not be judged. */
  async #move(rollout: RolloutRecord, next: RolloutState, { by, words, gates }: Because): Promise<void> {
    const { stores, clock, events, bus } = this.#parts;
    if (next.kind === 'running') {
      const isAccepted = rollout.state.kind === 'halted';
      await keepBefore(stores, rollout, ({ ring, givenAt }) => ring <= next.ring && (isAccepted || givenAt === null));
    }
    if (!(await stores.rollouts.decide(rollout, next, { at: clock.now(), by, words, evidence: { gates } }))) return;
    this.#seen.delete(rollout.id);
    await events.add(eventOf(rollout, next, by, words));
    if (ringsWithNew(next) !== ringsWithNew(rollout.state) || next.kind === 'rolled-back')
      bus.publish(rollout.kind === 'list' ? 'filter-changed' : 'policy-changed', {});
    bus.publish('rollouts-changed', { rolloutIds: [rollout.id] });
  }

  async #lookAt(rollout: RolloutRecord, olderMs: number): Promise<Seen> {
    const { stores, isConnected, clock } = this.#parts;
    const known = this.#seen.get(rollout.id);
    if (known && isSame(known.state, rollout.state) && clock.now() - known.seen.at < olderMs) return known.seen;
    const seen = await readEvidence(stores, rollout, isConnected, clock.now());
    this.#seen.set(rollout.id, { state: rollout.state, seen });
    return seen;
  }

  /** The numbers a person had before them; of one that is halted, its halt keeps them. */
  #gatesSeen(rollout: RolloutRecord): Because['gates'] {
    const known = this.#seen.get(rollout.id);
    if (!known || rollout.state.kind === 'halted' || !isSame(known.state, rollout.state)) return [];
    const { evidence } = known.seen;
    return gateViews(evidence, decideRollout(rollout, evidence, this.#parts.clock.now()));
  }

  async #find(id: string): Promise<RolloutRecord> {
    const rollout = await this.#parts.stores.rollouts.find(id);
    if (!rollout) throw new CodedError('not-found', 'There is no such rollout.');
    return rollout;
  }
}

function refusalOf({ title, state }: RolloutRecord, action: RolloutAction): string {
  if (state.kind === 'completed' || state.kind === 'rolled-back')
    return `“${title}” has ended: nothing is on its way any more. To go back, return to an earlier revision.`;
  return action === 'stop'
    ? `“${title}” was stopped already.`
    : `“${title}” is ${state.kind}: it cannot ${action} now.`;
}

function isSame(a: unknown, b: unknown): boolean {
  const comparable = (value: unknown) =>
    JSON.stringify(value, (key, item: unknown) => {
      if (key === 'at' || key === 'soakedHours') return undefined;
      return item instanceof Map ? [...item] : item;
    });
  return comparable(a) === comparable(b);
}
