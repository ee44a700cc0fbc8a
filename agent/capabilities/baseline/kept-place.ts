import { type KeptSettings, planSettings, type Settings } from '../browser/kept-settings.ts';
import { type Line, line } from './baseline.ts';

/** Settings of the host that are no files: how they are read and written, all at once. */
export interface Place<V> {
  read(): Promise<Settings<V>>;
  /** Undefined: delete. */
  write(writes: ReadonlyMap<string, V | undefined>): Promise<void>;
  equal(one: V | undefined, other: V | undefined): boolean;
  /** The name of a setting in the evidence. */
  item(id: string): string;
  /** A value in the evidence; as text unless said otherwise. */
  words?(value: V): string;
}

/** Brings such settings to what is desired, and back to what they were before the first change. */
export class KeptPlace<V> {
  readonly #place: Place<V>;
  readonly #kept: KeptSettings<V>;

  constructor(place: Place<V>, kept: KeptSettings<V>) {
    this.#place = place;
    this.#kept = kept;
  }

  /** A line for each setting that is desired, and for each that an earlier profile left. */
  async observe(desiredOf: (present: Settings<V>) => Settings<V>): Promise<Line[]> {
    const present = await this.#place.read();
    const desired = desiredOf(present);
    const { writes } = await this.#plan(present, desired);
    return [...new Set([...desired.keys(), ...writes.keys()])].map((id) => {
      const expected = writes.has(id) ? writes.get(id) : desired.get(id);
      return line(this.#place.item(id), this.#words(expected), this.#words(present.get(id)), !writes.has(id));
    });
  }

  /** Originals are on disk before the first write. */
  async bring(desiredOf: (present: Settings<V>) => Settings<V>): Promise<void> {
    const present = await this.#place.read();
    const desired = desiredOf(present);
    const { writes, keepBefore, keepAfter } = await this.#plan(present, desired);
    // Also what is right already: a later drift must not pass for what stood there before.
    const right = [...desired.keys()]
      .filter((id) => !keepBefore.has(id))
      .map((id) => [id, present.get(id) ?? null] as const);
    await this.#kept.write(new Map([...keepBefore, ...right]));
    if (writes.size > 0) await this.#place.write(writes);
    await this.#kept.write(new Map([...keepAfter, ...right]));
  }

  async holds(): Promise<boolean> {
    return (await this.#kept.read()).size > 0;
  }

  async putBack(): Promise<void> {
    if (await this.holds()) await this.bring(() => new Map());
  }

  #words(value: V | undefined): string {
    return value === undefined ? 'absent' : (this.#place.words?.(value) ?? String(value));
  }

  async #plan(present: Settings<V>, desired: Settings<V>) {
    const rules = { owned: () => false, equal: this.#place.equal };
    return planSettings(present, desired, await this.#kept.read(), rules);
  }
}
