/** Somebody who must show once more that it is them; all who wait for it go on together. */
export class Reauthentication {
  #waiting: { resolve: (isProven: boolean) => void; answer: Promise<boolean> } | undefined;
  readonly #listeners = new Set<() => void>();

  /** Asks the person; false when they would rather not. */
  ask(): Promise<boolean> {
    if (this.#waiting) return this.#waiting.answer;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.#waiting = { resolve, answer: promise };
    this.#tell();
    return promise;
  }

  settle(isProven: boolean): void {
    this.#waiting?.resolve(isProven);
    this.#waiting = undefined;
    this.#tell();
  }

  readonly isAsked = (): boolean => this.#waiting !== undefined;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

export const reauthentication = new Reauthentication();
