import { type Kysely, sql } from 'kysely';

/** The first tables. Released migrations are never edited: a change is a new file. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const create = (name: string) => db.schema.createTable(name);
  const text = 'text' as const;
  const integer = 'integer' as const;

  await create('setting')
    .addColumn('name', text, (c) => c.primaryKey())
    .addColumn('value', text, (c) => c.notNull())
    .execute();

  await create('org')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('sourced_id', text, (c) => c.notNull().unique())
    .addColumn('name', text, (c) => c.notNull())
    .addColumn('type', text, (c) => c.notNull())
    .addColumn('parent_id', text)
    .addColumn('identifier', text)
    .addColumn('active', integer, (c) => c.notNull())
    .execute();
  await create('person')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('sourced_id', text, (c) => c.notNull().unique())
    .addColumn('role', text, (c) => c.notNull())
    .addColumn('given_name', text, (c) => c.notNull())
    .addColumn('family_name', text, (c) => c.notNull())
    .addColumn('username', text, (c) => c.notNull())
    .addColumn('email', text)
    .addColumn('org_id', text)
    .addColumn('grade', text)
    .addColumn('active', integer, (c) => c.notNull())
    .addColumn('updated_at', integer, (c) => c.notNull())
    .execute();
  await db.schema
    .createIndex('person_by_name')
    .on('person')
    .columns(['active', 'family_name', 'given_name', 'id'])
    .execute();
  await db.schema.createIndex('person_by_org').on('person').columns(['org_id']).execute();
  await create('person_org')
    .addColumn('person_id', text, (c) => c.notNull())
    .addColumn('org_id', text, (c) => c.notNull())
    .addColumn('role', text, (c) => c.notNull())
    .addColumn('is_primary', integer, (c) => c.notNull())
    .addPrimaryKeyConstraint('person_org_key', ['person_id', 'org_id', 'role'])
    .execute();
  await create('class')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('sourced_id', text, (c) => c.notNull().unique())
    .addColumn('title', text, (c) => c.notNull())
    .addColumn('org_id', text)
    .addColumn('grades', text, (c) => c.notNull())
    .addColumn('active', integer, (c) => c.notNull())
    .execute();
  await create('enrollment')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('sourced_id', text, (c) => c.notNull().unique())
    .addColumn('class_id', text, (c) => c.notNull())
    .addColumn('person_id', text, (c) => c.notNull())
    .addColumn('role', text, (c) => c.notNull())
    .addColumn('begins_on', text)
    .addColumn('ends_on', text)
    .addColumn('active', integer, (c) => c.notNull().defaultTo(1))
    .execute();
  await db.schema.createIndex('enrollment_by_person').on('enrollment').columns(['person_id']).execute();
  await db.schema.createIndex('enrollment_by_class').on('enrollment').columns(['class_id']).execute();
  await create('academic_session')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('sourced_id', text, (c) => c.notNull().unique())
    .addColumn('title', text, (c) => c.notNull())
    .addColumn('type', text, (c) => c.notNull())
    .addColumn('start_date', text, (c) => c.notNull())
    .addColumn('end_date', text, (c) => c.notNull())
    .addColumn('parent_sourced_id', text)
    .addColumn('school_year', text, (c) => c.notNull())
    .addColumn('active', integer, (c) => c.notNull().defaultTo(1))
    .execute();

  await create('device')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('name', text, (c) => c.notNull())
    .addColumn('serial', text)
    .addColumn('maker', text)
    .addColumn('model', text)
    .addColumn('hardware_id', text, (c) => c.notNull())
    .addColumn('platform', text, (c) => c.notNull())
    .addColumn('os_name', text, (c) => c.notNull())
    .addColumn('os_version', text, (c) => c.notNull())
    .addColumn('agent_version', text, (c) => c.notNull())
    .addColumn('status', text, (c) => c.notNull())
    .addColumn('simulated', integer, (c) => c.notNull())
    .addColumn('token_id', text)
    .addColumn('enrolled_at', integer, (c) => c.notNull())
    .addColumn('last_seen_at', integer)
    .addColumn('spool_epoch', text)
    .addColumn('spool_sequence', integer, (c) => c.notNull())
    .execute();
  await db.schema.createIndex('device_by_name').on('device').columns(['name', 'id']).execute();
  await db.schema.createIndex('device_by_hardware').on('device').columns(['hardware_id']).execute();
  await create('device_tag')
    .addColumn('device_id', text, (c) => c.notNull())
    .addColumn('tag', text, (c) => c.notNull())
    .addPrimaryKeyConstraint('device_tag_key', ['device_id', 'tag'])
    .execute();
  await create('certificate')
    .addColumn('serial', text, (c) => c.primaryKey())
    .addColumn('device_id', text, (c) => c.notNull())
    .addColumn('fingerprint', text, (c) => c.notNull())
    .addColumn('key_hash', text)
    .addColumn('status', text, (c) => c.notNull())
    .addColumn('not_before', integer, (c) => c.notNull())
    .addColumn('not_after', integer, (c) => c.notNull())
    .addColumn('issued_at', integer, (c) => c.notNull())
    .addColumn('ended_at', integer)
    .addColumn('end_reason', text)
    .execute();
  await db.schema.createIndex('certificate_by_device').on('certificate').columns(['device_id', 'issued_at']).execute();
  await db.schema.createIndex('certificate_by_key').on('certificate').columns(['key_hash']).execute();
  await create('enrolment_token')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('secret_hash', text, (c) => c.notNull())
    .addColumn('label', text, (c) => c.notNull())
    .addColumn('max_uses', integer, (c) => c.notNull())
    .addColumn('uses', integer, (c) => c.notNull())
    .addColumn('expires_at', integer, (c) => c.notNull())
    .addColumn('org_id', text)
    .addColumn('platform', text)
    .addColumn('approval', text, (c) => c.notNull())
    .addColumn('person_id', text)
    .addColumn('tags', text, (c) => c.notNull())
    .addColumn('simulated', integer, (c) => c.notNull())
    .addColumn('created_at', integer, (c) => c.notNull())
    .addColumn('created_by', text, (c) => c.notNull())
    .addColumn('revoked_at', integer)
    .execute();
  await db.schema.createIndex('token_by_secret').on('enrolment_token').columns(['secret_hash']).unique().execute();
  await create('custody')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('device_id', text, (c) => c.notNull())
    .addColumn('person_id', text, (c) => c.notNull())
    .addColumn('kind', text, (c) => c.notNull())
    .addColumn('starts_at', integer, (c) => c.notNull())
    .addColumn('ended_at', integer)
    .addColumn('end_reason', text)
    .addColumn('by_actor', text, (c) => c.notNull())
    .execute();
  await sql`create unique index custody_open_device on custody (device_id) where ended_at is null`.execute(db);
  await sql`create unique index custody_open_primary on custody (person_id) where ended_at is null and kind = 'primary'`.execute(
    db,
  );
  await db.schema.createIndex('custody_by_person').on('custody').columns(['person_id', 'starts_at']).execute();
  await db.schema.createIndex('custody_by_device').on('custody').columns(['device_id', 'starts_at']).execute();

  await create('profile')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('name', text, (c) => c.notNull().unique())
    .addColumn('description', text, (c) => c.notNull())
    .addColumn('draft', text)
    .addColumn('version', integer, (c) => c.notNull())
    .addColumn('published_revision', integer)
    .addColumn('created_at', integer, (c) => c.notNull())
    .execute();
  await create('profile_revision')
    .addColumn('profile_id', text, (c) => c.notNull())
    .addColumn('number', integer, (c) => c.notNull())
    .addColumn('settings', text, (c) => c.notNull())
    .addColumn('assignments', text, (c) => c.notNull())
    .addColumn('published_at', integer, (c) => c.notNull())
    .addColumn('by_actor', text, (c) => c.notNull())
    .addColumn('note', text, (c) => c.notNull())
    .addPrimaryKeyConstraint('profile_revision_key', ['profile_id', 'number'])
    .execute();
  await create('list')
    .addColumn('category', text, (c) => c.primaryKey())
    .addColumn('title', text, (c) => c.notNull())
    .addColumn('source', text, (c) => c.notNull())
    .addColumn('licence', text, (c) => c.notNull())
    .addColumn('hash', text, (c) => c.notNull())
    .addColumn('bytes', integer, (c) => c.notNull())
    .addColumn('names', integer, (c) => c.notNull())
    .addColumn('skipped', integer, (c) => c.notNull())
    .addColumn('canary', text)
    .addColumn('updated_at', integer, (c) => c.notNull())
    .execute();
  await create('desired_state')
    .addColumn('generation', 'bigint', (c) => c.primaryKey())
    .addColumn('content_hash', text, (c) => c.notNull())
    .addColumn('manifest', text, (c) => c.notNull())
    .addColumn('signature', text, (c) => c.notNull())
    .addColumn('key_id', text, (c) => c.notNull())
    .addColumn('created_at', integer, (c) => c.notNull())
    .execute();
  await db.schema
    .createIndex('desired_state_by_content')
    .on('desired_state')
    .columns(['content_hash', 'generation'])
    .execute();
  await create('desired_section')
    .addColumn('hash', text, (c) => c.primaryKey())
    .addColumn('content', text, (c) => c.notNull())
    .execute();
  await create('device_desired')
    .addColumn('device_id', text, (c) => c.primaryKey())
    .addColumn('generation', 'bigint', (c) => c.notNull())
    .addColumn('content_hash', text, (c) => c.notNull())
    .addColumn('scope', text, (c) => c.notNull())
    .addColumn('since', integer, (c) => c.notNull())
    .execute();
  await db.schema.createIndex('device_desired_by_scope').on('device_desired').columns(['scope', 'device_id']).execute();
  await create('reported_section')
    .addColumn('device_id', text, (c) => c.notNull())
    .addColumn('section', text, (c) => c.notNull())
    .addColumn('generation', 'bigint', (c) => c.notNull())
    .addColumn('hash', text)
    .addColumn('status', text, (c) => c.notNull())
    .addColumn('failure', text)
    .addColumn('evidence', text, (c) => c.notNull())
    .addColumn('at', integer, (c) => c.notNull())
    .addPrimaryKeyConstraint('reported_section_key', ['device_id', 'section'])
    .execute();
  for (const [table, key] of [
    ['health', 'collector'],
    ['observation', 'name'],
  ] as const) {
    await create(table)
      .addColumn('device_id', text, (c) => c.notNull())
      .addColumn(key, text, (c) => c.notNull())
      .addColumn('value', text, (c) => c.notNull())
      .addColumn('at', integer, (c) => c.notNull())
      .addPrimaryKeyConstraint(`${table}_key`, ['device_id', key])
      .execute();
  }
  await create('finding')
    .addColumn('id', integer, (c) => c.primaryKey().autoIncrement())
    .addColumn('device_id', text, (c) => c.notNull())
    .addColumn('code', text, (c) => c.notNull())
    .addColumn('detail', text, (c) => c.notNull())
    .addColumn('opened_at', integer, (c) => c.notNull())
    .addColumn('closed_at', integer)
    .execute();
  await sql`create unique index finding_open on finding (device_id, code) where closed_at is null`.execute(db);
  await create('verdict')
    .addColumn('id', integer, (c) => c.primaryKey().autoIncrement())
    .addColumn('subject_kind', text, (c) => c.notNull())
    .addColumn('subject_id', text, (c) => c.notNull())
    .addColumn('state', text, (c) => c.notNull())
    .addColumn('reasons', text, (c) => c.notNull())
    .addColumn('from_at', integer, (c) => c.notNull())
    .addColumn('to_at', integer)
    .addColumn('custody_id', text)
    .execute();
  await sql`create unique index verdict_open on verdict (subject_kind, subject_id) where to_at is null`.execute(db);
  await db.schema
    .createIndex('verdict_by_subject')
    .on('verdict')
    .columns(['subject_kind', 'subject_id', 'from_at'])
    .execute();
  await create('event')
    .addColumn('id', integer, (c) => c.primaryKey().autoIncrement())
    .addColumn('at', integer, (c) => c.notNull())
    .addColumn('actor', text, (c) => c.notNull())
    .addColumn('code', text, (c) => c.notNull())
    .addColumn('words', text, (c) => c.notNull())
    .addColumn('subject_kind', text)
    .addColumn('subject_id', text)
    .execute();
  await db.schema.createIndex('event_by_subject').on('event').columns(['subject_kind', 'subject_id', 'id']).execute();
  await create('staff')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('name', text, (c) => c.notNull())
    .addColumn('email', text, (c) => c.notNull().unique())
    .addColumn('password_hash', text, (c) => c.notNull())
    .addColumn('created_at', integer, (c) => c.notNull())
    .addColumn('disabled_at', integer)
    .execute();
  await create('staff_session')
    .addColumn('token_hash', text, (c) => c.primaryKey())
    .addColumn('staff_id', text, (c) => c.notNull())
    .addColumn('created_at', integer, (c) => c.notNull())
    .addColumn('expires_at', integer, (c) => c.notNull())
    .execute();
}
