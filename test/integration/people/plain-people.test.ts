import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { district11, openRosterDesk, type RosterDesk } from '../../fakes/roster-desk.ts';

const header = 'sourcedId,givenName,familyName,username,role,org,grade,email\n';

describe('a plain CSV of people', () => {
  let desk: RosterDesk;
  beforeEach(async () => {
    desk = await openRosterDesk();
    await desk.importFiles(district11());
  });
  afterEach(() => desk.close());

  it('adds and changes, and leaves everybody else alone', async () => {
    const result = await desk.importPeople(
      `${header}s1,New,Name,s.one,student,school-1,07,\nx1,Sub,Stitute,sub,staff,Second School,,sub@test.example\n`,
    );
    expect(result).toMatchObject({ applied: true, problems: [], format: 'CSV of people', moved: 0 });
    expect(result.changes.find((one) => one.kind === 'people')).toMatchObject({ added: 1, changed: 1, removed: 0 });
    expect(await desk.people.countActive()).toBe(11);
    const added = await desk.people.lookUp('SUB');
    expect(added).toMatchObject({ role: 'staff', email: 'sub@test.example', grade: null });
    expect((await desk.people.scopes([added?.id ?? ''])).get(added?.id ?? '')?.orgs).toEqual(['school-2', 'district']);
  });

  it('takes id and school for sourcedId and org, and keeps what it has no column for', async () => {
    const result = await desk.importPeople(
      'id,givenName,familyName,username,role,school\ns1,One,Two,s.one,student,school-1\n',
    );
    expect(result).toMatchObject({ applied: true, problems: [] });
    expect(await desk.people.lookUp('s1')).toMatchObject({ grade: '06', givenName: 'One' });
  });

  it('marks those who left by status', async () => {
    const result = await desk.importPeople(
      'sourcedId,givenName,familyName,username,role,org,status\ns9,,,,,,inactive\n',
    );
    expect(result).toMatchObject({ applied: true, moved: 1 });
    expect(await desk.people.lookUp('s9')).toMatchObject({ active: false });
  });

  it('has the brake', async () => {
    const rows = Array.from({ length: 6 }, (_, n) => `s${n + 1},G,F,u${n},student,school-2,06,\n`).join('');
    expect(await desk.importPeople(header + rows)).toMatchObject({ applied: false, moved: 6, movedShare: 0.6 });
    expect(await desk.importPeople(header + rows, { confirm: true })).toMatchObject({ applied: true });
  });

  const row = 'x1,Ann,Other,ann,student,Third School,06,\n';
  it('refuses a school nobody knows in strict mode and makes it in lenient', async () => {
    const strict = await desk.importPeople(header + row);
    expect(strict).toMatchObject({ applied: false, problems: [{ file: 'people.csv', row: 2, column: 'org' }] });
    const lenient = await desk.importPeople(header + row + row.replace('x1', 'x2'), { mode: 'lenient' });
    expect(lenient).toMatchObject({ applied: true, problems: [{ severity: 'warning', row: 2, column: 'org' }] });
    expect((await desk.people.orgs()).map((org) => org.name)).toContain('Third School');
  });

  it('understands in lenient mode how spreadsheets name things', async () => {
    const text = '\ufeffStudent ID,First Name,Last Name,Username,Role,Building,Grade Level,E-Mail Address\r\n';
    const result = await desk.importPeople(`${text}x1,Ann,Other,ann,Pupil,second school,6,ann@test.example\r\n`, {
      mode: 'lenient',
    });
    expect(result.applied).toBe(true);
    expect(await desk.people.lookUp('x1')).toMatchObject({ role: 'student', grade: '06', email: 'ann@test.example' });
    expect(result.problems.every((problem) => problem.severity === 'warning')).toBe(true);
  });

  const refused: [string, string | Uint8Array, RegExp][] = [
    ['is UTF-16', Buffer.from(`\ufeff${header}${row}`, 'utf16le'), /UTF-16/],
    ['is a picture', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0]), /NUL bytes/],
    ['is empty', '', /empty/],
    ['has another header', 'a,b,c\n1,2,3\n', /column sourcedId is missing/],
    ['has only bad rows', `${header}x1,Ann,Other,ann,wizard,school-1,06,\n`, /“wizard” is not a role/],
  ];
  it.each(refused)('is refused in lenient mode too when it %s', async (_, content, words) => {
    const result = await desk.importPeople(content, { mode: 'lenient' });
    expect(result.applied).toBe(false);
    expect(result.problems.map((problem) => problem.words).join('\n')).toMatch(words);
    expect(await desk.people.countActive()).toBe(10);
  });
});
