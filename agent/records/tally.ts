import type { Decision } from '../../shared/filter/decision.ts';
import type { Place } from '../../shared/filter/place.ts';
import type { RecordingLevel } from '../../shared/profile/web-filter.ts';
import type { ActivityRecord } from '../../shared/protocol/messages.ts';

/** A level at which something is kept. */
export type KeptLevel = Exclude<RecordingLevel, 'none'>;

/** What the protocol takes in one record; names beyond it are counted only. */
const namesKept = 300;
/** Of these at most so many that passed, so that blocked names always find room. */
const passedKept = 200;
const categoriesKept = 120;

type NameCount = ActivityRecord['names'][number];

/** What was asked at one place at one level, in bounded memory: numbers, and names as far as the level allows. */
export class Tally {
  readonly level: KeptLevel;
  readonly place: Place;
  readonly #from: number;
  #asked = 0;
  #blocked = 0;
  #passedNames = 0;
  readonly #categories = new Map<string, number>();
  readonly #names = new Map<string, NameCount>();

  constructor(level: KeptLevel, place: Place, from: number) {
    this.level = level;
    this.place = place;
    this.#from = from;
  }

  /** `now` is asked only for a name that is kept. */
  add(name: string, decision: Decision, now: () => number): void {
    this.#asked += 1;
    const isBlocked = decision.action === 'block';
    if (isBlocked) this.#countBlocked(decision);
    if (this.level === 'full' || (isBlocked && this.level === 'blocked')) this.#keep(name, decision, now);
  }

  /** Undefined when nothing was asked. */
  record(at: number): ActivityRecord | undefined {
    if (this.#asked === 0) return undefined;
    const categories = [...this.#categories].map(([category, blocked]) => ({ category, blocked }));
    return {
      kind: 'activity',
      at,
      from: Math.min(this.#from, at),
      place: this.place,
      level: this.level,
      asked: this.#asked,
      blocked: this.#blocked,
      categories,
      names: [...this.#names.values()],
    };
  }

  #countBlocked({ category, layer }: Decision): void {
    this.#blocked += 1;
    const counted = category ?? labels[layer] ?? layer;
    const before = this.#categories.get(counted);
    if (before !== undefined || this.#categories.size < categoriesKept)
      this.#categories.set(counted, (before ?? 0) + 1);
  }

  #keep(name: string, { action, category }: Decision, now: () => number): void {
    const outcome = action === 'block' ? 'blocked' : 'passed';
    const key = `${outcome} ${name}`;
    const known = this.#names.get(key);
    if (known) {
      known.count += 1;
      known.lastAt = now();
      return;
    }
    if (this.#names.size >= namesKept || (outcome === 'passed' && this.#passedNames >= passedKept)) return;
    if (outcome === 'passed') this.#passedNames += 1;
    const entry = { name, outcome, count: 1, lastAt: now() } as const;
    this.#names.set(key, category === undefined || outcome === 'passed' ? entry : { ...entry, category });
  }
}

/** What stands for a category where none decided. */
const labels: Partial<Record<Decision['layer'], string>> = {
  'district-block': 'blocked-domains',
  default: 'no-lists',
};
