import { setImmediate } from 'node:timers/promises';

interface Waiting<I, O> {
  item: I;
  resolve: (answer: O) => void;
  reject: (error: unknown) => void;
}

/**
 * Answers what many ask at once by one piece of work: whatever came in one turn of the loop, and while the group before was at
 * work, is one group. Groups follow one another, and the items of a group are in the order they came. A group that fails is
 * tried item by item, so that nobody suffers for another.
 */
export class Grouped<I, O> {
  readonly #work: (items: readonly I[]) => Promise<readonly O[]>;
  readonly #most: number;
  #waiting: Waiting<I, O>[] = [];
  #isRunning = false;

  /** `work` answers each item at its place. */
  constructor(work: (items: readonly I[]) => Promise<readonly O[]>, most: number) {
    this.#work = work;
    this.#most = most;
  }

  ask(item: I): Promise<O> {
    const { promise, resolve, reject } = Promise.withResolvers<O>();
    this.#waiting.push({ item, resolve, reject });
    if (!this.#isRunning) void this.#run();
    return promise;
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    while (this.#waiting.length > 0) {
      await setImmediate();
      await this.#answer(this.#waiting.splice(0, this.#most));
    }
    this.#isRunning = false;
  }

  async #answer(group: readonly Waiting<I, O>[]): Promise<void> {
    try {
      const answers = await this.#work(group.map(({ item }) => item));
      for (const [index, { resolve }] of group.entries()) resolve(answers[index] as O);
    } catch (error) {
      if (group.length === 1) group[0]?.reject(error);
      else for (const one of group) await this.#answer([one]);
    }
  }
}
