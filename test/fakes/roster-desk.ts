import { ZipFile } from 'yazl';
import { Bus } from '../../server/bus.ts';
import { RosterService } from '../../server/people/rosters.ts';
import { openFiles } from '../../server/people/source.ts';
import type { ImportOptions, NewEvent } from '../../server/services.ts';
import { openStore } from '../../server/store/open.ts';
import { PeopleStore } from '../../server/store/people.ts';
import { RosterStore } from '../../server/store/people-roster.ts';
import { FakeClock, SeededRandom } from './clock.ts';

/** Where rosters are imported in tests: the real service on a store of its own, with what it said kept. */
export async function openRosterDesk(path = ':memory:') {
  const db = await openStore(path);
  const said: NewEvent[] = [];
  const published: string[] = [];
  const clock = new FakeClock();
  const bus = new Bus((error) => {
    throw error;
  });
  bus.subscribe('roster-changed', () => {
    published.push('roster-changed');
  });
  const events = {
    add: async (event: NewEvent) => {
      said.push(event);
    },
  };
  const rosters = new RosterService({ store: new RosterStore(db), events, bus, clock, random: new SeededRandom() });
  const options = (given: Partial<ImportOptions>): ImportOptions => ({
    mode: 'strict',
    dryRun: false,
    confirm: false,
    ...given,
  });
  return {
    db,
    people: new PeopleStore(db),
    rosters,
    said,
    published,
    clock,
    importFiles: (files: Iterable<[string, string]>, given: Partial<ImportOptions> = {}) =>
      rosters.importFiles(openFiles(new Map(files)), options(given), 'command line'),
    importZip: (bytes: Uint8Array, given: Partial<ImportOptions> = {}) =>
      rosters.importOneRoster({ bytes }, options(given), 'command line'),
    importPath: (from: string, given: Partial<ImportOptions> = {}) =>
      rosters.importOneRoster({ path: from }, options(given), 'command line'),
    importPeople: (text: string | Uint8Array, given: Partial<ImportOptions> = {}) =>
      rosters.importPeople(
        { bytes: typeof text === 'string' ? Buffer.from(text) : text },
        options(given),
        'command line',
      ),
    close: () => db.destroy(),
  };
}

export type RosterDesk = Awaited<ReturnType<typeof openRosterDesk>>;

/** A zip of these files, in this order. */
export async function zipOf(files: Iterable<readonly [string, string | Buffer]>): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [name, content] of files) zip.addBuffer(Buffer.from(content), name);
  zip.end();
  const parts: Buffer[] = [];
  for await (const part of zip.outputStream) parts.push(Buffer.from(part));
  return Buffer.concat(parts);
}

/** A CSV from rows of cells, quoted where needed. */
export function csv(...rows: readonly (readonly string[])[]): string {
  const quoted = (cell: string) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
  return rows.map((row) => `${row.map(quoted).join(',')}\n`).join('');
}

const users11 = [
  ...['sourcedId', 'status', 'dateLastModified', 'enabledUser', 'orgSourcedIds', 'role', 'username', 'userIds'],
  ...['givenName', 'familyName', 'middleName', 'identifier', 'email', 'sms', 'phone', 'agentSourcedIds', 'grades'],
  'password',
];

/** A row of 1.1 `users.csv`. */
export function user11(sourcedId: string, given: Partial<Record<string, string>> = {}): string[] {
  const cells: Partial<Record<string, string>> = {
    sourcedId,
    enabledUser: 'true',
    orgSourcedIds: 'school-1',
    role: 'student',
    username: `user.${sourcedId}`,
    givenName: `Given${sourcedId}`,
    familyName: `Family${sourcedId}`,
    grades: '06',
    ...given,
  };
  return users11.map((column) => cells[column] ?? '');
}

export const usersCsv11 = (...rows: string[][]) => csv(users11, ...rows);
export const numbered = (count: number, make: (number: number) => string[]) =>
  Array.from({ length: count }, (_, index) => make(index + 1));

export function manifest11(modes: Partial<Record<string, string>> = {}): string {
  const files = {
    orgs: 'bulk',
    users: 'bulk',
    classes: 'bulk',
    enrollments: 'bulk',
    academicSessions: 'bulk',
    ...modes,
  };
  return csv(
    ['propertyName', 'value'],
    ['manifest.version', '1.0'],
    ['oneroster.version', '1.1'],
    ...Object.entries(files).map(([name, mode]) => [`file.${name}`, mode ?? '']),
  );
}

const orgHeader = ['sourcedId', 'status', 'dateLastModified', 'name', 'type', 'identifier', 'parentSourcedId'];
const classHeader = [
  ...['sourcedId', 'status', 'dateLastModified', 'title', 'grades', 'courseSourcedId', 'classCode', 'classType'],
  ...['location', 'schoolSourcedId', 'termSourcedIds', 'subjects', 'subjectCodes', 'periods'],
];
const enrollmentHeader = [
  ...['sourcedId', 'status', 'dateLastModified', 'classSourcedId', 'schoolSourcedId', 'userSourcedId', 'role'],
  ...['primary', 'beginDate', 'endDate'],
];
const sessionHeader = [
  ...['sourcedId', 'status', 'dateLastModified', 'title', 'type', 'startDate', 'endDate', 'parentSourcedId'],
  'schoolYear',
];

export const orgsCsv = (...rows: string[][]) => csv(orgHeader, ...rows);
export const classesCsv = (...rows: string[][]) => csv(classHeader, ...rows);
export const enrollmentsCsv = (...rows: string[][]) => csv(enrollmentHeader, ...rows);
export const sessionsCsv = (...rows: string[][]) => csv(sessionHeader, ...rows);

export const threeOrgs = [
  ['district', '', '', 'Test District', 'district', '', ''],
  ['school-1', '', '', 'First School', 'school', '', 'district'],
  ['school-2', '', '', 'Second School', 'school', '', 'district'],
];

/** A small district that follows OneRoster 1.1 to the letter; `changes` replaces or (with undefined) leaves out files. */
export function district11(changes: Partial<Record<string, string | undefined>> = {}): [string, string][] {
  const files: Partial<Record<string, string | undefined>> = {
    'manifest.csv': manifest11(),
    'orgs.csv': orgsCsv(...threeOrgs),
    'academicSessions.csv': sessionsCsv([
      'year',
      '',
      '',
      'School year',
      'schoolYear',
      '2026-08-20',
      '2027-06-12',
      '',
      '2027',
    ]),
    'classes.csv': classesCsv([
      'class-1',
      '',
      '',
      'Science 06',
      '06',
      'course-1',
      '',
      'scheduled',
      '',
      'school-1',
      'year',
      '',
      '',
      '',
    ]),
    'users.csv': usersCsv11(
      user11('t1', { role: 'teacher', grades: '' }),
      ...numbered(9, (number) => user11(`s${number}`)),
    ),
    'enrollments.csv': enrollmentsCsv(
      ['e1', '', '', 'class-1', 'school-1', 's1', 'student', 'false', '2026-08-20', '2027-06-12'],
      ['e2', '', '', 'class-1', 'school-1', 't1', 'teacher', 'true', '', ''],
    ),
    ...changes,
  };
  return Object.entries(files).flatMap(([name, text]) =>
    text === undefined ? [] : [[name, text] as [string, string]],
  );
}
