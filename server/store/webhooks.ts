import { type Kysely, type Selectable, sql } from 'kysely';
import { CodedError } from '../../shared/errors/catalogue.ts';
import type { Database } from './schema.ts';
import type { SealedPlace } from './sealed.ts';

export type WebhookRow = Selectable<Database['webhook']>;
export type WebhookListing = WebhookRow & { waiting: number; dead: number; delivered_at: number | null };

export const mostWebhooks = 50;

/** What the secrets of a webhook are sealed for. */
export const aboutWebhook = (id: string) => `webhook ${id}`;

/** Where events go. The secrets sign, so they are kept sealed rather than hashed. */
export class WebhookStore implements SealedPlace {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** By name. */
  async list(): Promise<WebhookListing[]> {
    return await this.#listings().orderBy('name').orderBy('webhook.id').execute();
  }

  async find(id: string): Promise<WebhookListing> {
    const found = await this.#listings().where('webhook.id', '=', id).executeTakeFirst();
    if (!found) throw new CodedError('not-found', 'There is no such webhook.');
    return found;
  }

  async active(): Promise<WebhookRow[]> {
    return await this.#db.selectFrom('webhook').selectAll().where('active', '=', 1).orderBy('id').execute();
  }

  async insert(webhook: WebhookRow): Promise<void> {
    await this.#db.transaction().execute(async (trx) => {
      const { count } = await trx
        .selectFrom('webhook')
        .select(sql<number>`count(*)`.as('count'))
        .executeTakeFirstOrThrow();
      if (count >= mostWebhooks)
        throw new CodedError('conflict', `There are ${mostWebhooks} webhooks. Delete one that nobody needs first.`);
      await trx.insertInto('webhook').values(webhook).execute();
    });
  }

  async update(id: string, changed: Partial<Omit<WebhookRow, 'id'>>): Promise<void> {
    await this.#db.updateTable('webhook').set(changed).where('id', '=', id).execute();
  }

  async reseal(again: (text: string, about: string) => string): Promise<number> {
    return await this.#db.transaction().execute(async (trx) => {
      const rows = await trx.selectFrom('webhook').select(['id', 'secret', 'old_secret']).execute();
      for (const { id, secret, old_secret } of rows) {
        const about = aboutWebhook(id);
        const sealed = {
          secret: again(secret, about),
          old_secret: old_secret === null ? null : again(old_secret, about),
        };
        await trx.updateTable('webhook').set(sealed).where('id', '=', id).execute();
      }
      return rows.length;
    });
  }

  async delete(id: string): Promise<void> {
    const { numDeletedRows } = await this.#db.deleteFrom('webhook').where('id', '=', id).executeTakeFirstOrThrow();
    if (numDeletedRows === 0n) throw new CodedError('not-found', 'There is no such webhook.');
  }

  #listings() {
    return this.#db
      .selectFrom('webhook')
      .selectAll('webhook')
      .select([
        sql<number>`(select count(*) from webhook_delivery d where d.webhook_id = webhook.id and d.state = 'waiting')`.as(
          'waiting',
        ),
        sql<number>`(select count(*) from webhook_delivery d where d.webhook_id = webhook.id and d.state = 'dead')`.as(
          'dead',
        ),
        sql<
          number | null
        >`(select max(d.last_at) from webhook_delivery d where d.webhook_id = webhook.id and d.state = 'delivered')`.as(
          'delivered_at',
        ),
      ]);
  }
}
