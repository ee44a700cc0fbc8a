import type { Kysely } from 'kysely';
import type { Answers } from '../../shared/policy/share-rollout.ts';
import { inChunks } from './chunks.ts';
import { manifestSections } from './desired.ts';
import type { Database } from './schema.ts';

/** Who uses a list, and what devices that have a version of it report. */
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

  /** Active devices whose last report is about a section with the artefact `hash`; what is still at work is not among them. */
  async answers(hash: string): Promise<Answers> {
    const sections = await this.#sectionsWith(hash);
    const rows = await inChunks(sections, (chunk) =>
      this.#db
        .selectFrom('reported_section as reported')
        .innerJoin('device', 'device.id', 'reported.device_id')
        .select((is) => ['reported.status', is.fn.countAll<number>().as('devices')])
        .where('reported.section', '=', 'webFilter')
        .where('reported.hash', 'in', chunk)
        .where('reported.status', 'in', ['verified', 'failed'])
        .where('device.status', '=', 'active')
        .groupBy('reported.status')
        .execute(),
    );
    const count = (kept: typeof rows) => kept.reduce((sum, row) => sum + Number(row.devices), 0);
    return { asked: count(rows), failed: count(rows.filter(({ status }) => status === 'failed')) };
  }

  /** Hashes of the sections in whose canonical JSON this stands. Nothing of it may mean something in LIKE. */
  async #sectionsWith(words: string): Promise<string[]> {
    const rows = this.#db.selectFrom('desired_section').select('hash').where('content', 'like', `%${words}%`);
    return (await rows.execute()).map((row) => row.hash);
  }
}
