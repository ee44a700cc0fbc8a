import { type Kysely, sql } from 'kysely';
import type { Database } from './schema.ts';

/** What each took out of the house on which day. */
export class ExportUseStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** False: it would be one more than allowed, and was not counted. */
  async addFile(who: string, day: string, atMost: number): Promise<boolean> {
    const { rows } = await sql`insert into export_use (who, day, files, rows) values (${who}, ${day}, 1, 0)
      on conflict (who, day) do update set files = files + 1 where files < ${atMost} returning files`.execute(this.#db);
    return rows.length > 0;
  }

  /** False: they would be more than allowed, and were not counted. */
  async addRows(who: string, day: string, rows: number, atMost: number): Promise<boolean> {
    const { numUpdatedRows } = await this.#db
      .updateTable('export_use')
      .set((use) => ({ rows: use('rows', '+', rows) }))
      .where('who', '=', who)
      .where('day', '=', day)
      .where('rows', '<=', atMost - rows)
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  }
}
