import { type Ending, reconnectDelay, stableAfter } from '../../../agent/connection/backoff.ts';
import { closeCodes } from '../../../shared/protocol/messages.ts';

/** As `agent/connection/connection.ts` has them. */
const refusals: readonly number[] = [closeCodes.revoked, closeCodes.notAllowed, closeCodes.clone];
const restartsBelieved = 5;

/** The server knows this device and does not want it. */
export const isRefusal = (code: number) => refusals.includes(code);

/** When a simulated device comes back: the rules of the agent's own connection. */
export class Comeback {
  #failures = 0;
  /** Planned restarts in a row, without a connection that lasted between them. */
  #restarts = 0;

  /** Milliseconds until the next try. `lastedMs`: since the welcome; undefined: there was none. */
  delay(ending: Ending, lastedMs: number | undefined, unit: number): number {
    const isPlanned = ending.kind === 'restarting';
    const wasStable = lastedMs !== undefined && lastedMs >= stableAfter;
    this.#restarts = wasStable ? 0 : this.#restarts + Number(isPlanned);
    if (wasStable || isPlanned) this.#failures = Math.max(0, this.#restarts - restartsBelieved);
    else this.#failures += 1;
    return reconnectDelay(ending, this.#failures, unit);
  }
}
