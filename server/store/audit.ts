import { type Kysely, type SqlBool, sql } from 'kysely';
import Type from 'typebox';
import type { SignedHead } from '../../shared/api/schemas.ts';
import { readCodes } from '../../shared/audit/reads.ts';
import { validator } from '../../shared/schema.ts';
import { genesis } from '../audit/chain.ts';
import type { Erasure } from '../audit/chain-check.ts';
import { type ChainHead, type EventChain, type EventRow, headOf, type NewEventRow, writing } from './event-chain.ts';
import type { Database } from './schema.ts';

/** Which rows; times are epoch ms, `to` not included. */
export interface AuditFilter {
  actor?: string;
  code?: string;
  kind?: string;
  object?: string;
  person?: string;
  from?: number;
  to?: number;
  reads?: 'only' | 'without';
}

const ranges = validator(Type.Array(Type.Tuple([Type.Integer(), Type.Integer()])));
const choicesAtMost = 500;
const blank = {
  ...{ actor: '', words: '', actor_id: null, role: null, address: null, session: null, reason: null },
  ...{ ticket_id: null, changes: null, approver: null, salt: null },
};

/** The log as it is read by those who look after it, and the only way in which something is taken out of its rows. */
export class AuditStore {
  readonly #db: Kysely<Database>;
  readonly #chain: EventChain;

  constructor(db: Kysely<Database>, chain: EventChain) {
    this.#db = db;
    this.#chain = chain;
  }

  async head(): Promise<ChainHead> {
    return await headOf(this.#db);
  }

  /** The last row that nobody sealed: it was there before there was a key. */
  async lastUnsealed(): Promise<ChainHead> {
    const rows = this.#db.selectFrom('event').select(['id', 'hash']).where('seal', 'is', null);
    return (await rows.orderBy('id', 'desc').limit(1).executeTakeFirst()) ?? { id: 0, hash: genesis };
  }

  /** The next rows in order, with what was erased as of the same instant, by rows after `erasuresAfter`. */
  async rowsAfter(
    id: number,
    limit: number,
    erasuresAfter: number,
  ): Promise<{ rows: EventRow[]; erasures: Erasure[]; erasuresUpTo: number }> {
    return await this.#db.transaction().execute(async (trx) => {
      const rows = await trx.selectFrom('event').selectAll().where('id', '>', id).orderBy('id').limit(limit).execute();
      const erasing = await erasingAfter(trx, erasuresAfter);
      const erasures = erasing.flatMap(({ id: by, erases }) =>
        rangesOf(erases).map(([first, last]) => ({ first, last, by })),
      );
      return { rows, erasures, erasuresUpTo: erasing.at(-1)?.id ?? erasuresAfter };
    });
  }

  /** Newest first, with ids below `before`. */
  async page(filter: AuditFilter, limit: number, before?: number): Promise<{ rows: EventRow[]; total: number }> {
    const all = this.#matching(await this.#withCustody(filter));
    const counted = await all.select((e) => e.fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
    let rows = all.selectAll().orderBy('id', 'desc').limit(limit);
    if (before !== undefined) rows = rows.where('id', '<', before);
    return { rows: await rows.execute(), total: Number(counted.total) };
  }

  async find(id: number): Promise<{ row: EventRow; previousHash: string; erasedBy: number | null } | undefined> {
    const row = await this.#db.selectFrom('event').selectAll().where('id', '=', id).executeTakeFirst();
    if (!row) return undefined;
    const previous = await this.#db
      .selectFrom('event')
      .select('hash')
      .where('id', '=', id - 1)
      .executeTakeFirst();
    return { row, previousHash: previous?.hash ?? '', erasedBy: row.salt === null ? await this.#erasedBy(id) : null };
  }

  /** Who acted, but for devices, and what happened: to choose from. */
  async choices(): Promise<{ actors: string[]; codes: string[] }> {
    const actors = await sql<{ actor: string }>`select distinct actor from event indexed by event_of_people
      where actor not like 'device:%' and actor <> '' order by actor limit ${choicesAtMost}`.execute(this.#db);
    const codes = await this.#db
      .selectFrom('event')
      .select('code')
      .distinct()
      .orderBy('code')
      .limit(choicesAtMost)
      .execute();
    return { actors: actors.rows.map(({ actor }) => actor), codes: codes.map(({ code }) => code) };
  }

  /**
   * Erases the personal fields of the rows that `find` names, and adds the row that says so, in one transaction. Returns how
   * many; 0: nothing was left to erase.
   */
  async erase(
    find: (db: Kysely<Database>) => Promise<number[]>,
    event: (rows: number) => NewEventRow,
  ): Promise<number> {
    return await writing(this.#db, async (trx) => {
      const ids = (await find(trx)).toSorted((a, b) => a - b);
      if (ids.length === 0) return 0;
      await this.#chain.append(trx, [{ ...event(ids.length), erases: JSON.stringify(runsOf(ids)) }]);
      await trx.updateTable('event').set(blank).where('id', 'in', ids).execute();
      return ids.length;
    });
  }

  /** Which device a diagnosis, or a request for a recovery key, is about. */
  async deviceOf(kind: 'diagnosis' | 'recovery-request', id: string): Promise<string | undefined> {
    const found =
      kind === 'diagnosis'
        ? this.#db.selectFrom('diagnosis').select('device_id').where('id', '=', id)
        : this.#db
            .selectFrom('recovery_request')
            .innerJoin('recovery_key', 'recovery_key.id', 'recovery_request.recovery_key_id')
            .select('recovery_key.device_id')
            .where('recovery_request.id', '=', id);
    return (await found.executeTakeFirst())?.device_id;
  }

  /** The heads that were sent elsewhere, newest first. */
  async dailyHeads(limit: number): Promise<SignedHead[]> {
    const rows = await this.#db.selectFrom('audit_head').select('head').orderBy('id', 'desc').limit(limit).execute();
    return rows.map(({ head }) => JSON.parse(head) as SignedHead);
  }

  async addDailyHead(head: SignedHead): Promise<void> {
    const row = { at: Date.parse(head.at), head: JSON.stringify(head) };
    await this.#db.insertInto('audit_head').values(row).execute();
  }

  async #erasedBy(id: number): Promise<number | null> {
    const rows = await erasingAfter(this.#db, id);
    return rows.find(({ erases }) => rangesOf(erases).some(([first, last]) => first <= id && id <= last))?.id ?? null;
  }

  /** With when the person held which device: a row about a device is about whoever held it then. */
  async #withCustody(filter: AuditFilter): Promise<AuditFilter & { held?: HeldSpan[] }> {
    if (filter.person === undefined) return filter;
    return { ...filter, held: await heldBy(this.#db, filter.person) };
  }

  #matching({ actor, code, kind, object, person, held = [], from, to, reads }: AuditFilter & { held?: HeldSpan[] }) {
    let rows = this.#db.selectFrom('event');
    if (actor !== undefined) {
      rows = rows.where('actor', '=', actor);
      if (!actor.startsWith('device:')) rows = rows.where(sql<SqlBool>`actor not like 'device:%'`);
    }
    if (code !== undefined) rows = rows.where('code', '=', code);
    if (kind !== undefined) rows = rows.where('subject_kind', '=', kind);
    if (object !== undefined) rows = rows.where('subject_id', '=', object);
    if (person !== undefined) rows = rows.where('id', 'in', aboutPerson(person, held));
    if (from !== undefined || to !== undefined) rows = rows.where(between(from, to));
    if (reads === 'only') rows = rows.where('code', 'in', readCodes);
    if (reads === 'without') rows = rows.where('code', 'not in', readCodes);
    return rows;
  }
}

/** By the index of those few rows: going by their ids would read all that follow. */
async function erasingAfter(db: Kysely<Database>, id: number): Promise<Pick<EventRow, 'id' | 'erases'>[]> {
  const { rows } = await sql<Pick<EventRow, 'id' | 'erases'>>`select id, erases from event indexed by event_erasing
    where erases is not null and id > ${id} order by id`.execute(db);
  return rows;
}

/** When somebody held a device. */
export interface HeldSpan {
  device_id: string;
  starts_at: number;
  ended_at: number | null;
}

export async function heldBy(db: Kysely<Database>, person: string): Promise<HeldSpan[]> {
  return await db
    .selectFrom('custody')
    .select(['device_id', 'starts_at', 'ended_at'])
    .where('person_id', '=', person)
    .execute();
}

/** Ids of rows about a person, about their tickets, and about devices while they held them; giving out and taking back included. */
export function aboutPerson(person: string, held: readonly HeldSpan[]) {
  const ofDevices = held.map(
    ({ device_id, starts_at, ended_at }) => sql`union all select id from event
      where subject_kind = 'device' and subject_id = ${device_id} and at >= ${starts_at}
      and at <= ${ended_at ?? Number.MAX_SAFE_INTEGER}`,
  );
  return sql<number>`(select id from event where subject_kind = 'person' and subject_id = ${person}
    union all select id from event where subject_kind = 'ticket' and subject_id in (select id from ticket where person_id = ${person})
    ${sql.join(ofDevices, sql` `)})`;
}

/** By the index whose first column says whether a row is erased. */
function between(from = 0, to = Number.MAX_SAFE_INTEGER) {
  return sql<SqlBool>`(salt is null) in (0, 1) and at >= ${from} and at < ${to}`;
}

/** Neighbours become one range. */
function runsOf(ids: readonly number[]): [number, number][] {
  const runs: [number, number][] = [];
  for (const id of ids) {
    const last = runs.at(-1);
    if (last && last[1] === id - 1) last[1] = id;
    else runs.push([id, id]);
  }
  return runs;
}

/** None where somebody wrote something else into the row: then the row itself does not fit the chain. */
function rangesOf(erases: string | null): [number, number][] {
  if (erases === null) return [];
  try {
    const parsed: unknown = JSON.parse(erases);
    return ranges.check(parsed) ? parsed : [];
  } catch {
    return [];
  }
}
