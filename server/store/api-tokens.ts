import { type Kysely, type Selectable, sql } from 'kysely';
import { CodedError } from '../../shared/errors/catalogue.ts';
import type { Seen } from '../access/standing.ts';
import type { Page } from '../services.ts';
import type { Database } from './schema.ts';
import { decodeCursor, encodeCursor } from './views/cursor.ts';
import { isInSight } from './views/seen.ts';

export type ApiTokenRow = Selectable<Database['api_token']>;

/** API tokens. Only the SHA-256 of a secret is kept; a token is revoked, never deleted: events name it. */
export class ApiTokenStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** `conflict`, and nothing changed, when a live token has the name, or when `atMost` are live. */
  async insert(token: ApiTokenRow, atMost: number): Promise<void> {
    await this.#db.transaction().execute(async (trx) => {
      const live = await trx
        .selectFrom('api_token')
        .select('name')
        .where('revoked_at', 'is', null)
        .where('expires_at', '>', token.created_at)
        .execute();
      if (live.some(({ name }) => name.toLowerCase() === token.name.toLowerCase()))
        throw new CodedError(
          'conflict',
          `There is a token called ${token.name}. Take another name or revoke it first.`,
        );
      if (live.length >= atMost)
        throw new CodedError('conflict', `There are ${atMost} tokens. Revoke one that nobody uses first.`);
      await trx.insertInto('api_token').values(token).execute();
    });
  }

  async bySecret(secretHash: string): Promise<ApiTokenRow | undefined> {
    return await this.#db.selectFrom('api_token').selectAll().where('secret_hash', '=', secretHash).executeTakeFirst();
  }

  async used(id: string, at: number): Promise<void> {
    await this.#db.updateTable('api_token').set({ last_used_at: at }).where('id', '=', id).execute();
  }

  /** Newest first. */
  async page(query: Seen<{ cursor?: string; limit?: number }>): Promise<Page<ApiTokenRow>> {
    const limit = query.limit ?? 50;
    const after = decodeCursor(query.cursor);
    const all = this.#db
      .selectFrom('api_token')
      .where((is) =>
        is.or([isInSight(query.sight, 'org_id'), is('created_by_staff', '=', query.sight?.own?.staffId ?? '')]),
      );
    const { total } = await all.select((row) => row.fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
    let rows = all
      .selectAll()
      .orderBy('created_at', 'desc')
      .orderBy('id', 'desc')
      .limit(limit + 1);
    if (after) rows = rows.where(sql<boolean>`(created_at, id) < (${sql.join(after)})`);
    const found = await rows.execute();
    const last = found.length > limit ? found[limit - 1] : undefined;
    return {
      items: found.slice(0, limit),
      total: Number(total),
      nextCursor: last ? encodeCursor([last.created_at, last.id]) : null,
    };
  }

  /** The token when it was not revoked before; `not-found` when there is none. */
  async revoke(id: string, at: number): Promise<ApiTokenRow | undefined> {
    const revoked = await this.#db
      .updateTable('api_token')
      .set({ revoked_at: at })
      .where('id', '=', id)
      .where('revoked_at', 'is', null)
      .returningAll()
      .executeTakeFirst();
    if (revoked) return revoked;
    const known = await this.#db.selectFrom('api_token').select('id').where('id', '=', id).executeTakeFirst();
    if (!known) throw new CodedError('not-found', 'There is no such API token.');
    return undefined;
  }
}
