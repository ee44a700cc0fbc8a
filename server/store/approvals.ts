import { type Kysely, type Selectable, sql } from 'kysely';
import type { ApprovalView } from '../../shared/api/schemas.ts';
import type { PasskeyAssertion } from '../../shared/commands/webauthn.ts';
import type { Sight } from '../access/standing.ts';
import type { Page } from '../services.ts';
import type { Database } from './schema.ts';
import { isSeenCommand, isSeenDevice } from './seen-devices.ts';
import { decodeCursor, encodeCursor } from './views/cursor.ts';

export type ApprovalState = ApprovalView['state'];

export interface ApprovalRecord extends Selectable<Database['approval']> {
  signatures: ApprovalSignature[];
}

export interface ApprovalSignature {
  staffId: string;
  actor: string;
  at: number;
  assertion: PasskeyAssertion;
  /** The account can still sign in. */
  counts: boolean;
}

export interface ApprovalQuery {
  cursor?: string;
  limit?: number;
  state?: 'open' | 'over' | 'all';
}

/** What waits for signatures of approvers, and their signatures. */
export class ApprovalStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  async add(approval: Selectable<Database['approval']>): Promise<void> {
    await this.#db.insertInto('approval').values(approval).execute();
  }

  async find(id: string): Promise<ApprovalRecord | undefined> {
    const row = await this.#db.selectFrom('approval').selectAll().where('id', '=', id).executeTakeFirst();
    return row && (await this.#withSignatures([row]))[0];
  }

  /** The one of this kind about a subject that is open, or the newest. */
  async about(kind: string, subjectId: string): Promise<ApprovalRecord | undefined> {
    const row = await this.#db
      .selectFrom('approval')
      .selectAll()
      .where('kind', '=', kind)
      .where('subject_id', '=', subjectId)
      .orderBy('at', 'desc')
      .orderBy('id', 'desc')
      .executeTakeFirst();
    return row && (await this.#withSignatures([row]))[0];
  }

  /** Newest first; of those about what the caller sees. */
  async page(query: ApprovalQuery, sight: Sight): Promise<Page<ApprovalRecord>> {
    const limit = query.limit ?? 50;
    const after = decodeCursor(query.cursor);
    let rows = this.#db.selectFrom('approval').where(isSeen(sight));
    if (query.state !== undefined && query.state !== 'all')
      rows = rows.where('state', query.state === 'open' ? '=' : '!=', 'open');
    const { total } = await rows.select((is) => is.fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
    if (after) rows = rows.where(sql<boolean>`(at, id) < (${sql.join(after)})`);
    const found = await rows
      .selectAll()
      .orderBy('at', 'desc')
      .orderBy('id', 'desc')
      .limit(limit + 1)
      .execute();
    const last = found.length > limit ? found[limit - 1] : undefined;
    return {
      items: await this.#withSignatures(found.slice(0, limit)),
      total: Number(total),
      nextCursor: last ? encodeCursor([last.at, last.id]) : null,
    };
  }

  /** Adds a signature to one that is open; false when it is open no more, or this person has signed. */
  async sign(id: string, signature: Omit<ApprovalSignature, 'counts'>): Promise<boolean> {
    const { staffId: staff_id, actor: by_actor, at, assertion } = signature;
    return await this.#db.transaction().execute(async (trx) => {
      const open = await trx
        .selectFrom('approval')
        .select('id')
        .where('id', '=', id)
        .where('state', '=', 'open')
        .executeTakeFirst();
      if (!open) return false;
      const { numInsertedOrUpdatedRows } = await trx
        .insertInto('approval_signature')
        .values({ approval_id: id, staff_id, by_actor, at, assertion: JSON.stringify(assertion) })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirstOrThrow();
      return Number(numInsertedOrUpdatedRows) > 0;
    });
  }

  /** Ends one that is open; false when it is open no more. */
  async end(id: string, state: Exclude<ApprovalState, 'open'>): Promise<boolean> {
    const { numUpdatedRows } = await this.#db
      .updateTable('approval')
      .set({ state })
      .where('id', '=', id)
      .where('state', '=', 'open')
      .executeTakeFirstOrThrow();
    return numUpdatedRows > 0n;
  }

  async open(): Promise<{ id: string; until: number }[]> {
    return await this.#db
      .selectFrom('approval')
      .select(['id', 'expires_at as until'])
      .where('state', '=', 'open')
      .execute();
  }

  async overdue(now: number): Promise<{ id: string }[]> {
    return await this.#db
      .selectFrom('approval')
      .select('id')
      .where('state', '=', 'open')
      .where('expires_at', '<=', now)
      .execute();
  }

  async #withSignatures(rows: readonly Selectable<Database['approval']>[]): Promise<ApprovalRecord[]> {
    if (rows.length === 0) return [];
    const ids = rows.map(({ id }) => id);
    const found = await this.#db
      .selectFrom('approval_signature')
      .leftJoin('staff', 'staff.id', 'approval_signature.staff_id')
      .selectAll('approval_signature')
      .select(['staff.id as account', 'staff.disabled_at'])
      .where('approval_id', 'in', ids)
      .orderBy('at')
      .execute();
    const signatures = Map.groupBy(found, (row) => row.approval_id);
    return rows.map((row) => ({
      ...row,
      signatures: (signatures.get(row.id) ?? []).map((one) => ({
        staffId: one.staff_id,
        actor: one.by_actor,
        at: one.at,
        assertion: JSON.parse(one.assertion) as PasskeyAssertion,
        counts: one.account !== null && one.disabled_at === null,
      })),
    }));
  }
}

/** What is about the whole district is seen by who sees all of it. */
function isSeen(sight: Sight) {
  if (sight.orgs === 'all') return sql<boolean>`true`;
  const isKeySeen = sql`exists (select 1 from recovery_request join recovery_key on recovery_key.id = recovery_key_id
    where recovery_request.id = approval.subject_id and ${isSeenDevice(sight, sql`recovery_key.device_id`)})`;
  return sql<boolean>`(by_staff = ${sight.own?.staffId ?? ''}
    or (kind = 'command' and ${isSeenCommand(sight, sql.ref('approval.subject_id'), sql.ref('approval.by_staff'))})
    or (kind = 'recovery-key' and ${isKeySeen}))`;
}
