import { type Kysely, type Selectable, sql } from 'kysely';
import type { RecoveryState } from '../../shared/api/schemas.ts';
import type { EscrowKey } from '../../shared/escrow/sealed.ts';
import type { Seen } from '../access/standing.ts';
import type { Page } from '../services.ts';
import type { Database } from './schema.ts';
import { decodeCursor, encodeCursor } from './views/cursor.ts';
import { seesDevice } from './views/seen.ts';

export type EscrowKeyRow = Selectable<Database['escrow_key']>;
export type RecoveryKeyRow = Selectable<Database['recovery_key']>;

/** A request with what people read of it. */
export interface RecoveryRequestRow extends Selectable<Database['recovery_request']> {
  device_id: string;
  device_name: string;
  volume: string;
  protector: string;
  asked_by_name: string;
  decided_by_name: string | null;
}

/** Escrow keys, the recovery keys sealed for them, and who asked to read one. Keys come with reports: `recovery-records.ts`. */
export class RecoveryStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** The public half of the one in use. */
  async escrowKey(): Promise<EscrowKey | undefined> {
    const row = await this.#db
      .selectFrom('escrow_key')
      .select(['id', 'public_key as publicKey'])
      .where('retired_at', 'is', null)
      .executeTakeFirst();
    return row;
  }

  /** The one in use first, then the others by age; with how many keys in use each alone opens. */
  async escrowKeys(): Promise<(EscrowKeyRow & { keys: number })[]> {
    const rows = await this.#db
      .selectFrom('escrow_key')
      .selectAll()
      .select(
        sql<number>`(select count(*) from recovery_key k where k.escrow_key_id = escrow_key.id and k.superseded_at is null)`.as(
          'keys',
        ),
      )
      .orderBy(sql`retired_at is not null`)
      .orderBy('created_at', 'desc')
      .execute();
    return rows.map((row) => ({ ...row, keys: Number(row.keys) }));
  }

  async findEscrowKey(id: string): Promise<EscrowKeyRow | undefined> {
    return await this.#db.selectFrom('escrow_key').selectAll().where('id', '=', id).executeTakeFirst();
  }

  /**
   * Puts a new escrow key in the place of `replaced`, with what was sealed again for it. False, and nothing changed, when
   * another one is in use meanwhile.
   */
  async replaceEscrowKey(
    key: EscrowKeyRow,
    replaced: string | undefined,
    resealed: ReadonlyMap<string, string>,
  ): Promise<boolean> {
    return await this.#db.transaction().execute(async (trx) => {
      const open = await trx.selectFrom('escrow_key').select('id').where('retired_at', 'is', null).executeTakeFirst();
      if (open?.id !== replaced) return false;
      await trx.updateTable('escrow_key').set({ retired_at: key.created_at }).where('retired_at', 'is', null).execute();
      await trx.insertInto('escrow_key').values(key).execute();
      for (const [id, sealed] of resealed)
        await trx.updateTable('recovery_key').set({ sealed, escrow_key_id: key.id }).where('id', '=', id).execute();
      return true;
    });
  }

  /** Everything sealed for an escrow key. */
  async sealedFor(escrowKeyId: string): Promise<RecoveryKeyRow[]> {
    return await this.#db.selectFrom('recovery_key').selectAll().where('escrow_key_id', '=', escrowKeyId).execute();
  }

  async findKey(id: string): Promise<RecoveryKeyRow | undefined> {
    return await this.#db.selectFrom('recovery_key').selectAll().where('id', '=', id).executeTakeFirst();
  }

  /** Those in use by volume, then the earlier ones, the newest first. */
  async keysOfDevice(deviceId: string): Promise<RecoveryKeyRow[]> {
    return await this.#db
      .selectFrom('recovery_key')
      .selectAll()
      .where('device_id', '=', deviceId)
      .orderBy(sql`superseded_at is not null`)
      .orderBy(sql`superseded_at desc`)
      .orderBy('volume')
      .execute();
  }

  /** Of keys in use that somebody has seen: device → protectors, in byte order. */
  async shownProtectors(): Promise<Map<string, string[]>> {
    const rows = await this.#db
      .selectFrom('recovery_key')
      .innerJoin('recovery_request', 'recovery_request.recovery_key_id', 'recovery_key.id')
      .select(['recovery_key.device_id', 'recovery_key.protector'])
      .distinct()
      .where('recovery_request.shown_at', 'is not', null)
      .where('recovery_key.superseded_at', 'is', null)
      .orderBy('recovery_key.protector')
      .execute();
    const byDevice = Map.groupBy(rows, (row) => row.device_id);
    return new Map([...byDevice].map(([id, shown]) => [id, shown.map(({ protector }) => protector)]));
  }

  async deviceExists(id: string): Promise<boolean> {
    return (await this.#db.selectFrom('device').select('id').where('id', '=', id).executeTakeFirst()) !== undefined;
  }

  async addRequest(request: Database['recovery_request']): Promise<void> {
    await this.#db.insertInto('recovery_request').values(request).execute();
  }

  async findRequest(id: string): Promise<RecoveryRequestRow | undefined> {
    return await this.#requests().where('recovery_request.id', '=', id).executeTakeFirst();
  }

  /** The newest first. */
  async requestsOfDevice(deviceId: string): Promise<RecoveryRequestRow[]> {
    return await this.#requests()
      .where('recovery_key.device_id', '=', deviceId)
      .orderBy('recovery_request.asked_at', 'desc')
      .orderBy('recovery_request.id', 'desc')
      .execute();
  }

  async page(
    query: Seen<{ cursor?: string; limit?: number; state?: RecoveryState }>,
    now: number,
  ): Promise<Page<RecoveryRequestRow>> {
    const limit = query.limit ?? 50;
    const after = decodeCursor(query.cursor);
    const inState = query.state ? stateIs(query.state, now) : sql<boolean>`true`;
    const where = sql<boolean>`(${inState} and ${seesDevice(query.sight, 'recovery_key.device_id')})`;
    const { total } = await this.#requests()
      .clearSelect()
      .where(where)
      .select((is) => is.fn.countAll<number>().as('total'))
      .executeTakeFirstOrThrow();
    let rows = this.#requests()
      .where(where)
      .orderBy('recovery_request.asked_at', 'desc')
      .orderBy('recovery_request.id', 'desc')
      .limit(limit + 1);
    if (after) rows = rows.where(sql<boolean>`(recovery_request.asked_at, recovery_request.id) < (${sql.join(after)})`);
    const found = await rows.execute();
    const last = found.length > limit ? found[limit - 1] : undefined;
    return {
      items: found.slice(0, limit),
      total: Number(total),
      nextCursor: last ? encodeCursor([last.asked_at, last.id]) : null,
    };
  }

  /** Those nobody decided, and those nobody looked at yet. */
  async open(): Promise<{ id: string; until: number }[]> {
    return await this.#db
      .selectFrom('recovery_request')
      .select(['recovery_request.id', 'recovery_request.expires_at as until'])
      .where(stillOpen)
      .execute();
  }

  /** Decides a request that waits; false when it waits no more. `by`: a member of staff; null: those who were to sign. */
  async decide(id: string, outcome: 'approved' | 'refused', by: string | null, at: number): Promise<boolean> {
    const { numUpdatedRows } = await this.#db
      .updateTable('recovery_request')
      .set({ outcome, decided_by: by, decided_at: at })
      .where('recovery_request.id', '=', id)
      .where(stateIs('waiting', at))
      .executeTakeFirstOrThrow();
    return numUpdatedRows > 0n;
  }

  /** Marks an approved one as seen; false when it was seen or its time is over. */
  async markShown(id: string, at: number): Promise<boolean> {
    const { numUpdatedRows } = await this.#db
      .updateTable('recovery_request')
      .set({ shown_at: at })
      .where('recovery_request.id', '=', id)
      .where(stateIs('approved', at))
      .executeTakeFirstOrThrow();
    return numUpdatedRows > 0n;
  }

  /** What one person has asked for and nobody decided or looked at yet. */
  async openOf(staffId: string, now: number): Promise<{ recovery_key_id: string }[]> {
    return await this.#db
      .selectFrom('recovery_request')
      .select('recovery_request.recovery_key_id')
      .where('recovery_request.asked_by', '=', staffId)
      .where(stillOpen)
      .where('recovery_request.expires_at', '>', now)
      .execute();
  }

  /** Nobody can look at what was approved before: the keys are not stored. */
  async forgetApproved(): Promise<void> {
    await this.#db
      .updateTable('recovery_request')
      .set({ outcome: 'expired' })
      .where('recovery_request.outcome', '=', 'approved')
      .where('recovery_request.shown_at', 'is', null)
      .execute();
  }

  /** Ends those whose time is over, and returns them. */
  async endOverdue(at: number): Promise<{ id: string; deviceId: string; volume: string }[]> {
    return await this.#db
      .updateTable('recovery_request')
      .set({ outcome: 'expired' })
      .where(stillOpen)
      .where('recovery_request.expires_at', '<=', at)
      .returning([
        'recovery_request.id',
        sql<string>`(select device_id from recovery_key k where k.id = recovery_key_id)`.as('deviceId'),
        sql<string>`(select volume from recovery_key k where k.id = recovery_key_id)`.as('volume'),
      ])
      .execute();
  }

  #requests() {
    return this.#db
      .selectFrom('recovery_request')
      .innerJoin('recovery_key', 'recovery_key.id', 'recovery_request.recovery_key_id')
      .innerJoin('device', 'device.id', 'recovery_key.device_id')
      .innerJoin('staff as asker', 'asker.id', 'recovery_request.asked_by')
      .leftJoin('staff as decider', 'decider.id', 'recovery_request.decided_by')
      .selectAll('recovery_request')
      .select([
        'recovery_key.device_id',
        'device.name as device_name',
        'recovery_key.volume',
        'recovery_key.protector',
        'asker.name as asked_by_name',
        'decider.name as decided_by_name',
      ]);
  }
}

const stillOpen = sql<boolean>`(recovery_request.outcome is null or (recovery_request.outcome = 'approved' and recovery_request.shown_at is null))`;

/** One way to say it for rows and for queries: see `stateOf`. */
function stateIs(state: RecoveryState, now: number) {
  switch (state) {
    case 'waiting':
      return sql<boolean>`(recovery_request.outcome is null and recovery_request.expires_at > ${now})`;
    case 'approved':
      return sql<boolean>`(recovery_request.outcome = 'approved' and recovery_request.shown_at is null and recovery_request.expires_at > ${now})`;
    case 'refused':
      return sql<boolean>`recovery_request.outcome = 'refused'`;
    case 'shown':
      return sql<boolean>`recovery_request.shown_at is not null`;
    case 'expired':
      return sql<boolean>`(recovery_request.outcome = 'expired' or (${stillOpen} and recovery_request.expires_at <= ${now}))`;
  }
}

export function stateOf(
  { outcome, shown_at, expires_at }: Pick<RecoveryRequestRow, 'outcome' | 'shown_at' | 'expires_at'>,
  now: number,
): RecoveryState {
  if (outcome === 'refused') return 'refused';
  if (shown_at !== null) return 'shown';
  if (outcome === 'expired' || expires_at <= now) return 'expired';
  return outcome === 'approved' ? 'approved' : 'waiting';
}
