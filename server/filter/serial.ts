/** Runs one thing after another, in the order they came. */
export class Serial {
  #last: Promise<unknown> = Promise.resolve();

  /** A failure is the caller's; what comes after is run all the same. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    const running = this.#last.then(work);
    this.#last = Promise.allSettled([running]);
    return await running;
  }

  /** Resolves when everything asked so far has run. */
  async settled(): Promise<void> {
    await this.#last;
  }
}
