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
  readonly #categories = new Map<string, { category: string; blocked: number }>();
  readonly #blockedNames = new Map<string, NameCount>();
  readonly #passedNames = new Map<string, NameCount>();

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
    return {
      kind: 'activity',
      at,
      from: Math.min(this.#from, at),
      place: this.place,
      level: this.level,
      asked: this.#asked,
      blocked: this.#blocked,
      categories: [...this.#categories.values()],
      names: [...this.#blockedNames.values(), ...this.#passedNames.values()],
    };
  }

  #countBlocked({ category, layer }: Decision): void {
    this.#blocked += 1;
    const counted = category ?? labels[layer] ?? layer;
    const known = this.#categories.get(counted);
    if (known) known.blocked += 1;
    else if (this.#categories.size < categoriesKept) this.#categories.set(counted, { category: counted, blocked: 1 });
  }

  #keep(name: string, { action, category }: Decision, now: () => number): void {
    const isBlocked = action === 'block';
    const names = isBlocked ? this.#blockedNames : this.#passedNames;
    const known = names.get(name);
    if (known) {
      known.count += 1;
      known.lastAt = now();
    } else if (this.#hasRoom(isBlocked)) {
      const about = isBlocked && category !== undefined ? { category } : {};
      names.set(name, { name, outcome: isBlocked ? 'blocked' : 'passed', ...about, count: 1, lastAt: now() });
    }
  }

  #hasRoom(isBlocked: boolean): boolean {
    const passed = this.#passedNames.size;
    return passed + this.#blockedNames.size < namesKept && (isBlocked || passed < passedKept);
  }
}

/** What stands for a category where none decided. */
const labels: Partial<Record<Decision['layer'], string>> = {
  'district-block': 'blocked-domains',
  default: 'no-lists',
};
