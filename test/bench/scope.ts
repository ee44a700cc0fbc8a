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

  async close(): Promise<void> {
    for (const undo of this.#undo.splice(0).reverse()) await undo();
  }
}
