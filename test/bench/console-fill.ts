import Database from 'better-sqlite3';
import { openStores } from '../../server/store/stores.ts';
import { writeIntervals, type YearSubject } from './compliance-year.ts';

/** How much there is of each. */
export interface DistrictSize {
  people: number;
  devices: number;
  schools: number;
  tickets: number;
  events: number;
  commands: number;
  /** Of verdicts and checks. */
  days: number;
}

/** The instant the district is as of. */
export const now = Date.UTC(2026, 9, 5, 14);
const studentsInAClass = 25;
const classesOfAStudent = 4;

/**
 * A district as staff look at it: each person but a few holds a device, some devices are nobody's; tickets, commands,
 * approvals, diagnoses and events over a year. Rows are written by SQL alone, the same every time.
 */
export async function fillConsole(path: string, size: DistrictSize): Promise<void> {
  await (await openStores(path)).close();
  const db = new Database(path);
  db.pragma('synchronous = OFF');
  const [people, devices, schools] = [size.people, size.devices, size.schools];
  const held = Math.min(people - Math.floor(people / 50), devices);
  const classes = Math.max(schools, Math.ceil((people * classesOfAStudent) / studentsInAClass));
  const fill = (table: string, count: number, row: Record<string, string>) => {
    const names = Object.keys(row);
    db.exec(`insert into ${table} (${names.join()}) with recursive one(n) as
      (select 0 where ${count} > 0 union all select n + 1 from one where n + 1 < ${count})
      select ${names.map((name) => row[name]).join()} from one`);
  };
  const school = `'school-' || (n % ${schools})`;
  const person = `'person-' || (n % ${people})`;
  const device = `'device-' || (n % ${devices})`;
  /** Spread over a year, the last row now. */
  const over = (count: number) => `${now} - (${count} - 1 - n) * ${Math.floor(31_536_000_000 / count)}`;
  const among = (...of: string[]) =>
    `case n % ${of.length} ${of.map((one, at) => `when ${at} then '${one}'`).join(' ')} end`;

  db.transaction(() => {
    const unit = { sourced_id: `'school-' || n`, identifier: 'null', active: '1' };
    db.exec(
      `insert into org (id, sourced_id, name, type, active) values ('district', 'district', 'District', 'district', 1)`,
    );
    fill('org', schools, {
      ...unit,
      id: `'school-' || n`,
      name: `'School ' || n`,
      type: `'school'`,
      parent_id: `'district'`,
    });
    fill('class', classes, {
      ...{ id: `'class-' || n`, sourced_id: `'class-' || n`, title: `'Class ' || n`, org_id: school },
      ...{ grades: `'[]'`, active: '1' },
    });
    fill('person', people, {
      ...{ id: person, sourced_id: person, role: `case when n % 12 = 0 then 'teacher' else 'student' end` },
      ...{ given_name: `'Given' || n`, family_name: `'Family' || (n * 7919 % ${people})`, username: person },
      ...{
        email: `'person-' || n || '@example.org'`,
        org_id: school,
        grade: `n % 12`,
        active: '1',
        updated_at: `${now}`,
      },
    });
    fill('person_org', people, { person_id: person, org_id: school, role: `'student'`, is_primary: '1' });
    // Pupils are in classes of their own school: class c is of school c mod schools.
    fill('enrollment', people * classesOfAStudent, {
      ...{ id: `'enrollment-' || n`, sourced_id: `'enrollment-' || n`, person_id: person },
      class_id: `'class-' || ((n % ${schools}) + ${schools} * (abs(n * 31) % ${Math.floor(classes / schools)}))`,
      role: `case when (n % ${people}) % 12 = 0 then 'teacher' else 'student' end`,
      active: '1',
    });
    fill('device', devices, {
      ...{ id: device, name: `'LT-' || printf('%06d', n)`, serial: `'SN' || n`, maker: `'Some'`, model: `'Book 3'` },
      ...{ hardware_id: device, platform: among('linux', 'win32', 'darwin'), os_name: `'Debian'`, os_version: `'13'` },
      ...{ agent_version: `'1.0.0'`, status: `'active'`, simulated: '0', token_id: school.replace('school', 'token') },
      ...{ enrolled_at: `${now} - 40000000000`, last_seen_at: `${now} - n`, spool_sequence: '0', place: 'null' },
    });
    fill('device_tag', Math.floor(devices / 50), { device_id: `'device-' || (n * 50)`, tag: `'lab'` });
    fill('enrolment_token', schools, {
      ...{ id: `'token-' || n`, secret_hash: `'hash-' || n`, label: `'School ' || n`, max_uses: '9999', uses: '1' },
      ...{ expires_at: `${now} + 1`, org_id: school, approval: `'automatic'`, tags: `'[]'`, simulated: '0' },
      ...{ created_at: `${now} - 1`, created_by: `'bench'` },
    });
    const custody = { device_id: device, person_id: person, kind: `'primary'`, by_actor: `'bench'` };
    fill('custody', held, { ...custody, id: `'custody-' || n`, starts_at: `${now} - 20000000000` });
    fill('custody', held, {
      ...{ ...custody, person_id: `'person-' || ((n + ${schools}) % ${people})`, id: `'earlier-' || n` },
      ...{ starts_at: `${now} - 40000000000`, ended_at: `${now} - 20000000000`, end_reason: `'returned'` },
    });
    fillHelpdesk();
    fillRest();
  })();
  writeIntervals(db, now - size.days * 86_400_000, now, subjects());
  db.close();

  function subjects(): YearSubject[] {
    return Array.from({ length: Math.max(people, devices) }, (_, n) => ({
      ...{ deviceId: `device-${n}`, custodyId: n < held ? `custody-${n}` : undefined, org: `school-${n % schools}` },
      personId: n < people ? `person-${n}` : undefined,
    })).slice(0, devices);
  }

  function fillHelpdesk(): void {
    const { tickets, commands } = size;
    const at = over(tickets);
    fill('ticket', tickets, {
      ...{ id: `'ticket-' || n`, number: 'n + 1', version: '1', subject: `'It is slow'`, words: `'Since Monday.'` },
      category: among('slow', 'battery', 'network'),
      priority: among('low', 'normal', 'high', 'urgent'),
      status: `case when n > ${tickets} * 0.9 then ${among('new', 'open', 'waiting')} else 'closed' end`,
      ...{ source: `'console'`, device_id: device, person_id: person, org_id: school, opened_by: `'bench'` },
      assignee_id: `case n % 3 when 0 then null else 'staff-' || (n % 40) end`,
      ...{ opened_at: at, changed_at: at, late_told: '0', rank: `n * 7919 % 1000003` },
    });
    fill('ticket_note', tickets * 3, {
      ...{ ticket_id: `'ticket-' || (n % ${tickets})`, at: `${now}`, by_actor: `'bench'`, is_from_person: '0' },
      ...{ is_to_person: '1', words: `'We look into it.'` },
    });
    fill('diagnosis', tickets, {
      ...{ id: `'diagnosis-' || n`, ticket_id: `'ticket-' || n`, device_id: device, by_staff: `'staff-1'` },
      ...{ by_actor: `'bench'`, reason: `'slow'`, state: `'ended'`, opened_at: at, until_at: at, ended_at: at },
      ...{ ended: `'by staff'`, shown: `'[]'` },
    });
    fill('command', commands, {
      ...{
        id: `'command-' || n`,
        kind: `'check-again'`,
        action: `'{"kind":"check-again"}'`,
        text: `''`,
        reason: `'slow'`,
      },
      ...{ ticket_id: `'ticket-' || (n % ${Math.max(tickets, 1)})`, by_staff: `'staff-1'`, by_actor: `'bench'` },
      ...{ created_at: over(commands), expires_at: over(commands), state: among('done', 'done', 'open', 'expired') },
    });
    fill('command_device', commands * 4, {
      ...{ command_id: `'command-' || (n / 4)`, device_id: `'device-' || ((n / 4 + n % 4 * ${schools}) % ${devices})` },
      ...{ state: `'done'`, at: `${now}`, words: `''` },
    });
    fill('approval', commands, {
      ...{ id: `'approval-' || n`, kind: `'command'`, subject_id: `'command-' || n`, title: `'Wipe'`, lines: `'[]'` },
      ...{ text: `''`, reason: `'lost'`, by_staff: `'staff-1'`, by_actor: `'bench'`, at: over(commands) },
      ...{
        expires_at: `${now}`,
        state: among('open', 'signed', 'expired', 'rejected'),
        needs: '2',
        roster_version: '1',
      },
    });
  }

  function fillRest(): void {
    const { events, tickets } = size;
    const steps = tickets / 2;
    const span = { from_at: over(steps), until_at: `${over(steps)} + 86400000`, by_actor: `'bench'` };
    const aim = { target_kind: among('person', 'device'), target_id: `${among('person', 'device')} || '-' || n` };
    const ended = `case n % 10 when 0 then null else ${now} end`;
    fill('filter_override', steps, {
      ...{ ...span, ...aim, id: `'override-' || n`, kind: `'allow'`, domains: `'["a.example"]'`, categories: `'[]'` },
      ...{
        everything: '0',
        reason: `'lesson'`,
        until_at: `case n % 10 when 0 then 9999999999999 else ${now} end`,
        ended_at: ended,
      },
    });
    fill('waiver', steps, { ...span, ...aim, id: `'waiver-' || n`, reason: `'repair'`, ended_at: ended });
    fill('obligation', steps, {
      ...{
        id: `'obligation-' || n`,
        person_id: person,
        kind: `'agreement'`,
        title: `'Sign the rules'`,
        from_at: over(steps),
      },
      ...{ due_at: over(steps), by_actor: `'bench'`, ended_at: ended },
    });
    fill('unblock_request', steps, {
      ...{ id: `'request-' || n`, device_id: device, reported_id: `n`, person_id: person, org_id: school },
      ...{
        name: `'site-' || (n % 500) || '.example'`,
        words: `'for class'`,
        asked_at: over(steps),
        due_at: over(steps),
      },
      ...{ state: among('open', 'refused'), outcome: `''` },
    });
    fill('restriction', steps, {
      ...{ id: `'restriction-' || n`, device_id: device, person_id: person, profile_id: `'none'`, reason: `'silent'` },
      ...{ from_at: over(steps), ended_at: ended },
    });
    const kind = `case n % 5 when 3 then 'person' when 4 then 'ticket' else 'device' end`;
    fill('event', events, {
      ...{ at: over(events), words: `'Something was put right.'`, salt: `'salt'`, hash: `'hash'`, digest: `'digest'` },
      actor: `case n % 4 when 0 then 'staff:Technician ' || (n % 40) else 'device:LT-' || (n % ${devices}) end`,
      code: `case n % 4 when 0 then case n / 4 % 3 when 0 then 'record-read' else 'ticket-changed' end else 'drift-corrected' end`,
      ...{
        subject_kind: kind,
        subject_id: `${kind} || '-' || (n % ${Math.max(1, Math.min(people, devices, tickets))})`,
      },
    });
    fill('staff', 300, {
      ...{ id: `'staff-' || n`, name: `'Technician ' || n`, email: `'person-' || (n * 12) || '@example.org'` },
      ...{ password_hash: `''`, created_at: `${now} - 1` },
    });
    const roles = `case n when 0 then 'owner' when 1 then 'principal' when 2 then 'teacher' else 'helpdesk' end`;
    const org = `case n when 0 then '' when 2 then 'school-' || (24 % ${schools}) else ${school} end`;
    fill('staff_grant', 300, {
      ...{ staff_id: `'staff-' || n`, role: roles, org_id: org, granted_at: `${now}`, by_actor: `'bench'` },
    });
  }
}
