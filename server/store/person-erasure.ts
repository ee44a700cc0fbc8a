import { type Kysely, type Selectable, type SqlBool, sql, type Transaction } from 'kysely';
import type { Database } from './schema.ts';
import { likePattern } from './views/cursor.ts';

export type PersonRow = Selectable<Database['person']>;

/** Who held a device, when nobody may know it any more. */
const nobody = 'erased';

/** Removes what is kept of a person beside the log. */
export class PersonErasureStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** By id, after one. `search`: a part of the name, or the sourcedId or user name. */
  async leavers(search: string, limit: number, after: string): Promise<{ rows: PersonRow[]; total: number }> {
    let all = this.#db.selectFrom('person').where('active', '=', 0);
    if (search !== '')
      all = all.where((is) =>
        is.or([
          is('sourced_id', '=', search),
          is('username', '=', search),
          sql<SqlBool>`given_name || ' ' || family_name like ${likePattern(search)} escape '\\'`,
        ]),
      );
    const { total } = await all.select((row) => row.fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
    const rows = await all.selectAll().where('id', '>', after).orderBy('id').limit(limit).execute();
    return { rows, total: Number(total) };
  }

  /** Why it would take something from the work at hand, in words; undefined: nothing stands against it. */
  async obstacle(id: string): Promise<string | undefined> {
    const held = await this.#db
      .selectFrom('custody')
      .select('id')
      .where('person_id', '=', id)
      .where('ended_at', 'is', null)
      .executeTakeFirst();
    if (held) return 'This person holds a device. Take it back first.';
    const judged = await this.#db
      .selectFrom('verdict')
      .select('id')
      .where('subject_kind', '=', 'person')
      .where('subject_id', '=', id)
      .where('to_at', 'is', null)
      .executeTakeFirst();
    return judged && 'This person still owes something. Have it met or cancelled first.';
  }

  /** Everything or nothing. Counts stay where nobody can be told from them: past custody of a device becomes nobody’s. */
  async remove(id: string): Promise<{ what: string; rows: number }[]> {
    return await this.#db.transaction().execute(async (trx) => {
      const counts = [
        { what: 'recorded names', rows: await deleted(trx, 'activity_name', id) },
        { what: 'classes', rows: await deleted(trx, 'enrollment', id) },
        { what: 'units', rows: await deleted(trx, 'person_org', id) },
        { what: 'agreements and returns', rows: await deleted(trx, 'obligation', id) },
        { what: 'verdicts', rows: await deletedOf(trx, 'verdict', 'subject_kind', 'subject_id', id) },
        { what: 'waivers', rows: await deletedOf(trx, 'waiver', 'target_kind', 'target_id', id) },
        {
          what: 'sites opened or closed',
          rows: await deletedOf(trx, 'filter_override', 'target_kind', 'target_id', id),
        },
        { what: 'requests', rows: await emptyRequests(trx, id) },
        { what: 'restrictions', rows: await unnamed(trx, 'restriction', id) },
        { what: 'enrolment tokens', rows: await unnamed(trx, 'enrolment_token', id) },
        { what: 'tickets', rows: await emptyTickets(trx, id) },
        { what: 'times a device was held', rows: await nobodys(trx, id) },
      ];
      await trx.deleteFrom('person').where('id', '=', id).execute();
      return counts.filter(({ rows }) => rows > 0);
    });
  }
}

type Trx = Transaction<Database>;

async function deleted(
  trx: Trx,
  table: 'activity_name' | 'enrollment' | 'person_org' | 'obligation',
  id: string,
): Promise<number> {
  return Number((await trx.deleteFrom(table).where('person_id', '=', id).executeTakeFirst()).numDeletedRows);
}

async function deletedOf(
  trx: Trx,
  table: 'verdict' | 'waiver' | 'filter_override',
  kind: string,
  column: string,
  id: string,
): Promise<number> {
  const rows = trx.deleteFrom(table as 'verdict').where(kind as 'subject_kind', '=', 'person');
  return Number((await rows.where(column as 'subject_id', '=', id).executeTakeFirst()).numDeletedRows);
}

async function unnamed(trx: Trx, table: 'restriction' | 'enrolment_token', id: string): Promise<number> {
  const rows = trx.updateTable(table).set({ person_id: null }).where('person_id', '=', id);
  return Number((await rows.executeTakeFirst()).numUpdatedRows);
}

async function emptyRequests(trx: Trx, id: string): Promise<number> {
  const rows = trx.updateTable('unblock_request').set({ person_id: null, words: '' }).where('person_id', '=', id);
  return Number((await rows.executeTakeFirst()).numUpdatedRows);
}

async function nobodys(trx: Trx, id: string): Promise<number> {
  const rows = trx.updateTable('custody').set({ person_id: nobody, end_reason: null }).where('person_id', '=', id);
  return Number((await rows.executeTakeFirst()).numUpdatedRows);
}

/** A ticket stays as a number in the counts; what was written, found and sent is gone. */
async function emptyTickets(trx: Trx, id: string): Promise<number> {
  const own = trx.selectFrom('ticket').select('id').where('person_id', '=', id);
  const looks = trx.selectFrom('diagnosis').select('id').where('ticket_id', 'in', own);
  await trx.deleteFrom('diagnosis_bundle').where('diagnosis_id', 'in', looks).execute();
  await trx.updateTable('diagnosis').set({ examination: null, reason: '' }).where('ticket_id', 'in', own).execute();
  await trx.deleteFrom('ticket_note').where('ticket_id', 'in', own).execute();
  await trx.deleteFrom('mail').where('ticket_id', 'in', own).execute();
  const empty = { subject: 'Erased', words: '', email: null, person_id: null };
  const rows = trx.updateTable('ticket').set(empty).where('person_id', '=', id);
  return Number((await rows.executeTakeFirst()).numUpdatedRows);
}
