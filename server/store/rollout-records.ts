import type { Selectable, Transaction } from 'kysely';
import { CodedError } from '../../shared/errors/catalogue.ts';
import { type RolloutState, ringsWithNew } from '../../shared/policy/rollout.ts';
import type { RolloutPlan } from '../../shared/policy/rollout-plan.ts';
import { inChunks } from './chunks.ts';
import type { Database } from './schema.ts';

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

export const liveStates = ['draft', 'running', 'paused', 'halted'] as const;
export const rowsPerStatement = 2_000;

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

/** Rings up to `open` hold the new one; those that are given it now are so since `at`. */
export async function deliver(trx: Transaction<Database>, id: string, open: number, at: number): Promise<void> {
  const parts = trx.updateTable('rollout_device').where('rollout_id', '=', id);
  if (open === 0) await parts.set({ given_at: null }).where('given_at', 'is not', null).execute();
  else
    await parts
      .set({ given_at: at })
      .where('given_at', 'is', null)
      .$if(Number.isFinite(open), (rows) => rows.where('ring', '<=', open))
      .execute();
}

export function rolloutOf(row: Selectable<Database['rollout']>): RolloutRecord {
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
