import Database from 'better-sqlite3';
import { openStores } from '../../server/store/stores.ts';
import type { ProfileContent } from '../../shared/api/schemas.ts';
import type { GroupContent } from '../../shared/policy/group.ts';
import type { AssignmentInput, Selector } from '../../shared/policy/selector.ts';
import type { ProfileSettings } from '../../shared/profile/registry.ts';
import { SeededRandom } from '../fakes/clock.ts';

const devicesInASchool = 600;
const classesOfAStudent = 4;
const studentsInAClass = 25;
const now = Date.UTC(2026, 9, 5, 14);

const models = [
  ['Book 3', 'linux', 'Debian GNU/Linux', '12.7'],
  ['Book 3', 'linux', 'Debian GNU/Linux', '13.1'],
  ['Latitude 3140', 'win32', 'Windows 11', '10.0.26100'],
  ['Latitude 3340', 'win32', 'Windows 11', '10.0.26200'],
  ['MacBook Air M2', 'darwin', 'macOS', '15.6.1'],
  ['MacBook Air M2', 'darwin', 'macOS', '26.0'],
] as const;

/**
 * A believable district: schools of three levels, nine devices in ten with a student who is in several classes, some with
 * staff, some with nobody; a few attributes not known. The same every time.
 */
export async function fillDistrict(path: string, devices: number): Promise<void> {
  await (await openStores(path)).close();
  const db = new Database(path);
  db.pragma('synchronous = OFF');
  const random = new SeededRandom(5);
  const insert = (table: string, row: Record<string, unknown>) => {
    const names = Object.keys(row);
    statements[table] ??= db.prepare(
      `insert into ${table} (${names.join()}) values (${names.map((one) => `@${one}`).join()})`,
    );
    statements[table].run(row);
  };
  const statements: Record<string, Database.Statement> = {};
  const schools = Math.max(3, Math.round(devices / devicesInASchool));
  db.transaction(() => {
    const orgOf = (id: string, type: string, parent: string | null) =>
      insert('org', { id, sourced_id: id, name: `Unit ${id}`, type, parent_id: parent, identifier: null, active: 1 });
    orgOf('district', 'district', null);
    for (const level of levels) orgOf(level, 'local', 'district');
    for (let s = 0; s < schools; s++) orgOf(`school-${s}`, 'school', levelOf(s));
    const classes = Math.ceil(devicesInASchool / studentsInAClass) * classesOfAStudent;
    for (let s = 0; s < schools; s++)
      for (let c = 0; c < classes; c++) {
        const id = `class-${s}-${c}`;
        insert('class', { id, sourced_id: id, title: `Class ${c}`, org_id: `school-${s}`, grades: '[]', active: 1 });
      }
    for (let n = 0; n < devices; n++) addDevice(n);
  })();
  db.exec('analyze');
  db.close();

  function addDevice(n: number): void {
    const id = `device-${String(n).padStart(6, '0')}`;
    const [model, platform, os, version] = models[Math.floor(random.unit() * models.length)] ?? models[0];
    insert('device', {
      ...{ id, name: `LT-${String(n).padStart(6, '0')}`, serial: `SN${n}`, maker: 'Some', model, hardware_id: id },
      ...{ platform, os_name: os, os_version: version, agent_version: '1.0.0', status: 'active', simulated: 0 },
      ...{ token_id: null, enrolled_at: now, last_seen_at: now, spool_epoch: null, spool_sequence: 0 },
      place: random.unit() < 0.1 ? null : random.unit() < 0.5 ? 'on-campus' : 'off-campus',
    });
    if (n % 50 === 0) insert('device_tag', { device_id: id, tag: 'lab' });
    if (n % 97 === 0) insert('device_tag', { device_id: id, tag: 'testing' });
    const kind = random.unit();
    if (kind > 0.98) return;
    addPerson(n, id, kind > 0.9);
  }

  function addPerson(n: number, device: string, isStaff: boolean): void {
    const school = n % schools;
    const [id, grade] = [`person-${n}`, gradeOf(school, Math.floor(n / schools))];
    insert('person', {
      ...{ id, sourced_id: id, given_name: `Given${n}`, family_name: 'Example', username: id, email: null },
      ...{ role: isStaff ? 'teacher' : 'student', grade: isStaff || n % 211 === 0 ? null : grade },
      ...{ org_id: `school-${school}`, active: 1, updated_at: now },
    });
    insert('custody', {
      ...{ id: `custody-${n}`, device_id: device, person_id: id, kind: n % 31 === 0 ? 'loan' : 'primary' },
      ...{ starts_at: now - 1, ended_at: null, end_reason: null, by_actor: 'bench' },
    });
    const own = Math.floor(n / schools / studentsInAClass) * classesOfAStudent;
    for (let c = 0; c < (isStaff ? 0 : classesOfAStudent); c++) {
      const of = `class-${school}-${(own + c) % (Math.ceil(devicesInASchool / studentsInAClass) * classesOfAStudent)}`;
      const row = { id: `${id} ${of}`, sourced_id: `${id} ${of}`, class_id: of, person_id: id, role: 'student' };
      insert('enrollment', { ...row, begins_on: '2026-08-20', ends_on: '2027-06-04', active: 1 });
    }
  }
}

const levels = ['elementary', 'middle', 'high'] as const;
const levelOf = (school: number) => levels[school % 3] ?? 'high';

function gradeOf(school: number, n: number): string {
  const first = { elementary: 0, middle: 6, high: 9 }[levelOf(school)];
  const many = { elementary: 6, middle: 3, high: 4 }[levelOf(school)];
  return String(first + (n % many)).padStart(2, '0');
}

const grades = (...of: number[]): Selector => ({
  kind: 'any',
  of: of.map((grade) => ({ kind: 'grade', grade: String(grade).padStart(2, '0') })),
});
const org = (id: string): Selector => ({ kind: 'org', org: id });
const group = (name: string): Selector => ({ kind: 'group', group: name });
const role = (one: 'student' | 'teacher'): Selector => ({ kind: 'role', role: one });
const all = (...of: Selector[]): Selector => ({ kind: 'all', of });
const any = (...of: Selector[]): Selector => ({ kind: 'any', of });
const not = (of: Selector): Selector => ({ kind: 'not', of });

/** Twenty groups, some made of others, some lists. */
export function groupsOf(devices: number): Record<string, GroupContent> {
  const rules: Record<string, Selector> = {
    'Elementary students': all(role('student'), grades(0, 1, 2, 3, 4, 5)),
    'Middle school students': all(role('student'), grades(6, 7, 8)),
    'High school students': all(role('student'), grades(9, 10, 11, 12)),
    Staff: any(role('teacher'), { kind: 'role', role: 'staff' }, { kind: 'role', role: 'administrator' }),
    'Younger than 13': any(group('Elementary students'), grades(6, 7)),
    'Shared devices': any({ kind: 'tag', tag: 'lab' }, { kind: 'custody', custody: 'none' }),
    'Own devices of students': all(role('student'), not(group('Shared devices'))),
    'Windows before 26200': { kind: 'os', name: 'Windows 11', below: '10.0.26200' },
    'Old Macs': all({ kind: 'platform', platform: 'darwin' }, { kind: 'os', below: '26.0' }),
    'Needs updates': any(group('Windows before 26200'), group('Old Macs')),
    'On campus now': { kind: 'place', place: 'on-campus' },
    'Loans out': { kind: 'custody', custody: 'loan' },
    'Seniors at home': all(grades(12), not(group('On campus now'))),
    'State testing': all(grades(3, 5, 8), { kind: 'tag', tag: 'testing' }),
    'Algebra of school 1': any({ kind: 'class', class: 'class-1-0' }, { kind: 'class', class: 'class-1-1' }),
    'Recalled model': all({ kind: 'model', model: 'Latitude 3140' }, group('Own devices of students')),
    'North schools': any(org('school-0'), org('school-1'), org('school-2')),
    'Middle but not north': all(org('middle'), not(group('North schools'))),
  };
  const some = (step: number) => Array.from({ length: Math.ceil(devices / step) }, (_, i) => i * step);
  return {
    ...Object.fromEntries(Object.entries(rules).map(([name, selector]) => [name, { kind: 'rule' as const, selector }])),
    'Pilot people': { kind: 'list', people: some(200).map((n) => `person-${n}`), devices: [] },
    'Carts in repair': { kind: 'list', people: [], devices: some(333).map((n) => `SN${n}`) },
  };
}

const domains = (name: string, count: number) => Array.from({ length: count }, (_, i) => `${name}-${i}.example`);

/** Twelve profiles with what such profiles set. */
export const profiles: Record<string, ProfileContent> = {
  'Security baseline': of(
    { firewall: {}, screenLock: { afterMinutes: 15 }, diskEncryption: {}, timeSync: {} } as ProfileSettings,
    { kind: 'everyone' },
  ),
  'District filter': of(
    { webFilter: { safeSearch: true, youtube: 'moderate', blockedDomains: domains('always', 400) } },
    { kind: 'everyone' },
  ),
  'Elementary filter': of(
    { webFilter: { youtube: 'strict', blockedDomains: domains('young', 300) } },
    group('Elementary students'),
  ),
  'Middle filter': of({ webFilter: { youtube: 'strict', blockedDomains: domains('middle', 200) } }, org('middle')),
  'High filter': of({ webFilter: { youtube: 'moderate', blockedDomains: domains('high', 100) } }, org('high')),
  'Staff browser': of({ browser: { youtube: 'off', homePage: 'https://staff.example/' } }, group('Staff')),
  'Student browser': of({ browser: { youtube: 'moderate', homePage: 'https://home.example/' } }, role('student')),
  'Lab machines': of({ usbStorage: {}, browser: { homePage: 'https://lab.example/' } } as ProfileSettings, {
    kind: 'tag',
    tag: 'lab',
  }),
  Loans: of(
    { usbStorage: {} } as ProfileSettings,
    group('Loans out'),
    all(org('high'), { kind: 'custody', custody: 'loan' }),
  ),
  Testing: of(
    { browser: { homePage: 'https://test.example/' } },
    {
      ...{ to: group('State testing'), priority: 500 },
      override: { reason: 'State testing in autumn', until: '2026-10-30T22:00:00Z' },
    },
  ),
  'Recalled model': of({ updates: {} } as ProfileSettings, group('Recalled model'), group('Needs updates')),
  'Pilot of the new start page': of({ browser: { homePage: 'https://new.example/' } }, group('Pilot people')),
};

function of(settings: ProfileSettings, ...to: (Selector | AssignmentInput)[]): ProfileContent {
  return { settings, assignments: to.map((one) => ('to' in one ? one : { to: one, priority: 100 })) };
}
