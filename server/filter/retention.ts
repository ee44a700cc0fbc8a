import type { Clock } from '../../shared/clock.ts';
import { type Exhaust, HourlySweep } from '../hourly-sweep.ts';
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

/** Deletes what devices recorded when its time is over, with proof. */
export class Retention implements LifeCycle {
  readonly #parts: RetentionParts;
  readonly #sweep: HourlySweep;

  constructor(parts: RetentionParts) {
    this.#parts = parts;
    this.#sweep = new HourlySweep({ work: (exhaust) => this.#delete(exhaust), ...parts });
  }

  async start(): Promise<void> {
    await this.#sweep.start();
  }

  async stop(): Promise<void> {
    await this.#sweep.stop();
  }

  async #delete(exhaust: Exhaust): Promise<void> {
    const { activity, settings, events, clock } = this.#parts;
    const { namesKeptDays, countsKeptDays } = (await settings.read()).settings;
    const now = clock.now();
    const names = await exhaust(() => activity.deleteNames(now - namesKeptDays * dayMs, now));
    const firstDay = new Date(now - countsKeptDays * dayMs).toISOString().slice(0, 10);
    const counts = await exhaust(() => activity.deleteCounts(firstDay, now));
    if (names + counts === 0) return;
    const words = `${names} recorded names and ${counts} day sums were deleted because their time was over.`;
    await events.add({ actor: 'server', code: 'records-deleted', words });
  }
}
