import { basename } from 'node:path';
import { type PersonRole, personRoles } from '../../shared/policy/selector.ts';
import type { OrgEntry, StoredKind } from '../store/roster-entries.ts';
import { readGrade } from './grades.ts';
import { type ProblemLog, quoted } from './problems.ts';
import { nothingStated, type StatedPerson, type StatedRoster } from './roster.ts';
import { RowReader } from './row-reader.ts';
import { readTable, type TableSpec } from './table.ts';

const columns = ['sourcedId', 'givenName', 'familyName', 'username', 'role', 'org', 'grade', 'email', 'status'];

/** Strict mode takes exactly these; `id` and `school` are as good as `sourcedId` and `org`. */
const spec: TableSpec = {
  columns,
  kept: columns,
  required: ['sourcedId', 'givenName', 'familyName', 'username', 'role', 'org'],
  essential: ['sourcedId', 'role'],
  aliases: { id: 'sourcedId', school: 'org' },
  misspellings: {
    ...{ personid: 'sourcedId', studentid: 'sourcedId', staffid: 'sourcedId', localid: 'sourcedId' },
    ...{
      firstname: 'givenName',
      first: 'givenName',
      lastname: 'familyName',
      last: 'familyName',
      surname: 'familyName',
    },
    ...{ user: 'username', login: 'username', loginid: 'username', mail: 'email', emailaddress: 'email' },
    ...{ grades: 'grade', gradelevel: 'grade', orgsourcedid: 'org', orgsourcedids: 'org', schoolname: 'org' },
    ...{ building: 'org', unit: 'org', type: 'role', persontype: 'role' },
  },
};

const left = ['inactive', 'tobedeleted'];

/**
 * A plain CSV of people, one row each. It adds and changes: whoever is not in it stays, so that a list of substitutes
 * takes nobody away; `status` `inactive` marks those who left. A school is named by sourcedId or by name; one nobody
 * knows is an error in strict mode and is made, under the name as written, in lenient mode.
 */
export async function readPlainPeople(
  name: string,
  bytes: AsyncIterable<Uint8Array>,
  stored: StoredKind<OrgEntry>,
  log: ProblemLog,
): Promise<StatedRoster> {
  const file = basename(name);
  const people = nothingStated<StatedPerson>(file, 'delta');
  const units = new Units(stored, file);
  const end = await readTable(file, bytes, spec, log, (tableRow) => {
    const row = new RowReader(file, tableRow, log);
    const sourcedId = row.demanded('sourcedId');
    if (row.failed) return;
    if (people.entries.has(sourcedId) || people.removed.has(sourcedId)) {
      row.error('sourcedId', `${quoted(sourcedId)} appears a second time. Each may appear once; the first was used.`);
    } else if (hasLeft(row)) people.removed.add(sourcedId);
    else {
      const entry = readPerson(row, sourcedId, units);
      if (!row.failed) people.entries.set(sourcedId, { row: row.number, entry });
    }
  });
  people.complete = end.complete;
  return {
    format: 'CSV of people',
    orgs: units.made,
    people,
    roles: undefined,
    classes: nothingStated('classes.csv'),
    enrollments: nothingStated('enrollments.csv'),
    sessions: nothingStated('academicSessions.csv'),
  };
}

function readPerson(row: RowReader, sourcedId: string, units: Units): StatedPerson {
  const role = readRole(row);
  const person = {
    sourcedId,
    givenName: row.expected('givenName', 190),
    familyName: row.expected('familyName', 190),
    username: row.expected('username'),
    email: row.optional('email'),
    grade: row.has('grade') ? readPlainGrade(row) : undefined,
    role,
    primaryOrg: undefined,
  };
  const org = row.has('org') ? units.find(row) : undefined;
  return { ...person, orgs: org === undefined ? undefined : [...org] };
}

/** Schools of this file: known ones, and those it makes. */
class Units {
  readonly made = nothingStated<OrgEntry>('', 'delta');
  readonly #known: StoredKind<OrgEntry>;
  readonly #byName = new Map<string, string>();

  constructor(known: StoredKind<OrgEntry>, file: string) {
    this.#known = known;
    this.made.file = file;
    for (const { entry, active } of known.values()) if (active) this.#byName.set(fold(entry.name), entry.sourcedId);
  }

  /** The unit a row names, as a list of one; empty when the cell is blank. */
  find(row: RowReader): string[] {
    const written = row.text('org');
    if (written === '') return [];
    const known = this.#known.has(written) ? written : this.#byName.get(fold(written));
    if (known !== undefined) return [known];
    row.forgive(
      'org',
      `There is no school ${quoted(written)}; it is made. Import orgs.csv first, or correct the name.`,
    );
    if (row.failed) return [];
    const entry = { sourcedId: written, name: written, type: 'school', parent: null, identifier: null };
    this.made.entries.set(written, { row: row.number, entry });
    this.#byName.set(fold(written), written);
    return [written];
  }
}

const fold = (name: string) => name.trim().toLowerCase().replaceAll(/\s+/g, ' ');

const otherRoles: Readonly<Record<string, PersonRole>> = {
  ...{ pupil: 'student', faculty: 'teacher', employee: 'staff', aide: 'staff', admin: 'administrator' },
  ...{ principal: 'administrator', parent: 'guardian' },
};

function readRole(row: RowReader): PersonRole | undefined {
  const role = row.word('role', personRoles);
  if (role !== undefined) return role;
  const written = row.text('role');
  const meant = Object.hasOwn(otherRoles, written.toLowerCase()) ? otherRoles[written.toLowerCase()] : undefined;
  if (meant === undefined) {
    row.error('role', `${quoted(written)} is not a role. Write one of ${personRoles.join(', ')}.`);
  } else row.forgive('role', `${quoted(written)} was read as “${meant}”.`);
  return meant;
}

function readPlainGrade(row: RowReader): string | null {
  const written = row.text('grade', 20);
  if (written === '') return null;
  const { grade, known } = readGrade(written);
  if (!known) row.forgive('grade', `${quoted(written)} was read as “${grade}”. Write 01 to 13, KG, PK …`);
  return grade;
}

function hasLeft(row: RowReader): boolean {
  const written = row.text('status').toLowerCase();
  if (left.includes(written)) return true;
  if (written !== '' && written !== 'active') {
    row.forgive('status', `${quoted(written)} is not a status; write active or inactive.`);
  }
  return false;
}
