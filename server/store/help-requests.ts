import type { Kysely, Selectable, Transaction } from 'kysely';
import type { HelpRequestRecord } from '../../shared/protocol/messages.ts';
import type { Database } from './schema.ts';

export type HelpRequestRow = Selectable<Database['help_request']>;

/** A device that asks for everything must not fill the queue of staff: what is asked beyond this is dropped. */
const mostWaiting = 20;
/** A request that waited longer on the device, or whose clock was wrong, counts as asked this long ago. */
const longestWaitMs = 14 * 86_400_000;

/** Keeps what a device asks until the helpdesk takes it up. Part of the caller's transaction; repeated reports change nothing. */
export async function writeHelpRequests(
  trx: Transaction<Database>,
  deviceId: string,
  records: readonly HelpRequestRecord[],
  at: number,
): Promise<void> {
  if (records.length === 0) return;
  const { count } = await trx
    .selectFrom('help_request')
    .select((is) => is.fn.countAll<number>().as('count'))
    .where('device_id', '=', deviceId)
    .executeTakeFirstOrThrow();
  const rows = records.slice(0, Math.max(0, mostWaiting - Number(count))).map((record) => ({
    ...{ device_id: deviceId, reported_id: record.id, at: Math.max(record.at, at - longestWaitMs) },
    ...{ category: record.category, words: record.words, ticket_id: record.ticket ?? null },
  }));
  if (rows.length === 0) return;
  await trx
    .insertInto('help_request')
    .values(rows)
    .onConflict((conflict) => conflict.columns(['device_id', 'reported_id']).doNothing())
    .execute();
}

/** What devices ask and the helpdesk has not taken up yet. */
export class HelpRequestStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** Of one device, or of all; the oldest first. */
  async waiting(deviceId?: string): Promise<HelpRequestRow[]> {
    const all = this.#db.selectFrom('help_request').selectAll().orderBy('at').orderBy('reported_id');
    return await (deviceId === undefined ? all : all.where('device_id', '=', deviceId)).execute();
  }

  async done({ device_id, reported_id }: HelpRequestRow): Promise<void> {
    await this.#db
      .deleteFrom('help_request')
      .where('device_id', '=', device_id)
      .where('reported_id', '=', reported_id)
      .execute();
  }
}
