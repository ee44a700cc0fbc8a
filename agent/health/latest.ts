import { type Health, type Observations, observationSchemas } from '../../shared/protocol/health.ts';
import type { ReportRecord } from '../../shared/protocol/messages.ts';

/** What this device saw of itself last. */
export interface LatestSeen {
  observations: Observations;
  health: Health;
  /** Name of an observation or collector → when it was seen to change, by the clock of the device. */
  at: Readonly<Record<string, number>>;
}

/** Numbers that no check looks at change each minute. */
const collectors: readonly string[] = ['os', 'disks', 'battery'];

/**
 * What is read when the person asks for a look: all that checks read, but for what the package system knows, which takes it
 * minutes and does not change by what a person puts right.
 */
export const readOnRequest: readonly string[] = [...Object.keys(observationSchemas), 'disks', 'battery'];

/** Remembers the last value of each observation, and of the health that checks look at, in passing. */
export class Latest {
  readonly #seen = { observations: {}, health: {}, at: {} } as {
    observations: Record<string, unknown>;
    health: Record<string, unknown>;
    at: Record<string, number>;
  };

  note(record: ReportRecord): void {
    if (record.kind === 'observation' && record.name in observationSchemas) {
      this.#seen.observations[record.name] = record.value;
      this.#seen.at[record.name] = record.at;
    } else if (record.kind === 'health' && collectors.includes(record.collector)) {
      this.#seen.health[record.collector] = record.value;
      this.#seen.at[record.collector] = record.at;
    }
  }

  get seen(): LatestSeen {
    return this.#seen as LatestSeen;
  }
}
