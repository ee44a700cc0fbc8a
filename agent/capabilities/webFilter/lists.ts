import { createHash } from 'node:crypto';
import { CodedError } from '../../../shared/errors/catalogue.ts';
import { type CompiledNames, openSigned } from '../../../shared/filter/compiled.ts';
import type { Category } from '../../../shared/filter/decision.ts';
import type { ListReference } from '../../../shared/profile/web-filter.ts';
import type { ArtifactSource } from '../../connection/artifact-source.ts';
import { CapabilityError } from '../capability.ts';

export interface LoadedLists {
  categories: Category[];
  /** Why some are not among them; the first failure. */
  failure: CapabilityError | undefined;
}

/** Opened lists by hash, kept while a policy uses them, so that a new revision loads only what it does not share. */
export class ListLoader {
  readonly #artifacts: ArtifactSource;
  #opened = new Map<string, CompiledNames>();

  constructor(artifacts: ArtifactSource) {
    this.#artifacts = artifacts;
  }

  /** Loads what can be loaded. */
  async load(references: readonly ListReference[]): Promise<LoadedLists> {
    const loaded: LoadedLists = { categories: [], failure: undefined };
    for (const reference of references) {
      try {
        const names = this.#opened.get(reference.hash) ?? (await this.#open(reference));
        this.#opened.set(reference.hash, names);
        loaded.categories.push(categoryOf(reference, names));
      } catch (error) {
        if (!(error instanceof CapabilityError)) throw error;
        loaded.failure ??= error;
      }
    }
    return loaded;
  }

  /** Lets go of lists that no policy uses any more. */
  keepOnly(references: readonly ListReference[]): void {
    const used = new Set(references.map(({ hash }) => hash));
    for (const hash of this.#opened.keys()) if (!used.has(hash)) this.#opened.delete(hash);
  }

  /** The lists of these references that are open, without loading any. */
  opened(references: readonly ListReference[]): Category[] {
    return references.flatMap((reference) => {
      const names = this.#opened.get(reference.hash);
      return names ? [categoryOf(reference, names)] : [];
    });
  }

  async #open({ hash, category }: ListReference): Promise<CompiledNames> {
    const bytes = await this.#artifacts.get(hash);
    if (!bytes) {
      throw new CapabilityError(
        'list-missing',
        `The list of the category "${category}" is not on this device and cannot be fetched now. It is tried again.`,
      );
    }
    if (createHash('sha256').update(bytes).digest('hex') !== hash) {
      throw new CapabilityError('list-damaged', `The list of the category "${category}" does not fit its hash.`);
    }
    try {
      return openSigned(bytes);
    } catch (error) {
      if (!(error instanceof CodedError)) throw error;
      throw new CapabilityError('list-damaged', `The list of the category "${category}": ${error.message}`, error);
    }
  }
}

function categoryOf({ category, title, exceptions = [] }: ListReference, names: CompiledNames): Category {
  return { id: category, title, names, exceptions };
}
