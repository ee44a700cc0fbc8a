import type { Actor, EventLog } from '../services.ts';
import { isSealed, type SealedPlace, type SealingKeys } from '../store/sealed.ts';

export interface SecretParts {
  keys: SealingKeys;
  /** Everything in the database that is sealed. */
  places: readonly SealedPlace[];
  events: EventLog;
}

/** Sees to it that every secret in the database is sealed with the newest key. */
export class Secrets {
  readonly #parts: SecretParts;

  constructor(parts: SecretParts) {
    this.#parts = parts;
  }

  /** Seals what an earlier version left open. */
  async start(): Promise<void> {
    const { keys } = this.#parts;
    await this.#reseal((text, about) => (isSealed(text) ? text : keys.seal(text, about)));
  }

  async stop(): Promise<void> {
    await Promise.resolve();
  }

  /**
   * Another key, everything sealed again with it, and the old one gone. A crash in between leaves both keys in the file:
   * nothing is lost, and the next rotation finishes it. Throws, with both keys kept, when a secret cannot be opened.
   */
  async rotate(actor: Actor): Promise<{ resealed: number }> {
    const { keys, events } = this.#parts;
    keys.add();
    const resealed = await this.#reseal((text, about) =>
      keys.seal(isSealed(text) ? keys.open(text, about) : text, about),
    );
    keys.keepNewest();
    const words = `The key that seals secrets in the database was replaced; ${resealed} were sealed again.`;
    await events.add({ actor, code: 'secrets-key-rotated', words });
    return { resealed };
  }

  async #reseal(again: (text: string, about: string) => string): Promise<number> {
    let count = 0;
    for (const place of this.#parts.places) count += await place.reseal(again);
    return count;
  }
}
