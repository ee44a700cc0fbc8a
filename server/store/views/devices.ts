import { type Kysely, sql } from 'kysely';
import type { Query } from '../../../shared/api/contract.ts';
import type { Routes } from '../../../shared/api/routes.ts';
import type { DeviceDetail, DeviceSummary } from '../../../shared/api/schemas.ts';
import type { Seen } from '../../access/standing.ts';
import type { Database } from '../schema.ts';
import { decodeCursor, encodeCursor, likePattern } from './cursor.ts';
import { holdsAt, isOpenAt, standsSo, stoodAt, unitAt, unitsBelow, wasNotJudged } from './holding.ts';
import { deviceSummary, iso, isoOrNull } from './rows.ts';
import { seesDevice } from './seen.ts';

/** `at`: verdicts and custody as of then (epoch ms); absent: as of now. All else is as it is now. */
export type DevicesQuery = Seen<Omit<Query<Routes['listDevices']>, 'at'> & { at?: number }>;
type Certificate = NonNullable<DeviceDetail['certificate']>;

interface Presence {
  isConnected(deviceId: string): boolean;
  connectedIds(): string[];
}

/** Devices as the console shows them. Presence is not stored: it is asked of the gateway. */
export class DevicesView {
  readonly #db: Kysely<Database>;
  readonly #presence: Presence;

  constructor(db: Kysely<Database>, presence: Presence) {
    this.#db = db;
    this.#presence = presence;
  }

  async page(query: DevicesQuery): Promise<{ items: DeviceSummary[]; total: number; nextCursor: string | null }> {
    return { ...(await this.slice(query)), total: await this.count(query) };
  }

  async count(query: DevicesQuery): Promise<number> {
    const { at, search, verdict, org } = query;
    const needsOthers = search || (at === undefined && (verdict || org));
    const { total } = await this.#matching(query, needsOthers ? joined(this.#db, at) : alone(this.#db))
      .select((e) => e.fn.countAll<number>().as('total'))
      .executeTakeFirstOrThrow();
    return Number(total);
  }

  /** A page without the count of all, which costs a look at every device. */
  async slice(query: DevicesQuery): Promise<{ items: DeviceSummary[]; nextCursor: string | null }> {
    const limit = query.limit ?? 50;
    const after = decodeCursor(query.cursor);
    let rows = columns(this.#matching(query, joined(this.#db, query.at)))
      .orderBy('device.name')
      .orderBy('device.id')
      .limit(limit + 1);
    if (after) rows = rows.where(sql<boolean>`(device.name, device.id) > (${sql.join(after)})`);
    const found = await rows.execute();
    const last = found.length > limit ? found[limit - 1] : undefined;
    return {
      items: await this.#summaries(found.slice(0, limit)),
      nextCursor: last ? encodeCursor([last.name, last.id]) : null,
    };
  }

  async some(ids: readonly string[]): Promise<DeviceSummary[]> {
    const rows = await columns(joined(this.#db).where('device.id', 'in', [...ids]))
      .orderBy('device.name')
      .execute();
    return await this.#summaries(rows);
  }

  async one(id: string): Promise<{ summary: DeviceSummary; enrolledAt: string } | undefined> {
    const row = await columns(joined(this.#db).where('device.id', '=', id)).executeTakeFirst();
    if (!row) return undefined;
    const [summary] = await this.#summaries([row]);
    return summary && { summary, enrolledAt: iso(row.enrolled_at) };
  }

  async certificateOf(id: string): Promise<Certificate | null> {
    const row = await this.#db
      .selectFrom('certificate')
      .select(['serial', 'not_after', 'status'])
      .where('device_id', '=', id)
      .orderBy('issued_at', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row
      ? { serial: row.serial, notAfter: iso(row.not_after), status: row.status as Certificate['status'] }
      : null;
  }

  async healthOf(id: string): Promise<DeviceDetail['health']> {
    const rows = await this.#db.selectFrom('health').selectAll().where('device_id', '=', id).execute();
    return Object.fromEntries(
      rows.map((row) => [row.collector, { at: iso(row.at), value: JSON.parse(row.value) as unknown }]),
    );
  }

  async observationsOf(id: string): Promise<DeviceDetail['observations']> {
    const rows = await this.#db.selectFrom('observation').selectAll().where('device_id', '=', id).execute();
    return Object.fromEntries(
      rows.map((row) => [row.name, { at: iso(row.at), value: JSON.parse(row.value) as unknown }]),
    );
  }

  /** Open findings first, then the latest closed. */
  async findingsOf(id: string): Promise<DeviceDetail['findings']> {
    const rows = await this.#db
      .selectFrom('finding')
      .selectAll()
      .where('device_id', '=', id)
      .orderBy(sql`closed_at is not null`)
      .orderBy('opened_at', 'desc')
      .limit(50)
      .execute();
    return rows.map((row) => ({
      code: row.code,
      detail: row.detail,
      openedAt: iso(row.opened_at),
      closedAt: isoOrNull(row.closed_at),
    }));
  }

  async #summaries(rows: Awaited<ReturnType<ReturnType<typeof columns>['execute']>>): Promise<DeviceSummary[]> {
    const tags = new Map<string, string[]>();
    const ids = rows.map((row) => row.id);
    for (const row of await this.#db
      .selectFrom('device_tag')
      .selectAll()
      .where('device_id', 'in', ids)
      .orderBy('tag')
      .execute()) {
      tags.set(row.device_id, [...(tags.get(row.device_id) ?? []), row.tag]);
    }
    return rows.map((row) => deviceSummary(row, tags.get(row.id) ?? [], this.#presence.isConnected(row.id)));
  }

  #matching(query: DevicesQuery, all: ReturnType<typeof joined>) {
    const { at } = query;
    let rows = all.where(seesDevice(query.sight, 'device.id'));
    if (at !== undefined) rows = rows.where('device.enrolled_at', '<=', at);
    if (query.platform) rows = rows.where('device.platform', '=', query.platform);
    rows = query.status ? rows.where('device.status', '=', query.status) : rows;
    if (query.org && at === undefined) rows = rows.where('person.org_id', 'in', unitsBelow(query.org));
    if (query.tag) {
      const tagged = this.#db.selectFrom('device_tag').select('device_id').where('tag', '=', query.tag);
      rows = rows.where('device.id', 'in', tagged);
    }
    if (at !== undefined && (query.org || query.verdict)) rows = rows.where('device.id', 'in', thoseAt(at, query));
    else if (query.verdict) rows = rows.where(standsSo(query.verdict));
    if (query.connected !== undefined) {
      const connected = sql`(select value from json_each(${JSON.stringify(this.#presence.connectedIds())}))`;
      rows = rows.where(
        query.connected ? sql<boolean>`device.id in ${connected}` : sql<boolean>`device.id not in ${connected}`,
      );
    }
    if (query.search) {
      const like = likePattern(query.search);
      rows = rows.where(
        sql<boolean>`(device.name like ${like} escape '\\' or device.serial like ${like} escape '\\' or device.model like ${like} escape '\\' or device.id = ${query.search} or person.given_name || ' ' || person.family_name like ${like} escape '\\')`,
      );
    }
    return rows;
  }
}

/** Devices of a unit or a verdict at an instant; of which nothing was judged are unknown, and in no unit. */
function thoseAt(at: number, { org, verdict }: DevicesQuery) {
  const judged = stoodAt('device', at, { org, ...(verdict && { states: [verdict] }) });
  const rest = sql`select one.id from device as one where ${wasNotJudged('device', 'one.id', at)}`;
  return sql<string>`(${org || verdict !== 'unknown' ? judged : sql`${judged} union all ${rest}`})`;
}

function joined(db: Kysely<Database>, at?: number) {
  return db
    .selectFrom('device')
    .leftJoin('custody', (join) => join.onRef('custody.device_id', '=', 'device.id').on(isOpenAt(at)))
    .leftJoin('person', 'person.id', 'custody.person_id')
    .leftJoin('verdict', (join) =>
      join.on('verdict.subject_kind', '=', 'device').onRef('verdict.subject_id', '=', 'device.id').on(holdsAt(at)),
    )
    .leftJoin('org', (join) => join.on(sql<boolean>`org.id = ${unitAt(at)}`));
}

/** Without what only rows that are shown need; the filters must not speak of it. */
function alone(db: Kysely<Database>) {
  return db.selectFrom('device') as unknown as ReturnType<typeof joined>;
}

function columns(rows: ReturnType<typeof joined>) {
  return rows.select([
    'device.id',
    'device.name',
    'device.serial',
    'device.maker',
    'device.model',
    'device.platform',
    'device.os_name',
    'device.os_version',
    'device.agent_version',
    'device.status',
    'device.simulated',
    'device.enrolled_at',
    'device.last_seen_at',
    'person.id as person_id',
    'person.given_name',
    'person.family_name',
    'org.name as org_name',
    'verdict.state',
    'verdict.reasons',
    'verdict.from_at',
    'verdict.until_at',
  ]);
}
