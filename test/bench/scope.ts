import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a bench started, ended in the opposite order whatever happens. */
export class Scope {
  readonly #undo: (() => void | Promise<void>)[] = [];

  defer(undo: () => void | Promise<void>): void {
    this.#undo.push(undo);
  }

  /** A folder that is gone afterwards. */
  folder(name: string, parent = tmpdir()): string {
    const folder = mkdtempSync(join(parent, `rollcall-bench-${name}-`));
    this.defer(() => rmSync(folder, { recursive: true, force: true }));
    return folder;
  }

  /** What cannot be ended keeps nothing else from it. Throws what went wrong, at the end. */
  async close(): Promise<void> {
    const problems: unknown[] = [];
    for (let undo = this.#undo.pop(); undo; undo = this.#undo.pop())
      await Promise.try(undo).catch((problem: unknown) => problems.push(problem));
    if (problems.length > 0) throw new AggregateError(problems, 'Not everything that was started has ended.');
  }
}
