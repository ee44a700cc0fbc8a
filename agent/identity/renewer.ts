import type { Clock, Random } from '../../shared/clock.ts';
import type { Address } from '../../shared/protocol/enrolment.ts';
import type { Log } from '../log.ts';
import { type Credential, renewalDueAt } from './certificate.ts';
import type { IdentityKeeper } from './identity-keeper.ts';

const minute = 60_000;
const hour = 60 * minute;
/** Checked twice a day, so that a clock that was set, or months asleep, make no difference. */
const checkEvery = 12 * hour;
const retryCap = 6 * hour;

export interface RenewerOptions {
  keeper: IdentityKeeper;
  renew: () => Promise<{ credential: Credential; agents: Address[] }>;
  clock: Clock;
  random: Random;
  log: Log;
}

/** Renews the certificate when it is due, retried with full-jitter back-off; depends on nothing but the clock. */
export class Renewer {
  readonly #options: RenewerOptions;
  #failures = 0;
  #cancel: (() => void) | undefined;
  #stopped = true;

  constructor(options: RenewerOptions) {
    this.#options = options;
  }

  start(): void {
    this.#stopped = false;
    this.#check();
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel?.();
  }

  /** Renews now, due or not. Rejects when it cannot. */
  async renewNow(): Promise<void> {
    const { keeper, renew } = this.#options;
    const { credential, agents } = await renew();
    if (!this.#stopped) keeper.renewed(credential, agents);
  }

  #check(): void {
    const { keeper, clock, random } = this.#options;
    const due = renewalDueAt(keeper.credential.certificateChain);
    if (clock.now() >= due) void this.#renew();
    else this.#again(Math.min(checkEvery, due - clock.now()) + random.unit() * 10 * minute);
  }

  async #renew(): Promise<void> {
    const { random, log } = this.#options;
    try {
      await this.renewNow();
      this.#failures = 0;
      log.info({}, 'The certificate has been renewed.');
      this.#again(checkEvery);
    } catch (error) {
      this.#failures += 1;
      const delay = minute + random.unit() * Math.min(retryCap, minute * 2 ** this.#failures);
      log.warn(
        { err: error, retryInMs: Math.round(delay) },
        'The certificate could not be renewed; it will be retried.',
      );
      this.#again(delay);
    }
  }

  #again(delay: number): void {
    if (!this.#stopped) this.#cancel = this.#options.clock.after(delay, () => this.#check());
  }
}
