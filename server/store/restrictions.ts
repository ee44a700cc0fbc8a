import { type Kysely, type Selectable, sql } from 'kysely';
import type { RestrictionView } from '../../shared/api/schemas.ts';
import type { Sight } from '../access/standing.ts';
import type { Page } from '../services.ts';
import { inChunks } from './chunks.ts';
import type { Database } from './schema.ts';
import { decodeCursor, encodeCursor } from './views/cursor.ts';
import { iso, isoOrNull } from './views/rows.ts';
import { seesDevice } from './views/seen.ts';

/** A device that holds the profile of a restriction, since when, and why. */
export interface RestrictionRecord {
  id: string;
  deviceId: string;
  /** Who held it when it began. */
  personId: string | null;
  profileId: string;
  reason: string;
  from: number;
}

export interface RestrictionQuery {
  cursor?: string;
  limit?: number;
  open?: boolean;
  device?: string;
  person?: string;
  sight?: Sight | undefined;
}

const rowsPerStatement = 500;

/** Restrictions: rows are added and ended, never deleted. A device has at most one that is open. */
export class RestrictionStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** Open ones by device: of these, or of all. */
  async open(ids?: readonly string[]): Promise<Map<string, RestrictionRecord>> {
    const open = this.#db.selectFrom('restriction').selectAll().where('ended_at', 'is', null);
    const rows = ids
      ? await inChunks(ids, (chunk) => open.where('device_id', 'in', chunk).execute())
      : await open.execute();
    return new Map(rows.map((row) => [row.device_id, recordOf(row)]));
  }

  /** Device → the profile that narrows it: of these, or of all. */
  async profiles(ids?: readonly string[]): Promise<Map<string, string>> {
    return new Map([...(await this.open(ids))].map(([id, { profileId }]) => [id, profileId]));
  }

  /** How many began after an instant, over or not. */
  async begunSince(at: number): Promise<number> {
    const { count } = await this.#db
      .selectFrom('restriction')
      .select((is) => is.fn.countAll<number>().as('count'))
      .where('from_at', '>', at)
      .executeTakeFirstOrThrow();
    return Number(count);
  }

  /** Adds, ends and moves to another profile, all or none. */
  async change(changes: {
    begun: readonly RestrictionRecord[];
    ended: readonly { id: string; reason: string }[];
    moved: readonly { id: string; profileId: string }[];
    at: number;
  }): Promise<void> {
    const { begun, ended, moved, at } = changes;
    await this.#db.transaction().execute(async (trx) => {
      for (const { id, reason } of ended) {
        const row = { ended_at: at, end_reason: reason };
        await trx.updateTable('restriction').set(row).where('id', '=', id).where('ended_at', 'is', null).execute();
      }
      for (const { id, profileId } of moved)
        await trx.updateTable('restriction').set({ profile_id: profileId }).where('id', '=', id).execute();
      const rows = begun.map(rowOf);
      await inChunks(
        rows,
        (some) => trx.insertInto('restriction').values(some).returning('id').execute(),
        rowsPerStatement,
      );
    });
  }

  /** Newest first. */
  async page(query: RestrictionQuery): Promise<Page<RestrictionView>> {
    const limit = query.limit ?? 50;
    const after = decodeCursor(query.cursor);
    let matching = this.#db.selectFrom('restriction').where(seesDevice(query.sight, 'restriction.device_id'));
    if (query.open !== undefined) matching = matching.where('restriction.ended_at', query.open ? 'is' : 'is not', null);
    if (query.device !== undefined) matching = matching.where('restriction.device_id', '=', query.device);
    if (query.person !== undefined) matching = matching.where('restriction.person_id', '=', query.person);
    const { total } = await matching.select((row) => row.fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
    let rows = matching
      .leftJoin('device', 'device.id', 'restriction.device_id')
      .leftJoin('person', 'person.id', 'restriction.person_id')
      .leftJoin('profile', 'profile.id', 'restriction.profile_id')
      .selectAll('restriction')
      .select(['device.name as device_name', 'person.given_name', 'person.family_name', 'profile.name as profile_name'])
      .orderBy('restriction.from_at', 'desc')
      .orderBy('restriction.id', 'desc')
      .limit(limit + 1);
    if (after) rows = rows.where(sql<boolean>`(restriction.from_at, restriction.id) < (${sql.join(after)})`);
    const found = await rows.execute();
    const last = found.length > limit ? found[limit - 1] : undefined;
    return {
      items: found.slice(0, limit).map(viewOf),
      total: Number(total),
      nextCursor: last ? encodeCursor([last.from_at, last.id]) : null,
    };
  }
}

interface ViewRow extends Selectable<Database['restriction']> {
  device_name: string | null;
  given_name: string | null;
  family_name: string | null;
  profile_name: string | null;
}

function viewOf(row: ViewRow): RestrictionView {
  const person = row.person_id;
  return {
    id: row.id,
    device: { id: row.device_id, name: row.device_name ?? row.device_id },
    person: person === null ? null : { id: person, name: `${row.given_name ?? ''} ${row.family_name ?? ''}`.trim() },
    profile: { id: row.profile_id, name: row.profile_name ?? row.profile_id },
    reason: row.reason,
    from: iso(row.from_at),
    endedAt: isoOrNull(row.ended_at),
    endReason: row.end_reason,
  };
}

function recordOf(row: Selectable<Database['restriction']>): RestrictionRecord {
  return {
    id: row.id,
    deviceId: row.device_id,
    personId: row.person_id,
    profileId: row.profile_id,
    reason: row.reason,
    from: row.from_at,
  };
}

function rowOf({
  id,
  deviceId,
  personId,
  profileId,
  reason,
  from,
}: RestrictionRecord): Selectable<Database['restriction']> {
  return {
    id,
    device_id: deviceId,
    person_id: personId,
    profile_id: profileId,
    reason,
    from_at: from,
    ended_at: null,
    end_reason: null,
  };
}
