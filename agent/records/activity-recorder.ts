import type { Clock, Random } from '../../shared/clock.ts';
import type { Decision } from '../../shared/filter/decision.ts';
import type { Place } from '../../shared/filter/place.ts';
import type { RecordingLevel } from '../../shared/profile/web-filter.ts';
import type { ActivityRecord } from '../../shared/protocol/messages.ts';
import type { Companion, FilterView, QueryObserver } from '../filter/view.ts';
import { notThePersons } from './not-the-persons.ts';
import { type RecentBlock, RecentBlocks } from './recent-blocks.ts';
import { Tally } from './tally.ts';

export interface RecorderOptions {
  /** Takes a finished record; never called while a name is being decided. */
  emit: (record: ActivityRecord) => void;
  clock: Clock;
  random: Random;
  /** Host names of the agent's own servers. */
  ownHosts?: readonly string[];
}

const flushMs = 15 * 60_000;

/**
 * Records what was asked, as much as the level of the moment allows: a record covers one place and one level, so what was
 * asked under a stricter level is never in a record of a looser one. At level `none` nothing is kept, not even in memory.
 */
export class ActivityRecorder implements QueryObserver, Companion {
  readonly #options: RecorderOptions;
  readonly #ignored: ReadonlySet<string>;
  /** Names the agent asks for itself, with how many askers. */
  readonly #ownQuestions = new Map<string, number>();
  readonly #recent = new RecentBlocks();
  readonly #now = () => this.#view?.now() ?? 0;
  #finished: ActivityRecord[] = [];
  #view: FilterView | undefined;
  #tally: Tally | undefined;
  #cancel: () => void = () => undefined;

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.#ignored = notThePersons(options.ownHosts ?? []);
  }

  async begin(view: FilterView): Promise<void> {
    if (this.#view === undefined) this.#schedule();
    this.#view = view;
  }

  async end(): Promise<void> {
    this.#cancel();
    this.#close(this.#now());
    this.#hand();
    this.#view = undefined;
    this.#recent.clear();
  }

  async evidence(): Promise<[]> {
    return [];
  }

  /** What may be recorded here and now; undefined while no filter is in force. */
  get moment(): { level: RecordingLevel; place: Place } | undefined {
    return this.#view && { level: this.#view.recording, place: this.#view.place };
  }

  decided(name: string, decision: Decision): void {
    if (decision.layer === 'canary' || this.#ignored.has(name) || this.#ownQuestions.has(name)) return;
    const tally = this.#tallyNow();
    if (!tally) return;
    tally.add(name, decision, this.#now);
    if (decision.action === 'block') this.#recent.add(name, decision, this.#now());
  }

  ownQuestions(names: Iterable<string>): () => void {
    const asked = [...names];
    for (const name of asked) this.#ownQuestions.set(name, (this.#ownQuestions.get(name) ?? 0) + 1);
    return () => {
      for (const name of asked.splice(0)) {
        const left = (this.#ownQuestions.get(name) ?? 1) - 1;
        if (left > 0) this.#ownQuestions.set(name, left);
        else this.#ownQuestions.delete(name);
      }
    };
  }

  /** Names blocked lately, newest first, for the device's own page. Empty where nothing may be kept. */
  recentBlocks(): RecentBlock[] {
    return this.#tallyNow() ? this.#recent.list() : [];
  }

  /** The tally for this place and level; what was begun elsewhere is closed first. */
  #tallyNow(): Tally | undefined {
    const view = this.#view;
    if (!view) return undefined;
    const { recording: level, place } = view;
    const tally = this.#tally;
    if (tally ? tally.level === level && tally.place === place : level === 'none') return tally;
    this.#close(view.now());
    if (level === 'none') this.#recent.clear();
    else this.#tally = new Tally(level, place, view.now());
    return this.#tally;
  }

  /** Writing waits until the query is answered. */
  #close(at: number): void {
    const record = this.#tally?.record(at);
    this.#tally = undefined;
    if (!record) return;
    this.#finished.push(record);
    this.#options.clock.after(0, () => this.#hand());
  }

  #hand(): void {
    for (const record of this.#finished.splice(0)) this.#options.emit(record);
  }

  /** Looks anew at what is in force, so that a level that fell to none forgets without waiting for a name. */
  #flush(): void {
    const tally = this.#tallyNow();
    const now = this.#now();
    this.#close(now);
    this.#hand();
    if (tally) this.#tally = new Tally(tally.level, tally.place, now);
  }

  /** With jitter, so that a district's devices do not write in step. */
  #schedule(): void {
    const { clock, random } = this.#options;
    this.#cancel = clock.after(flushMs * (0.8 + 0.2 * random.unit()), () => {
      this.#flush();
      this.#schedule();
    });
  }
}
