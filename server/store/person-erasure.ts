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
        { what: 'restrictions', rows: await unnamed(trx, 'restriction', id, { reason: '' }) },
        { what: 'enrolment tokens', rows: await unnamed(trx, 'enrolment_token', id) },
        { what: 'tickets', rows: await emptyTickets(trx, id) },
        { what: 'requests for recovery keys', rows: await emptyRecoveryRequests(trx, id) },
        { what: 'answers of commands', rows: await emptyCommands(trx, id) },
        { what: 'previews of changes', rows: await unnamedPreviews(trx, id) },
        { what: 'kept answers and notices', rows: await forgetAnswers(trx, id) },
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

async function unnamed(trx: Trx, table: 'restriction' | 'enrolment_token', id: string, also = {}): Promise<number> {
  const rows = trx
    .updateTable(table)
    .set({ ...also, person_id: null })
    .where('person_id', '=', id);
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

/** What is about a device while they held it: `device` and `at` are columns of that. */
function whileHeld(id: string, device: string, at: string) {
  return sql<SqlBool>`exists (select 1 from custody where custody.person_id = ${id} and custody.device_id = ${sql.ref(device)}
    and ${sql.ref(at)} >= custody.starts_at and ${sql.ref(at)} <= coalesce(custody.ended_at, ${sql.ref(at)}))`;
}

/** Theirs, and those about a device while they held it that name nobody. */
function ticketsOf(trx: Trx, id: string) {
  const held = trx.selectFrom('custody').select('id').where('person_id', '=', id);
  return trx
    .selectFrom('ticket')
    .select('id')
    .where((is) =>
      is.or([is('person_id', '=', id), is.and([is('person_id', 'is', null), is('custody_id', 'in', held)])]),
    );
}

/** A ticket stays as a number in the counts; what was written, found and sent is gone. */
async function emptyTickets(trx: Trx, id: string): Promise<number> {
  const own = (await ticketsOf(trx, id).execute()).map((ticket) => ticket.id);
  const looks = trx.selectFrom('diagnosis').select('id').where('ticket_id', 'in', own);
  await trx.deleteFrom('diagnosis_bundle').where('diagnosis_id', 'in', looks).execute();
  await trx.updateTable('diagnosis').set({ examination: null, reason: '' }).where('ticket_id', 'in', own).execute();
  await trx.deleteFrom('ticket_note').where('ticket_id', 'in', own).execute();
  await trx.updateTable('command').set({ reason: '' }).where('ticket_id', 'in', own).execute();
  await trx
    .deleteFrom('help_request')
    .where(whileHeld(id, 'help_request.device_id', 'help_request.at'))
    .execute();
  const address = trx.selectFrom('person').select('email').where('id', '=', id);
  await trx
    .deleteFrom('mail')
    .where((is) => is.or([is('ticket_id', 'in', own), is('recipient', '=', address)]))
    .execute();
  const empty = { subject: 'Erased', words: '', email: null, person_id: null };
  return Number((await trx.updateTable('ticket').set(empty).where('id', 'in', own).executeTakeFirst()).numUpdatedRows);
}

async function emptyRecoveryRequests(trx: Trx, id: string): Promise<number> {
  const about = trx
    .selectFrom('recovery_request as asked')
    .innerJoin('recovery_key', 'recovery_key.id', 'asked.recovery_key_id')
    .select('asked.id')
    .where(whileHeld(id, 'recovery_key.device_id', 'asked.asked_at'));
  const rows = trx.updateTable('recovery_request').set({ reason: '' }).where('id', 'in', about);
  return Number((await rows.executeTakeFirst()).numUpdatedRows);
}

/** What a device answered while they held it may be theirs; that it was told to do something stays. */
async function emptyCommands(trx: Trx, id: string): Promise<number> {
  const rows = trx
    .updateTable('command_device')
    .set({ output: null, words: '' })
    .where(whileHeld(id, 'command_device.device_id', 'command_device.at'));
  return Number((await rows.executeTakeFirst()).numUpdatedRows);
}

/** A change keeps how many it reached; among the examples it showed, nobody stands for them. */
async function unnamedPreviews(trx: Trx, id: string): Promise<number> {
  const rows = await trx
    .selectFrom('policy_change')
    .select(['id', 'preview'])
    .where(sql<SqlBool>`instr(preview, ${JSON.stringify(id)}) > 0`)
    .execute();
  for (const row of rows) {
    const preview = JSON.stringify(JSON.parse(row.preview, (_, value) => withoutPerson(value, id)));
    await trx.updateTable('policy_change').set({ preview }).where('id', '=', row.id).execute();
  }
  return rows.length;
}

function withoutPerson(value: unknown, id: string): unknown {
  const isTheirs = typeof value === 'object' && value !== null && 'personId' in value && value.personId === id;
  return isTheirs ? { ...value, personId: null, person: null } : value;
}

/** Answers kept for programs that ask again, and notices on their way to them: both are gone after some days anyway. */
async function forgetAnswers(trx: Trx, id: string): Promise<number> {
  const said = JSON.stringify(id);
  const answers = trx.updateTable('idempotency').set({ answer: '' }).where(sql<SqlBool>`instr(answer, ${said}) > 0`);
  const notices = trx.deleteFrom('webhook_delivery').where(sql<SqlBool>`instr(body, ${said}) > 0`);
  const [{ numUpdatedRows }, { numDeletedRows }] = [await answers.executeTakeFirst(), await notices.executeTakeFirst()];
  return Number(numUpdatedRows) + Number(numDeletedRows);
}
