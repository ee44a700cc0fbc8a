/** More than one machine with a broken certificate causes, fewer than anybody needs who wants to keep others out. */
const tolerated = 60;
const forgivenPerSecond = 2;
/** However long somebody was at it, it is forgiven within five minutes. */
const counted = tolerated + 300 * forgivenPerSecond;
const addresses = 10_000;

/**
 * Which addresses a great many handshakes failed from. They are never locked out, for a whole school may sit behind one of
 * them: they are served after the others (`WaitingRoom`).
 */
export class Failures {
  readonly #counts = new Map<string, { count: number; at: number }>();

  add(address: string, now: number): void {
    const count = Math.min(counted, this.#count(address, now) + 1);
    this.#counts.delete(address);
    this.#counts.set(address, { count, at: now });
    const oldest = this.#counts.keys().next().value;
    if (this.#counts.size > addresses && oldest !== undefined) this.#counts.delete(oldest);
  }

  areMany(address: string, now: number): boolean {
    return this.#count(address, now) > tolerated;
  }

  #count(address: string, now: number): number {
    const known = this.#counts.get(address);
    return known ? Math.max(0, known.count - ((now - known.at) / 1000) * forgivenPerSecond) : 0;
  }
}
