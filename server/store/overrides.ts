import { type Kysely, type Selectable, sql, type Transaction } from 'kysely';
import type { OverrideInput, OverrideTarget } from '../../shared/api/schemas.ts';
import type { Sight } from '../access/standing.ts';
import type { Page } from '../services.ts';
import type { Database } from './schema.ts';
import { decodeCursor, encodeCursor } from './views/cursor.ts';
import { seesTarget } from './views/seen.ts';

/** Something opened or closed for a time. It holds from `from` until `until`, unless it was ended before. */
export interface OverrideRecord {
  id: string;
  target: OverrideTarget;
  kind: OverrideInput['kind'];
  domains: string[];
  categories: string[];
  everything: boolean;
  reason: string;
  by: string;
  from: number;
  until: number;
  endedAt: number | null;
  /** The unblock request it grants. */
  requestId: string | null;
}

/** Overrides: rows are added and ended, never deleted. */
export class OverrideStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  async insert(override: OverrideRecord): Promise<void> {
    await insertOverride(this.#db, override);
  }

  async find(id: string): Promise<OverrideRecord | undefined> {
    const row = await this.#db.selectFrom('filter_override').selectAll().where('id', '=', id).executeTakeFirst();
    return row && recordOf(row);
  }

  /** Newest first; with `inForce` either those that hold at an instant, or those that are over. */
  async page(query: {
    cursor?: string;
    limit?: number;
    inForce?: { at: number; is: boolean };
    sight?: Sight | undefined;
  }): Promise<Page<OverrideRecord>> {
    const limit = query.limit ?? 50;
    const after = decodeCursor(query.cursor);
    const { at = 0, is = true } = query.inForce ?? {};
    const all = this.#db.selectFrom('filter_override').where(seesTarget(query.sight, 'target_kind', 'target_id'));
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

  /** Those that hold at an instant, by id: all, or those for these targets of one kind. */
  async inForce(
    at: number,
    only?: { kind: OverrideTarget['kind']; ids: readonly string[] },
  ): Promise<OverrideRecord[]> {
    let rows = this.#db.selectFrom('filter_override').selectAll().where(inForceAt(at)).orderBy('id');
    if (only) rows = rows.where('target_kind', '=', only.kind).where('target_id', 'in', [...only.ids]);
    return (await rows.execute()).map(recordOf);
  }

  /** Ends one before its time. False when it was over already. */
  async end(id: string, at: number): Promise<boolean> {
    const { numUpdatedRows } = await this.#db
      .updateTable('filter_override')
      .set({ ended_at: at })
      .where('id', '=', id)
      .where(inForceAt(at))
      .executeTakeFirstOrThrow();
    return numUpdatedRows > 0n;
  }

  /** Marks those whose time is over as ended, and returns them. */
  async endOverdue(at: number): Promise<OverrideRecord[]> {
    const rows = await this.#db
      .updateTable('filter_override')
      .set((is) => ({ ended_at: is.ref('until_at') }))
      .where('ended_at', 'is', null)
      .where('until_at', '<=', at)
      .returningAll()
      .execute();
    return rows.map(recordOf);
  }
}

/** Adds an override; also part of the transaction that grants a request. */
export async function insertOverride(
  db: Kysely<Database> | Transaction<Database>,
  { target, domains, categories, everything, by, from, until, endedAt, requestId, ...rest }: OverrideRecord,
): Promise<void> {
  const row = {
    ...rest,
    target_kind: target.kind,
    target_id: target.id,
    domains: JSON.stringify(domains),
    categories: JSON.stringify(categories),
    everything: everything ? 1 : 0,
    by_actor: by,
    from_at: from,
    until_at: until,
    ended_at: endedAt,
    request_id: requestId,
  };
  await db.insertInto('filter_override').values(row).execute();
}

function inForceAt(at: number) {
  return sql<boolean>`(ended_at is null and until_at > ${at})`;
}

function recordOf(row: Selectable<Database['filter_override']>): OverrideRecord {
  return {
    id: row.id,
    target: { kind: row.target_kind as OverrideTarget['kind'], id: row.target_id },
    kind: row.kind as OverrideRecord['kind'],
    domains: JSON.parse(row.domains) as string[],
    categories: JSON.parse(row.categories) as string[],
    everything: row.everything === 1,
    reason: row.reason,
    by: row.by_actor,
    from: row.from_at,
    until: row.until_at,
    endedAt: row.ended_at,
    requestId: row.request_id,
  };
}
