/** Why the last connection ended, as far as it decides when to come back. */
export type Ending =
  | { kind: 'lost' }
  /** The server knows this device and does not want it now: revoked, held, or seen on other hardware. */
  | { kind: 'refused' }
  /** A planned restart: come back at a random time within the window. */
  | { kind: 'restarting'; spreadSeconds: number };

const base = 1_000;
const cap = 300_000;
const refusedFrom = 300_000;
const refusedTo = 900_000;
/** A connection that lasted this long counts as a success. */
export const stableAfter = 60_000;

function ceilingOf(failures: number): number {
  return Math.min(cap, base * 2 ** Math.min(failures, 30));
}

/**
 * Milliseconds until the next try. Full jitter (Marc Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog
 * 2015): uniform below a ceiling that doubles with each failure, so that a fleet leaves no echo. `unit` is in [0, 1).
 */
export function reconnectDelay(ending: Ending, failures: number, unit: number): number {
  switch (ending.kind) {
    case 'refused':
      return refusedFrom + unit * (refusedTo - refusedFrom);
    case 'restarting':
      return unit * Math.max(ending.spreadSeconds * 1_000, failures > 0 ? ceilingOf(failures) : 0);
    case 'lost':
      return unit * ceilingOf(failures);
  }
}
