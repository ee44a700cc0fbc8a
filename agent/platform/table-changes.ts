import type { Clock } from '../../shared/clock.ts';
import type { Log } from '../log.ts';
import type { CommandResult, Follower } from './commands.ts';

/** Tells that the packet filter of the kernel has changed, whoever changed it. */
export interface TableChanges {
  /** Calls `onChange` for every line of `nft monitor` that concerns the listener, until the answer is called. */
  subscribe(concerns: (line: string) => boolean, onChange: () => void): () => void;
}

const places = ['/usr/sbin/nft', '/sbin/nft'];
const firstPauseMs = 1_000;
const longestPauseMs = 10 * 60_000;
/** A monitor that has run for this long was no failure. */
const steadyMs = 60_000;

interface Subscriber {
  concerns: (line: string) => boolean;
  onChange: () => void;
}

/**
 * One `nft monitor` for all who listen (nft(8): it prints what the kernel announces over netlink), begun with the first of
 * them and ended with the last. When it ends by itself it is started again, ever more slowly; without nft or without the
 * rights, changes are found by the periodic pass, and the log says so once.
 */
export class NftMonitor implements TableChanges {
  readonly #follower: Follower;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #subscribers = new Set<Subscriber>();
  #following: { stop(): void } | undefined;
  #cancel: (() => void) | undefined;
  #failures = 0;
  #isComplained = false;

  constructor({ follower, clock, log }: { follower: Follower; clock: Clock; log: Log }) {
    this.#follower = follower;
    this.#clock = clock;
    this.#log = log;
  }

  subscribe(concerns: (line: string) => boolean, onChange: () => void): () => void {
    const subscriber = { concerns, onChange };
    this.#subscribers.add(subscriber);
    if (!this.#following && !this.#cancel) this.#begin();
    return () => {
      this.#subscribers.delete(subscriber);
      if (this.#subscribers.size === 0) this.#end();
    };
  }

  #begin(place = 0): void {
    const startedAt = this.#clock.monotonic();
    const path = places[place] ?? '';
    this.#following = this.#follower.follow(path, ['monitor'], {
      line: (text) => this.#heard(text),
      ended: (result) => {
        this.#following = undefined;
        if (result.failure === 'missing' && place + 1 < places.length) this.#begin(place + 1);
        else this.#ended(result, this.#clock.monotonic() - startedAt);
      },
    });
  }

  #heard(text: string): void {
    this.#isComplained = false;
    for (const { concerns, onChange } of this.#subscribers) if (concerns(text)) onChange();
  }

  #ended(result: CommandResult, livedMs: number): void {
    if (livedMs >= steadyMs) this.#failures = 0;
    this.#complain(result);
    this.#cancel?.();
    const pause = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(this.#failures, 20));
    this.#failures += 1;
    this.#cancel = this.#clock.after(pause, () => this.#again());
  }

  /** What changed while nobody listened is looked at once the monitor has had the time to begin. */
  #again(): void {
    this.#begin();
    this.#cancel = this.#clock.after(firstPauseMs, () => {
      this.#cancel = undefined;
      if (this.#following) for (const { onChange } of this.#subscribers) onChange();
    });
  }

  #end(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#following?.stop();
    this.#following = undefined;
  }

  #complain({ failure, stderr }: CommandResult): void {
    if (this.#isComplained) return;
    this.#isComplained = true;
    const why = failure ?? stderr.trim().split('\n')[0]?.slice(0, 200) ?? '';
    this.#log.info({ why }, 'Changes of the firewall are found by the periodic pass only: nft monitor does not run.');
  }
}
