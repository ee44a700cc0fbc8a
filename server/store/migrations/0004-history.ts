import { type Kysely, sql } from 'kysely';

/** Checks as intervals, counts by day, revisions of the compliance policy, obligations, restrictions, recovery keys. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const text = 'text' as const;
  const integer = 'integer' as const;
  const create = (table: string) => db.schema.createTable(table);
  await create('check_interval')
    .addColumn('id', integer, (c) => c.primaryKey().autoIncrement())
    .addColumn('device_id', text, (c) => c.notNull())
    .addColumn('check_name', text, (c) => c.notNull())
    .addColumn('status', text, (c) => c.notNull())
    .addColumn('seen', text, (c) => c.notNull())
    .addColumn('from_at', integer, (c) => c.notNull())
    .addColumn('to_at', integer)
    .addColumn('failing_since', integer)
    .addColumn('failure_from', integer)
    .addColumn('custody_id', text)
    .addColumn('org_id', text, (c) => c.notNull())
    .execute();
  await db.schema
    .createIndex('check_interval_by_device')
    .unique()
    .on('check_interval')
    .columns(['device_id', 'check_name', 'from_at'])
    .execute();
  await db.schema
    .createIndex('check_interval_by_check')
    .on('check_interval')
    .columns(['check_name', 'status', 'from_at', 'to_at', 'org_id', 'device_id'])
    .execute();
  await db.schema
    .createIndex('check_interval_by_end')
    .on('check_interval')
    .columns(['to_at', 'check_name', 'status', 'org_id'])
    .execute();
  await db.schema
    .createIndex('check_interval_by_device_end')
    .on('check_interval')
    .columns(['device_id', 'to_at'])
    .execute();
  // Every failure once: where it ended, or where it goes on.
  await sql`create index check_interval_by_failure on check_interval
    (check_name, failure_from, status, from_at, org_id, to_at)
    where failure_from is not null and (status in ('pass', 'not-applicable') or to_at is null)`.execute(db);
  await sql`insert into check_interval
    (device_id, check_name, status, seen, from_at, to_at, failure_from, failing_since, custody_id, org_id)
    select f.device_id, f.check_name, 'fail', '', f.since, null, f.since,
      max(f.since, coalesce(
        (select c.starts_at from custody c where c.device_id = f.device_id and c.ended_at is null), f.since)),
      (select c.id from custody c where c.device_id = f.device_id and c.ended_at is null),
      coalesce((select p.org_id from custody c join person p on p.id = c.person_id
        where c.device_id = f.device_id and c.ended_at is null), '')
    from check_failure f`.execute(db);
  await db.schema.dropTable('check_failure').execute();
  await db.schema
    .alterTable('verdict')
    .addColumn('org_id', text, (c) => c.notNull().defaultTo(''))
    .execute();
  await sql`update verdict set org_id = coalesce((select p.org_id from person p where
    (verdict.subject_kind = 'person' and p.id = verdict.subject_id) or
    (verdict.subject_kind = 'device' and p.id = (select c.person_id from custody c where c.id = verdict.custody_id))), '')`.execute(
    db,
  );
  // Who stood how at an instant is answered by these two alone: by the subject, and by the state and the unit.
  await db.schema.dropIndex('verdict_by_subject').execute();
  await db.schema
    .createIndex('verdict_by_subject')
    .on('verdict')
    .columns(['subject_kind', 'subject_id', 'from_at', 'to_at', 'state'])
    .execute();
  await db.schema
    .createIndex('verdict_by_state')
    .on('verdict')
    .columns(['subject_kind', 'state', 'org_id', 'from_at', 'to_at', 'subject_id'])
    .execute();
  await db.schema
    .createIndex('verdict_by_begin')
    .on('verdict')
    .columns(['subject_kind', 'from_at', 'state', 'org_id'])
    .execute();
  await db.schema
    .createIndex('verdict_by_end')
    .on('verdict')
    .columns(['subject_kind', 'to_at', 'state', 'org_id'])
    .execute();
  await db.schema
    .createIndex('person_by_family_name')
    .on('person')
    .columns(['family_name', 'given_name', 'id'])
    .execute();
  await create('judgement_input')
    .addColumn('id', integer, (c) => c.primaryKey().autoIncrement())
    .addColumn('device_id', text, (c) => c.notNull())
    .addColumn('at', integer, (c) => c.notNull())
    .addColumn('received_at', integer, (c) => c.notNull())
    .addColumn('fact', text, (c) => c.notNull())
    .addColumn('value', text, (c) => c.notNull())
    .execute();
  await db.schema.createIndex('judgement_input_by_device').on('judgement_input').columns(['device_id', 'id']).execute();
  await create('judged_up_to')
    .addColumn('device_id', text, (c) => c.primaryKey())
    .addColumn('at', integer, (c) => c.notNull())
    .execute();
  await create('compliance_change')
    .addColumn('day', integer, (c) => c.notNull())
    .addColumn('org_id', text, (c) => c.notNull())
    .addColumn('subject', text, (c) => c.notNull())
    .addColumn('state', text, (c) => c.notNull())
    .addColumn('change', integer, (c) => c.notNull())
    .addColumn('moment', integer, (c) => c.notNull())
    .addPrimaryKeyConstraint('compliance_change_key', ['subject', 'org_id', 'state', 'day'])
    // Lies on disk in the order in which it is summed: a year of 60,000 devices in a quarter of the time.
    .modifyEnd(sql`without rowid`)
    .execute();
  await countWhatIsStored(db);
  await create('compliance_policy_revision')
    .addColumn('version', integer, (c) => c.primaryKey())
    .addColumn('content', text, (c) => c.notNull())
    .addColumn('from_at', integer, (c) => c.notNull())
    .addColumn('by_actor', text, (c) => c.notNull())
    .execute();
  await sql`insert into compliance_policy_revision (version, content, from_at, by_actor)
    select version, content, updated_at, 'server' from document where name = 'compliance-policy'`.execute(db);
  await create('obligation')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('person_id', text, (c) => c.notNull())
    .addColumn('kind', text, (c) => c.notNull())
    .addColumn('title', text, (c) => c.notNull())
    .addColumn('device_id', text)
    .addColumn('from_at', integer, (c) => c.notNull())
    .addColumn('due_at', integer, (c) => c.notNull())
    .addColumn('by_actor', text, (c) => c.notNull())
    .addColumn('ended_at', integer)
    .addColumn('outcome', text)
    .addColumn('ended_by', text)
    .execute();
  await db.schema.createIndex('obligation_by_person').on('obligation').columns(['person_id', 'from_at']).execute();
  await db.schema.createIndex('obligation_by_due').on('obligation').columns(['ended_at', 'due_at', 'id']).execute();
  await create('restriction')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('device_id', text, (c) => c.notNull())
    .addColumn('person_id', text)
    .addColumn('profile_id', text, (c) => c.notNull())
    .addColumn('reason', text, (c) => c.notNull())
    .addColumn('from_at', integer, (c) => c.notNull())
    .addColumn('ended_at', integer)
    .addColumn('end_reason', text)
    .execute();
  await db.schema.createIndex('restriction_by_device').on('restriction').columns(['device_id', 'ended_at']).execute();
  await create('escrow_key')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('public_key', text, (c) => c.notNull())
    .addColumn('wrapped_key', text, (c) => c.notNull())
    .addColumn('created_at', integer, (c) => c.notNull())
    .addColumn('by_actor', text, (c) => c.notNull())
    .addColumn('retired_at', integer)
    .execute();
  await create('recovery_key')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('device_id', text, (c) => c.notNull())
    .addColumn('volume', text, (c) => c.notNull())
    .addColumn('protector', text, (c) => c.notNull())
    .addColumn('escrow_key_id', text, (c) => c.notNull())
    .addColumn('sealed', text, (c) => c.notNull())
    .addColumn('reported_at', integer, (c) => c.notNull())
    .addColumn('superseded_at', integer)
    .execute();
  await db.schema.createIndex('recovery_key_by_device').on('recovery_key').columns(['device_id', 'volume']).execute();
  await create('recovery_request')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('recovery_key_id', text, (c) => c.notNull().references('recovery_key.id'))
    .addColumn('reason', text, (c) => c.notNull())
    .addColumn('asked_by', text, (c) => c.notNull().references('staff.id'))
    .addColumn('asked_at', integer, (c) => c.notNull())
    .addColumn('expires_at', integer, (c) => c.notNull())
    .addColumn('outcome', text)
    .addColumn('decided_by', text, (c) => c.references('staff.id'))
    .addColumn('decided_at', integer)
    .addColumn('shown_at', integer)
    .execute();
  await db.schema
    .createIndex('recovery_request_by_key')
    .on('recovery_request')
    .columns(['recovery_key_id', 'asked_at'])
    .execute();
  await db.schema.createIndex('recovery_request_by_time').on('recovery_request').columns(['asked_at', 'id']).execute();
}

/** The counts of what earlier versions stored: one up where an interval begins, one down where it ends. */
async function countWhatIsStored(db: Kysely<unknown>): Promise<void> {
  await sql`insert into compliance_change (day, org_id, subject, state, change, moment)
    select at / 86400000, org_id, subject, state, sum(change),
      sum(case when subject = 'person' then change * (at % 86400000) else 0 end) as moment from (
      select from_at as at, org_id, subject_kind as subject, state, 1 as change from verdict
      union all
      select to_at, org_id, subject_kind, state, -1 from verdict where to_at is not null
      union all
      select from_at, org_id, check_name, status, 1 from check_interval
    ) as one group by 1, 2, 3, 4 having sum(change) <> 0 or moment <> 0`.execute(db);
}
