import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../shared/clock.ts';
import type { EventLog, FilterSettingsService, LifeCycle } from '../services.ts';
import type { ActivityStore } from '../store/activity.ts';

export interface RetentionParts {
  activity: ActivityStore;
  settings: Pick<FilterSettingsService, 'read'>;
  events: EventLog;
  clock: Clock;
  onError: (error: unknown) => void;
}

const dayMs = 86_400_000;
const everyMs = 3_600_000;

/** Deletes what devices recorded when its time is over: at the start and each hour, in small steps, with proof. */
export class Retention implements LifeCycle {
  readonly #parts: RetentionParts;
  #running: Promise<void> = Promise.resolve();
  #cancel: (() => void) | undefined;
  #stopped = false;

  constructor(parts: RetentionParts) {
    this.#parts = parts;
  }

  async start(): Promise<void> {
    this.#again();
    await this.#running;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancel?.();
    await this.#running;
  }

  #again(): void {
    this.#running = this.#sweep().catch((error: unknown) => this.#parts.onError(error));
    this.#cancel = this.#parts.clock.after(everyMs, () => this.#again());
  }

  async #sweep(): Promise<void> {
    const { activity, settings, events, clock } = this.#parts;
    const { namesKeptDays, countsKeptDays } = (await settings.read()).settings;
    const now = clock.now();
    const names = await this.#all(() => activity.deleteNames(now - namesKeptDays * dayMs, now));
    const firstDay = new Date(now - countsKeptDays * dayMs).toISOString().slice(0, 10);
    const counts = await this.#all(() => activity.deleteCounts(firstDay, now));
    if (names + counts === 0) return;
    const words = `${names} recorded names and ${counts} day sums were deleted because their time was over.`;
    await events.add({ actor: 'server', code: 'records-deleted', words });
  }

  /** Step by step, with the sockets served between. */
  async #all(step: () => Promise<number>): Promise<number> {
    let deleted = 0;
    for (let more = true; more && !this.#stopped; ) {
      const rows = await step();
      deleted += rows;
      more = rows > 0;
      await setImmediate();
    }
    return deleted;
  }
}
