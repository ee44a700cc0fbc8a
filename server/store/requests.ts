import { type Kysely, type Selectable, sql } from 'kysely';
import type Type from 'typebox';
import type { Routes } from '../../shared/api/routes.ts';
import type { UnblockRequestView } from '../../shared/api/schemas.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import type { RequestOutcome } from '../../shared/profile/web-filter.ts';
import type { Seen } from '../access/standing.ts';
import type { Page } from '../services.ts';
import { insertOverride, type OverrideRecord } from './overrides.ts';
import type { Database } from './schema.ts';
import { decodeCursor, encodeCursor, likePattern } from './views/cursor.ts';
import { unitsBelow } from './views/holding.ts';
import { iso, isoOrNull } from './views/rows.ts';
import { seesDevice } from './views/seen.ts';

/** What a decision needs of a request. */
export interface RequestRecord {
  id: string;
  deviceId: string;
  personId: string | null;
  orgId: string | null;
  name: string;
  category: string | null;
  state: UnblockRequestView['state'];
}

export interface RequestDecision {
  state: 'granted' | 'refused';
  reason: string;
  by: string;
  at: number;
}

type Query = Seen<Type.Static<Routes['listRequests']['query']>>;

/** Unblock requests. They come with reports: `server/store/request-records.ts`. */
export class RequestStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** Those due first, first. */
  async page(query: Query, now: number): Promise<Page<UnblockRequestView>> {
    const limit = query.limit ?? 50;
    const after = decodeCursor(query.cursor);
    const matching = this.#matching(query);
    const { total } = await matching.select((is) => is.fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
    let rows = columns(matching)
      .orderBy('asked.due_at')
      .orderBy('asked.id')
      .limit(limit + 1);
    if (after) rows = rows.where(sql<boolean>`(asked.due_at, asked.id) > (${sql.join(after)})`);
    const found = await rows.execute();
    const last = found.length > limit ? found[limit - 1] : undefined;
    return {
      items: found.slice(0, limit).map((row) => viewOf(row, now)),
      total: Number(total),
      nextCursor: last ? encodeCursor([last.due_at, last.id]) : null,
    };
  }

  async find(id: string): Promise<RequestRecord | undefined> {
    const row = await this.#db.selectFrom('unblock_request').selectAll().where('id', '=', id).executeTakeFirst();
    return row && recordOf(row);
  }

  async view(id: string, now: number): Promise<UnblockRequestView | undefined> {
    const row = await columns(joined(this.#db).where('asked.id', '=', id)).executeTakeFirst();
    return row && viewOf(row, now);
  }

  /** Decides an open request, together with the override that grants it; `conflict` when it is open no more. */
  async decide(id: string, { state, reason, by, at }: RequestDecision, override?: OverrideRecord): Promise<void> {
    await this.#db.transaction().execute(async (trx) => {
      const { numUpdatedRows } = await trx
        .updateTable('unblock_request')
        .set({ state, outcome: reason, decided_by: by, decided_at: at, override_id: override?.id ?? null })
        .where('id', '=', id)
        .where('state', '=', 'open')
        .executeTakeFirstOrThrow();
      if (numUpdatedRows === 0n) throw new CodedError('conflict', 'This request has been decided already.');
      if (override) await insertOverride(trx, override);
    });
  }

  /** Closes open requests asked before `askedBefore`; the devices they came from. */
  async expire(askedBefore: number, at: number, outcome: string): Promise<string[]> {
    const rows = await this.#db
      .updateTable('unblock_request')
      .set({ state: 'expired', outcome, decided_at: at })
      .where('state', '=', 'open')
      .where('asked_at', '<=', askedBefore)
      .returning('device_id')
      .execute();
    return [...new Set(rows.map((row) => row.device_id))];
  }

  /** When the oldest open request was asked. */
  async oldestOpen(): Promise<number | undefined> {
    const row = await this.#db
      .selectFrom('unblock_request')
      .select((is) => is.fn.min('asked_at').as('oldest'))
      .where('state', '=', 'open')
      .executeTakeFirst();
    return row?.oldest ?? undefined;
  }

  /** What was decided since, by device, newest first and at most `most` each. */
  async outcomes(since: number, most: number): Promise<Map<string, RequestOutcome[]>> {
    const rows = await this.#db
      .selectFrom('unblock_request')
      .select(['device_id', 'reported_id', 'name', 'state', 'outcome', 'decided_at'])
      .where('state', '!=', 'open')
      .where('decided_at', '>=', since)
      .orderBy('decided_at', 'desc')
      .orderBy('id')
      .execute();
    const groups = Map.groupBy(rows, (row) => row.device_id);
    return new Map([...groups].map(([deviceId, decided]) => [deviceId, decided.slice(0, most).map(outcomeOf)]));
  }

  #matching({ state, org, search, sight }: Query) {
    let rows = joined(this.#db).where(seesDevice(sight, 'asked.device_id'));
    if (state) rows = rows.where('asked.state', '=', state);
    if (org) rows = rows.where('asked.org_id', 'in', unitsBelow(org));
    if (search) {
      const like = likePattern(search);
      rows = rows.where(
        sql<boolean>`(asked.name like ${like} escape '\\' or device.name like ${like} escape '\\' or person.given_name || ' ' || person.family_name like ${like} escape '\\')`,
      );
    }
    return rows;
  }
}

function joined(db: Kysely<Database>) {
  return db
    .selectFrom('unblock_request as asked')
    .innerJoin('device', 'device.id', 'asked.device_id')
    .leftJoin('person', 'person.id', 'asked.person_id')
    .leftJoin('org', 'org.id', 'asked.org_id');
}

function columns(rows: ReturnType<typeof joined>) {
  return rows
    .selectAll('asked')
    .select(['device.name as device_name', 'person.given_name', 'person.family_name', 'org.name as org_name'])
    .select(
      sql<number>`(select count(*) from unblock_request alike where alike.state = 'open' and alike.name = asked.name)`.as(
        'alike',
      ),
    );
}

type Row = Awaited<ReturnType<ReturnType<typeof columns>['executeTakeFirstOrThrow']>>;

function viewOf(row: Row, now: number): UnblockRequestView {
  return {
    id: row.id,
    name: row.name,
    category: row.category,
    rule: row.rule,
    words: row.words,
    person: row.person_id === null ? null : { id: row.person_id, name: `${row.given_name} ${row.family_name}`.trim() },
    deviceId: row.device_id,
    deviceName: row.device_name,
    orgName: row.org_name,
    askedAt: iso(row.asked_at),
    dueAt: iso(row.due_at),
    overdue: row.state === 'open' && row.due_at < now,
    alike: Number(row.alike),
    state: row.state as UnblockRequestView['state'],
    outcome: row.outcome,
    decidedAt: isoOrNull(row.decided_at),
    decidedBy: row.decided_by,
    overrideId: row.override_id,
  };
}

function recordOf(row: Selectable<Database['unblock_request']>): RequestRecord {
  return {
    id: row.id,
    deviceId: row.device_id,
    personId: row.person_id,
    orgId: row.org_id,
    name: row.name,
    category: row.category,
    state: row.state as RequestRecord['state'],
  };
}

function outcomeOf(
  row: Pick<Selectable<Database['unblock_request']>, 'reported_id' | 'name' | 'state' | 'outcome' | 'decided_at'>,
): RequestOutcome {
  return {
    id: row.reported_id,
    name: row.name,
    state: row.state as RequestOutcome['state'],
    reason: row.outcome,
    at: row.decided_at ?? 0,
  };
}
