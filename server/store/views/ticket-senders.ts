import { type Kysely, sql } from 'kysely';
import type { Database } from '../schema.ts';

/** Whom and what a ticket from outside is about, by what strangers write. One match or none: nobody is guessed. */
export class TicketSenders {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** The id of the one active person with this address, in any case. */
  async personBy(email: string): Promise<string | undefined> {
    const rows = await this.#db
      .selectFrom('person')
      .select('id')
      .where(sql<boolean>`lower(email) = ${email.toLowerCase()}`)
      .where('active', '=', 1)
      .limit(2)
      .execute();
    return rows.length === 1 ? rows[0]?.id : undefined;
  }

  /** The id of the one device with this serial number or name, in any case. */
  async deviceBy(written: string): Promise<string | undefined> {
    const said = written.trim().toLowerCase();
    const rows = await this.#db
      .selectFrom('device')
      .select('id')
      .where(sql<boolean>`(lower(serial) = ${said} or lower(name) = ${said})`)
      .limit(2)
      .execute();
    return rows.length === 1 ? rows[0]?.id : undefined;
  }

  /** What this address opened since then, the newest first. */
  async openedBy(email: string, since: number): Promise<{ id: string }[]> {
    return await this.#db
      .selectFrom('ticket')
      .select('id')
      .where('source', '=', 'email')
      .where(sql<boolean>`lower(email) = ${email.toLowerCase()}`)
      .where('opened_at', '>', since)
      .orderBy('number', 'desc')
      .execute();
  }

  async ticketBy(number: number) {
    return await this.#db
      .selectFrom('ticket')
      .leftJoin('person', 'person.id', 'ticket.person_id')
      .select(['ticket.id', 'ticket.person_id', 'ticket.email', 'person.email as person_email'])
      .where('number', '=', number)
      .executeTakeFirst();
  }
}
