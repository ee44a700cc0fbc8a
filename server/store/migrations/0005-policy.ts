import { type Kysely, sql } from 'kysely';

/** Groups, changes under review, rollouts, API tokens, webhooks. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const text = 'text' as const;
  const integer = 'integer' as const;
  const create = (table: string) => db.schema.createTable(table);
  await create('policy_group')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('name', text, (c) => c.notNull().unique())
    .addColumn('description', text, (c) => c.notNull())
    .addColumn('draft', text)
    .addColumn('version', integer, (c) => c.notNull())
    .addColumn('published_revision', integer)
    .addColumn('created_at', integer, (c) => c.notNull())
    .execute();
  await create('policy_group_revision')
    .addColumn('group_id', text, (c) => c.notNull().references('policy_group.id').onDelete('cascade'))
    .addColumn('number', integer, (c) => c.notNull())
    .addColumn('content', text, (c) => c.notNull())
    .addColumn('published_at', integer, (c) => c.notNull())
    .addColumn('by_actor', text, (c) => c.notNull())
    .addColumn('note', text, (c) => c.notNull())
    .addPrimaryKeyConstraint('policy_group_revision_key', ['group_id', 'number'])
    .execute();
  await create('policy_change')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('title', text, (c) => c.notNull())
    .addColumn('note', text, (c) => c.notNull())
    .addColumn('state', text, (c) => c.notNull())
    .addColumn('items', text, (c) => c.notNull())
    .addColumn('plan', text)
    .addColumn('preview', text, (c) => c.notNull())
    .addColumn('fingerprint', text, (c) => c.notNull())
    .addColumn('by_staff', text, (c) => c.notNull())
    .addColumn('by_actor', text, (c) => c.notNull())
    .addColumn('at', integer, (c) => c.notNull())
    .addColumn('publish_at', integer)
    .addColumn('ended_at', integer)
    .addColumn('rollout_id', text)
    .addColumn('held', text)
    .execute();
  await db.schema
    .createIndex('policy_change_by_standing')
    .on('policy_change')
    .expression(sql`(state in ('open', 'scheduled')), at, id`)
    .execute();
  await db.schema.createIndex('policy_change_by_state').on('policy_change').columns(['state', 'at', 'id']).execute();
  await db.schema.createIndex('policy_change_by_end').on('policy_change').column('ended_at').execute();
  await create('policy_change_item')
    .addColumn('change_id', text, (c) => c.notNull().references('policy_change.id').onDelete('cascade'))
    .addColumn('kind', text, (c) => c.notNull())
    .addColumn('item_id', text, (c) => c.notNull())
    .addColumn('revision', integer)
    .addPrimaryKeyConstraint('policy_change_item_key', ['change_id', 'kind', 'item_id'])
    .execute();
  await db.schema
    .createIndex('policy_change_item_by_item')
    .on('policy_change_item')
    .columns(['kind', 'item_id'])
    .execute();
  await create('policy_change_decision')
    .addColumn('id', integer, (c) => c.primaryKey().autoIncrement())
    .addColumn('change_id', text, (c) => c.notNull().references('policy_change.id').onDelete('cascade'))
    .addColumn('decision', text, (c) => c.notNull())
    .addColumn('side', text, (c) => c.notNull())
    .addColumn('by_staff', text, (c) => c.notNull())
    .addColumn('by_actor', text, (c) => c.notNull())
    .addColumn('at', integer, (c) => c.notNull())
    .addColumn('words', text, (c) => c.notNull())
    .addColumn('fingerprint', text, (c) => c.notNull())
    .execute();
  await db.schema
    .createIndex('policy_change_decision_by_change')
    .on('policy_change_decision')
    .columns(['change_id', 'id'])
    .execute();
  await create('policy_change_comment')
    .addColumn('id', integer, (c) => c.primaryKey().autoIncrement())
    .addColumn('change_id', text, (c) => c.notNull().references('policy_change.id').onDelete('cascade'))
    .addColumn('by_actor', text, (c) => c.notNull())
    .addColumn('at', integer, (c) => c.notNull())
    .addColumn('words', text, (c) => c.notNull())
    .execute();
  await db.schema
    .createIndex('policy_change_comment_by_change')
    .on('policy_change_comment')
    .columns(['change_id', 'id'])
    .execute();
  await create('rollout')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('kind', text, (c) => c.notNull())
    .addColumn('title', text, (c) => c.notNull())
    .addColumn('items', text, (c) => c.notNull())
    .addColumn('plan', text, (c) => c.notNull())
    .addColumn('state', text, (c) => c.notNull())
    .addColumn('ring', integer, (c) => c.notNull())
    .addColumn('since', integer, (c) => c.notNull())
    .addColumn('reason', text)
    .addColumn('returned', integer, (c) => c.notNull())
    .addColumn('ring_sizes', text, (c) => c.notNull())
    .addColumn('started_at', integer, (c) => c.notNull())
    .addColumn('ended_at', integer)
    .addColumn('by_actor', text, (c) => c.notNull())
    .addColumn('change_id', text)
    .execute();
  await db.schema.createIndex('rollout_by_state').on('rollout').columns(['state', 'started_at', 'id']).execute();
  await create('rollout_device')
    .addColumn('rollout_id', text, (c) => c.notNull().references('rollout.id').onDelete('cascade'))
    .addColumn('device_id', text, (c) => c.notNull())
    .addColumn('ring', integer, (c) => c.notNull())
    .addColumn('given_at', integer)
    .addColumn('before', text)
    .addPrimaryKeyConstraint('rollout_device_key', ['rollout_id', 'device_id'])
    .modifyEnd(sql`without rowid`)
    .execute();
  await create('rollout_decision')
    .addColumn('id', integer, (c) => c.primaryKey().autoIncrement())
    .addColumn('rollout_id', text, (c) => c.notNull().references('rollout.id').onDelete('cascade'))
    .addColumn('at', integer, (c) => c.notNull())
    .addColumn('by_actor', text, (c) => c.notNull())
    .addColumn('from_state', text, (c) => c.notNull())
    .addColumn('to_state', text, (c) => c.notNull())
    .addColumn('ring', integer, (c) => c.notNull())
    .addColumn('words', text, (c) => c.notNull())
    .addColumn('evidence', text, (c) => c.notNull())
    .execute();
  await db.schema
    .createIndex('rollout_decision_by_rollout')
    .on('rollout_decision')
    .columns(['rollout_id', 'id'])
    .execute();
  await db.schema.alterTable('list_rollout').addColumn('rollout_id', text).execute();
  await create('api_token')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('name', text, (c) => c.notNull())
    .addColumn('secret_hash', text, (c) => c.notNull().unique())
    .addColumn('scopes', text, (c) => c.notNull())
    .addColumn('created_at', integer, (c) => c.notNull())
    .addColumn('created_by', text, (c) => c.notNull())
    .addColumn('created_by_staff', text)
    .addColumn('expires_at', integer, (c) => c.notNull())
    .addColumn('last_used_at', integer)
    .addColumn('revoked_at', integer)
    .execute();
  await create('idempotency')
    .addColumn('caller', text, (c) => c.notNull())
    .addColumn('key', text, (c) => c.notNull())
    .addColumn('request_hash', text, (c) => c.notNull())
    .addColumn('status', integer, (c) => c.notNull())
    .addColumn('answer', text, (c) => c.notNull())
    .addColumn('at', integer, (c) => c.notNull())
    .addPrimaryKeyConstraint('idempotency_key', ['caller', 'key'])
    .execute();
  await db.schema.createIndex('idempotency_by_time').on('idempotency').column('at').execute();
  await create('webhook')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('name', text, (c) => c.notNull())
    .addColumn('url', text, (c) => c.notNull())
    .addColumn('secret', text, (c) => c.notNull())
    .addColumn('events', text, (c) => c.notNull())
    .addColumn('active', integer, (c) => c.notNull())
    .addColumn('created_at', integer, (c) => c.notNull())
    .addColumn('created_by', text, (c) => c.notNull())
    .addColumn('old_secret', text)
    .addColumn('old_secret_until', integer)
    .addColumn('failing_since', integer)
    .addColumn('problem', text)
    .execute();
  await create('webhook_cursor')
    .addColumn('source', text, (c) => c.primaryKey())
    .addColumn('up_to', integer, (c) => c.notNull())
    .execute();
  await create('webhook_delivery')
    .addColumn('number', integer, (c) => c.primaryKey().autoIncrement())
    .addColumn('id', text, (c) => c.notNull().unique())
    .addColumn('webhook_id', text, (c) => c.notNull().references('webhook.id').onDelete('cascade'))
    .addColumn('event', text, (c) => c.notNull())
    .addColumn('body', text, (c) => c.notNull())
    .addColumn('at', integer, (c) => c.notNull())
    .addColumn('queued_at', integer, (c) => c.notNull())
    .addColumn('state', text, (c) => c.notNull())
    .addColumn('attempts', integer, (c) => c.notNull())
    .addColumn('next_at', integer)
    .addColumn('last_at', integer)
    .addColumn('last_status', integer)
    .addColumn('last_problem', text)
    .execute();
  await db.schema
    .createIndex('webhook_delivery_by_state')
    .on('webhook_delivery')
    .columns(['webhook_id', 'state', 'next_at', 'number'])
    .execute();
  await db.schema
    .alterTable('device_desired')
    .addColumn('section_since', text, (c) => c.notNull().defaultTo('{}'))
    .execute();
  await db.schema
    .alterTable('profile_revision')
    .addColumn('locked', integer, (c) => c.notNull().defaultTo(0))
    .execute();
  await db.schema.alterTable('device').addColumn('place', text).execute();
  await db.schema
    .alterTable('staff')
    .addColumn('signs_for', text, (c) => c.notNull().defaultTo('["it"]'))
    .execute();
}
