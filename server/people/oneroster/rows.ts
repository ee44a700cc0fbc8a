import { type PersonRole, personRoles } from '../../../shared/policy/selector.ts';
import type { EnrollmentEntry, OrgEntry, SessionEntry } from '../../store/roster-entries.ts';
import { readGrade } from '../grades.ts';
import { quoted } from '../problems.ts';
import type { StatedClass, StatedPerson, StatedRole } from '../roster.ts';
import type { RowReader } from '../row-reader.ts';
import {
  classTypes,
  enrollmentRoles,
  orgTypes,
  personRoleOf,
  roleTypes,
  sessionTypes,
  type Version,
} from './tables.ts';

export function readOrg(row: RowReader, sourcedId: string): OrgEntry {
  const type = row.word('type', orgTypes) ?? keptWord(row, 'type', 40);
  return {
    sourcedId,
    name: row.demanded('name'),
    type,
    parent: row.optional('parentSourcedId') ?? null,
    identifier: row.optional('identifier') ?? null,
  };
}

export function readSession(row: RowReader, sourcedId: string): SessionEntry {
  const entry = {
    sourcedId,
    title: row.demanded('title'),
    type: row.word('type', sessionTypes) ?? keptWord(row, 'type', 40),
    startDate: demandedDate(row, 'startDate'),
    endDate: demandedDate(row, 'endDate'),
    parent: row.optional('parentSourcedId') ?? null,
    schoolYear: row.expected('schoolYear', 40),
  };
  if (!row.failed && entry.endDate < entry.startDate) row.error('endDate', 'endDate is before startDate. Correct it.');
  return entry;
}

export function readClass(row: RowReader, sourcedId: string): StatedClass {
  if (row.has('classType') && row.word('classType', classTypes) === undefined) keptWord(row, 'classType', 40);
  return {
    sourcedId,
    title: row.demanded('title'),
    org: row.expected('schoolSourcedId') || null,
    grades: row.list('grades', 20).map((written) => grade(row, written)),
    terms: row.list('termSourcedIds'),
  };
}

export function readEnrollment(row: RowReader, sourcedId: string, version: Version): EnrollmentEntry {
  const role = row.word('role', enrollmentRoles[version]) ?? row.word('role', enrollmentRoles['1.1']);
  if (role === undefined) row.error('role', `${quoted(row.text('role'))} is not a role in a class.`);
  row.checkFlag('primary');
  return {
    sourcedId,
    class: row.demanded('classSourcedId'),
    person: row.demanded('userSourcedId'),
    role: role ?? '',
    beginsOn: row.date('beginDate'),
    endsOn: row.date('endDate'),
  };
}

/**
 * `enabledUser` only says whether the school's own log-in works (OneRoster 1.1, "User"): the person stays in the
 * roster, and so under policy. The name people use is preferred where it is given.
 */
export function readUser(row: RowReader, sourcedId: string, version: Version): StatedPerson {
  row.checkFlag('enabledUser');
  const first = version === '1.1';
  return {
    sourcedId,
    givenName: row.text('preferredGivenName', 190) || row.expected('givenName', 190),
    familyName: row.text('preferredFamilyName', 190) || row.expected('familyName', 190),
    username: row.expected('username'),
    email: row.optional('email'),
    grade: personGrade(row),
    role: first ? role(row, '1.1') : undefined,
    orgs: first && row.has('orgSourcedIds') ? expectedList(row, 'orgSourcedIds') : undefined,
    primaryOrg: row.optional('primaryOrgSourcedId') ?? undefined,
  };
}

/** `today` as `YYYY-MM-DD`: a role that has ended or not begun gives nothing. Undefined when it does not count. */
export function readRole(row: RowReader, version: Version, removed: boolean, today: string): StatedRole | undefined {
  const begins = row.date('beginDate');
  const ends = row.date('endDate');
  const user = row.demanded('userSourcedId');
  const org = row.demanded('orgSourcedId');
  const named = role(row, version);
  const type = row.has('roleType') ? row.word('roleType', roleTypes) : 'primary';
  if (type === undefined) row.forgive('roleType', `${quoted(row.text('roleType'))} was read as secondary.`);
  if (named === undefined || (begins !== null && begins > today) || (ends !== null && ends < today)) return undefined;
  return { row: row.number, user, org, role: named, primary: type === 'primary', removed };
}

/** A role of the standard, in lenient mode also of the other version; an extension is left out with a warning. */
function role(row: RowReader, version: Version): PersonRole | undefined {
  const written = row.text('role');
  if (written.startsWith('ext:')) {
    row.warn('role', `${quoted(written)} is an extension; Rollcall knows only the roles of the standard.`);
    return undefined;
  }
  const named = row.word('role', Object.keys(personRoleOf[version]));
  if (named !== undefined) return personRoleOf[version][named];
  const other = row.word('role', Object.keys(personRoleOf[version === '1.1' ? '1.2' : '1.1'])) ?? plainRole(row);
  if (other === undefined) {
    row.error('role', written === '' ? 'role is blank. Fill it in.' : `${quoted(written)} is not a role.`);
    return undefined;
  }
  row.forgive('role', `OneRoster ${version} has no role ${quoted(written)}; it was understood.`);
  return { ...personRoleOf['1.1'], ...personRoleOf['1.2'] }[other] ?? personRoles.find((known) => known === other);
}

function plainRole(row: RowReader): PersonRole | undefined {
  return row.word('role', personRoles);
}

function personGrade(row: RowReader): string | null | undefined {
  if (!row.has('grades')) return undefined;
  const [first, ...others] = row.list('grades', 20);
  if (others.length > 0) row.warn('grades', 'Several grades are listed; the first is used.');
  return first === undefined ? null : grade(row, first);
}

function grade(row: RowReader, written: string): string {
  const reading = readGrade(written);
  if (!reading.known) {
    const meant = reading.grade === written ? 'it was kept as it is' : `it was read as “${reading.grade}”`;
    row.forgive('grades', `${quoted(written)} is not a grade of the standard; ${meant}. Write 01 to 13, KG, PK …`);
  }
  return reading.grade;
}

function demandedDate(row: RowReader, column: string): string {
  const date = row.date(column);
  if (date === null && !row.failed) row.error(column, `${column} is needed. Write it as YYYY-MM-DD.`);
  return date ?? '';
}

function expectedList(row: RowReader, column: string): string[] {
  const items = row.list(column);
  if (items.length === 0) row.forgive(column, `${column} is blank. Fill it in.`);
  return items;
}

function keptWord(row: RowReader, column: string, longest: number): string {
  const written = row.text(column, longest);
  if (written.startsWith('ext:')) return written;
  row.forgive(column, `${quoted(written)} is not a word of the standard; it was kept as it is.`);
  return written || 'other';
}
