import type { AuditSettings } from '../../shared/api/schemas.ts';
import type { Clock } from '../../shared/clock.ts';
import { type Exhaust, HourlySweep } from '../hourly-sweep.ts';
import type { LifeCycle } from '../services.ts';
import type { AuditErasures } from '../store/audit-erasures.ts';

export interface AuditRetentionParts {
  erasures: Pick<AuditErasures, 'olderThan'>;
  settings: () => Promise<AuditSettings>;
  clock: Clock;
  onError: (error: unknown) => void;
}

const dayMs = 86_400_000;

/** Takes the names out of old rows: by whole days, so that one row a day says so. */
export class AuditRetention implements LifeCycle {
  readonly #parts: AuditRetentionParts;
  readonly #sweep: HourlySweep;

  constructor(parts: AuditRetentionParts) {
    this.#parts = parts;
    this.#sweep = new HourlySweep({ work: (exhaust) => this.#erase(exhaust), ...parts });
  }

  async start(): Promise<void> {
    await this.#sweep.start();
  }

  async stop(): Promise<void> {
    await this.#sweep.stop();
  }

  async #erase(exhaust: Exhaust): Promise<void> {
    const { erasures, settings, clock } = this.#parts;
    const { keptDays } = await settings();
    const today = Math.floor(clock.now() / dayMs) * dayMs;
    await exhaust(() => erasures.olderThan(today - keptDays * dayMs, clock.now()));
  }
}
