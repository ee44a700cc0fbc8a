/** What may wait in memory, in bytes: full above the limit, and no more so when half of it is free again. */
export class Room {
  readonly #limit: number;
  readonly #listeners = new Set<(isFull: boolean) => void>();
  #taken = 0;
  #isFull = false;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get isFull(): boolean {
    return this.#isFull;
  }

  get taken(): number {
    return this.#taken;
  }

  take(bytes: number): void {
    this.#taken += bytes;
    if (!this.#isFull && this.#taken > this.#limit) this.#turn(true);
  }

  release(bytes: number): void {
    this.#taken -= bytes;
    if (this.#isFull && this.#taken <= this.#limit / 2) this.#turn(false);
  }

  /** Called each time it is full, and each time it is so no more. Returns what ends that. */
  onTurn(listener: (isFull: boolean) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #turn(isFull: boolean): void {
    this.#isFull = isFull;
    for (const listener of this.#listeners) listener(isFull);
  }
}
