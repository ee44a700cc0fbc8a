import type { Clock } from '../../shared/clock.ts';
import {
  decideRollout,
  isWithin,
  percentOf,
  type RolloutEvidence,
  type RolloutState,
} from '../../shared/policy/share-rollout.ts';
import type { Bus } from '../bus.ts';
import type { EventLog, LifeCycle } from '../services.ts';
import type { ListUseStore } from '../store/list-use.ts';
import type { ListRecord, ListStore, RolloutRecord } from '../store/lists.ts';
import { listPlan } from './list-plan.ts';
import { stateOf } from './list-versions.ts';
import type { Serial } from './serial.ts';

export interface RolloutParts {
  stores: { lists: ListStore; listUse: ListUseStore };
  events: EventLog;
  bus: Bus;
  clock: Clock;
  isConnected: (deviceId: string) => boolean;
  onError: (error: unknown) => void;
}

const everyMs = 60_000;

/** Looks after the versions that are on their way: opens the next ring, or halts on what devices report. */
export class ListRollouts implements LifeCycle {
  readonly #parts: RolloutParts;
  readonly #serial: Serial;
  #cancel: (() => void) | undefined;

  /** `serial`: nothing else changes lists meanwhile. */
  constructor(parts: RolloutParts, serial: Serial) {
    this.#parts = parts;
    this.#serial = serial;
  }

  async start(): Promise<void> {
    this.#arm();
  }

  async stop(): Promise<void> {
    this.#cancel?.();
    await this.#serial.settled();
  }

  /** One look at everything that is on its way. */
  async look(): Promise<void> {
    for (const rollout of await this.#parts.stores.lists.rollouts()) {
      if (rollout.state === 'running') await this.#serial.run(() => this.#decide(rollout.category));
    }
  }

  #arm(): void {
    this.#cancel = this.#parts.clock.after(everyMs, () => {
      this.#arm();
      this.look().catch(this.#parts.onError);
    });
  }

  async #decide(category: string): Promise<void> {
    const { stores, clock, bus } = this.#parts;
    const [list, rollout] = [await stores.lists.find(category), await stores.lists.rollout(category)];
    if (!list || !rollout) return;
    const before = stateOf(rollout);
    const after = decideRollout(before, await this.#evidence(rollout, before), listPlan, clock.now());
    if (after === before) return;
    await stores.lists.replace(list, recordOf(rollout, after));
    await this.#tell(list, after);
    bus.publish('filter-changed', {});
  }

  async #evidence({ category, from, toHash }: RolloutRecord, state: RolloutState): Promise<RolloutEvidence> {
    const { stores, isConnected } = this.#parts;
    const percent = percentOf(state, listPlan);
    const devices = await stores.listUse.devicesWith(category);
    return {
      before: await stores.listUse.answers(from.hash),
      after: await stores.listUse.answers(toHash),
      reachable: devices.filter((id) => isWithin(id, percent) && isConnected(id)).length,
    };
  }

  async #tell({ category, title }: ListRecord, state: RolloutState): Promise<void> {
    const said = wordsOf(title, state);
    if (!said) return;
    await this.#parts.events.add({ actor: 'server', ...said, subject: { kind: 'list', id: category } });
  }
}

/** `null`: it has arrived, nothing is on its way any more. */
export function recordOf(rollout: RolloutRecord, state: RolloutState): RolloutRecord | null {
  switch (state.kind) {
    case 'completed':
      return null;
    case 'rolled-back':
      return { ...rollout, state: state.kind, ring: 0, since: state.since, reason: null };
    case 'paused':
      throw new Error('rollouts of lists are not paused');
    default: {
      const reason = state.kind === 'halted' ? state.reason : null;
      return { ...rollout, state: state.kind, ring: state.ring, since: state.since, reason };
    }
  }
}

function wordsOf(title: string, state: RolloutState): { code: string; words: string } | undefined {
  if (state.kind === 'halted') {
    return { code: 'list-rollout-halted', words: `The new version of the list “${title}” was halted. ${state.reason}` };
  }
  if (state.kind !== 'completed') return undefined;
  return { code: 'list-rollout-completed', words: `All devices are given the new version of the list “${title}”.` };
}
