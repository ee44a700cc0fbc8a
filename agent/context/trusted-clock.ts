import Type from 'typebox';
import type { Clock } from '../../shared/clock.ts';
import { EpochMs, strictObject, text, validator } from '../../shared/schema.ts';
import type { Log } from '../log.ts';
import { parseJson, readIfThere, writeDurably } from '../store/durable-file.ts';
import type { Reports } from '../store/reports.ts';
import type { BootClock } from './boot-clock.ts';

export interface TrustedClockOptions {
  /** Its `now` is the wall clock, which is compared and, once after a start of the machine, believed. */
  clock: Clock;
  boot: BootClock;
  /** Where the time reached is kept over restarts. */
  path: string;
  reports: Pick<Reports, 'openFinding' | 'closeFinding'>;
  log: Log;
}

/** The time reached, kept on disk: whatever happens to the clock, it is not earlier than this. */
const Mark = strictObject({
  time: EpochMs,
  /** On the boot clock when it was that time. */
  elapsed: Type.Number({ minimum: 0 }),
  bootId: Type.Optional(text(64)),
});
type Mark = Type.Static<typeof Mark>;
const markSchema = validator(Mark);

const finding = 'clock-changed';
const tickMs = 60_000;
const keepEveryMs = 5 * 60_000;
/** The end of what the protocol can say, less a year to run in. */
const latest = Date.UTC(2099, 0);
/** Clocks that differ by more are not only inexact. */
const toleranceMs = 2 * 60_000;
/** The boot clock is a file on Linux; between two looks the monotonic clock carries on, which stops only in sleep. */
const lookEveryMs = 1000;

/**
 * The time schedules go by. It begins from the best that is known and runs on the boot clock, so setting the wall clock of
 * the device changes nothing. The server's time always wins, also when it is earlier.
 *
 * After a start of the machine nobody knows how long it was off: of the time reached before and the wall clock the later
 * one is taken, because a device that comes out of a drawer must not live in the past until it meets the server. That is
 * the one moment at which a clock set forward (in the firmware, say) is believed, until the server is heard.
 */
export class TrustedClock implements Pick<Clock, 'now'> {
  readonly #options: TrustedClockOptions;
  readonly #listeners = new Set<() => void>();
  #known: { time: number; elapsed: number } | undefined;
  #look: { elapsed: number; monotonic: number } | undefined;
  #keptAt = Number.NEGATIVE_INFINITY;
  /** By how much the wall clock was off when that was last said; undefined while it fits. */
  #saidOff: number | undefined;
  #cancel: (() => void) | undefined;

  constructor(options: TrustedClockOptions) {
    this.#options = options;
  }

  /** Before `start` the wall clock. */
  now(): number {
    if (!this.#known) return this.#options.clock.now();
    return Math.round(this.#known.time + this.#elapsed() - this.#known.elapsed);
  }

  start(): void {
    const elapsed = this.#elapsed();
    this.#known = { time: this.#begin(readMark(this.#options), elapsed), elapsed };
    this.#tick();
  }

  /** The time reached is kept. */
  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    if (this.#known) this.#keep();
  }

  /** What the server says the time is. */
  learned(serverTime: number): void {
    const before = this.now();
    this.#known = { time: serverTime, elapsed: this.#elapsed() };
    this.#compare();
    if (Math.abs(serverTime - before) < toleranceMs) return;
    this.#keep();
    for (const listener of this.#listeners) listener();
  }

  /** Calls the listener when the time was corrected by minutes or more. */
  onCorrected(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #begin(mark: Mark | undefined, elapsed: number): number {
    const { clock, boot } = this.#options;
    const wall = Math.min(Math.max(clock.now(), 0), latest);
    if (!mark) return wall;
    const bootId = boot.bootId();
    // The boot clock may be read in steps of 10 ms: right after a stop it can lie before the mark.
    if (bootId !== undefined && bootId === mark.bootId) return mark.time + Math.max(0, elapsed - mark.elapsed);
    // It was off at least until it started again.
    return Math.max(mark.time + elapsed, wall);
  }

  /** Milliseconds since the machine started, never less than at the last call. */
  #elapsed(): number {
    const { clock, boot } = this.#options;
    const monotonic = clock.monotonic();
    const awake = this.#look ? monotonic - this.#look.monotonic : Number.POSITIVE_INFINITY;
    const sinceLook = this.#look ? this.#look.elapsed + awake : 0;
    if (awake < lookEveryMs) return sinceLook;
    const elapsed = Math.max(boot.elapsed(), sinceLook);
    this.#look = { elapsed, monotonic };
    return elapsed;
  }

  #tick(): void {
    const { clock } = this.#options;
    this.#compare();
    if (clock.monotonic() - this.#keptAt >= keepEveryMs) this.#keep();
    this.#cancel = clock.after(tickMs, () => this.#tick());
  }

  #compare(): void {
    const { clock, reports } = this.#options;
    const [wall, time] = [clock.now(), this.now()];
    const off = wall - time;
    if (Math.abs(off) <= toleranceMs) {
      reports.closeFinding(finding, time);
      this.#saidOff = undefined;
    } else if (this.#saidOff === undefined || Math.abs(off - this.#saidOff) > toleranceMs) {
      const detail = `The clock of this device says ${inWords(wall)}, but it is ${inWords(time)}. Schedules go by the latter.`;
      reports.openFinding(finding, detail, time);
      this.#saidOff = off;
    }
  }

  /** A full disk costs no more than the mark. */
  #keep(): void {
    const { clock, boot, path, log } = this.#options;
    const bootId = boot.bootId();
    const mark: Mark = { time: this.now(), elapsed: this.#elapsed(), ...(bootId !== undefined && { bootId }) };
    this.#keptAt = clock.monotonic();
    try {
      writeDurably(path, JSON.stringify(mark));
    } catch (error) {
      log.warn({ err: error }, 'The time reached could not be kept. Is the disk full?');
    }
  }
}

function readMark({ path, log }: TrustedClockOptions): Mark | undefined {
  const content = readIfThere(path);
  if (content === undefined) return undefined;
  const mark = parseJson(content);
  if (markSchema.check(mark)) return mark;
  log.warn({ path }, 'The time reached before cannot be read, so the clock of the device is believed.');
  return undefined;
}

/** A clock can be so wrong that no calendar has its date. */
function inWords(time: number): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? `${time} ms` : date.toISOString().replace(/\.\d+Z$/, 'Z');
}
