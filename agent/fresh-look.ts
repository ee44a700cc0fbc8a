import type { Clock } from '../shared/clock.ts';
import type { Log } from './log.ts';

export interface FreshLookParts {
  /** Looks at everything anew; what changed is reported on the way. */
  look: () => Promise<unknown>;
  clock: Clock;
  log: Log;
}

/** What came of asking for a look. */
export type LookAnswer = 'begun' | 'tooSoon' | 'tooOften';

const gapMs = 5_000;
const hourMs = 3_600_000;
/** A look starts programs: nobody may keep a device busy with it. */
const mostPerHour = 30;
/** A program that hangs must not stop the person from asking again. */
const longestMs = 60_000;

/** A look at the whole device when its person asks for it, within limits. */
export class FreshLook {
  readonly #parts: FreshLookParts;
  /** By the monotonic clock. */
  #begun: number[] = [];
  #underWay: Promise<void> | undefined;
  #endedAt: number | undefined;

  constructor(parts: FreshLookParts) {
    this.#parts = parts;
  }

  get isUnderWay(): boolean {
    return this.#underWay !== undefined;
  }

  /** When the last look was through, epoch ms by the clock of the device; undefined before the first. */
  get endedAt(): number | undefined {
    return this.#endedAt;
  }

  /** Asking while a look is under way is asking for that one. */
  ask(): LookAnswer {
    if (this.isUnderWay) return 'begun';
    const now = this.#parts.clock.monotonic();
    this.#begun = this.#begun.filter((at) => at > now - hourMs);
    const last = this.#begun.at(-1);
    if (last !== undefined && now - last < gapMs) return 'tooSoon';
    if (this.#begun.length >= mostPerHour) return 'tooOften';
    this.#begun.push(now);
    const ended = this.#look();
    this.#underWay = ended;
    return 'begun';
  }

  /** Resolves when the look under way is through, or after this long. */
  async through(withinMs: number): Promise<void> {
    await this.#within(withinMs, this.#underWay ?? Promise.resolve());
  }

  async #look(): Promise<void> {
    const { look, log, clock } = this.#parts;
    try {
      await this.#within(longestMs, look());
    } catch (error) {
      log.error({ err: error }, 'A look at the device failed: a fault of the agent.');
    }
    this.#endedAt = clock.now();
    this.#underWay = undefined;
  }

  async #within(ms: number, work: Promise<unknown>): Promise<void> {
    const late = Promise.withResolvers<void>();
    const cancel = this.#parts.clock.after(ms, late.resolve);
    await Promise.race([work, late.promise]).finally(cancel);
  }
}
