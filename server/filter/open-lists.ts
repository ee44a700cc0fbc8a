import { readFile } from 'node:fs/promises';
import { type CompiledNames, openCompiled } from '../../shared/filter/compiled.ts';
import type { Category } from '../../shared/filter/decision.ts';
import type { ListReference } from '../../shared/profile/web-filter.ts';
import type { Lists } from '../services.ts';

/** A million names take 8 MB. */
const mostBytes = 134_217_728;

/** Compiled lists opened for judging names, the latest used kept within a bound. */
export class OpenLists {
  readonly #lists: Pick<Lists, 'artifactPath'>;
  readonly #opened = new Map<string, CompiledNames>();

  constructor(lists: Pick<Lists, 'artifactPath'>) {
    this.#lists = lists;
  }

  /** Those of the references whose artefacts are there. */
  async categories(references: readonly ListReference[]): Promise<Category[]> {
    const found: Category[] = [];
    for (const { category, title, hash, exceptions } of references) {
      const names = await this.#open(hash);
      if (names) found.push({ id: category, title, names, ...(exceptions ? { exceptions } : {}) });
    }
    return found;
  }

  async #open(hash: string): Promise<CompiledNames | undefined> {
    const known = this.#opened.get(hash);
    const names = known ?? (await this.#read(hash));
    if (!names) return undefined;
    this.#opened.delete(hash);
    this.#opened.set(hash, names);
    this.#shrink();
    return names;
  }

  async #read(hash: string): Promise<CompiledNames | undefined> {
    const path = await this.#lists.artifactPath(hash);
    return path === undefined ? undefined : openCompiled(await readFile(path));
  }

  /** The longest unused go first; the one just used stays, however large. */
  #shrink(): void {
    let bytes = this.#opened.values().reduce((sum, names) => sum + names.bytes, 0);
    for (const [hash, names] of this.#opened) {
      if (bytes <= mostBytes || this.#opened.size === 1) return;
      this.#opened.delete(hash);
      bytes -= names.bytes;
    }
  }
}
