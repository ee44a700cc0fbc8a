import { type Kysely, sql } from 'kysely';
import type { Audience, ObligationKind, ObligationView } from '../../shared/api/schemas.ts';
import type { ObligationSpan } from '../../shared/compliance/person-timeline.ts';
import type { Sight } from '../access/standing.ts';
import type { Page } from '../services.ts';
import { inChunks } from './chunks.ts';
import { type ObligationRecord, type ObligedPerson, personOf, recordOf, rowOf, viewOf } from './obligation-records.ts';
import type { Database } from './schema.ts';
import { decodeCursor, encodeCursor, likePattern } from './views/cursor.ts';
import { unitsBelow } from './views/holding.ts';
import { seesPerson } from './views/seen.ts';

export interface ObligationQuery {
  cursor?: string;
  limit?: number;
  state?: 'open' | 'overdue' | 'ended';
  kind?: ObligationKind;
  person?: string;
  search?: string;
  sight?: Sight | undefined;
}

export interface Ending {
  outcome: 'met' | 'cancelled';
  by: string;
  at: number;
}

const rowsPerStatement = 500;

/** Obligations: rows are added and ended, never deleted. */
export class ObligationStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  async insert(records: readonly ObligationRecord[]): Promise<void> {
    const rows = records.map(rowOf);
    await this.#db.transaction().execute(async (trx) => {
      await inChunks(
        rows,
        (some) => trx.insertInto('obligation').values(some).returning('id').execute(),
        rowsPerStatement,
      );
    });
  }

  /** Ends these; returns those that were open until then. All or none. */
  async end(ids: readonly string[], { outcome, by, at }: Ending): Promise<ObligationRecord[]> {
    const row = { outcome, ended_by: by, ended_at: at };
    return await this.#db.transaction().execute(async (trx) => {
      const open = (some: string[]) =>
        trx
          .updateTable('obligation')
          .set(row)
          .where('id', 'in', some)
          .where('ended_at', 'is', null)
          .returningAll()
          .execute();
      return (await inChunks(ids, open)).map(recordOf);
    });
  }

  async find(id: string, now: number): Promise<ObligationView | undefined> {
    const row = await this.#views().where('obligation.id', '=', id).executeTakeFirst();
    return row && viewOf(row, now);
  }

  /** Due first; those that are over newest first. */
  async page(query: ObligationQuery, now: number): Promise<Page<ObligationView>> {
    const limit = query.limit ?? 50;
    const after = decodeCursor(query.cursor);
    const over = query.state === 'ended';
    const key = sql<number>`${sql.ref(over ? 'obligation.ended_at' : 'obligation.due_at')}`;
    const matching = this.#matching(query, now);
    const { total } = await matching
      .clearSelect()
      .select((row) => row.fn.countAll<number>().as('total'))
      .executeTakeFirstOrThrow();
    let rows = matching
      .orderBy(key, over ? 'desc' : 'asc')
      .orderBy('obligation.id', over ? 'desc' : 'asc')
      .limit(limit + 1);
    if (after) {
      const keys = sql.join(after);
      rows = rows.where(
        over ? sql<boolean>`(${key}, obligation.id) < (${keys})` : sql<boolean>`(${key}, obligation.id) > (${keys})`,
      );
    }
    const found = await rows.execute();
    const last = found.length > limit ? found[limit - 1] : undefined;
    return {
      items: found.slice(0, limit).map((row) => viewOf(row, now)),
      total: Number(total),
      nextCursor: last ? encodeCursor([(over ? last.ended_at : last.due_at) ?? 0, last.id]) : null,
    };
  }

  /** What is open: of these people, of this kind, or all. */
  async open(which: { people?: readonly string[]; kind?: ObligationKind } = {}): Promise<ObligationRecord[]> {
    let open = this.#db
      .selectFrom('obligation')
      .selectAll()
      .where('ended_at', 'is', null)
      .orderBy('due_at')
      .orderBy('id');
    if (which.kind) open = open.where('kind', '=', which.kind);
    const rows = which.people
      ? await inChunks(which.people, (some) => open.where('person_id', 'in', some).execute())
      : await open.execute();
    return rows.map(recordOf);
  }

  /** Every obligation there ever was, of these people or of all, by person id. */
  async everOf(people?: readonly string[]): Promise<Map<string, ObligationSpan[]>> {
    const all = this.#db.selectFrom('obligation').select(['person_id', 'title', 'due_at', 'from_at', 'ended_at']);
    const rows = people
      ? await inChunks(people, (some) => all.where('person_id', 'in', some).execute())
      : await all.execute();
    const spans = Map.groupBy(rows, (row) => row.person_id);
    const spanOf = (row: (typeof rows)[number]) => {
      return { title: row.title, dueAt: row.due_at, from: row.from_at, to: row.ended_at };
    };
    return new Map([...spans].map(([person, own]) => [person, own.map(spanOf)]));
  }

  /** People who met an obligation of this title once. */
  async peopleWhoMet(kind: ObligationKind, title: string): Promise<Set<string>> {
    const rows = await this.#db
      .selectFrom('obligation')
      .select('person_id')
      .where('kind', '=', kind)
      .where('title', '=', title)
      .where('outcome', '=', 'met')
      .execute();
    return new Set(rows.map((row) => row.person_id));
  }

  /** Open custody of people who left the roster, which nobody was asked about since it began. */
  async leftHolding(): Promise<{ personId: string; deviceId: string }[]> {
    const rows = await this.#db
      .selectFrom('custody')
      .innerJoin('person', 'person.id', 'custody.person_id')
      .select(['custody.person_id as personId', 'custody.device_id as deviceId'])
      .where('custody.ended_at', 'is', null)
      .where('person.active', '=', 0)
      .where(sql<boolean>`not exists (select 1 from obligation where obligation.kind = 'device-return'
        and obligation.person_id = custody.person_id and obligation.device_id = custody.device_id
        and obligation.from_at >= custody.starts_at
        and not (coalesce(obligation.outcome, '') = 'cancelled' and obligation.ended_by = 'server'))`)
      .execute();
    return rows;
  }

  /** To whom everything said applies, by name. Somebody who is named may have left. */
  async audience(audience: Audience): Promise<ObligedPerson[]> {
    let people = this.#people();
    if (audience.person === undefined) people = people.where('active', '=', 1);
    else people = people.where('id', '=', audience.person);
    if (audience.role !== undefined) people = people.where('role', '=', audience.role);
    if (audience.grade !== undefined) people = people.where('grade', '=', audience.grade);
    if (audience.org !== undefined) {
      const below = unitsBelow(audience.org);
      people = people.where(
        sql<boolean>`(org_id in ${below} or id in (select person_id from person_org where org_id in ${below}))`,
      );
    }
    if (audience.class !== undefined) {
      const students = sql`select person_id from enrollment where class_id = ${audience.class} and role = 'student' and active = 1`;
      people = people.where(sql<boolean>`id in (${students})`);
    }
    return (await people.orderBy('family_name').orderBy('given_name').orderBy('id').execute()).map(personOf);
  }

  /** Everybody who ever stood in the roster. */
  async everybody(): Promise<ObligedPerson[]> {
    return (await this.#people().execute()).map(personOf);
  }

  #people() {
    return this.#db
      .selectFrom('person')
      .select(['id', 'sourced_id', 'username', 'given_name', 'family_name', 'active']);
  }

  #matching({ state, kind, person, search, sight }: ObligationQuery, now: number) {
    let rows = this.#views().where(seesPerson(sight, 'obligation.person_id'));
    if (state !== undefined) rows = rows.where('obligation.ended_at', state === 'ended' ? 'is not' : 'is', null);
    if (state === 'overdue') rows = rows.where('obligation.due_at', '<=', now);
    if (kind !== undefined) rows = rows.where('obligation.kind', '=', kind);
    if (person !== undefined) rows = rows.where('obligation.person_id', '=', person);
    if (search?.trim()) {
      const like = likePattern(search);
      const text = sql`(obligation.title || ' ' || person.given_name || ' ' || person.family_name || ' ' || person.username)`;
      rows = rows.where(sql<boolean>`${text} like ${like} escape '\\'`);
    }
    return rows;
  }

  #views() {
    return this.#db
      .selectFrom('obligation')
      .innerJoin('person', 'person.id', 'obligation.person_id')
      .leftJoin('device', 'device.id', 'obligation.device_id')
      .selectAll('obligation')
      .select(['person.given_name', 'person.family_name', 'device.name as device_name']);
  }
}
