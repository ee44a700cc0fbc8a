import type { Kysely, Selectable } from 'kysely';
import { CodedError } from '../../shared/errors/catalogue.ts';
import type { Database } from './schema.ts';

export type DeviceRow = Selectable<Database['device']>;

/** The life of a device after it was enrolled. */
export class DeviceStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  async read(id: string): Promise<DeviceRow | undefined> {
    return await this.#db.selectFrom('device').selectAll().where('id', '=', id).executeTakeFirst();
  }

  /** Lets a held device in. `conflict` when it is not held, `not-found` when unknown. */
  async approve(id: string): Promise<void> {
    await this.#db.transaction().execute(async (trx) => {
      const approved = await trx
        .updateTable('device')
        .set({ status: 'active' })
        .where('id', '=', id)
        .where('status', '=', 'held')
        .executeTakeFirst();
      if (approved.numUpdatedRows > 0n) return;
      const { status } = await demand(trx, id);
      throw new CodedError('conflict', `This device does not wait for approval: it is ${status}.`);
    });
  }

  /** Revokes the device and all its certificates. False when it was revoked before; `not-found` when unknown. */
  async revoke(id: string, at: number, reason: string): Promise<boolean> {
    return await this.#db.transaction().execute(async (trx) => {
      await trx
        .updateTable('certificate')
        .set({ status: 'revoked', ended_at: at, end_reason: reason })
        .where('device_id', '=', id)
        .where('status', '!=', 'revoked')
        .execute();
      const revoked = await trx
        .updateTable('device')
        .set({ status: 'revoked' })
        .where('id', '=', id)
        .where('status', '!=', 'revoked')
        .executeTakeFirst();
      if (revoked.numUpdatedRows === 0n) await demand(trx, id);
      return revoked.numUpdatedRows > 0n;
    });
  }

  /** Replaces the tags. False when they were the same; `not-found` when the device is unknown. */
  async setTags(id: string, tags: readonly string[]): Promise<string[] | undefined> {
    return await this.#db.transaction().execute(async (trx) => {
      await demand(trx, id);
      const before = await trx.selectFrom('device_tag').select('tag').where('device_id', '=', id).execute();
      const wanted = new Set(tags);
      if (before.length === wanted.size && before.every(({ tag }) => wanted.has(tag))) return undefined;
      await trx.deleteFrom('device_tag').where('device_id', '=', id).execute();
      await addTags(trx, id, [...wanted]);
      return before.map(({ tag }) => tag).sort();
    });
  }
}

/** Adds what the device does not carry yet. */
export async function addTags(db: Kysely<Database>, deviceId: string, tags: readonly string[]): Promise<void> {
  if (tags.length === 0) return;
  await db
    .insertInto('device_tag')
    .values(tags.map((tag) => ({ device_id: deviceId, tag })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

async function demand(db: Kysely<Database>, id: string): Promise<{ status: string }> {
  const found = await db.selectFrom('device').select('status').where('id', '=', id).executeTakeFirst();
  if (!found) throw new CodedError('not-found', 'There is no such device.');
  return found;
}
