import type { Kysely, Selectable, Transaction } from 'kysely';
import type { RolloutState } from '../../shared/policy/rollout.ts';
import { inChunks } from './chunks.ts';
import { insertRollout, type NewRollout, supersede } from './rollout-records.ts';
import type { Database } from './schema.ts';

/** One version of a list; its compiled names are the artefact `hash`. */
export interface VersionRecord {
  hash: string;
  /** Size of the artefact. */
  bytes: number;
  names: number;
  skipped: number;
  /** A listed name that proves blocking; `null` when no name suits. */
  canary: string | null;
  /** How most rows were written. */
  format: string;
  /** Names the list itself takes out. */
  ownExceptions: string[];
  updatedAt: number;
}

/** A category list with its newest version, and where it comes from. */
export interface ListRecord extends VersionRecord {
  category: string;
  title: string;
  source: string;
  licence: string;
  /** Names taken out by the district. */
  exceptions: string[];
  /** `null`: it was uploaded. */
  subscription: Subscription | null;
}

/** An address a list is fetched from, and what was heard there last. */
export interface Subscription {
  url: string;
  refreshHours: number;
  /** Validators of the last answer (RFC 9110 section 13). */
  etag: string | null;
  lastModified: string | null;
  refreshedAt: number | null;
  /** Why the last time brought nothing. */
  problem: string | null;
}

/** The newest version of a list on its way to the devices, or refused by a person. */
export interface RolloutRecord {
  category: string;
  /** The rollout that decides; absent: from before lists had one. */
  rolloutId?: string;
  /** What devices have that were not given the newest; after a roll-back all of them. */
  from: VersionRecord;
  toHash: string;
  added: number;
  removed: number;
  state: 'running' | 'paused' | 'halted' | 'rolled-back';
  /** Rings that were given it. */
  ring: number;
  since: number;
  startedAt: number;
  reason: string | null;
}

/** Category lists: one row per category, and a second one while a version is on its way. */
export class ListStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** By category. */
  async list(): Promise<ListRecord[]> {
    return (await this.#db.selectFrom('list').selectAll().orderBy('category').execute()).map(listOf);
  }

  async find(category: string): Promise<ListRecord | undefined> {
    const row = await this.#db.selectFrom('list').selectAll().where('category', '=', category).executeTakeFirst();
    return row && listOf(row);
  }

  /** Of these categories those that have a list. */
  async known(categories: readonly string[]): Promise<Set<string>> {
    const rows = await inChunks(categories, (chunk) =>
      this.#db.selectFrom('list').select('category').where('category', 'in', chunk).execute(),
    );
    return new Set(rows.map((row) => row.category));
  }

  async rollouts(): Promise<RolloutRecord[]> {
    return (await this.#db.selectFrom('list_rollout').selectAll().orderBy('category').execute()).map(rolloutOf);
  }

  async rollout(category: string): Promise<RolloutRecord | undefined> {
    const rows = this.#db.selectFrom('list_rollout').selectAll().where('category', '=', category);
    const row = await rows.executeTakeFirst();
    return row && rolloutOf(row);
  }

  /**
   * Both rows at once; `null`: nothing of it is on its way, `undefined`: that stays as it is. What was on its way gives way.
   * `begins`: the rollout by which it goes out.
   */
  async replace(list: ListRecord, rollout?: RolloutRecord | null, begins?: NewRollout): Promise<void> {
    await this.#db.transaction().execute(async (trx) => {
      if (rollout !== undefined) await giveWay(trx, list, rollout?.rolloutId);
      if (begins) await insertRollout(trx, begins);
      const row = listRow(list);
      await trx
        .insertInto('list')
        .values(row)
        .onConflict((conflict) => conflict.column('category').doUpdateSet(row))
        .execute();
      if (rollout) await putRollout(trx, rollout);
      else if (rollout === null) await trx.deleteFrom('list_rollout').where('category', '=', list.category).execute();
    });
  }

  async delete(category: string): Promise<void> {
    await this.#db.transaction().execute(async (trx) => {
      const list = await trx.selectFrom('list').selectAll().where('category', '=', category).executeTakeFirst();
      if (list) await giveWay(trx, listOf(list), undefined);
      await trx.deleteFrom('list_rollout').where('category', '=', category).execute();
      await trx.deleteFrom('list').where('category', '=', category).execute();
    });
  }
}

/** Ends the rollout of the version that was on its way until now. */
async function giveWay(
  trx: Transaction<Database>,
  { category, updatedAt }: ListRecord,
  next: string | undefined,
): Promise<void> {
  const row = await trx.selectFrom('list_rollout').selectAll().where('category', '=', category).executeTakeFirst();
  if (!row?.rollout_id || row.rollout_id === next) return;
  await supersede(trx, row.rollout_id, Math.max(updatedAt, row.ring_since));
}

/** Within the transaction in which its rollout moves on: the rows of the list follow. */
export async function followList(trx: Transaction<Database>, rolloutId: string, next: RolloutState): Promise<void> {
  const row = await trx.selectFrom('list_rollout').selectAll().where('rollout_id', '=', rolloutId).executeTakeFirst();
  if (!row) return;
  if (next.kind === 'completed') {
    await trx.deleteFrom('list_rollout').where('rollout_id', '=', rolloutId).execute();
    return;
  }
  await trx
    .updateTable('list_rollout')
    .set({
      state: next.kind,
      ring: 'ring' in next ? next.ring : 0,
      ring_since: 'since' in next ? next.since : row.ring_since,
      reason: 'reason' in next ? next.reason : null,
    })
    .where('rollout_id', '=', rolloutId)
    .execute();
  if (next.kind !== 'rolled-back') return;
  const { hash, bytes, names, skipped, canary, format, ownExceptions, updatedAt } = rolloutOf(row).from;
  const earlier = { hash, bytes, names, skipped, canary, format, updated_at: updatedAt };
  await trx
    .updateTable('list')
    .set({ ...earlier, own_exceptions: JSON.stringify(ownExceptions) })
    .where('category', '=', row.category)
    .execute();
}

async function putRollout(trx: Transaction<Database>, rollout: RolloutRecord): Promise<void> {
  const row = rolloutRow(rollout);
  await trx
    .insertInto('list_rollout')
    .values(row)
    .onConflict((conflict) => conflict.column('category').doUpdateSet(row))
    .execute();
}

function listOf(row: Selectable<Database['list']>): ListRecord {
  const { category, title, source, licence, hash, bytes, names, skipped, canary, format, url } = row;
  const ownExceptions = JSON.parse(row.own_exceptions) as string[];
  return {
    ...{ category, title, source, licence, hash, bytes, names, skipped, canary, format, ownExceptions },
    updatedAt: row.updated_at,
    exceptions: JSON.parse(row.exceptions) as string[],
    subscription:
      url === null
        ? null
        : {
            url,
            refreshHours: row.refresh_hours ?? 24,
            etag: row.etag,
            lastModified: row.last_modified,
            refreshedAt: row.refreshed_at,
            problem: row.refresh_problem,
          },
  };
}

function listRow({
  updatedAt,
  exceptions,
  ownExceptions,
  subscription,
  ...rest
}: ListRecord): Selectable<Database['list']> {
  return {
    ...rest,
    updated_at: updatedAt,
    exceptions: JSON.stringify(exceptions),
    own_exceptions: JSON.stringify(ownExceptions),
    url: subscription?.url ?? null,
    refresh_hours: subscription?.refreshHours ?? null,
    etag: subscription?.etag ?? null,
    last_modified: subscription?.lastModified ?? null,
    refreshed_at: subscription?.refreshedAt ?? null,
    refresh_problem: subscription?.problem ?? null,
  };
}

function rolloutOf(row: Selectable<Database['list_rollout']>): RolloutRecord {
  const { category, added, removed, ring, reason } = row;
  return {
    ...{ category, added, removed, ring, reason },
    ...(row.rollout_id === null ? {} : { rolloutId: row.rollout_id }),
    from: JSON.parse(row.from_version) as VersionRecord,
    toHash: row.to_hash,
    state: row.state as RolloutRecord['state'],
    since: row.ring_since,
    startedAt: row.started_at,
  };
}

function rolloutRow({
  from,
  toHash,
  since,
  startedAt,
  rolloutId,
  ...rest
}: RolloutRecord): Selectable<Database['list_rollout']> {
  return {
    ...rest,
    from_hash: from.hash,
    from_version: JSON.stringify(from),
    to_hash: toHash,
    ring_since: since,
    started_at: startedAt,
    rollout_id: rolloutId ?? null,
  };
}
