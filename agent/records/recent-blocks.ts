import type { Decision } from '../../shared/filter/decision.ts';

/** A name that was blocked here lately. */
export interface RecentBlock {
  readonly name: string;
  readonly decision: Decision;
  /** Epoch ms. */
  readonly at: number;
}

const kept = 20;

type Slot = { -readonly [K in keyof RecentBlock]: RecentBlock[K] };

/**
 * The last names that were blocked, each once, for the eyes of the person at the device: in memory only, never sent. A new
 * name takes the slot of the one that came first, so that adding allocates next to nothing.
 */
export class RecentBlocks {
  readonly #slots: Slot[] = [];
  readonly #byName = new Map<string, Slot>();
  #next = 0;

  add(name: string, decision: Decision, at: number): void {
    const slot = this.#byName.get(name) ?? this.#newSlot(name, decision, at);
    slot.decision = decision;
    slot.at = at;
  }

  clear(): void {
    this.#slots.length = 0;
    this.#byName.clear();
    this.#next = 0;
  }

  /** Newest first. */
  list(): RecentBlock[] {
    const inOrder = [...this.#slots.slice(this.#next), ...this.#slots.slice(0, this.#next)];
    return inOrder
      .reverse()
      .map((slot) => ({ ...slot }))
      .sort((a, b) => b.at - a.at);
  }

  #newSlot(name: string, decision: Decision, at: number): Slot {
    const used = this.#slots[this.#next];
    const slot = used ?? { name, decision, at };
    if (used) {
      this.#byName.delete(used.name);
      used.name = name;
    } else this.#slots.push(slot);
    this.#byName.set(name, slot);
    this.#next = (this.#next + 1) % kept;
    return slot;
  }
}
