import type { Original, OriginalsKeeper } from '../../agent/platform/host-files.ts';

/** Keeps originals in memory, in the order of the first change. */
export class MemoryOriginals implements OriginalsKeeper {
  readonly #kept = new Map<string, Map<string, Original>>();

  keep(owner: string, path: string, original: Original): void {
    const own = this.#kept.get(owner) ?? new Map<string, Original>();
    if (!own.has(path)) own.set(path, original);
    this.#kept.set(owner, own);
  }

  kept(owner: string): { path: string; original: Original }[] {
    return [...(this.#kept.get(owner) ?? [])].map(([path, original]) => ({ path, original }));
  }

  foldersMade(): ReadonlySet<string> {
    const all = [...this.#kept.values()].flatMap((own) => [...own.values()]);
    return new Set(all.flatMap((original) => (original.kind === 'absent' ? original.foldersMade : [])));
  }

  forget(owner: string, path: string): void {
    this.#kept.get(owner)?.delete(path);
  }
}
