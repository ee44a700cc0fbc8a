import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { csv, openRosterDesk, type RosterDesk } from '../../fakes/roster-desk.ts';

const folder = fileURLToPath(new URL('../../fixtures/oneroster/v1p2', import.meta.url));
const roleHeader = [
  ...['sourcedId', 'status', 'dateLastModified', 'userSourcedId', 'roleType', 'role', 'beginDate', 'endDate'],
  ...['orgSourcedId', 'userProfileSourcedId'],
];

function deltaRoles(...rows: string[][]): [string, string][] {
  const manifest = [
    ['propertyName', 'value'],
    ['manifest.version', '1.0'],
    ['oneroster.version', '1.2'],
    ...['academicSessions', 'classes', 'enrollments', 'orgs', 'users'].map((name) => [`file.${name}`, 'absent']),
    ['file.roles', 'delta'],
  ];
  return [
    ['manifest.csv', csv(...manifest)],
    ['roles.csv', csv(roleHeader, ...rows)],
  ];
}

describe('OneRoster 1.2', () => {
  let desk: RosterDesk;
  beforeEach(async () => {
    desk = await openRosterDesk();
  });
  afterEach(() => desk.close());

  const standing = async (sourcedId: string) => {
    const person = await desk.people.lookUp(sourcedId);
    const scope = person && (await desk.people.scopes([person.id])).get(person.id);
    return person && { role: person.role, orgs: scope?.orgs.toSorted() };
  };

  it('imports strictly, with roles from roles.csv', async () => {
    const result = await desk.importPath(folder);
    expect(result).toMatchObject({ applied: true, format: 'OneRoster 1.2', problems: [] });
    expect(await standing('u-student')).toEqual({ role: 'student', orgs: ['d', 'hs'] });
    expect(await standing('u-both')).toEqual({ role: 'teacher', orgs: ['d', 'hs', 'ms'] });
    expect(await standing('u-head')).toEqual({ role: 'administrator', orgs: ['d', 'hs'] });
    expect(await standing('u-counsel')).toEqual({ role: 'staff', orgs: ['d', 'ms'] });
    expect(await standing('u-parent')).toMatchObject({ role: 'guardian' });
  });

  it('uses the name a person prefers, and keeps a person whose log-in is disabled', async () => {
    await desk.importPath(folder);
    expect(await desk.people.lookUp('u-student')).toMatchObject({ givenName: 'Stu', familyName: 'Dent' });
    expect(await desk.people.lookUp('u-parent')).toMatchObject({ active: true });
  });

  it('says everything is unchanged the second time', async () => {
    await desk.importPath(folder);
    const again = await desk.importPath(folder);
    expect(again.changes.every(({ added, changed, removed }) => added + changed + removed === 0)).toBe(true);
    expect(desk.published).toEqual(['roster-changed']);
  });

  it('adds and removes single roles by delta', async () => {
    await desk.importPath(folder);
    const now = '2026-10-05T00:00:00Z';
    const result = await desk.importFiles(
      deltaRoles(
        ['r2', 'tobedeleted', now, 'u-both', 'primary', 'teacher', '', '', 'hs', ''],
        ['r9', 'active', now, 'u-counsel', 'secondary', 'teacher', '', '', 'hs', ''],
      ),
    );
    expect(result).toMatchObject({ applied: true, problems: [], moved: 1 });
    expect(await standing('u-both')).toEqual({ role: 'staff', orgs: ['d', 'ms'] });
    expect(await standing('u-counsel')).toEqual({ role: 'staff', orgs: ['d', 'hs', 'ms'] });
    expect(await standing('u-student')).toEqual({ role: 'student', orgs: ['d', 'hs'] });
  });

  it('leaves the role of a person as known when roles.csv no longer mentions them', async () => {
    await desk.importPath(folder);
    const manifest = deltaRoles()[0]?.[1].replace('file.roles,delta', 'file.roles,bulk') ?? '';
    const result = await desk.importFiles([
      ['manifest.csv', manifest],
      ['roles.csv', csv(roleHeader, ['r1', '', '', 'u-student', 'primary', 'student', '', '', 'hs', ''])],
    ]);
    expect(result).toMatchObject({ applied: true, moved: 0 });
    expect(await standing('u-head')).toEqual({ role: 'administrator', orgs: ['d', 'hs'] });
  });

  it('imports strictly although the only role of a person is an extension, and leaves that person out', async () => {
    const files = await Promise.all(
      (await readdir(folder)).map(
        async (name) => [name, await readFile(`${folder}/${name}`, 'utf8')] as [string, string],
      ),
    );
    const extended = files.map(([name, text]): [string, string] => [
      name,
      text.replace(',principal,', ',ext:captain,'),
    ]);
    const result = await desk.importFiles(extended);
    expect(result.applied).toBe(true);
    expect(result.problems.map((problem) => [problem.severity, problem.file])).toEqual([
      ['warning', 'roles.csv'],
      ['warning', 'users.csv'],
    ]);
    expect(await standing('u-head')).toBeUndefined();
  });

  it('refuses a role for a person nobody knows', async () => {
    await desk.importPath(folder);
    const row = ['r9', 'active', '2026-10-05', 'u-ghost', 'primary', 'student', '', '', 'hs', ''];
    const result = await desk.importFiles(deltaRoles(row));
    expect(result.applied).toBe(false);
    expect(result.problems).toMatchObject([{ file: 'roles.csv', row: 2, column: 'userSourcedId' }]);
  });
});
