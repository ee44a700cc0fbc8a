import type { Clock } from '../../shared/clock.ts';
import type { Change } from '../capabilities/capability.ts';
import type { Log } from '../log.ts';
import type { Corrections } from '../store/corrections.ts';
import type { Reports } from '../store/reports.ts';
import { type Correction, changed, decideRepair, inWords, lastRun, tampered, tamperWords } from './tamper.ts';

export interface RepairsOptions {
  corrections: Corrections;
  reports: Pick<Reports, 'emit' | 'openFinding' | 'closeFinding'>;
  /** `now` does not go back when somebody sets the clock of the device; epoch ms. */
  trusted: Pick<Clock, 'now'>;
  clock: Clock;
  log: Log;
}

/** Why a setting that is wrong is left so for a while. */
export interface Postponed {
  forMs: number;
  words: string;
}

const finding = 'tamper';
/** Timers stop in sleep, so the end of a quiet hour is looked for more often than it comes. */
const lookEveryMs = 10 * 60_000;
/** A setting that was fought over for days is remembered so far back. */
const mostOfOne = 200;

/** Remembers what was put right, and says when it becomes tampering: one finding for the device, whatever is changed. */
export class Repairs {
  readonly #options: RepairsOptions;
  #history: Correction[] = [];
  #tampered: { section: string; item: string; run: number[] }[] = [];
  #cancel: (() => void) | undefined;

  constructor(options: RepairsOptions) {
    this.#options = options;
  }

  start(): void {
    this.#history = this.#options.corrections.all();
    this.#look();
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  /** What was put right since the last quiet hour, oldest first. */
  get recent(): readonly Correction[] {
    return this.#history;
  }

  /** Undefined: at once, as some of it is not tampered with, or long enough ago. */
  postponed(section: string, changes: readonly Change[]): Postponed | undefined {
    const now = this.#options.trusted.now();
    const repairs = changes.map((change) => ({ change, ...decideRepair(this.#of(section, change.item), now) }));
    const until = Math.min(...repairs.map(({ change, notBefore }) => (change.isOrdinary ? now : notBefore)));
    if (until <= now || repairs.length === 0) return undefined;
    const [first] = repairs;
    const words = `${first?.change.item ?? section}: changed back again and again; put right again at ${inWords(until)}.`;
    return { forMs: until - now, words: words.slice(0, 1000) };
  }

  /** Gives those to be told one by one; the rest stand in the finding. */
  corrected(section: string, changes: readonly Change[]): Change[] {
    const at = this.#options.trusted.now();
    for (const { item, isOrdinary } of changes) if (!isOrdinary) this.#remember({ section, item, at });
    this.#look();
    const isTold = (item: string) => this.#tampered.some((one) => one.section === section && one.item === item);
    return changes.filter(({ item }) => !isTold(item));
  }

  #of(section: string, item: string): number[] {
    return this.#history.filter((one) => one.section === section && one.item === item).map(({ at }) => at);
  }

  /** Opens, changes or closes the finding. */
  #look(): void {
    const { trusted, clock, reports } = this.#options;
    const now = trusted.now();
    this.#forget(now);
    const before = this.#tampered;
    this.#tampered = tampered(this.#history, now);
    const isOver = (one: { section: string; item: string }) =>
      !this.#tampered.some(({ section, item }) => section === one.section && item === one.item);
    for (const { section, item, run } of before.filter(isOver)) {
      const detail = `${section}: ${changed(item, run)}, and left alone for an hour since.`.slice(0, 1000);
      reports.emit({ kind: 'event', at: clock.now(), code: 'tamper-ended', detail });
    }
    const words = tamperWords(this.#history, now);
    if (words === '') reports.closeFinding(finding, clock.now());
    else reports.openFinding(finding, words, clock.now());
    this.stop();
    if (this.#history.length > 0) this.#cancel = clock.after(lookEveryMs, () => this.#look());
  }

  #remember(correction: Correction): void {
    this.#history.push(correction);
    const [oldest, ...others] = this.#of(correction.section, correction.item);
    this.#keep(() => this.#options.corrections.add(correction));
    if (oldest !== undefined && others.length >= mostOfOne) this.#drop({ ...correction, at: oldest });
  }

  /** What lies before a quiet hour no longer counts, and what lies ahead is from before the clock was corrected. */
  #forget(now: number): void {
    const counts = ({ section, item, at }: Correction) => lastRun(this.#of(section, item), now).includes(at);
    for (const correction of this.#history.filter((one) => !counts(one))) this.#drop(correction);
  }

  #drop({ section, item, at }: Correction): void {
    this.#history = this.#history.filter((one) => one.section !== section || one.item !== item || one.at !== at);
    this.#keep(() => this.#options.corrections.remove({ section, item, at }));
  }

  /** Enforcement goes on when the disk is full. */
  #keep(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#options.log.warn({ err: error }, 'What was put right could not be kept. Is the disk full?');
    }
  }
}
