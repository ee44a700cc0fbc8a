import { type Kysely, sql } from 'kysely';
import { digestOf, genesis, hashOf } from '../../audit/chain.ts';
import { newSalt } from '../event-chain.ts';

const rowsAtOnce = 1000;

/** The chain of events: rows that are there are numbered without a gap and linked, oldest first. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const nullable = ['erases', 'actor_id', 'role', 'address', 'session', 'reason', 'ticket_id', 'changes', 'approver'];
  for (const name of [...nullable, 'salt', 'seal'])
    await sql`alter table event add column ${sql.ref(name)} text`.execute(db);
  for (const name of ['digest', 'hash'])
    await sql`alter table event add column ${sql.ref(name)} text not null default ''`.execute(db);
  await chainAll(db);
  await sql`create index event_by_code on event (code, id)`.execute(db);
  await sql`create index event_by_at on event ((salt is null), at)`.execute(db);
  await sql`create index event_of_people on event (actor, id) where actor not like 'device:%'`.execute(db);
  await sql`create index event_erasing on event (id) where erases is not null`.execute(db);
  await forbidChanges(db);
  await db.schema
    .createTable('audit_head')
    .addColumn('id', 'integer', (c) => c.primaryKey())
    .addColumn('at', 'integer', (c) => c.notNull())
    .addColumn('head', 'text', (c) => c.notNull())
    .execute();
  await db.schema
    .createTable('export_use')
    .addColumn('who', 'text', (c) => c.notNull())
    .addColumn('day', 'text', (c) => c.notNull())
    .addColumn('files', 'integer', (c) => c.notNull())
    .addColumn('rows', 'integer', (c) => c.notNull())
    .addPrimaryKeyConstraint('export_use_key', ['who', 'day'])
    .execute();
}

interface OldRow {
  id: number;
  at: number;
  actor: string;
  code: string;
  words: string;
  subject_kind: string | null;
  subject_id: string | null;
}

async function chainAll(db: Kysely<unknown>): Promise<void> {
  let head = { id: 0, was: 0, hash: genesis };
  for (let more = true; more; ) {
    const { rows } =
      await sql<OldRow>`select * from event where id > ${head.was} order by id limit ${rowsAtOnce}`.execute(db);
    const links = rows.map((row) => {
      const { salt, digest, hash, id } = linkOf(row, head);
      head = { id, was: row.id, hash };
      return sql`(${row.id}, ${id}, ${salt}, ${digest}, ${hash})`;
    });
    more = rows.length === rowsAtOnce;
    if (rows.length > 0)
      await sql`with link (was, id, salt, digest, hash) as (values ${sql.join(links)})
        update event set id = link.id, salt = link.salt, digest = link.digest, hash = link.hash
        from link where event.id = link.was`.execute(db);
  }
}

function linkOf(row: OldRow, head: { id: number; hash: string }) {
  const salt = newSalt();
  const nothing = { actor_id: null, role: null, address: null, session: null, reason: null, ticket_id: null };
  const linked = {
    ...row,
    id: head.id + 1,
    erases: null,
    digest: digestOf(salt, { ...row, ...nothing, changes: null, approver: null }),
  };
  return { salt, digest: linked.digest, hash: hashOf(head.hash, linked), id: linked.id };
}

/** Nothing is deleted; what may be erased is erased as a whole, and all else stays as it is. */
async function forbidChanges(db: Kysely<unknown>): Promise<void> {
  await sql`create trigger event_stays before delete on event
    begin select raise(abort, 'Events are never deleted.'); end`.execute(db);
  await sql`create trigger event_is_only_erased before update on event when not (
      new.id = old.id and new.at = old.at and new.code = old.code and new.subject_kind is old.subject_kind
      and new.subject_id is old.subject_id and new.erases is old.erases and new.digest = old.digest
      and new.hash = old.hash and new.seal is old.seal and new.salt is null and new.actor = '' and new.words = ''
      and new.actor_id is null and new.role is null and new.address is null and new.session is null
      and new.reason is null and new.ticket_id is null and new.changes is null and new.approver is null)
    begin select raise(abort, 'Events are never changed.'); end`.execute(db);
}
