import { type Kysely, sql } from 'kysely';

/** Tickets, their notes and the facts of their clocks, references of the intake, what devices ask, and mail on its way. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const text = 'text' as const;
  const integer = 'integer' as const;
  const create = (table: string) => db.schema.createTable(table);
  const index = (name: string, table: string) => db.schema.createIndex(name).on(table);
  await create('ticket')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('number', integer, (c) => c.notNull().unique())
    .addColumn('version', integer, (c) => c.notNull())
    .addColumn('subject', text, (c) => c.notNull())
    .addColumn('words', text, (c) => c.notNull())
    .addColumn('category', text, (c) => c.notNull())
    .addColumn('priority', text, (c) => c.notNull())
    .addColumn('status', text, (c) => c.notNull())
    .addColumn('source', text, (c) => c.notNull())
    .addColumn('device_id', text)
    .addColumn('person_id', text)
    .addColumn('org_id', text)
    .addColumn('custody_id', text)
    .addColumn('email', text)
    .addColumn('opened_by', text, (c) => c.notNull())
    .addColumn('assignee_id', text)
    .addColumn('cause', text)
    .addColumn('touched_at', integer)
    .addColumn('opened_at', integer, (c) => c.notNull())
    .addColumn('changed_at', integer, (c) => c.notNull())
    .addColumn('first_reply_at', integer)
    .addColumn('resolved_at', integer)
    .addColumn('first_reply_minutes', integer)
    .addColumn('resolution_minutes', integer)
    .addColumn('first_reply_due_at', integer)
    .addColumn('resolution_due_at', integer)
    .addColumn('resolution_left_ms', integer)
    .addColumn('late_told', integer, (c) => c.notNull())
    .addColumn('rank', integer, (c) => c.notNull())
    .execute();
  await index('ticket_by_rank', 'ticket').columns(['rank', 'id']).execute();
  await index('ticket_by_status', 'ticket').columns(['status', 'rank', 'id']).execute();
  await index('ticket_by_device', 'ticket').columns(['device_id', 'opened_at']).execute();
  await index('ticket_by_person', 'ticket').columns(['person_id', 'opened_at']).execute();
  await index('ticket_by_org', 'ticket').columns(['org_id', 'rank']).execute();
  await db.schema
    .createIndex('ticket_of_cause')
    .unique()
    .on('ticket')
    .column('cause')
    .where(sql<boolean>`cause is not null and status not in ('resolved', 'closed')`)
    .execute();
  await create('ticket_step')
    .addColumn('id', integer, (c) => c.primaryKey().autoIncrement())
    .addColumn('ticket_id', text, (c) => c.notNull().references('ticket.id').onDelete('cascade'))
    .addColumn('at', integer, (c) => c.notNull())
    .addColumn('status', text, (c) => c.notNull())
    .execute();
  await index('ticket_step_of_ticket', 'ticket_step').columns(['ticket_id', 'id']).execute();
  await create('ticket_note')
    .addColumn('id', integer, (c) => c.primaryKey().autoIncrement())
    .addColumn('ticket_id', text, (c) => c.notNull().references('ticket.id').onDelete('cascade'))
    .addColumn('at', integer, (c) => c.notNull())
    .addColumn('by_actor', text, (c) => c.notNull())
    .addColumn('is_from_person', integer, (c) => c.notNull())
    .addColumn('is_to_person', integer, (c) => c.notNull())
    .addColumn('words', text, (c) => c.notNull())
    .execute();
  await index('ticket_note_of_ticket', 'ticket_note').columns(['ticket_id', 'id']).execute();
  await create('ticket_intake')
    .addColumn('reference', text, (c) => c.primaryKey())
    .addColumn('ticket_id', text, (c) => c.notNull().references('ticket.id').onDelete('cascade'))
    .addColumn('at', integer, (c) => c.notNull())
    .execute();
  await index('ticket_intake_of_ticket', 'ticket_intake').column('ticket_id').execute();
  await create('ticket_cause')
    .addColumn('cause', text, (c) => c.primaryKey())
    .addColumn('ticket_id', text, (c) => c.notNull().references('ticket.id').onDelete('cascade'))
    .execute();
  await create('help_request')
    .addColumn('device_id', text, (c) => c.notNull())
    .addColumn('reported_id', text, (c) => c.notNull())
    .addColumn('at', integer, (c) => c.notNull())
    .addColumn('category', text, (c) => c.notNull())
    .addColumn('words', text, (c) => c.notNull())
    .addColumn('ticket_id', text)
    .addPrimaryKeyConstraint('help_request_key', ['device_id', 'reported_id'])
    .execute();
  await create('mail')
    .addColumn('number', integer, (c) => c.primaryKey().autoIncrement())
    .addColumn('message_id', text, (c) => c.notNull().unique())
    .addColumn('thread_id', text)
    .addColumn('ticket_id', text, (c) => c.references('ticket.id').onDelete('cascade'))
    .addColumn('note_id', integer)
    .addColumn('recipient', text, (c) => c.notNull())
    .addColumn('subject', text, (c) => c.notNull())
    .addColumn('body', text, (c) => c.notNull())
    .addColumn('state', text, (c) => c.notNull())
    .addColumn('attempts', integer, (c) => c.notNull())
    .addColumn('queued_at', integer, (c) => c.notNull())
    .addColumn('next_at', integer)
    .addColumn('ended_at', integer)
    .addColumn('problem', text)
    .execute();
  await index('mail_by_state', 'mail').columns(['state', 'next_at', 'number']).execute();
  await index('mail_of_note', 'mail').columns(['ticket_id', 'note_id']).execute();
}
