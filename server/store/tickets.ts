import type { Kysely, Selectable } from 'kysely';
import type { Database } from './schema.ts';

export type TicketRow = Selectable<Database['ticket']>;

/** Tickets with their notes. */
export class TicketStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  async byId(id: string): Promise<TicketRow | undefined> {
    return await this.#db.selectFrom('ticket').selectAll().where('id', '=', id).executeTakeFirst();
  }
}
