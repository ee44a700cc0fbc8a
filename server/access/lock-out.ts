import { createHash } from 'node:crypto';
import type { Clock } from '../../shared/clock.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import type { SignInFailureStore } from '../store/sign-in-failures.ts';

const minute = 60_000;
const day = 86_400_000;
/** What was tried later than this from now was tried by a clock that has been corrected since. */
const aheadMs = 10 * minute;
/** Tries in a row that cost nothing; each further one doubles the wait. */
const freeTries = 5;
const firstMs = minute;
const mostMs = 60 * minute;

/** How long nobody may try after so many wrong tries in a row. */
export function lockMs(failures: number): number {
  return failures < freeTries ? 0 : Math.min(firstMs * 2 ** (failures - freeTries), mostMs);
}

/**
 * Makes whoever guesses wait longer and longer, also over a restart of the server. A try counts as wrong before it is
 * looked at, so that a hundred at once are no more than one after another; `clear` takes that back.
 */
export class LockOut {
  readonly #store: SignInFailureStore;
  readonly #clock: Clock;

  constructor(store: SignInFailureStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** Counts a try and says how long the key is locked by it. Throws `locked-out` while it is locked. */
  async take(key: string): Promise<number> {
    const now = this.#clock.now();
    const { isOpen, lockedUntil } = await this.#store.take(
      hashed(key),
      { now, forgottenAt: now - day, aheadAt: now + aheadMs },
      lockMs,
    );
    if (isOpen) return lockedUntil - now;
    throw new CodedError('locked-out', `Too many wrong tries. Wait ${waitWords(lockedUntil - now)}.`);
  }

  async clear(...keys: string[]): Promise<void> {
    await this.#store.clear(keys.map(hashed));
  }
}

export function waitWords(ms: number): string {
  const minutes = Math.ceil(ms / minute);
  return minutes === 1 ? 'a minute' : `${minutes} minutes`;
}

function hashed(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}
