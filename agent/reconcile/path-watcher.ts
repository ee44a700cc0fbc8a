import { existsSync, type FSWatcher, watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Log } from '../log.ts';

/**
 * Says when one of some files may have changed, also when it is replaced by a rename, removed, or not there yet: what is
 * watched is the nearest folder above that exists. A path that ends in a slash is a folder, whatever changes in it. Best
 * effort: the periodic pass finds what a watch has missed.
 */
export class PathWatcher {
  readonly #onChange: () => void;
  readonly #log: Log;
  readonly #watches = new Map<string, { watcher: FSWatcher; names: ReadonlySet<string> }>();

  constructor(onChange: () => void, log: Log) {
    this.#onChange = onChange;
    this.#log = log;
  }

  /** Watches exactly these files from now on. Folders that came or went meanwhile are taken into account. */
  watch(paths: readonly string[]): void {
    const folders = Map.groupBy(paths.map(nearest), ({ folder }) => folder);
    for (const folder of [...this.#watches.keys()]) if (!folders.has(folder)) this.#close(folder);
    for (const [folder, entries] of folders) {
      // A folder that is removed says so under its own name.
      const names = new Set([basename(folder), ...entries.map(({ name }) => name)]);
      const held = this.#watches.get(folder);
      if (held) this.#watches.set(folder, { ...held, names });
      else this.#open(folder, names);
    }
  }

  stop(): void {
    for (const folder of [...this.#watches.keys()]) this.#close(folder);
  }

  #open(folder: string, names: ReadonlySet<string>): void {
    try {
      const watcher = watch(folder, { persistent: false }, (_event, name) => this.#heard(folder, name));
      watcher.on('error', (error) => this.#failed(folder, error));
      this.#watches.set(folder, { watcher, names });
    } catch (error) {
      this.#failed(folder, error);
    }
  }

  #heard(folder: string, name: string | null): void {
    const names = this.#watches.get(folder)?.names;
    if (names && (name === null || names.has(name) || names.has(anything))) this.#onChange();
  }

  #failed(folder: string, error: unknown): void {
    this.#log.warn({ err: error, folder }, 'A folder cannot be watched; changes there are found by the periodic pass.');
    this.#close(folder);
  }

  #close(folder: string): void {
    this.#watches.get(folder)?.watcher.close();
    this.#watches.delete(folder);
  }
}

/** Stands for every name in a folder. */
const anything = '';

function nearest(path: string): { folder: string; name: string } {
  if (path.endsWith('/') && existsSync(path)) return { folder: path.slice(0, -1), name: anything };
  let name = basename(path);
  let folder = dirname(path);
  while (!existsSync(folder) && folder !== dirname(folder)) {
    name = basename(folder);
    folder = dirname(folder);
  }
  return { folder, name };
}
