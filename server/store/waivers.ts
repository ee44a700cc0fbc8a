import { type Kysely, type Selectable, sql } from 'kysely';
import type { WaiverTarget } from '../../shared/api/schemas.ts';
import type { Sight } from '../access/standing.ts';
import type { Page } from '../services.ts';
import { inChunks } from './chunks.ts';
import type { Database } from './schema.ts';
import { decodeCursor, encodeCursor } from './views/cursor.ts';
import { seesTarget } from './views/seen.ts';

/** An exception from a check. It holds from `from` until `until`, unless it was ended before. */
export interface WaiverRecord {
  id: string;
  /** `null`: every check. */
  check: string | null;
  target: WaiverTarget;
  reason: string;
  by: string;
  from: number;
  until: number;
  endedAt: number | null;
}

/** Waivers: rows are added and ended, never deleted. */
export class WaiverStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  async insert({ check, target, by, from, until, endedAt, ...rest }: WaiverRecord): Promise<void> {
    const row = {
      ...rest,
      check_name: check,
      target_kind: target.kind,
      target_id: target.id,
      by_actor: by,
      from_at: from,
      until_at: until,
      ended_at: endedAt,
    };
    await this.#db.insertInto('waiver').values(row).execute();
  }

  async find(id: string): Promise<WaiverRecord | undefined> {
    const row = await this.#db.selectFrom('waiver').selectAll().where('id', '=', id).executeTakeFirst();
    return row && recordOf(row);
  }

  /** Newest first; with `at` either those in force then, or those that are over. */
  async page(query: {
    cursor?: string;
    limit?: number;
    inForce?: { at: number; is: boolean };
    sight?: Sight | undefined;
  }): Promise<Page<WaiverRecord>> {
    const limit = query.limit ?? 50;
    const after = decodeCursor(query.cursor);
    const { at = 0, is = true } = query.inForce ?? {};
    const all = this.#db.selectFrom('waiver').where(seesTarget(query.sight, 'target_kind', 'target_id'));
    const matching = query.inForce ? all.where(is ? inForceAt(at) : sql<boolean>`not ${inForceAt(at)}`) : all;
    const { total } = await matching.select((row) => row.fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
    let rows = matching
      .selectAll()
      .orderBy('from_at', 'desc')
      .orderBy('id', 'desc')
      .limit(limit + 1);
    if (after) rows = rows.where(sql<boolean>`(from_at, id) < (${sql.join(after)})`);
    const found = await rows.execute();
    const last = found.length > limit ? found[limit - 1] : undefined;
    return {
      items: found.slice(0, limit).map(recordOf),
      total: Number(total),
      nextCursor: last ? encodeCursor([last.from_at, last.id]) : null,
    };
  }

  /** All that hold at an instant. */
  async inForce(at: number): Promise<WaiverRecord[]> {
    const rows = await this.#db.selectFrom('waiver').selectAll().where(inForceAt(at)).orderBy('id').execute();
    return rows.map(recordOf);
  }

  /** Every waiver there ever was for these devices or people. */
  async everOf(targetIds: readonly string[]): Promise<WaiverRecord[]> {
    const all = this.#db.selectFrom('waiver').selectAll().orderBy('id');
    return (await inChunks(targetIds, (some) => all.where('target_id', 'in', some).execute())).map(recordOf);
  }

  /** Ends one before its time. False when it was over already. */
  async end(id: string, at: number): Promise<boolean> {
    const { numUpdatedRows } = await this.#db
      .updateTable('waiver')
      .set({ ended_at: at })
      .where('id', '=', id)
      .where(inForceAt(at))
      .executeTakeFirstOrThrow();
    return numUpdatedRows > 0n;
  }

  /** Marks those whose time is over as ended, and returns them. */
  async endOverdue(at: number): Promise<WaiverRecord[]> {
    const rows = await this.#db
      .updateTable('waiver')
      .set((row) => ({ ended_at: row.ref('until_at') }))
      .where('ended_at', 'is', null)
      .where('until_at', '<=', at)
      .returningAll()
      .execute();
    return rows.map(recordOf);
  }
}

function inForceAt(at: number) {
  return sql<boolean>`(ended_at is null and until_at > ${at})`;
}

function recordOf(row: Selectable<Database['waiver']>): WaiverRecord {
  return {
    id: row.id,
    check: row.check_name,
    target: { kind: row.target_kind as WaiverTarget['kind'], id: row.target_id },
    reason: row.reason,
    by: row.by_actor,
    from: row.from_at,
    until: row.until_at,
    endedAt: row.ended_at,
  };
}
