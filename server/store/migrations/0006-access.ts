import { type Kysely, sql } from 'kysely';

/** Roles, factors and sessions of staff, and tries to get in. Sessions from before had one factor: everybody signs in anew. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const text = 'text' as const;
  const integer = 'integer' as const;
  const create = (table: string) => db.schema.createTable(table);
  const ofStaff = (table: string) =>
    create(table).addColumn('staff_id', text, (c) => c.notNull().references('staff.id').onDelete('cascade'));
  const indexByStaff = (table: string) =>
    db.schema.createIndex(`${table}_by_staff`).on(table).column('staff_id').execute();

  await ofStaff('staff_grant')
    .addColumn('role', text, (c) => c.notNull())
    .addColumn('org_id', text, (c) => c.notNull().defaultTo(''))
    .addColumn('granted_at', integer, (c) => c.notNull())
    .addColumn('by_actor', text, (c) => c.notNull())
    .addPrimaryKeyConstraint('staff_grant_key', ['staff_id', 'role', 'org_id'])
    .execute();
  // Every account could do everything until now.
  await sql`insert into staff_grant (staff_id, role, org_id, granted_at, by_actor)
    select id, 'owner', '', created_at, 'server' from staff`.execute(db);
  await db.schema
    .alterTable('api_token')
    .addColumn('org_id', text, (c) => c.notNull().defaultTo(''))
    .execute();

  await ofStaff('staff_passkey')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('credential_id', text, (c) => c.notNull().unique())
    .addColumn('public_key', text, (c) => c.notNull())
    .addColumn('algorithm', integer, (c) => c.notNull())
    .addColumn('counter', integer, (c) => c.notNull())
    .addColumn('transports', text, (c) => c.notNull())
    .addColumn('name', text, (c) => c.notNull())
    .addColumn('created_at', integer, (c) => c.notNull())
    .addColumn('last_used_at', integer)
    .execute();
  await indexByStaff('staff_passkey');
  await create('staff_totp')
    .addColumn('staff_id', text, (c) => c.primaryKey().references('staff.id').onDelete('cascade'))
    .addColumn('secret', text, (c) => c.notNull())
    .addColumn('last_step', integer, (c) => c.notNull())
    .addColumn('created_at', integer, (c) => c.notNull())
    .execute();
  await ofStaff('staff_recovery_code')
    .addColumn('code_hash', text, (c) => c.notNull())
    .addColumn('used_at', integer)
    .addPrimaryKeyConstraint('staff_recovery_code_key', ['staff_id', 'code_hash'])
    .execute();
  await ofStaff('staff_identity')
    .addColumn('issuer', text, (c) => c.notNull())
    .addColumn('subject', text, (c) => c.notNull())
    .addColumn('linked_at', integer, (c) => c.notNull())
    .addPrimaryKeyConstraint('staff_identity_key', ['issuer', 'subject'])
    .execute();
  await indexByStaff('staff_identity');

  await db.schema.dropTable('staff_session').execute();
  await ofStaff('staff_session')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('token_hash', text, (c) => c.notNull().unique())
    .addColumn('created_at', integer, (c) => c.notNull())
    .addColumn('expires_at', integer, (c) => c.notNull())
    .addColumn('complete_at', integer)
    .addColumn('proven_at', integer, (c) => c.notNull())
    .addColumn('last_seen_at', integer, (c) => c.notNull())
    .addColumn('method', text, (c) => c.notNull())
    .addColumn('address', text, (c) => c.notNull())
    .addColumn('browser', text, (c) => c.notNull())
    .execute();
  await indexByStaff('staff_session');

  await create('sign_in_failure')
    .addColumn('key', text, (c) => c.primaryKey())
    .addColumn('failures', integer, (c) => c.notNull())
    .addColumn('last_at', integer, (c) => c.notNull())
    .addColumn('locked_until', integer, (c) => c.notNull())
    .execute();
  await db.schema.createIndex('sign_in_failure_by_time').on('sign_in_failure').column('last_at').execute();

  // Set-up stays closed for ever once anybody could sign in, whatever becomes of the accounts.
  await sql`insert into setting (name, value) select 'set-up', 'done' where exists (select 1 from staff)`.execute(db);
}
