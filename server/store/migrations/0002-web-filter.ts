import type { Kysely } from 'kysely';

/** Lists by address and in rings, overrides, unblock requests, calendars, and what devices recorded. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const create = (name: string) => db.schema.createTable(name);
  const text = 'text' as const;
  const integer = 'integer' as const;

  const lists = (name: string, type: 'text' | 'integer', standard?: string) =>
    db.schema
      .alterTable('list')
      .addColumn(name, type, (c) => (standard === undefined ? c : c.notNull().defaultTo(standard)))
      .execute();
  await lists('format', text, '');
  await lists('url', text);
  await lists('refresh_hours', integer);
  await lists('etag', text);
  await lists('last_modified', text);
  await lists('refreshed_at', integer);
  await lists('refresh_problem', text);
  await lists('exceptions', text, '[]');
  await lists('own_exceptions', text, '[]');
  await create('list_rollout')
    .addColumn('category', text, (c) => c.primaryKey())
    .addColumn('from_hash', text, (c) => c.notNull())
    .addColumn('from_version', text, (c) => c.notNull())
    .addColumn('to_hash', text, (c) => c.notNull())
    .addColumn('added', integer, (c) => c.notNull())
    .addColumn('removed', integer, (c) => c.notNull())
    .addColumn('state', text, (c) => c.notNull())
    .addColumn('ring', integer, (c) => c.notNull())
    .addColumn('ring_since', integer, (c) => c.notNull())
    .addColumn('started_at', integer, (c) => c.notNull())
    .addColumn('reason', text)
    .execute();
  await create('document')
    .addColumn('name', text, (c) => c.primaryKey())
    .addColumn('content', text, (c) => c.notNull())
    .addColumn('version', integer, (c) => c.notNull())
    .addColumn('updated_at', integer, (c) => c.notNull())
    .execute();
  await create('calendar')
    .addColumn('org_id', text, (c) => c.primaryKey())
    .addColumn('content', text, (c) => c.notNull())
    .addColumn('updated_at', integer, (c) => c.notNull())
    .execute();
  await create('filter_override')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('target_kind', text, (c) => c.notNull())
    .addColumn('target_id', text, (c) => c.notNull())
    .addColumn('kind', text, (c) => c.notNull())
    .addColumn('domains', text, (c) => c.notNull())
    .addColumn('categories', text, (c) => c.notNull())
    .addColumn('everything', integer, (c) => c.notNull())
    .addColumn('reason', text, (c) => c.notNull())
    .addColumn('by_actor', text, (c) => c.notNull())
    .addColumn('from_at', integer, (c) => c.notNull())
    .addColumn('until_at', integer, (c) => c.notNull())
    .addColumn('ended_at', integer)
    .addColumn('request_id', text)
    .execute();
  await db.schema.createIndex('filter_override_by_end').on('filter_override').columns(['until_at']).execute();
  await create('unblock_request')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('device_id', text, (c) => c.notNull())
    .addColumn('reported_id', text, (c) => c.notNull())
    .addColumn('person_id', text)
    .addColumn('org_id', text)
    .addColumn('name', text, (c) => c.notNull())
    .addColumn('category', text)
    .addColumn('rule', text)
    .addColumn('words', text, (c) => c.notNull())
    .addColumn('asked_at', integer, (c) => c.notNull())
    .addColumn('due_at', integer, (c) => c.notNull())
    .addColumn('state', text, (c) => c.notNull())
    .addColumn('outcome', text, (c) => c.notNull())
    .addColumn('decided_at', integer)
    .addColumn('decided_by', text)
    .addColumn('override_id', text)
    .execute();
  await db.schema
    .createIndex('unblock_request_by_state')
    .on('unblock_request')
    .columns(['state', 'due_at', 'id'])
    .execute();
  await db.schema
    .createIndex('unblock_request_by_device')
    .on('unblock_request')
    .columns(['device_id', 'asked_at'])
    .execute();
  await db.schema.createIndex('unblock_request_by_decision').on('unblock_request').columns(['decided_at']).execute();
  await create('activity_count')
    .addColumn('day', text, (c) => c.notNull())
    .addColumn('device_id', text, (c) => c.notNull())
    .addColumn('org_id', text, (c) => c.notNull())
    .addColumn('place', text, (c) => c.notNull())
    .addColumn('category', text, (c) => c.notNull())
    .addColumn('asked', integer, (c) => c.notNull())
    .addColumn('blocked', integer, (c) => c.notNull())
    .addPrimaryKeyConstraint('activity_count_key', ['day', 'device_id', 'org_id', 'place', 'category'])
    .execute();
  await create('activity_name')
    .addColumn('id', integer, (c) => c.primaryKey().autoIncrement())
    .addColumn('at', integer, (c) => c.notNull())
    .addColumn('device_id', text, (c) => c.notNull())
    .addColumn('person_id', text)
    .addColumn('name', text, (c) => c.notNull())
    .addColumn('outcome', text, (c) => c.notNull())
    .addColumn('category', text)
    .addColumn('place', text, (c) => c.notNull())
    .addColumn('count', integer, (c) => c.notNull())
    .execute();
  await db.schema.createIndex('activity_name_by_person').on('activity_name').columns(['person_id', 'at']).execute();
  await db.schema.createIndex('activity_name_by_time').on('activity_name').columns(['at']).execute();
  await create('deletion')
    .addColumn('id', integer, (c) => c.primaryKey().autoIncrement())
    .addColumn('at', integer, (c) => c.notNull())
    .addColumn('what', text, (c) => c.notNull())
    .addColumn('older_than', integer, (c) => c.notNull())
    .addColumn('rows', integer, (c) => c.notNull())
    .addColumn('digest', text, (c) => c.notNull())
    .execute();
}
