import type { Clock, Random } from '../../shared/clock.ts';
import type { LifeCycle } from '../services.ts';
import type { ListRecord, RolloutRecord } from '../store/lists.ts';

export interface RefresherParts {
  lists: () => Promise<ListRecord[]>;
  rollouts: () => Promise<RolloutRecord[]>;
  /** False: it brought a problem, which is recorded. */
  refresh: (category: string) => Promise<boolean>;
  clock: Clock;
  random: Random;
  onError: (error: unknown) => void;
}

const minute = 60_000;
const hour = 60 * minute;
const everyMs = minute;
/** After the first failure in a row; twice as long after each further one, up to the list's own interval. */
const firstRetryMs = 15 * minute;
/** Of the interval: so many districts do not ask one source at the same minute, nor one district all its sources. */
const jitter = 0.1;

interface Next {
  at: number;
  failures: number;
}

/** Asks the sources of lists again when their time has come, one after the other. */
export class ListRefresher implements LifeCycle {
  readonly #parts: RefresherParts;
  readonly #next = new Map<string, Next>();
  #cancel: (() => void) | undefined;
  #working: Promise<void> | undefined;

  constructor(parts: RefresherParts) {
    this.#parts = parts;
  }

  async start(): Promise<void> {
    this.#arm();
  }

  async stop(): Promise<void> {
    this.#cancel?.();
    await this.#working;
  }

  /** Asks every source that is due; a look while another is under way joins it. */
  async look(): Promise<void> {
    this.#working ??= this.#look().finally(() => {
      this.#working = undefined;
    });
    await this.#working;
  }

  #arm(): void {
    this.#cancel = this.#parts.clock.after(everyMs, () => {
      this.#arm();
      this.look().catch(this.#parts.onError);
    });
  }

  async #look(): Promise<void> {
    const { lists, rollouts, clock } = this.#parts;
    const waiting = new Set((await rollouts()).filter(blocksRefresh).map(({ category }) => category));
    for (const { category, subscription } of await lists()) {
      if (!subscription) continue;
      const next = this.#next.get(category) ?? this.#after(subscription, subscription.problem === null ? 0 : 1);
      this.#next.set(category, next);
      if (clock.now() < next.at || waiting.has(category)) continue;
      const failures = (await this.#parts.refresh(category)) ? 0 : next.failures + 1;
      this.#next.set(category, this.#after({ ...subscription, refreshedAt: clock.now() }, failures));
    }
  }

  #after(asked: { refreshedAt: number | null; refreshHours: number }, failures: number): Next {
    const usual = asked.refreshHours * hour;
    const wait = failures === 0 ? usual : Math.min(usual, firstRetryMs * 2 ** (failures - 1));
    return { at: (asked.refreshedAt ?? 0) + wait * (1 + jitter * this.#parts.random.unit()), failures };
  }
}

/** A version on its way arrives first, and one that devices failed with waits for a person; one that was held may be mended. */
function blocksRefresh({ state, ring }: RolloutRecord): boolean {
  return state === 'running' || (state === 'halted' && ring > 0);
}
