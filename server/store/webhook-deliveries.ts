import { type Kysely, type Selectable, sql } from 'kysely';
import type { Page } from '../services.ts';
import type { Database } from './schema.ts';
import { decodeCursor, encodeCursor } from './views/cursor.ts';
import type { NewDelivery } from './webhook-notices.ts';

export type DeliveryRow = Selectable<Database['webhook_delivery']>;
export type DeliveryOutcome = Pick<
  DeliveryRow,
  'state' | 'attempts' | 'next_at' | 'last_at' | 'last_status' | 'last_problem'
>;

/** What waits for one webhook at most; what comes beyond is kept as given up. */
export const mostWaiting = 10_000;
/** What was delivered or given up is kept so long, and so many per webhook. */
const keptMs = 30 * 86_400_000;
const mostEnded = 20_000;
const rowsPerStatement = 500;

/** Deliveries: queued, tried, and kept for a while. */
export class WebhookDeliveryStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  async queue(deliveries: readonly NewDelivery[], at: number): Promise<void> {
    await this.#db.transaction().execute(async (trx) => await queueDeliveries(trx, deliveries, at));
  }

  async find(id: string): Promise<DeliveryRow | undefined> {
    return await this.#db.selectFrom('webhook_delivery').selectAll().where('id', '=', id).executeTakeFirst();
  }

  /** Of an active webhook, what is due first, whether it is due already or not. */
  async next(webhookId: string): Promise<DeliveryRow | undefined> {
    return await this.#db
      .selectFrom('webhook_delivery')
      .selectAll()
      .where('webhook_id', '=', webhookId)
      .where('state', '=', 'waiting')
      .orderBy('next_at')
      .orderBy('number')
      .limit(1)
      .executeTakeFirst();
  }

  async note(id: string, outcome: Partial<DeliveryOutcome> & { queued_at?: number }): Promise<void> {
    await this.#db.updateTable('webhook_delivery').set(outcome).where('id', '=', id).execute();
  }

  /** Newest first. */
  async page(
    webhookId: string,
    query: { cursor?: string; limit?: number; state?: string },
  ): Promise<Page<DeliveryRow>> {
    const limit = query.limit ?? 50;
    const [before] = decodeCursor(query.cursor, 1) ?? [];
    let matching = this.#db.selectFrom('webhook_delivery').where('webhook_id', '=', webhookId);
    if (query.state) matching = matching.where('state', '=', query.state);
    const { total } = await matching.select((row) => row.fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
    let rows = matching
      .selectAll()
      .orderBy('number', 'desc')
      .limit(limit + 1);
    if (before !== undefined) rows = rows.where('number', '<', Number(before));
    const found = await rows.execute();
    const last = found.length > limit ? found[limit - 1] : undefined;
    return {
      items: found.slice(0, limit),
      total: Number(total),
      nextCursor: last ? encodeCursor([last.number]) : null,
    };
  }

  /** Forgets what ended long ago, and the oldest of too many. */
  async prune(webhookId: string, now: number): Promise<void> {
    const ended = this.#db
      .selectFrom('webhook_delivery')
      .where('webhook_id', '=', webhookId)
      .where('state', '!=', 'waiting');
    const oldest = await ended.select('number').orderBy('number', 'desc').offset(mostEnded).limit(1).executeTakeFirst();
    await this.#db
      .deleteFrom('webhook_delivery')
      .where('webhook_id', '=', webhookId)
      .where('state', '!=', 'waiting')
      .where((row) => row.or([row('at', '<', now - keptMs), row('number', '<=', oldest?.number ?? -1)]))
      .execute();
  }
}

/** Part of the caller's transaction. */
export async function queueDeliveries(
  trx: Kysely<Database>,
  deliveries: readonly NewDelivery[],
  at: number,
): Promise<void> {
  for (const [webhookId, own] of Map.groupBy(deliveries, (delivery) => delivery.webhookId)) {
    const room = Math.max(0, mostWaiting - (await waitingFor(trx, webhookId)));
    const rows = own.map((delivery, index) => rowOf(delivery, at, index < room));
    for (let from = 0; from < rows.length; from += rowsPerStatement)
      await trx
        .insertInto('webhook_delivery')
        .values(rows.slice(from, from + rowsPerStatement))
        .execute();
  }
}

async function waitingFor(trx: Kysely<Database>, webhookId: string): Promise<number> {
  const { waiting } = await trx
    .selectFrom('webhook_delivery')
    .select(sql<number>`count(*)`.as('waiting'))
    .where('webhook_id', '=', webhookId)
    .where('state', '=', 'waiting')
    .executeTakeFirstOrThrow();
  return waiting;
}

function rowOf({ id, webhookId, event, body }: NewDelivery, at: number, isRoom: boolean) {
  return {
    ...{ id, webhook_id: webhookId, event, body, at, queued_at: at },
    ...{ attempts: 0, last_at: null, last_status: null },
    state: isRoom ? 'waiting' : 'dead',
    next_at: isRoom ? at : null,
    last_problem: isRoom ? null : `More than ${mostWaiting} deliveries waited.`,
  };
}
