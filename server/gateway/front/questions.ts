/** What a front asks the server, in order of its numbers; each is answered once, or the front ends with the link. */
export class Questions {
  readonly #ask: (number: number, what: string, of: readonly string[]) => void;
  readonly #waiting = new Map<number, (found: Found | undefined) => void>();
  #latest = 0;

  constructor(ask: (number: number, what: string, of: readonly string[]) => void) {
    this.#ask = ask;
  }

  /** Undefined when there is nothing of that kind. Rejects when the server could not say. */
  ask(what: string, ...of: string[]): Promise<Found> {
    return new Promise((resolve, reject) => {
      const number = ++this.#latest;
      this.#waiting.set(number, (found) =>
        found ? resolve(found) : reject(new Error(`the server could not answer (${what})`)),
      );
      this.#ask(number, what, of);
    });
  }

  /** `found` undefined: the server could not say. */
  answered(number: number, found: Found | undefined): void {
    const settle = this.#waiting.get(number);
    this.#waiting.delete(number);
    settle?.(found);
  }
}

export interface Found {
  /** None: there is nothing of that kind. */
  texts: readonly string[];
  content: Buffer;
}
