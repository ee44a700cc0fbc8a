import { type Kysely, sql } from 'kysely';

/** Commands, approvals, approvers, scripts. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const text = 'text' as const;
  const integer = 'integer' as const;
  const create = (table: string) => db.schema.createTable(table);
  await create('command')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('kind', text, (c) => c.notNull())
    .addColumn('action', text, (c) => c.notNull())
    .addColumn('text', text, (c) => c.notNull())
    .addColumn('reason', text, (c) => c.notNull())
    .addColumn('ticket_id', text)
    .addColumn('by_staff', text)
    .addColumn('by_actor', text, (c) => c.notNull())
    .addColumn('created_at', integer, (c) => c.notNull())
    .addColumn('expires_at', integer, (c) => c.notNull())
    .addColumn('state', text, (c) => c.notNull())
    .addColumn('approval_id', text)
    .execute();
  await db.schema.createIndex('command_by_age').on('command').columns(['created_at', 'id']).execute();
  await db.schema.createIndex('command_by_state').on('command').columns(['state', 'created_at', 'id']).execute();
  await db.schema.createIndex('command_by_ticket').on('command').columns(['ticket_id', 'created_at']).execute();
  await create('command_device')
    .addColumn('command_id', text, (c) => c.notNull().references('command.id').onDelete('cascade'))
    .addColumn('device_id', text, (c) => c.notNull())
    .addColumn('state', text, (c) => c.notNull())
    .addColumn('at', integer, (c) => c.notNull())
    .addColumn('words', text, (c) => c.notNull())
    .addColumn('code', text)
    .addColumn('output', text)
    .addPrimaryKeyConstraint('command_device_key', ['command_id', 'device_id'])
    .modifyEnd(sql`without rowid`)
    .execute();
  await db.schema
    .createIndex('command_device_by_device')
    .on('command_device')
    .columns(['device_id', 'state'])
    .execute();
  await create('command_slot')
    .addColumn('day', text, (c) => c.notNull())
    .addColumn('slot', integer, (c) => c.notNull())
    .addColumn('command_id', text, (c) => c.notNull().unique())
    .addPrimaryKeyConstraint('command_slot_key', ['day', 'slot'])
    .execute();
  await create('approval')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('kind', text, (c) => c.notNull())
    .addColumn('subject_id', text, (c) => c.notNull())
    .addColumn('title', text, (c) => c.notNull())
    .addColumn('lines', text, (c) => c.notNull())
    .addColumn('text', text, (c) => c.notNull())
    .addColumn('reason', text, (c) => c.notNull())
    .addColumn('by_staff', text, (c) => c.notNull())
    .addColumn('by_actor', text, (c) => c.notNull())
    .addColumn('at', integer, (c) => c.notNull())
    .addColumn('expires_at', integer, (c) => c.notNull())
    .addColumn('state', text, (c) => c.notNull())
    .addColumn('needs', integer, (c) => c.notNull())
    .addColumn('roster_version', integer, (c) => c.notNull())
    .execute();
  await db.schema.createIndex('approval_by_state').on('approval').columns(['state', 'at', 'id']).execute();
  await create('approval_signature')
    .addColumn('approval_id', text, (c) => c.notNull().references('approval.id').onDelete('cascade'))
    .addColumn('staff_id', text, (c) => c.notNull())
    .addColumn('by_actor', text, (c) => c.notNull())
    .addColumn('at', integer, (c) => c.notNull())
    .addColumn('assertion', text, (c) => c.notNull())
    .addPrimaryKeyConstraint('approval_signature_key', ['approval_id', 'staff_id'])
    .execute();
  await create('approver_roster')
    .addColumn('version', integer, (c) => c.primaryKey())
    .addColumn('text', text, (c) => c.notNull())
    .addColumn('approvals', text, (c) => c.notNull())
    .addColumn('signed_at', integer, (c) => c.notNull())
    .execute();
  await create('script')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('draft', text)
    .addColumn('version', integer, (c) => c.notNull())
    .addColumn('revision', integer)
    .addColumn('approval_id', text)
    .addColumn('created_at', integer, (c) => c.notNull())
    .addColumn('withdrawn_at', integer)
    .execute();
  await create('script_revision')
    .addColumn('script_id', text, (c) => c.notNull().references('script.id'))
    .addColumn('number', integer, (c) => c.notNull())
    .addColumn('content', text, (c) => c.notNull())
    .addColumn('hash', text, (c) => c.notNull())
    .addColumn('text', text, (c) => c.notNull())
    .addColumn('approvals', text, (c) => c.notNull())
    .addColumn('signed_by', text, (c) => c.notNull())
    .addColumn('published_at', integer, (c) => c.notNull())
    .addPrimaryKeyConstraint('script_revision_key', ['script_id', 'number'])
    .execute();
  await db.schema.createIndex('script_revision_by_hash').on('script_revision').column('hash').execute();
}
