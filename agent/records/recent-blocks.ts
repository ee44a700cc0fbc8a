import type { Decision } from '../../shared/filter/decision.ts';

/** A name that was blocked here lately. */
export interface RecentBlock {
  readonly name: string;
  readonly decision: Decision;
  /** Epoch ms. */
  readonly at: number;
}

const kept = 20;

/** The last names that were blocked, for the eyes of the person at the device: in memory only, never sent. */
export class RecentBlocks {
  readonly #byName = new Map<string, RecentBlock>();

  add(block: RecentBlock): void {
    this.#byName.delete(block.name);
    this.#byName.set(block.name, block);
    for (const oldest of this.#byName.keys()) {
      if (this.#byName.size <= kept) break;
      this.#byName.delete(oldest);
    }
  }

  clear(): void {
    this.#byName.clear();
  }

  /** Newest first. */
  list(): RecentBlock[] {
    return [...this.#byName.values()].reverse();
  }
}
