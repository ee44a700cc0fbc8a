import { setImmediate } from 'node:timers/promises';
import type { AuditSettings } from '../../shared/api/schemas.ts';
import type { Clock } from '../../shared/clock.ts';
import type { LifeCycle } from '../services.ts';
import type { AuditErasures } from '../store/audit-erasures.ts';

export interface AuditRetentionParts {
  erasures: Pick<AuditErasures, 'olderThan'>;
  settings: () => Promise<AuditSettings>;
  clock: Clock;
  onError: (error: unknown) => void;
}

const dayMs = 86_400_000;
const everyMs = 3_600_000;

/** Takes the names out of old rows: by whole days, so that one row a day says so; in small steps. */
export class AuditRetention implements LifeCycle {
  readonly #parts: AuditRetentionParts;
  #running: Promise<void> = Promise.resolve();
  #cancel: (() => void) | undefined;
  #stopped = false;

  constructor(parts: AuditRetentionParts) {
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
    const { erasures, settings, clock } = this.#parts;
    const { keptDays } = await settings();
    const today = Math.floor(clock.now() / dayMs) * dayMs;
    for (let more = true; more && !this.#stopped; ) {
      more = (await erasures.olderThan(today - keptDays * dayMs, clock.now())) > 0;
      await setImmediate();
    }
  }
}
