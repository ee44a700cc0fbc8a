import type { Category } from './decision.ts';
import { type DomainTable, domainTable } from './domain-table.ts';
import type { NameHashes } from './hash.ts';

/** A category made ready for decisions: its list without what the district took out of it. */
export class ListedNames {
  readonly id: string;
  readonly #names: Category['names'];
  readonly #exceptions: DomainTable<true> | undefined;

  constructor({ id, names, exceptions = [] }: Category) {
    this.id = id;
    this.#names = names;
    this.#exceptions = exceptions.length === 0 ? undefined : domainTable(exceptions, () => true);
  }

  /** Index into `hashes` of the widest listed suffix of a name; -1 when the category does not hold it. */
  find(name: string, hashes: NameHashes): number {
    const found = this.#names.find(hashes);
    return found >= 0 && this.#exceptions?.find(name, hashes) ? -1 : found;
  }

  holds(name: string, hashes: NameHashes): boolean {
    return this.find(name, hashes) >= 0;
  }
}

/** Open lists by category. */
export type Listed = ReadonlyMap<string, ListedNames>;
