import type { Kysely, Selectable } from 'kysely';
import { inChunks } from './chunks.ts';
import type { Database } from './schema.ts';

/** An imported category list; its compiled names are the artefact `hash`. */
export interface ListRecord {
  category: string;
  title: string;
  source: string;
  licence: string;
  hash: string;
  /** Size of the artefact. */
  bytes: number;
  names: number;
  skipped: number;
  /** A listed name that proves blocking; `null` when no name suits. */
  canary: string | null;
  updatedAt: number;
}

/** Category lists: one row per category, replaced whole. */
export class ListStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** By category. */
  async list(): Promise<ListRecord[]> {
    return (await this.#db.selectFrom('list').selectAll().orderBy('category').execute()).map(listOf);
  }

  async find(category: string): Promise<ListRecord | undefined> {
    const row = await this.#db.selectFrom('list').selectAll().where('category', '=', category).executeTakeFirst();
    return row && listOf(row);
  }

  /** Of these categories those that have a list. */
  async known(categories: readonly string[]): Promise<Set<string>> {
    const rows = await inChunks(categories, (chunk) =>
      this.#db.selectFrom('list').select('category').where('category', 'in', chunk).execute(),
    );
    return new Set(rows.map((row) => row.category));
  }

  async replace(list: ListRecord): Promise<void> {
    const { updatedAt, ...rest } = list;
    const row = { ...rest, updated_at: updatedAt };
    await this.#db
      .insertInto('list')
      .values(row)
      .onConflict((conflict) => conflict.column('category').doUpdateSet(row))
      .execute();
  }
}

function listOf({ updated_at, ...rest }: Selectable<Database['list']>): ListRecord {
  return { ...rest, updatedAt: updated_at };
}
