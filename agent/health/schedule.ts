import type { Clock, Random } from '../../shared/clock.ts';
import type { Log } from '../log.ts';

export interface Job {
  readonly name: string;
  readonly everyMs: number;
  /** The first run comes at a random time within this. */
  readonly firstWithinMs: number;
  /** After this long the run counts as failed and its value is dropped. */
  readonly limitMs: number;
  collect(): Promise<unknown>;
  accept(value: unknown): void;
}

type Outcome = { ok: true; value: unknown } | { ok: false; error: unknown };

/** Each interval varies by a tenth either way, so that devices started together drift apart. */
const jitter = 0.1;
/** A failed job of long cadence is tried again after this rather than tomorrow. */
const retryMs = 900_000;
/** A timer this late means that the machine slept. */
const sleptMs = 45_000;
/** After waking every job runs once within this, rather than all at the same instant. */
const wakeSpreadMs = 30_000;

/**
 * Runs jobs by their cadence. One that fails or hangs is logged and tried later and never stops the others; a job is
 * never started again while its last run is still under way.
 */
export class Schedule {
  readonly #jobs: readonly Job[];
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #log: Log;
  readonly #cancels = new Map<Job, () => void>();
  readonly #underWay = new Map<Job, Promise<unknown>>();
  readonly #asked = new Map<Job, Promise<void>>();
  readonly #failing = new Set<Job>();
  #running = false;

  constructor(jobs: readonly Job[], options: { clock: Clock; random: Random; log: Log }) {
    this.#jobs = jobs;
    this.#clock = options.clock;
    this.#random = options.random;
    this.#log = options.log;
  }

  start(): void {
    if (this.#running) return;
    this.#running = true;
    for (const job of this.#jobs) this.#arm(job, this.#random.unit() * job.firstWithinMs);
  }

  /** No job starts any more; what is under way ends by itself and its value is dropped. */
  stop(): void {
    this.#running = false;
    for (const cancel of this.#cancels.values()) cancel();
    this.#cancels.clear();
  }

  /** Runs the jobs of these names, or all, at once; resolves when they are through. One that is under way runs once more. */
  async runNow(names?: readonly string[]): Promise<void> {
    const wanted = this.#jobs.filter(({ name }) => names === undefined || names.includes(name));
    await Promise.all(wanted.map((job) => this.#asked.get(job) ?? this.#onceMore(job)));
  }

  async #onceMore(job: Job): Promise<void> {
    const waiting = this.#underWay.get(job) ?? Promise.resolve();
    const asked = waiting.then(async () => {
      this.#asked.delete(job);
      if (!this.#running) return;
      this.#cancels.get(job)?.();
      this.#cancels.delete(job);
      await this.#run(job);
    });
    this.#asked.set(job, asked);
    await asked;
  }

  #arm(job: Job, ms: number): void {
    this.#cancels.get(job)?.();
    const wall = this.#clock.now() + ms;
    const monotonic = this.#clock.monotonic() + ms;
    const fire = () => {
      this.#cancels.delete(job);
      const late = Math.max(this.#clock.now() - wall, this.#clock.monotonic() - monotonic);
      if (late > sleptMs) this.#wake(job, late);
      else if (this.#underWay.has(job)) this.#again(job, job.everyMs);
      else
        this.#run(job).catch((error: unknown) => this.#log.error({ error, collector: job.name }, 'health job broke'));
    };
    this.#cancels.set(job, this.#clock.after(ms, fire));
  }

  #again(job: Job, ms: number): void {
    this.#arm(job, ms * (1 + jitter * (2 * this.#random.unit() - 1)));
  }

  #wake(first: Job, late: number): void {
    this.#log.debug({ lateMs: Math.round(late) }, 'the machine slept; every collector runs once soon');
    for (const job of [...this.#cancels.keys(), first]) this.#arm(job, this.#random.unit() * wakeSpreadMs);
  }

  async #run(job: Job): Promise<void> {
    const collecting = attempt(() => job.collect()).finally(() => this.#underWay.delete(job));
    this.#underWay.set(job, collecting);
    const collected = await this.#within(job.limitMs, collecting);
    if (!this.#running) return;
    const outcome = collected.ok ? await attempt(async () => job.accept(collected.value)) : collected;
    if (outcome.ok) this.#failing.delete(job);
    else this.#complain(job, outcome.error);
    if (!this.#running) return;
    this.#again(job, outcome.ok ? job.everyMs : Math.min(job.everyMs, retryMs));
  }

  #within(limitMs: number, collecting: Promise<Outcome>): Promise<Outcome> {
    return new Promise((resolve) => {
      const error = new Error(`no answer within ${limitMs} ms`);
      const cancel = this.#clock.after(limitMs, () => resolve({ ok: false, error }));
      collecting.then((outcome) => {
        cancel();
        resolve(outcome);
      }, resolve);
    });
  }

  /** Once aloud, then quietly until it works again: a log must not fill a disk. */
  #complain(job: Job, error: unknown): void {
    const level = this.#failing.has(job) ? 'debug' : 'warn';
    this.#failing.add(job);
    this.#log[level]({ error, collector: job.name }, 'a health collector failed and is tried again later');
  }
}

async function attempt(work: () => Promise<unknown>): Promise<Outcome> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    return { ok: false, error };
  }
}
