import type { Kysely } from 'kysely';

/** Since when checks fail, until when a verdict lets that pass, and waivers. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const text = 'text' as const;
  const integer = 'integer' as const;
  await db.schema.alterTable('verdict').addColumn('until_at', integer).execute();
  await db.schema
    .createTable('check_failure')
    .addColumn('device_id', text, (c) => c.notNull())
    .addColumn('check_name', text, (c) => c.notNull())
    .addColumn('since', integer, (c) => c.notNull())
    .addPrimaryKeyConstraint('check_failure_key', ['device_id', 'check_name'])
    .execute();
  await db.schema
    .createTable('waiver')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('check_name', text)
    .addColumn('target_kind', text, (c) => c.notNull())
    .addColumn('target_id', text, (c) => c.notNull())
    .addColumn('reason', text, (c) => c.notNull())
    .addColumn('by_actor', text, (c) => c.notNull())
    .addColumn('from_at', integer, (c) => c.notNull())
    .addColumn('until_at', integer, (c) => c.notNull())
    .addColumn('ended_at', integer)
    .execute();
  await db.schema.createIndex('waiver_by_end').on('waiver').columns(['ended_at', 'until_at']).execute();
}
