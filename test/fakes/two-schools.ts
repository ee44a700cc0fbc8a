import { type Kysely, sql } from 'kysely';
import { hashOf } from '../../server/access/staff-identity.ts';
import type { Database } from '../../server/store/schema.ts';
import type { ObjectKind } from '../../shared/access/objects.ts';
import type { Role } from '../../shared/access/roles.ts';

type Row = Record<string, string | number | null>;
type Db = Kysely<Database>;

/** Where a caller is: one of two schools. All ids of a school begin with its name. */
export const schools = ['own', 'foreign'] as const;
export type School = (typeof schools)[number];

/** The id of an object of a kind in a school. */
export const idOf = (school: School, kind: ObjectKind) => `${school}-${kind === 'ticket-device' ? 'ticket' : kind}`;

/** A district of two schools, each with one of everything that belongs to a school. */
export async function fillTwoSchools(db: Db, now: number): Promise<void> {
  // What is not about access is left out, such as the key a recovery key is sealed for.
  await sql`pragma foreign_keys = off`.execute(db);
  await add(db, 'org', { id: 'district', sourced_id: 'district', name: 'District', type: 'district', active: 1 });
  await add(db, 'staff', { id: 'asker', name: 'Asker', email: 'asker@example.org', created_at: now, signs_for: '[]' });
  for (const school of schools) await fillSchool(db, school, now);
}

async function fillSchool(db: Db, school: School, now: number): Promise<void> {
  const id = (kind: ObjectKind) => idOf(school, kind);
  const [org, person, device, classId] = [id('org'), id('person'), id('device'), id('class')];
  const teacher = `${school}-teacher`;
  await add(db, 'org', { id: org, sourced_id: org, name: org, type: 'school', parent_id: 'district', active: 1 });
  const people = { given_name: school, family_name: 'One', org_id: org, active: 1 };
  await add(db, 'person', { id: person, sourced_id: person, username: person, role: 'student', ...people });
  const email = `${school}-teacher@example.org`;
  await add(db, 'person', { id: teacher, sourced_id: teacher, username: teacher, role: 'teacher', email, ...people });
  await add(db, 'class', { id: classId, sourced_id: classId, title: classId, org_id: org, grades: '[]', active: 1 });
  for (const [who, role] of [
    [person, 'student'],
    [teacher, 'teacher'],
  ] as const)
    await add(db, 'enrollment', {
      id: `${who}-in`,
      sourced_id: `${who}-in`,
      class_id: classId,
      person_id: who,
      role,
      active: 1,
    });
  const token = {
    label: '',
    max_uses: 1,
    expires_at: now + 1e9,
    approval: 'automatic',
    tags: '[]',
    created_by: 'server',
  };
  await add(db, 'enrolment_token', {
    id: id('enrolment-token'),
    secret_hash: school,
    org_id: org,
    created_at: now,
    ...token,
  });
  const system = {
    platform: 'linux',
    status: 'active',
    enrolled_at: now - 1e7,
    last_seen_at: now - 1e6,
    hardware_id: school,
  };
  await add(db, 'device', { id: device, name: device, ...system });
  // Nobody holds it: it belongs where its token is for.
  await add(db, 'device', {
    id: `${school}-spare`,
    name: `${school}-spare`,
    token_id: id('enrolment-token'),
    ...system,
  });
  await add(db, 'custody', {
    id: `${school}-held`,
    device_id: device,
    person_id: person,
    kind: 'primary',
    starts_at: now - 1e7,
    by_actor: 'x',
  });
  const span = { from_at: now - 1e6, until_at: now + 1e9, reason: 'why', by_actor: 'x' };
  const forClass = {
    target_kind: 'class',
    target_id: classId,
    kind: 'allow',
    domains: '[]',
    categories: '[]',
    everything: 0,
  };
  await add(db, 'filter_override', { id: id('override'), ...forClass, ...span });
  await add(db, 'waiver', { id: id('waiver'), target_kind: 'device', target_id: device, ...span });
  await add(db, 'unblock_request', {
    id: id('request'),
    device_id: device,
    person_id: person,
    org_id: org,
    name: 'x.example',
    state: 'open',
    asked_at: now,
    due_at: now + 1e6,
  });
  await add(db, 'obligation', {
    id: id('obligation'),
    person_id: person,
    kind: 'agreement',
    title: 'Agreement',
    from_at: now,
    due_at: now + 1e6,
    by_actor: 'x',
  });
  await add(db, 'restriction', {
    id: `${school}-restriction`,
    device_id: device,
    person_id: person,
    profile_id: 'narrow',
    reason: 'r',
    from_at: now - 5,
  });
  await fillHelpdesk(db, school, now);
  await add(db, 'recovery_key', {
    id: id('recovery-key'),
    device_id: device,
    volume: 'C',
    protector: 'p',
    escrow_key_id: 'escrow',
    sealed: 'x',
    reported_at: now,
  });
  await add(db, 'recovery_request', {
    id: id('recovery-request'),
    recovery_key_id: id('recovery-key'),
    reason: 'r',
    asked_by: 'asker',
    asked_at: now,
    expires_at: now + 1e6,
  });
  await add(db, 'api_token', {
    id: id('api-token'),
    name: id('api-token'),
    secret_hash: school,
    scopes: '["read"]',
    created_at: now,
    created_by: 'x',
    expires_at: now + 1e9,
    org_id: org,
  });
  await fillVerdicts(db, school, now);
}

async function fillHelpdesk(db: Db, school: School, now: number): Promise<void> {
  const id = (kind: ObjectKind) => idOf(school, kind);
  const about = { device_id: id('device'), person_id: id('person'), org_id: id('org') };
  const number = school === 'own' ? 1 : 2;
  await add(db, 'ticket', {
    id: id('ticket'),
    number,
    version: 1,
    subject: id('ticket'),
    category: 'other',
    priority: 'normal',
    status: 'open',
    source: 'console',
    opened_by: 'x',
    opened_at: now,
    changed_at: now,
    ...about,
  });
  await add(db, 'diagnosis', {
    id: id('diagnosis'),
    ticket_id: id('ticket'),
    device_id: id('device'),
    by_staff: 'x',
    by_actor: 'x',
    reason: 'why',
    state: 'ended',
    opened_at: now,
    until_at: now,
    shown: '[]',
  });
  for (const [command, state] of [
    [id('command'), 'done'],
    [`${school}-waiting`, 'waiting'],
  ] as const) {
    await add(db, 'command', {
      id: command,
      kind: 'check-again',
      action: '{"kind":"check-again"}',
      text: '{}',
      reason: 'why',
      by_actor: 'x',
      created_at: now,
      expires_at: now + 1e6,
      state,
    });
    await add(db, 'command_device', {
      command_id: command,
      device_id: id('device'),
      state: 'done',
      at: now,
      words: '',
    });
  }
  await add(db, 'approval', {
    id: id('approval'),
    kind: 'command',
    subject_id: `${school}-waiting`,
    title: id('approval'),
    lines: '[]',
    text: '{}',
    reason: 'why',
    by_staff: 'x',
    by_actor: 'x',
    at: now,
    expires_at: now + 1e6,
    state: 'open',
    needs: 2,
    roster_version: 1,
  });
}

async function fillVerdicts(db: Db, school: School, now: number): Promise<void> {
  const [org, person, device] = [idOf(school, 'org'), idOf(school, 'person'), idOf(school, 'device')];
  const open = { reasons: '[]', from_at: now - 1e6, org_id: org };
  await add(db, 'verdict', { subject_kind: 'person', subject_id: person, state: 'compliant', ...open });
  await add(db, 'verdict', { subject_kind: 'device', subject_id: device, state: 'silent', ...open });
  await add(db, 'check_interval', {
    device_id: device,
    check_name: 'firewall-on',
    status: 'fail',
    seen: 'off',
    from_at: now - 1e6,
    custody_id: `${school}-held`,
    org_id: org,
  });
  await add(db, 'activity_count', {
    day: '2026-11-20',
    device_id: device,
    org_id: org,
    place: 'on-campus',
    category: '',
    asked: 9,
    blocked: 9,
  });
}

/** Somebody with a role in a school, or in the whole district, and a complete session; the token of its cookie. */
export async function addStaff(
  db: Db,
  role: Role,
  school: School | 'district',
  now: number,
  provenAt = now,
): Promise<string> {
  const id = `${role} of ${school} ${now - provenAt}`;
  // A teacher is found in the roster by the address.
  const email = role === 'teacher' ? `${school}-teacher@example.org` : `${id.replaceAll(' ', '-')}@example.org`;
  await add(db, 'staff', { id, name: id, email, created_at: now, signs_for: '[]' });
  const orgId = school === 'district' ? '' : idOf(school, 'org');
  await add(db, 'staff_grant', { staff_id: id, role, org_id: orgId, granted_at: now, by_actor: 'x' });
  const times = { created_at: now, expires_at: now + 1e9, complete_at: now, proven_at: provenAt, last_seen_at: now };
  await add(db, 'staff_session', { id, token_hash: hashOf(id), staff_id: id, method: 'passkey', ...times });
  return id;
}

const columns = new Map<string, { name: string; type: string; notnull: number; dflt_value: unknown; pk: number }[]>();

/** What is not given, and may not be null, is empty. */
export async function add(db: Db, table: keyof Database & string, given: Row): Promise<void> {
  if (!columns.has(table))
    columns.set(table, (await sql<never>`select * from pragma_table_info(${table})`.execute(db)).rows);
  const missing = (columns.get(table) ?? []).filter(
    ({ name, notnull, dflt_value, pk }) => notnull === 1 && dflt_value === null && pk === 0 && !(name in given),
  );
  const empty = Object.fromEntries(missing.map(({ name, type }) => [name, type === 'integer' ? 0 : '']));
  const row = { ...empty, ...given };
  await sql`insert into ${sql.table(table)} (${sql.join(Object.keys(row).map((name) => sql.ref(name)))})
    values (${sql.join(Object.values(row))})`.execute(db);
}
