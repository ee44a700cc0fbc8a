import { type Kysely, sql } from 'kysely';

/** Looks at devices for a ticket. At most one of a device is open, whoever writes. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const text = 'text' as const;
  const integer = 'integer' as const;
  await db.schema
    .createTable('diagnosis')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('ticket_id', text, (c) => c.notNull().references('ticket.id').onDelete('cascade'))
    .addColumn('device_id', text, (c) => c.notNull().references('device.id').onDelete('cascade'))
    .addColumn('by_staff', text, (c) => c.notNull())
    .addColumn('by_actor', text, (c) => c.notNull())
    .addColumn('reason', text, (c) => c.notNull())
    .addColumn('state', text, (c) => c.notNull())
    .addColumn('opened_at', integer, (c) => c.notNull())
    .addColumn('until_at', integer, (c) => c.notNull())
    .addColumn('ended_at', integer)
    .addColumn('ended', text)
    .addColumn('shown', text, (c) => c.notNull())
    .addColumn('examination', text)
    .addColumn('bundle_state', text)
    .addColumn('bundle_bytes', integer)
    .addColumn('bundle_at', integer)
    .execute();
  await db.schema.createIndex('diagnosis_of_ticket').on('diagnosis').columns(['ticket_id', 'opened_at']).execute();
  await db.schema.createIndex('diagnosis_of_device').on('diagnosis').columns(['device_id', 'opened_at']).execute();
  await db.schema
    .createIndex('diagnosis_open')
    .unique()
    .on('diagnosis')
    .column('device_id')
    .where(sql<boolean>`ended_at is null`)
    .execute();
  await db.schema
    .createTable('diagnosis_bundle')
    .addColumn('diagnosis_id', text, (c) => c.primaryKey().references('diagnosis.id').onDelete('cascade'))
    .addColumn('zip', 'blob', (c) => c.notNull())
    .addColumn('at', integer, (c) => c.notNull())
    .execute();
  await db.schema.createIndex('diagnosis_bundle_by_age').on('diagnosis_bundle').column('at').execute();
}
