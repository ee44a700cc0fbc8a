import { setImmediate } from 'node:timers/promises';
import type { Kysely, Transaction } from 'kysely';
import { sql } from 'kysely';
import { type RolloutState, ringsWithNew } from '../../shared/policy/rollout.ts';
import type { ItemUnderWay } from '../rollouts/under-way.ts';
import type { Page } from '../services.ts';
import { inChunks } from './chunks.ts';
import { followList } from './lists.ts';
import { setPublished } from './publishable.ts';
import {
  type DecisionRecord,
  deliver,
  insertRollout,
  liveStates,
  type NewDecision,
  type NewRollout,
  type RolloutItem,
  type RolloutPlace,
  type RolloutRecord,
  rolloutOf,
  rowsPerStatement,
} from './rollout-records.ts';
import type { Database } from './schema.ts';
import { decodeCursor, encodeCursor } from './views/cursor.ts';

export type { NewRollout, RolloutItem, RolloutRecord } from './rollout-records.ts';

const rowsPerPage = 5_000;

/** What is on its way in rings. Rings never change once they are stored; who appears later belongs to the last one. */
export class RolloutStore {
  readonly #db: Kysely<Database>;
  /** Rollout → device → ring, of those that live: every resolution asks. */
  readonly #rings = new Map<string, ReadonlyMap<string, number>>();

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** In a transaction of its own: see `insertRollout`. */
  async insert(rollout: NewRollout): Promise<void> {
    await this.#db.transaction().execute((trx) => insertRollout(trx, rollout));
  }

  async find(id: string): Promise<RolloutRecord | undefined> {
    const row = await this.#db.selectFrom('rollout').selectAll().where('id', '=', id).executeTakeFirst();
    return row && rolloutOf(row);
  }

  /** Those under way (draft, running, paused, halted), the oldest first. */
  async live(): Promise<RolloutRecord[]> {
    const rows = await this.#db
      .selectFrom('rollout')
      .selectAll()
      .where('state', 'in', liveStates)
      .orderBy('started_at')
      .orderBy('id')
      .execute();
    return rows.map(rolloutOf);
  }

  /** Those under way first, then the newest. */
  async page({
    cursor,
    limit = 50,
    live,
  }: {
    cursor?: string;
    limit?: number;
    live?: boolean;
  }): Promise<Page<RolloutRecord>> {
    const isLive = sql<number>`case when state in (${sql.join(liveStates)}) then 1 else 0 end`;
    let matching = this.#db.selectFrom('rollout');
    if (live !== undefined) matching = matching.where(isLive, '=', live ? 1 : 0);
    const { total } = await matching.select((is) => is.fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
    const after = decodeCursor(cursor, 3);
    if (after) matching = matching.where(sql<boolean>`(${isLive}, started_at, id) < (${sql.join(after)})`);
    const rows = await matching
      .selectAll()
      .select(isLive.as('is_live'))
      .orderBy('is_live', 'desc')
      .orderBy('started_at', 'desc')
      .orderBy('id', 'desc')
      .limit(limit + 1)
      .execute();
    const last = rows.length > limit ? rows[limit - 1] : undefined;
    return {
      items: rows.slice(0, limit).map(rolloutOf),
      total: Number(total),
      nextCursor: last ? encodeCursor([last.is_live, last.started_at, last.id]) : null,
    };
  }

  /** Profiles and groups under way, for whoever resolves policy. */
  async underWay(): Promise<ItemUnderWay[]> {
    const rollouts = await this.live();
    const living = new Set(rollouts.map(({ id }) => id));
    for (const id of this.#rings.keys()) if (!living.has(id)) this.#rings.delete(id);
    const items: ItemUnderWay[] = [];
    for (const rollout of rollouts.filter(({ kind }) => kind === 'policy')) {
      const has = await this.holders(rollout);
      for (const item of rollout.items)
        if (item.kind === 'profile' || item.kind === 'group') items.push({ ...item, has });
    }
    return items;
  }

  /** Which devices a rollout gives the new one. */
  async holders({ id, state, plan }: RolloutRecord): Promise<(deviceId: string) => boolean> {
    const open = ringsWithNew(state);
    const rings = this.#rings.get(id) ?? (await this.#readRings(id));
    this.#rings.set(id, rings);
    return (deviceId) => (rings.get(deviceId) ?? plan.rings.length) <= open;
  }

  /** The same by id; nobody has what is not there. */
  async holdersOf(id: string): Promise<(deviceId: string) => boolean> {
    const rollout = await this.find(id);
    return rollout ? await this.holders(rollout) : () => false;
  }

  async #readRings(rolloutId: string): Promise<ReadonlyMap<string, number>> {
    const page = this.#db
      .selectFrom('rollout_device')
      .select(['device_id', 'ring'])
      .where('rollout_id', '=', rolloutId)
      .orderBy('device_id')
      .limit(rowsPerPage);
    const rings = new Map<string, number>();
    for (let after = ''; ; await setImmediate()) {
      const rows = await page.where('device_id', '>', after).execute();
      for (const row of rows) rings.set(row.device_id, row.ring);
      if (rows.length < rowsPerPage) return rings;
      after = rows.at(-1)?.device_id ?? after;
    }
  }

  /** Devices in service that take part, by id: up to `limit`, of those after `after`. */
  async places(rolloutId: string, after: string, limit: number): Promise<RolloutPlace[]> {
    const rows = await this.#db
      .selectFrom('rollout_device as part')
      .innerJoin('device', 'device.id', 'part.device_id')
      .select(['part.device_id', 'part.ring', 'part.given_at', 'part.before'])
      .where('part.rollout_id', '=', rolloutId)
      .where('part.device_id', '>', after)
      .where('device.status', '=', 'active')
      .orderBy('part.device_id')
      .limit(limit)
      .execute();
    return rows.map((row) => ({ deviceId: row.device_id, ring: row.ring, givenAt: row.given_at, before: row.before }));
  }

  /** How these devices are before they are given the new one. Safe to repeat. */
  async saveBefore(rolloutId: string, places: readonly RolloutPlace[]): Promise<void> {
    await inChunks(
      places,
      async (chunk) => {
        await this.#db
          .insertInto('rollout_device')
          .values(
            chunk.map(({ deviceId, ring, givenAt, before }) => ({
              ...{ rollout_id: rolloutId, device_id: deviceId, ring, given_at: givenAt, before },
            })),
          )
          .onConflict((conflict) =>
            conflict
              .columns(['rollout_id', 'device_id'])
              .doUpdateSet((row) => ({ before: row.ref('excluded.before') })),
          )
          .execute();
        return [];
      },
      rowsPerStatement,
    );
  }

  /**
   * Moves the rollout on and writes why, in one transaction: devices are given the new one or lose it as the state says, and
   * a roll-back makes the earlier revisions the published ones. False, and nothing written, when it is no longer as it
   * was in `rollout`.
   */
  async decide(rollout: RolloutRecord, next: RolloutState, decision: NewDecision): Promise<boolean> {
    return await this.#db.transaction().execute(async (trx) => {
      if (!(await setState(trx, rollout, next, decision.at))) return false;
      await deliver(trx, rollout.id, ringsWithNew(next), decision.at);
      if (next.kind === 'rolled-back') await restore(trx, rollout.items);
      if (rollout.kind === 'list') await followList(trx, rollout.id, next);
      const { at, by, words, evidence } = decision;
      const from_state = rollout.state.kind;
      const ring = 'ring' in next ? next.ring : ringOf(rollout);
      await trx
        .insertInto('rollout_decision')
        .values({
          ...{ rollout_id: rollout.id, at, by_actor: by, from_state, to_state: next.kind, ring, words },
          evidence: JSON.stringify(evidence),
        })
        .execute();
      return true;
    });
  }

  /** When its newest ring was opened, or it went on; `null`: it has not begun. */
  async runningSince(rolloutId: string): Promise<number | null> {
    const { at } = await this.#db
      .selectFrom('rollout_decision')
      .select((is) => is.fn.max('at').as('at'))
      .where('rollout_id', '=', rolloutId)
      .where('to_state', '=', 'running')
      .executeTakeFirstOrThrow();
    return at === null ? null : Number(at);
  }

  /** Newest first. */
  async decisions(rolloutId: string, limit = 200): Promise<DecisionRecord[]> {
    const rows = await this.#db
      .selectFrom('rollout_decision')
      .selectAll()
      .where('rollout_id', '=', rolloutId)
      .orderBy('id', 'desc')
      .limit(limit)
      .execute();
    return rows.map((row) => ({
      ...{ at: row.at, by: row.by_actor, ring: row.ring, words: row.words },
      from: row.from_state as RolloutState['kind'],
      to: row.to_state as RolloutState['kind'],
      evidence: JSON.parse(row.evidence) as unknown,
    }));
  }

  /** Forgets which devices took part in rollouts that ended before `olderThan`; what was decided stays. */
  async prune(olderThan: number): Promise<void> {
    const ended = this.#db.selectFrom('rollout').select('id').where('ended_at', '<', olderThan);
    await this.#db.deleteFrom('rollout_device').where('rollout_id', 'in', ended).execute();
  }
}

/** Unless somebody else decided meanwhile. */
async function setState(
  trx: Transaction<Database>,
  { id, state, ...rest }: RolloutRecord,
  next: RolloutState,
  at: number,
): Promise<boolean> {
  const isOver = next.kind === 'completed' || next.kind === 'rolled-back';
  const { numUpdatedRows } = await trx
    .updateTable('rollout')
    .set({
      state: next.kind,
      ring: 'ring' in next ? next.ring : ringOf({ state, ...rest }),
      since: 'since' in next ? next.since : at,
      reason: 'reason' in next ? next.reason : null,
      returned: 'returned' in next && next.returned ? 1 : 0,
      ended_at: isOver ? at : null,
    })
    .where('id', '=', id)
    .where('state', '=', state.kind)
    .where('ring', '=', ringOf({ state, ...rest }))
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

async function restore(trx: Transaction<Database>, items: readonly RolloutItem[]): Promise<void> {
  for (const { kind, id, from } of items) {
    if (kind === 'profile' || kind === 'group') await setPublished(trx, { kind, id }, from);
  }
}

/** How far it came. */
function ringOf({ state, plan }: Pick<RolloutRecord, 'state' | 'plan'>): number {
  if (state.kind === 'draft') return 0;
  return 'ring' in state ? state.ring : plan.rings.length;
}
