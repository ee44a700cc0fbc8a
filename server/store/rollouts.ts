import type { Kysely, Selectable, Transaction } from 'kysely';
import { sql } from 'kysely';
import { CodedError } from '../../shared/errors/catalogue.ts';
import { type RolloutState, ringsWithNew } from '../../shared/policy/rollout.ts';
import type { RolloutPlan } from '../../shared/policy/rollout-plan.ts';
import type { ItemUnderWay } from '../rollouts/under-way.ts';
import type { Page } from '../services.ts';
import { inChunks } from './chunks.ts';
import { setPublishedGroup } from './groups.ts';
import { followList } from './lists.ts';
import { setPublishedProfile } from './profiles.ts';
import type { Database } from './schema.ts';
import { decodeCursor, encodeCursor } from './views/cursor.ts';

/** What is on its way: which revision of a profile or group (`from` null: there was none), or which version of a list. */
export type RolloutItem = PolicyItem | { kind: 'list' | 'agent'; id: string; from: string; to: string };
export type PolicyItem = { kind: 'profile' | 'group'; id: string; from: number | null; to: number };

export interface RolloutRecord {
  id: string;
  kind: 'policy' | 'list' | 'agent';
  title: string;
  items: RolloutItem[];
  plan: RolloutPlan;
  state: RolloutState;
  /** How many devices each ring adds; behind them, how many are in no ring. */
  ringSizes: number[];
  startedAt: number;
  endedAt: number | null;
  by: string;
  changeId: string | null;
}

/** A rollout that begins; it is a draft until its first ring opens. */
export interface NewRollout extends Omit<RolloutRecord, 'state' | 'endedAt' | 'ringSizes'> {
  /** Device → its ring, from 1 (`ringsOf`): the devices that change. */
  devices: ReadonlyMap<string, number>;
  /** Why nobody is given it before a person says so. */
  held?: string;
}

/** Why a rollout is otherwise from now on, with the numbers it was decided on (JSON). */
export interface NewDecision {
  at: number;
  by: string;
  words: string;
  evidence: unknown;
}

export interface DecisionRecord extends NewDecision {
  from: RolloutState['kind'];
  to: RolloutState['kind'];
  ring: number;
}

/** Where a device is in a rollout. */
export interface RolloutPlace {
  deviceId: string;
  ring: number;
  /** When it was given the new one; `null`: it is not. */
  givenAt: number | null;
  /** JSON: how it was before; `null`: never looked at. */
  before: string | null;
}

const liveStates = ['draft', 'running', 'paused', 'halted'] as const;
const rowsPerStatement = 2_000;

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
    const after = decodeCursor(cursor);
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
    const rows = this.#db
      .selectFrom('rollout_device')
      .select(['device_id', 'ring'])
      .where('rollout_id', '=', rolloutId);
    return new Map((await rows.execute()).map((row) => [row.device_id, row.ring]));
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

/**
 * Within a transaction of the caller's, so that what is published and its rollout are written together or not at all.
 * `conflict` while another rollout of one of the items is under way. Nobody is given it until its first ring opens.
 */
export async function insertRollout(trx: Transaction<Database>, rollout: NewRollout): Promise<void> {
  await demandFree(trx, rollout);
  const { id, kind, title, plan, items, devices, startedAt, by, changeId, held = null } = rollout;
  await trx
    .insertInto('rollout')
    .values({
      ...{ id, kind, title, items: JSON.stringify(items), plan: JSON.stringify(plan) },
      ...{ state: held === null ? 'draft' : 'halted', ring: 0, since: startedAt, reason: held, returned: 0 },
      ring_sizes: JSON.stringify(sizesOf(plan, devices)),
      ...{ started_at: startedAt, ended_at: null, by_actor: by, change_id: changeId },
    })
    .execute();
  const rows = [...devices].map(([device_id, ring]) => ({
    rollout_id: id,
    device_id,
    ring,
    given_at: null,
    before: null,
  }));
  await inChunks(
    rows,
    async (chunk) => {
      await trx.insertInto('rollout_device').values(chunk).execute();
      return [];
    },
    rowsPerStatement,
  );
}

/** Within a transaction of the caller's: a newer one takes its place, or the earlier one came back. */
export async function supersede(trx: Transaction<Database>, id: string, at: number): Promise<void> {
  const row = await trx.selectFrom('rollout').selectAll().where('id', '=', id).executeTakeFirst();
  if (!row || row.ended_at !== null) return;
  await trx
    .updateTable('rollout')
    .set({ state: 'rolled-back', since: at, ended_at: at })
    .where('id', '=', id)
    .execute();
  await deliver(trx, id, 0, at);
  const decided = { at, by_actor: 'server', from_state: row.state, to_state: 'rolled-back', ring: row.ring };
  const words = 'Another version took its place.';
  await trx
    .insertInto('rollout_decision')
    .values({ rollout_id: id, ...decided, words, evidence: '{"gates":[]}' })
    .execute();
}

/** Of the devices a rollout began with, how many are given the new one in a state. */
export function givenIn({ ringSizes, state }: Pick<RolloutRecord, 'ringSizes' | 'state'>): number {
  return ringSizes.slice(0, Math.min(ringsWithNew(state), ringSizes.length)).reduce((sum, size) => sum + size, 0);
}

async function demandFree(trx: Transaction<Database>, { items }: NewRollout): Promise<void> {
  const rows = await trx.selectFrom('rollout').select(['title', 'items']).where('state', 'in', liveStates).execute();
  const key = ({ kind, id }: RolloutItem) => `${kind} ${id}`;
  const wanted = new Set(items.map(key));
  const taken = rows.find((row) => (JSON.parse(row.items) as RolloutItem[]).some((item) => wanted.has(key(item))));
  if (!taken) return;
  const remedy = 'Finish that rollout or roll it back, then publish this.';
  throw new CodedError('conflict', `“${taken.title}” is still on its way to the devices. ${remedy}`);
}

function sizesOf({ rings }: RolloutPlan, devices: ReadonlyMap<string, number>): number[] {
  const sizes = Array.from({ length: rings.length + 1 }, () => 0);
  for (const ring of devices.values()) sizes[ring - 1] = (sizes[ring - 1] ?? 0) + 1;
  return sizes;
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

/** Rings up to `open` hold the new one; those that are given it now are so since `at`. */
async function deliver(trx: Transaction<Database>, id: string, open: number, at: number): Promise<void> {
  const parts = trx.updateTable('rollout_device').where('rollout_id', '=', id);
  if (open === 0) await parts.set({ given_at: null }).where('given_at', 'is not', null).execute();
  else
    await parts
      .set({ given_at: at })
      .where('given_at', 'is', null)
      .$if(Number.isFinite(open), (rows) => rows.where('ring', '<=', open))
      .execute();
}

async function restore(trx: Transaction<Database>, items: readonly RolloutItem[]): Promise<void> {
  for (const item of items) {
    if (item.kind === 'profile') await setPublishedProfile(trx, item.id, item.from);
    else if (item.kind === 'group') await setPublishedGroup(trx, item.id, item.from);
  }
}

/** How far it came. */
function ringOf({ state, plan }: Pick<RolloutRecord, 'state' | 'plan'>): number {
  if (state.kind === 'draft') return 0;
  return 'ring' in state ? state.ring : plan.rings.length;
}

function rolloutOf(row: Selectable<Database['rollout']>): RolloutRecord {
  const { id, kind, title } = row;
  return {
    ...{ id, kind: kind as RolloutRecord['kind'], title },
    items: JSON.parse(row.items) as RolloutItem[],
    plan: JSON.parse(row.plan) as RolloutPlan,
    state: stateOf(row),
    ringSizes: JSON.parse(row.ring_sizes) as number[],
    startedAt: row.started_at,
    endedAt: row.ended_at,
    by: row.by_actor,
    changeId: row.change_id,
  };
}

function stateOf(row: Selectable<Database['rollout']>): RolloutState {
  const { ring, since } = row;
  const reason = row.reason ?? '';
  switch (row.state as RolloutState['kind']) {
    case 'draft':
      return { kind: 'draft' };
    case 'running':
      return { kind: 'running', ring, since };
    case 'paused':
      return { kind: 'paused', ring, since, reason };
    case 'halted':
      return { kind: 'halted', ring, since, reason, returned: row.returned === 1 };
    case 'completed':
      return { kind: 'completed', since };
    case 'rolled-back':
      return { kind: 'rolled-back', since };
  }
}
