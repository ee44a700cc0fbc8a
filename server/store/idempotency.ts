import type { Kysely, Selectable } from 'kysely';
import { CodedError } from '../../shared/errors/catalogue.ts';
import type { Database } from './schema.ts';

export type IdempotencyRow = Selectable<Database['idempotency']>;

/** Keys of requests with their answers. `status` 0: begun; what became of it is not known here. */
export class IdempotencyStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /**
   * Takes the key for a request that begins. The row of an earlier request with the key when there is one; keys older than
   * `keptSince` are forgotten. `too-many-requests` when the caller has `atMost` already.
   */
  async begin(
    row: Omit<IdempotencyRow, 'status' | 'answer'>,
    { keptSince, atMost }: { keptSince: number; atMost: number },
  ): Promise<IdempotencyRow | undefined> {
    return await this.#db.transaction().execute(async (trx) => {
      await trx.deleteFrom('idempotency').where('at', '<', keptSince).execute();
      const own = trx.selectFrom('idempotency').where('caller', '=', row.caller);
      const earlier = await own.selectAll().where('key', '=', row.key).executeTakeFirst();
      if (earlier) return earlier;
      const { count } = await own.select((is) => is.fn.countAll<number>().as('count')).executeTakeFirstOrThrow();
      if (Number(count) >= atMost)
        throw new CodedError(
          'too-many-requests',
          `More than ${atMost} Idempotency-Keys in a day. Leave them out for now.`,
        );
      await trx
        .insertInto('idempotency')
        .values({ ...row, status: 0, answer: '' })
        .execute();
      return undefined;
    });
  }

  async finish(caller: string, key: string, answer: string): Promise<void> {
    await this.#db
      .updateTable('idempotency')
      .set({ status: 200, answer })
      .where('caller', '=', caller)
      .where('key', '=', key)
      .execute();
  }

  /** The request failed, which changed nothing: it may come again. */
  async forget(caller: string, key: string): Promise<void> {
    await this.#db.deleteFrom('idempotency').where('caller', '=', caller).where('key', '=', key).execute();
  }
}
