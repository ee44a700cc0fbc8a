import type { Kysely } from 'kysely';
import { inChunks } from './chunks.ts';
import { manifestSections } from './desired.ts';
import type { Database } from './schema.ts';

/** Who uses a list. */
export class ListUseStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** Ids of the devices that should hold a section with a list of this category. */
  async devicesWith(category: string): Promise<string[]> {
    const sections = new Set(await this.#sectionsWith(`"category":"${category}"`));
    if (sections.size === 0) return [];
    const states = await this.#db.selectFrom('desired_state').select(['generation', 'manifest']).execute();
    const generations = states.flatMap(({ generation, manifest }) =>
      sections.has(manifestSections(manifest).webFilter ?? '') ? [generation] : [],
    );
    const rows = await inChunks(generations, (chunk) =>
      this.#db.selectFrom('device_desired').select('device_id').where('generation', 'in', chunk).execute(),
    );
    return rows.map((row) => row.device_id);
  }

  /** Hashes of the sections in whose canonical JSON this stands. Nothing of it may mean something in LIKE. */
  async #sectionsWith(words: string): Promise<string[]> {
    const rows = this.#db.selectFrom('desired_section').select('hash').where('content', 'like', `%${words}%`);
    return (await rows.execute()).map((row) => row.hash);
  }
}
