import { NameHashes } from './hash.ts';
import { normaliseName } from './name.ts';

/** Reused by every `add`; never handed out. */
const scratch = new NameHashes();

/** What a pattern stands for, beside the domain it was written for. */
export interface Found<T> {
  readonly domain: string;
  readonly value: T;
}

/** What was written for one domain: for the name alone and for the names below it. */
interface Written<T> {
  readonly domain: string;
  exact?: Found<T>;
  below?: Found<T>;
  /** Another domain with the same hash. */
  readonly next: Written<T> | undefined;
}

/**
 * Domain patterns by name: `=name` is that name alone, `*.name` only what is below it, `name` both. Looked up by the
 * hashes of a name's suffixes, which a decision has at hand, so that a lookup neither cuts strings nor allocates.
 */
export class DomainTable<T> {
  readonly #byHash = new Map<number, Written<T>>();
  /** Which first bits of hashes there are, so that most names that are not here cost no look into the map. */
  readonly #begins = new Uint8Array(1024);

  get empty(): boolean {
    return this.#byHash.size === 0;
  }

  /**
   * Adds a pattern. What was written before for the same names stays, unless the new value `beats` it. A pattern that is
   * no name is left out: schemas refused it before.
   */
  add(pattern: string, value: T, beats: (value: T, before: T) => boolean = never): void {
    const domain = normaliseName(pattern.replace(/^(\*\.|=)/, ''));
    if (domain === undefined) return;
    const written = this.#writtenFor(domain);
    const found = { domain, value };
    if (!pattern.startsWith('*.') && (!written.exact || beats(value, written.exact.value))) written.exact = found;
    if (!pattern.startsWith('=') && (!written.below || beats(value, written.below.value))) written.below = found;
  }

  /** The most specific pattern that covers a name, whose hashes these are. */
  find(name: string, hashes: NameHashes): Found<T> | undefined {
    for (let i = hashes.count - 1; i >= 0; i--) {
      const written = this.#at(hashes.high[i] ?? 0, name, hashes.start[i] ?? 0);
      const found = i === hashes.count - 1 ? written?.exact : written?.below;
      if (found) return found;
    }
    return undefined;
  }

  #at(hash: number, name: string, start: number): Written<T> | undefined {
    if (this.#begins[hash >>> 22] === 0) return undefined;
    let written = this.#byHash.get(hash | 0);
    while (written && !(written.domain.length === name.length - start && name.endsWith(written.domain))) {
      written = written.next;
    }
    return written;
  }

  #writtenFor(domain: string): Written<T> {
    const hashes = scratch.of(domain);
    const hash = hashes.high[hashes.count - 1] ?? 0;
    const known = this.#at(hash, domain, 0);
    if (known) return known;
    const written: Written<T> = { domain, next: this.#byHash.get(hash | 0) };
    this.#byHash.set(hash | 0, written);
    this.#begins[hash >>> 22] = 1;
    return written;
  }
}

/** A table of patterns, each with the value made for it. */
export function domainTable<T>(
  patterns: readonly string[],
  valueFor: (pattern: string, index: number) => T,
): DomainTable<T> {
  const table = new DomainTable<T>();
  patterns.forEach((pattern, index) => {
    table.add(pattern, valueFor(pattern, index));
  });
  return table;
}

function never(): boolean {
  return false;
}
