import type { Kysely, Transaction } from 'kysely';
import { sql } from 'kysely';
import { CodedError } from '../../shared/errors/catalogue.ts';
import type { Page } from '../services.ts';
import {
  type ChangeRecord,
  type ChangeRow,
  type ChangeState,
  type CommentRecord,
  changeOf,
  type DecisionRecord,
  decisionOf,
  type FrozenItem,
  previewText,
  rowOf,
  type StoredPreview,
} from './change-records.ts';
import { publishGroup } from './groups.ts';
import { publishProfile } from './profiles.ts';
import { standing } from './publishable.ts';
import { insertRollout, type NewRollout } from './rollout-records.ts';
import type { Database } from './schema.ts';
import { decodeCursor, encodeCursor } from './views/cursor.ts';

export const liveStates = ['open', 'scheduled'] as const;
/** As the index `policy_change_by_standing` spells it; SQLite would not use it otherwise. */
const waits = sql<number>`(state in ('open', 'scheduled'))`;

/** A change that is published, with what goes out with it. */
export interface Publication {
  change: ChangeRecord;
  /** True: it is proposed and published in one go, and is not stored yet. */
  isNew: boolean;
  at: number;
  /** Undefined: to everybody at once. Its items are added as they get their numbers. */
  rollout: Omit<NewRollout, 'items'> | undefined;
}

/** A change that one person published. */
export interface PublishedAlone {
  staff: string | undefined;
  by: string;
  devices: number;
  items: FrozenItem[];
}

type Query = { cursor?: string; limit?: number; state?: ChangeState; profile?: string; group?: string };

/** Changes with what was decided and said about them. Each method is one transaction. */
export class ChangeStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** `changed-meanwhile` when an item is not as it was frozen, `conflict` when it is in another live change. */
  async add(change: ChangeRecord, decisions: readonly DecisionRecord[]): Promise<void> {
    await this.#db.transaction().execute(async (trx) => {
      await insert(trx, change);
      await addDecisions(trx, change.id, decisions);
    });
  }

  async find(id: string): Promise<ChangeRecord | undefined> {
    const row = await this.#db.selectFrom('policy_change').selectAll().where('id', '=', id).executeTakeFirst();
    return row && changeOf(row);
  }

  /** Those that wait first, then the newest. */
  async page({ cursor, limit = 50, state, profile, group }: Query): Promise<Page<ChangeRecord>> {
    let matching = this.#db.selectFrom('policy_change');
    if (state) matching = matching.where('state', '=', state);
    for (const [kind, id] of [['profile', profile] as const, ['group', group] as const])
      if (id !== undefined) matching = matching.where('id', 'in', changesOf(this.#db, kind, id));
    const { total } = await matching.select((is) => is.fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
    const after = decodeCursor(cursor, 3);
    if (after) matching = matching.where(sql<boolean>`(${waits}, at, id) < (${sql.join(after)})`);
    const rows = await matching
      .selectAll()
      .select(waits.as('waits'))
      .orderBy(waits, 'desc')
      .orderBy('at', 'desc')
      .orderBy('id', 'desc')
      .limit(limit + 1)
      .execute();
    const last = rows.length > limit ? rows[limit - 1] : undefined;
    return {
      items: rows.slice(0, limit).map(changeOf),
      total: Number(total),
      nextCursor: last ? encodeCursor([last.waits, last.at, last.id]) : null,
    };
  }

  /** Those that are to be published by themselves. */
  async scheduled(): Promise<ChangeRecord[]> {
    const rows = this.#db.selectFrom('policy_change').selectAll().where('state', '=', 'scheduled');
    return (await rows.orderBy('publish_at').orderBy('id').execute()).map(changeOf);
  }

  /** Of those published since then without a second person: whose, and how many devices they touched. */
  async alone(since: number): Promise<PublishedAlone[]> {
    const rows = await this.#db
      .selectFrom('policy_change as change')
      .select(['change.by_staff as staff', 'change.by_actor as by', 'change.items'])
      .select(sql<number>`json_extract(change.preview, '$.preview.devices')`.as('devices'))
      .where('change.ended_at', '>', since)
      .where('change.state', '=', 'published')
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('policy_change_decision as said')
              .select('said.id')
              .whereRef('said.change_id', '=', 'change.id')
              .whereRef('said.fingerprint', '=', 'change.fingerprint')
              .where('said.decision', '=', 'approved')
              .where('said.side', '=', 'second-person'),
          ),
        ),
      )
      .execute();
    return rows.map(({ staff, by, devices, items }) => ({
      ...{ staff: staff || undefined, by, devices: Number(devices) },
      items: JSON.parse(items) as FrozenItem[],
    }));
  }

  /** The open or scheduled change that holds an item; there is at most one. */
  async liveOf(item: Pick<FrozenItem, 'kind' | 'id'>): Promise<{ id: string; title: string } | undefined> {
    return await liveChangeOf(this.#db, item);
  }

  /** The rollout by which each revision of a profile or group went out, with how that ended. */
  async fates(kind: FrozenItem['kind'], id: string): Promise<Map<number, string>> {
    const rows = await this.#db
      .selectFrom('rollout')
      .innerJoin('policy_change_item as item', 'item.change_id', 'rollout.change_id')
      .select(['rollout.state', 'item.revision'])
      .where('item.kind', '=', kind)
      .where('item.item_id', '=', id)
      .execute();
    return new Map(rows.flatMap(({ state, revision }) => (revision === null ? [] : [[revision, state] as const])));
  }

  /** Oldest first. */
  async decisions(ids: readonly string[]): Promise<Map<string, DecisionRecord[]>> {
    const rows = await this.#db
      .selectFrom('policy_change_decision')
      .selectAll()
      .where('change_id', 'in', ids)
      .orderBy('id')
      .execute();
    const byChange = Map.groupBy(rows, (row) => row.change_id);
    return new Map([...byChange].map(([id, own]) => [id, own.map(decisionOf)]));
  }

  /** Oldest first. */
  async comments(id: string): Promise<CommentRecord[]> {
    const rows = this.#db.selectFrom('policy_change_comment').where('change_id', '=', id).orderBy('id');
    return await rows.select(['by_actor as by', 'at', 'words']).execute();
  }

  async commentCounts(ids: readonly string[]): Promise<Map<string, number>> {
    const rows = await this.#db
      .selectFrom('policy_change_comment')
      .select(['change_id', (is) => is.fn.countAll<number>().as('count')])
      .where('change_id', 'in', ids)
      .groupBy('change_id')
      .execute();
    return new Map(rows.map((row) => [row.change_id, Number(row.count)]));
  }

  async comment(id: string, { by, at, words }: CommentRecord): Promise<void> {
    await this.#db.insertInto('policy_change_comment').values({ change_id: id, by_actor: by, at, words }).execute();
  }

  /** Approvals, or the rejection that ends it. `conflict` when it is over. */
  async decide(id: string, decisions: readonly DecisionRecord[]): Promise<void> {
    const rejected = decisions.find(({ decision }) => decision === 'rejected');
    await this.#db.transaction().execute(async (trx) => {
      await setLive(trx, id, rejected ? { state: 'rejected', ended_at: rejected.at, publish_at: null } : { id });
      await addDecisions(trx, id, decisions);
    });
  }

  /** `conflict` when it is over. */
  async withdraw(id: string, at: number): Promise<void> {
    await setLive(this.#db, id, { state: 'withdrawn', ended_at: at, publish_at: null });
  }

  /** `null`: not by itself. `conflict` when it is over. */
  async schedule(id: string, publishAt: number | null): Promise<void> {
    const state: ChangeState = publishAt === null ? 'open' : 'scheduled';
    await setLive(this.#db, id, { state, publish_at: publishAt, held: null });
  }

  async hold(id: string, held: string): Promise<void> {
    await setLive(this.#db, id, { held });
  }

  /** `conflict` when it is over. */
  async setPreview(id: string, stored: StoredPreview & { fingerprint: string }): Promise<void> {
    await setLive(this.#db, id, { preview: previewText(stored), fingerprint: stored.fingerprint });
  }

  /**
   * Writes the next revision of each item, makes it the published one, ends the change, and begins its rollout: all of it or
   * nothing. `changed-meanwhile` when the change or an item is not as it was; `conflict` while a rollout of one is at work.
   */
  async publish({ change, isNew, at, rollout }: Publication, decisions: readonly DecisionRecord[] = []): Promise<void> {
    await this.#db.transaction().execute(async (trx) => {
      if (isNew) await insert(trx, change);
      await addDecisions(trx, change.id, decisions);
      await end(trx, change, at, rollout?.id ?? null);
      const items: NewRollout['items'] = [];
      for (const item of change.items) items.push(await publishItem(trx, change, item, at));
      if (rollout) await insertRollout(trx, { ...rollout, items });
    });
  }
}

async function insert(trx: Transaction<Database>, change: ChangeRecord): Promise<void> {
  for (const item of change.items) {
    const other = await liveChangeOf(trx, item);
    if (other) throw new CodedError('conflict', inAnotherWords(item, other));
    if ((await standing(trx, item))?.version !== item.version) throw new CodedError('changed-meanwhile');
  }
  await trx.insertInto('policy_change').values(rowOf(change)).execute();
  const items = change.items.map(({ kind, id }) => ({ change_id: change.id, kind, item_id: id, revision: null }));
  await trx.insertInto('policy_change_item').values(items).execute();
}

export function inAnotherWords({ name }: Pick<FrozenItem, 'name'>, other: { title: string }): string {
  return `“${name}” is in the change “${other.title}” already. Publish, reject or withdraw that one first.`;
}

async function addDecisions(
  trx: Transaction<Database>,
  changeId: string,
  decisions: readonly DecisionRecord[],
): Promise<void> {
  if (decisions.length === 0) return;
  const rows = decisions.map(({ staff, by, at, decision, side, words, fingerprint }) => ({
    ...{ change_id: changeId, by_staff: staff ?? '', by_actor: by, at, decision, side, words, fingerprint },
  }));
  await trx.insertInto('policy_change_decision').values(rows).execute();
}

async function end(
  trx: Transaction<Database>,
  { id, fingerprint, plan }: ChangeRecord,
  at: number,
  rolloutId: string | null,
): Promise<void> {
  const { numUpdatedRows } = await trx
    .updateTable('policy_change')
    .set({ state: 'published', ended_at: at, rollout_id: rolloutId, plan: plan && JSON.stringify(plan), held: null })
    .where('id', '=', id)
    .where('state', 'in', liveStates)
    .where('fingerprint', '=', fingerprint)
    .executeTakeFirstOrThrow();
  if (numUpdatedRows === 0n) throw new CodedError('changed-meanwhile');
}

/** No draft has this version: all drafts stay. */
const nobodysDraft = -1;

async function publishItem(
  trx: Transaction<Database>,
  { id: changeId, by, note }: ChangeRecord,
  item: FrozenItem,
  at: number,
): Promise<NewRollout['items'][number]> {
  const { kind, id, fromRevision: from } = item;
  const frozenAt = item.fromDraft ? item.version : nobodysDraft;
  const now = await standing(trx, item);
  if (!now) throw new CodedError('conflict', `The ${kind} “${item.name}” was deleted meanwhile. Withdraw the change.`);
  if (now.published_revision !== from) throw new CodedError('changed-meanwhile');
  const said = { publishedAt: at, by, note };
  const to =
    item.kind === 'profile'
      ? await publishProfile(trx, id, { ...item.content, ...said }, frozenAt)
      : await publishGroup(trx, id, { content: item.content, ...said }, frozenAt);
  await trx
    .updateTable('policy_change_item')
    .set({ revision: to })
    .where('change_id', '=', changeId)
    .where('kind', '=', kind)
    .where('item_id', '=', id)
    .execute();
  return { kind, id, from, to };
}

/** Changes a change that is not over. */
async function setLive(db: Kysely<Database>, id: string, values: Partial<ChangeRow>): Promise<void> {
  const { numUpdatedRows } = await db
    .updateTable('policy_change')
    .set(values)
    .where('id', '=', id)
    .where('state', 'in', liveStates)
    .executeTakeFirstOrThrow();
  if (numUpdatedRows === 0n) throw new CodedError('conflict', 'This change is over: published, rejected or withdrawn.');
}

async function liveChangeOf(db: Kysely<Database>, { kind, id }: Pick<FrozenItem, 'kind' | 'id'>) {
  return await db
    .selectFrom('policy_change')
    .select(['id', 'title'])
    .where('state', 'in', liveStates)
    .where('id', 'in', changesOf(db, kind, id))
    .executeTakeFirst();
}

const changesOf = (db: Kysely<Database>, kind: FrozenItem['kind'], id: string) =>
  db.selectFrom('policy_change_item').select('change_id').where('kind', '=', kind).where('item_id', '=', id);
