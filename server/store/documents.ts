import type { Kysely } from 'kysely';
import { CodedError } from '../../shared/errors/catalogue.ts';
import type { Database } from './schema.ts';

type Saved = Omit<Database['document'], 'name'>;

/** JSON documents by name, each with a version that rises by one at each save. */
export class DocumentStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** Undefined until it is first saved. */
  async read(name: string): Promise<{ content: unknown; version: number } | undefined> {
    const row = await this.#db
      .selectFrom('document')
      .select(['content', 'version'])
      .where('name', '=', name)
      .executeTakeFirst();
    return row && { content: JSON.parse(row.content) as unknown, version: row.version };
  }

  /** Returns the new version; `changed-meanwhile` unless `version` is the newest, which is 0 before the first save. */
  async save(name: string, content: unknown, version: number, at: number): Promise<number> {
    const row = { content: JSON.stringify(content), version: version + 1, updated_at: at };
    const written = version === 0 ? await this.#add(name, row) : await this.#replace(name, row, version);
    if (!written) throw new CodedError('changed-meanwhile');
    return version + 1;
  }

  async #add(name: string, row: Saved): Promise<boolean> {
    const { numInsertedOrUpdatedRows } = await this.#db
      .insertInto('document')
      .values({ name, ...row })
      .onConflict((conflict) => conflict.column('name').doNothing())
      .executeTakeFirstOrThrow();
    return Number(numInsertedOrUpdatedRows) > 0;
  }

  async #replace(name: string, row: Saved, version: number): Promise<boolean> {
    const { numUpdatedRows } = await this.#db
      .updateTable('document')
      .set(row)
      .where('name', '=', name)
      .where('version', '=', version)
      .executeTakeFirstOrThrow();
    return numUpdatedRows > 0n;
  }
}
