import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImportResult } from '../../../shared/api/schemas.ts';
import { openRosterDesk, type RosterDesk } from '../../fakes/roster-desk.ts';

const odd = fileURLToPath(new URL('../../fixtures/oneroster/v1p1-odd', import.meta.url));

/** What the standard allows, but Rollcall takes only a part of. */
const isAdvice = (words: RegExp) => /Several grades|is an extension|no role that counts/.test(words.source);

describe('OneRoster 1.1 as real systems write it', () => {
  let desk: RosterDesk;
  let strict: ImportResult;
  let result: ImportResult;

  beforeAll(async () => {
    desk = await openRosterDesk();
    strict = await desk.importPath(odd, { mode: 'strict' });
    result = await desk.importPath(odd, { mode: 'lenient' });
  });
  afterAll(() => desk.close());

  it('is refused in strict mode, and nothing is written', () => {
    expect(strict.applied).toBe(false);
    expect(strict.problems[0]?.severity).toBe('error');
  });

  const listed: [string, 'error' | 'warning', string, number | null, string | null, RegExp][] = [
    ['a file name in another case', 'warning', 'manifest.csv', null, null, /named “Manifest.csv”/],
    ['a version that is blank', 'warning', 'manifest.csv', null, 'value', /look like “1.1”/],
    ['a manifest value that is blank', 'warning', 'manifest.csv', null, 'file.orgs', /has no value.*taken as bulk/],
    ['a manifest value in another case', 'warning', 'manifest.csv', null, 'file.users', /“bulk” in small letters/],
    ['a manifest value nobody knows', 'warning', 'manifest.csv', null, 'file.classes', /says “all”/],
    ['a header in another case', 'warning', 'orgs.csv', 1, 'sourcedId', /spelt “SourcedId”/],
    ['a misspelt header', 'warning', 'users.csv', 1, 'dateLastModified', /spelt “dataLastModified”/],
    ['a header with a space', 'warning', 'users.csv', 1, 'orgSourcedIds', /spelt “org SourcedIds”/],
    ['an extension column', 'warning', 'users.csv', 1, 'ext:locker', /no such column/],
    ['spaces around a value', 'warning', 'orgs.csv', 2, 'sourcedId', /spaces around/],
    ['a word in another case', 'warning', 'orgs.csv', 2, 'type', /“School” should be written school/],
    ['a word nobody knows', 'warning', 'orgs.csv', 4, 'type', /“academy” is not a word/],
    ['a unit above that is missing', 'warning', 'orgs.csv', 2, 'parentSourcedId', /“nowhere”.*left unknown/],
    ['a unit below itself', 'warning', 'orgs.csv', 3, 'parentSourcedId', /below itself/],
    ['TRUE', 'warning', 'users.csv', 2, 'enabledUser', /“TRUE” should be written true or false/],
    ['a grade that lost its zero', 'warning', 'users.csv', 2, 'grades', /“6”.*read as “06”/],
    ['several grades', 'warning', 'users.csv', 3, 'grades', /Several grades/],
    ['a unit that is missing', 'warning', 'users.csv', 4, 'orgSourcedIds', /“nowhere” is not in orgs.csv/],
    ['a role nobody knows', 'error', 'users.csv', 5, 'role', /“wizard” is not a role/],
    ['a row that appears twice', 'error', 'users.csv', 7, 'sourcedId', /“u1” appears a second time/],
    ['a row without sourcedId', 'error', 'users.csv', 8, 'sourcedId', /sourcedId is blank/],
    ['a status nobody knows', 'warning', 'users.csv', 9, 'status', /“retired” is not a status/],
    ['a role of OneRoster 1.2', 'warning', 'users.csv', 9, 'role', /1.1 has no role “counselor”/],
    ['a role of an extension', 'warning', 'users.csv', 10, 'role', /“ext:volunteer” is an extension/],
    ['a person with no role that counts', 'warning', 'users.csv', 10, 'role', /no role that counts here/],
    ['a row with cells missing', 'warning', 'users.csv', 11, null, /missing ones count as blank/],
    [
      'a date in American order',
      'warning',
      'academicSessions.csv',
      2,
      'endDate',
      /“6\/13\/2027” was read as “2027-06-13”/,
    ],
    ['an end before its start', 'error', 'academicSessions.csv', 3, 'endDate', /before startDate/],
    [
      'a date in either order',
      'warning',
      'academicSessions.csv',
      4,
      'startDate',
      /may be “2023-01-05” or “2023-05-01”/,
    ],
    ['a needed date that cannot be known', 'error', 'academicSessions.csv', 4, 'startDate', /startDate is needed/],
    ['a term that is missing', 'warning', 'classes.csv', 3, 'termSourcedIds', /“never” is not in/],
    ['a class that is missing', 'error', 'enrollments.csv', 3, 'classSourcedId', /“c9” is not in classes.csv/],
    ['a person that is missing', 'error', 'enrollments.csv', 4, 'userSourcedId', /“u9” is not in users.csv/],
    ['a day no month has', 'warning', 'enrollments.csv', 2, 'endDate', /not a day of the calendar/],
    ['a class role nobody knows', 'error', 'enrollments.csv', 5, 'role', /“captain” is not a role in a class/],
  ];
  it.each(listed)('lists %s', (_, severity, file, row, column, words) => {
    const found = result.problems.filter((one) => one.file === file && one.row === row && one.column === column);
    expect(found).toContainEqual(expect.objectContaining({ severity, words: expect.stringMatching(words) }));
  });
  it.each(listed.filter(([, , file, , , words]) => file !== 'manifest.csv' && !isAdvice(words)))(
    'makes %s an error in strict mode',
    (_, __, file, row, column, words) => {
      const expected = { severity: 'error', file, row, column, words: expect.stringMatching(words) };
      expect(strict.problems).toContainEqual(expected);
    },
  );

  it('imports what can be understood and leaves out the rest', async () => {
    expect(result.applied).toBe(true);
    const people = await desk.db.selectFrom('person').selectAll().orderBy('sourced_id').execute();
    expect(people.map(({ sourced_id, role, grade, given_name }) => [sourced_id, role, grade, given_name])).toEqual([
      ['u1', 'student', '06', 'One'],
      ['u2', 'student', '07', 'Two'],
      ['u3', 'guardian', null, 'Three'],
      ['u6', 'staff', 'Sophomore', 'Six'],
      ['u8', 'student', null, 'Eight'],
    ]);
    const enrollments = await desk.db.selectFrom('enrollment').selectAll().execute();
    expect(enrollments).toMatchObject([{ sourced_id: 'e1', begins_on: null, ends_on: null, role: 'student' }]);
  });

  it('keeps a missing reference unknown and invents nothing', async () => {
    const scopes = [...(await desk.people.scopes()).values()];
    expect(scopes.find((scope) => scope.sourcedId === 'u3')?.orgs).toEqual([]);
    expect(scopes.find((scope) => scope.sourcedId === 'u2')?.orgs).toEqual(['north']);
    expect((await desk.people.orgs()).map((org) => org.sourcedId).toSorted()).toEqual(['north', 'ring-a', 'ring-b']);
  });

  it('never shows a name of a person in a problem', () => {
    const words = result.problems.map((problem) => problem.words).join('\n');
    expect(words).not.toMatch(/Person|Again|Nobody|Four/);
  });
});
