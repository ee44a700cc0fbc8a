import { sql } from 'kysely';
import type { openStore } from '../../server/store/open.ts';
import type { FindingStatus, VerdictState } from '../../shared/compliance/verdict.ts';

type Store = Awaited<ReturnType<typeof openStore>>;

interface About {
  org?: string;
  custody?: string | null;
  reasons?: string[];
  seen?: string;
  until?: number;
}

const dayMs = 86_400_000;

/** Puts an interval of a verdict into the store, with the counts that go with it. */
export async function addVerdict(
  db: Store,
  [kind, id]: readonly ['device' | 'person', string],
  state: VerdictState,
  [from, to]: readonly [number, number | null],
  { org = '', custody = null, reasons = [], until }: About = {},
): Promise<void> {
  const row = {
    ...{ subject_kind: kind, subject_id: id, state, reasons: JSON.stringify(reasons), org_id: org },
    ...{ from_at: from, to_at: to, custody_id: custody, until_at: until ?? null },
  };
  await db.insertInto('verdict').values(row).execute();
  await count(db, org, kind, state, from, to);
}

/** The same for one check of one device. */
export async function addCheck(
  db: Store,
  [device, check]: readonly [string, string],
  status: FindingStatus,
  [from, to]: readonly [number, number | null],
  { org = '', custody = null, seen = status }: About = {},
): Promise<void> {
  const row = {
    ...{ device_id: device, check_name: check, status, seen, org_id: org },
    ...{ from_at: from, to_at: to, custody_id: custody },
    failure_from: (await failureBefore(db, device, check, from)) ?? (status === 'fail' ? from : null),
  };
  await db.insertInto('check_interval').values(row).execute();
  await count(db, org, check, status, from, to);
}

/** Where what is stored before an instant is a failure that goes on: since when. */
async function failureBefore(db: Store, device: string, check: string, at: number): Promise<number | null> {
  const row = await db
    .selectFrom('check_interval')
    .select('failure_from')
    .where('device_id', '=', device)
    .where('check_name', '=', check)
    .where('to_at', '=', at)
    .where('status', 'in', ['fail', 'unknown'])
    .executeTakeFirst();
  return row?.failure_from ?? null;
}

async function count(db: Store, org: string, subject: string, state: string, from: number, to: number | null) {
  await change(db, from, org, subject, state, 1);
  if (to !== null) await change(db, to, org, subject, state, -1);
}

async function change(db: Store, at: number, org: string, subject: string, state: string, by: number): Promise<void> {
  const day = Math.floor(at / dayMs);
  await sql`insert into compliance_change (day, org_id, subject, state, change, moment)
    values (${day}, ${org}, ${subject}, ${state}, ${by}, ${subject === 'person' ? by * (at - day * dayMs) : 0})
    on conflict (day, org_id, subject, state)
    do update set change = change + excluded.change, moment = moment + excluded.moment`.execute(db);
}

/** Somebody has the device from then on, until then. */
export async function addCustody(
  db: Store,
  [device, person]: readonly [string, string],
  [from, to]: readonly [number, number | null],
): Promise<string> {
  const id = `custody-${device}-${person}-${from}`;
  const row = {
    ...{ id, device_id: device, person_id: person, kind: 'primary', starts_at: from },
    ...{ ended_at: to, end_reason: to === null ? null : 'returned', by_actor: 'test' },
  };
  await db.insertInto('custody').values(row).execute();
  return id;
}

export async function addUnit(db: Store, id: string, parent: string | null = null): Promise<void> {
  const row = { id, sourced_id: `src-${id}`, name: `School ${id}`, type: 'school', identifier: null, active: 1 };
  await db
    .insertInto('org')
    .values({ ...row, parent_id: parent })
    .execute();
}
