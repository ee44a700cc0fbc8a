import type { Kysely, Selectable } from 'kysely';
import type { Database } from './schema.ts';

export type MailRow = Selectable<Database['mail']>;

/** Messages on their way. They are queued together with what they tell of: `server/store/tickets.ts`. */
export class MailOutboxStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** What is to be tried first, whether it is due already or not. */
  async next(): Promise<MailRow | undefined> {
    return await this.#db
      .selectFrom('mail')
      .selectAll()
      .where('state', '=', 'queued')
      .orderBy('next_at')
      .orderBy('number')
      .limit(1)
      .executeTakeFirst();
  }

  /** The text is kept no longer than it is needed: the note it was made of stays. */
  async sent(number: number, at: number): Promise<void> {
    await this.#end(number, { state: 'sent', ended_at: at, problem: null });
  }

  async givenUp(number: number, at: number, problem: string): Promise<void> {
    await this.#end(number, { state: 'failed', ended_at: at, problem });
  }

  async tryAgain(number: number, attempts: number, nextAt: number, problem: string): Promise<void> {
    const again = { attempts, next_at: nextAt, problem };
    await this.#db.updateTable('mail').set(again).where('number', '=', number).execute();
  }

  async waiting(): Promise<number> {
    const row = await this.#db
      .selectFrom('mail')
      .select((is) => is.fn.countAll<number>().as('count'))
      .where('state', '=', 'queued')
      .executeTakeFirstOrThrow();
    return Number(row.count);
  }

  async #end(number: number, ended: Pick<MailRow, 'state' | 'ended_at' | 'problem'>): Promise<void> {
    await this.#db
      .updateTable('mail')
      .set({ ...ended, next_at: null, body: '' })
      .where('number', '=', number)
      .execute();
  }
}
