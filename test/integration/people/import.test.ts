import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  csv,
  district11,
  manifest11,
  numbered,
  openRosterDesk,
  orgsCsv,
  type RosterDesk,
  threeOrgs,
  user11,
  usersCsv11,
} from '../../fakes/roster-desk.ts';

const kinds = (result: { changes: { kind: string }[] }, kind: string) =>
  result.changes.find((one) => one.kind === kind);
const students = (count: number, given: (number: number) => Partial<Record<string, string>> = () => ({})) =>
  usersCsv11(...numbered(count, (number) => user11(`s${number}`, given(number))));
const onlyUsers = (users: string | undefined, mode = 'bulk', orgs = orgsCsv(...threeOrgs)): [string, string][] =>
  district11({
    'manifest.csv': manifest11({ users: mode, classes: 'absent', enrollments: 'absent', academicSessions: 'absent' }),
    'orgs.csv': orgs,
    'classes.csv': undefined,
    'enrollments.csv': undefined,
    'academicSessions.csv': undefined,
    'users.csv': users,
  });

describe('importing a roster', () => {
  let desk: RosterDesk;
  beforeEach(async () => {
    desk = await openRosterDesk();
  });
  afterEach(() => desk.close());

  const active = async () => (await desk.db.selectFrom('person').selectAll().where('active', '=', 1).execute()).length;
  const dump = async () =>
    JSON.stringify([
      await desk.db.selectFrom('person').selectAll().execute(),
      await desk.db.selectFrom('person_org').selectAll().execute(),
      await desk.db.selectFrom('org').selectAll().execute(),
      await desk.db.selectFrom('class').selectAll().execute(),
      await desk.db.selectFrom('enrollment').selectAll().execute(),
      await desk.db.selectFrom('academic_session').selectAll().execute(),
      await desk.db.selectFrom('setting').selectAll().execute(),
    ]);

  it('writes everything once and says so in one event without names', async () => {
    const result = await desk.importFiles(district11());
    expect(result).toMatchObject({ applied: true, problems: [], moved: 0, format: 'OneRoster 1.1' });
    expect(kinds(result, 'people')).toEqual({ kind: 'people', added: 10, changed: 0, removed: 0, unchanged: 0 });
    expect(result.sample).toContain('+ student s1 (grade 06)');
    expect(desk.said).toHaveLength(1);
    expect(desk.said[0]).toMatchObject({ code: 'roster-imported', words: expect.stringMatching(/people \+10 ~0 −0/) });
    expect(JSON.stringify([desk.said, result.sample])).not.toMatch(/Given|Family/);
    expect(desk.published).toEqual(['roster-changed']);
  });

  it('says everything is unchanged when the same comes again', async () => {
    await desk.importFiles(district11());
    const before = await dump();
    const again = await desk.importFiles(district11());
    expect(again.changes.map(({ added, changed, removed }) => added + changed + removed)).toEqual([0, 0, 0, 0, 0]);
    expect(await dump()).toBe(before);
  });

  it('writes nothing in a dry run, and tells the differences that then happen', async () => {
    await desk.importFiles(district11());
    const before = await dump();
    const changed = district11({
      'users.csv': usersCsv11(
        user11('t1', { role: 'teacher', grades: '' }),
        ...numbered(9, (number) => user11(`s${number}`, number === 1 ? { grades: '07', givenName: 'Renamed' } : {})),
        user11('new', { grades: 'KG' }),
      ),
    });
    const rehearsal = await desk.importFiles(changed, { dryRun: true });
    expect(await dump()).toBe(before);
    expect(rehearsal).toMatchObject({ applied: false, dryRun: true });
    expect(rehearsal.sample).toEqual(['~ student s1: givenName, grade 06 → 07', '+ student new (grade KG)']);
    expect(desk.said).toHaveLength(1);

    const { applied, dryRun, ...performed } = await desk.importFiles(changed);
    expect({ applied, dryRun }).toEqual({ applied: true, dryRun: false });
    expect({ ...rehearsal, applied, dryRun }).toEqual({ ...performed, applied, dryRun });
  });

  it('imports nothing in strict mode when one cell is wrong', async () => {
    const result = await desk.importFiles(onlyUsers(students(9, (number) => (number === 5 ? { role: 'wizard' } : {}))));
    expect(result).toMatchObject({ applied: false, problems: [{ file: 'users.csv', row: 6, column: 'role' }] });
    expect(await active()).toBe(0);
    expect(desk.said).toEqual([]);
  });

  it('makes those inactive who are no longer listed, deletes nobody, and takes them back', async () => {
    await desk.importFiles(onlyUsers(students(20)));
    const gone = await desk.importFiles(onlyUsers(students(19)));
    expect(gone.sample).toEqual(['- student s20 (no longer listed)']);
    expect(await active()).toBe(19);
    expect(await desk.people.lookUp('s20')).toMatchObject({ active: false });
    const back = await desk.importFiles(onlyUsers(students(20)));
    expect(back.sample).toEqual(['~ student s20: is back']);
    expect(await active()).toBe(20);
  });

  it('takes a delta for what it is: others stay', async () => {
    await desk.importFiles(onlyUsers(students(20)));
    const now = { status: 'active', dateLastModified: '2026-10-05T08:00:00Z' };
    const users = usersCsv11(
      user11('s1', { ...now, grades: '07' }),
      user11('s2', { ...now, status: 'tobedeleted' }),
      user11('s21', now),
    );
    const result = await desk.importFiles(onlyUsers(users, 'delta'));
    expect(kinds(result, 'people')).toEqual({ kind: 'people', added: 1, changed: 1, removed: 1, unchanged: 0 });
    expect(await active()).toBe(20);
  });

  describe('a file that is short', () => {
    beforeEach(async () => {
      await desk.importFiles(onlyUsers(students(40)));
    });

    const shorts: [string, () => [string, string][]][] = [
      ['is missing', () => onlyUsers(undefined)],
      ['has a header only', () => onlyUsers(usersCsv11())],
      ['is empty', () => onlyUsers('')],
      ['breaks off in a quote', () => onlyUsers(`${students(20)}s21,,,true,school-1,student,"user`)],
      ['lost its sourcedIds', () => onlyUsers(students(40, () => ({ sourcedId: '' })))],
      ['has a header nobody understands', () => onlyUsers(students(40).replace('sourcedId', 'kennung'))],
      ['has rows that slipped sideways', () => onlyUsers(students(40).replaceAll('true,', 'true,,,,'))],
      ['has roles nobody knows', () => onlyUsers(students(40, () => ({ role: 'wizard' })))],
    ];
    for (const mode of ['strict', 'lenient'] as const) {
      it.each(shorts)(`takes nobody away in ${mode} mode, even confirmed: it %s`, async (_, files) => {
        const result = await desk.importFiles(files(), { mode, confirm: true });
        expect(result.problems.some((problem) => problem.severity === 'error')).toBe(true);
        expect(result.moved).toBe(0);
        expect(await active()).toBe(40);
      });
    }

    it('keeps people in a school that orgs.csv forgot', async () => {
      const orgs = orgsCsv(...threeOrgs.slice(0, 1));
      const result = await desk.importFiles(onlyUsers(students(40), 'bulk', orgs), { mode: 'lenient' });
      expect(result).toMatchObject({ applied: true, moved: 0 });
      expect(result.problems).toContainEqual(
        expect.objectContaining({ words: expect.stringMatching(/“school-1” is not in orgs.csv; it is kept/) }),
      );
      const [scope] = (await desk.people.scopes()).values();
      expect(scope?.orgs).toEqual(['school-1', 'district']);
    });
  });

  describe('the brake', () => {
    const table: [string, number, number, { stops: boolean }][] = [
      ['lets 10 % leave', 50, 45, { stops: false }],
      ['stops when more than 10 % leave', 50, 44, { stops: true }],
      ['lets four of ten leave, as a small school needs', 10, 6, { stops: false }],
      ['stops when five of ten leave', 10, 5, { stops: true }],
      ['stops when nearly all leave', 50, 1, { stops: true }],
    ];
    it.each(table)('%s', async (_, before, after, { stops }) => {
      await desk.importFiles(onlyUsers(students(before)));
      const result = await desk.importFiles(onlyUsers(students(after)));
      expect(result).toMatchObject({ applied: !stops, moved: before - after, movedShare: (before - after) / before });
      expect(await active()).toBe(stops ? before : after);
      const words = expect.stringMatching(/remove or move \d+ people.*confirm/s);
      if (stops) expect(result.problems).toMatchObject([{ severity: 'error', file: 'users.csv', row: null, words }]);
      if (stops) expect((await desk.importFiles(onlyUsers(students(after)), { confirm: true })).applied).toBe(true);
    });

    const moves: [string, (count: number) => [string, string][]][] = [
      [
        'to another school',
        (count) => onlyUsers(students(50, (n) => (n <= count ? { orgSourcedIds: 'school-2' } : {}))),
      ],
      ['to another role', (count) => onlyUsers(students(50, (n) => (n <= count ? { role: 'teacher' } : {})))],
    ];
    it.each(moves)('counts people who move %s', async (_, files) => {
      await desk.importFiles(onlyUsers(students(50)));
      expect(await desk.importFiles(files(5))).toMatchObject({ applied: true, moved: 5 });
      await desk.importFiles(onlyUsers(students(50)));
      expect(await desk.importFiles(files(6))).toMatchObject({ applied: false, moved: 6 });
    });

    it('counts everybody below a school that is put elsewhere', async () => {
      await desk.importFiles(onlyUsers(students(50)));
      const orgs = orgsCsv(...threeOrgs.map((org) => (org[0] === 'school-1' ? org.with(6, '') : org)));
      const result = await desk.importFiles(onlyUsers(students(50), 'bulk', orgs));
      expect(result).toMatchObject({ applied: false, moved: 50, movedShare: 1 });
    });

    it('also speaks in a dry run', async () => {
      await desk.importFiles(onlyUsers(students(50)));
      const result = await desk.importFiles(onlyUsers(students(10)), { dryRun: true });
      expect(result).toMatchObject({ applied: false, moved: 40 });
      expect(result.problems).toHaveLength(1);
    });
  });

  it('lets only one of two imports at once win, and the other loses nothing', async () => {
    const results = await Promise.allSettled([
      desk.importFiles(onlyUsers(students(20))),
      desk.importFiles(onlyUsers(students(30))),
    ]);
    const refused = results.filter((result) => result.status === 'rejected');
    expect(refused).toMatchObject([{ reason: { code: 'changed-meanwhile' } }]);
    expect([20, 30]).toContain(await active());
  });

  it('rolls everything back when the store fails half-way', async () => {
    await desk.importFiles(onlyUsers(students(20)));
    const before = await dump();
    await desk.db.schema.dropTable('person_org').execute();
    await desk.db.schema
      .createTable('person_org')
      .addColumn('person_id', 'text')
      .addColumn('org_id', 'text')
      .addColumn('role', 'text')
      .execute();
    await expect(desk.importFiles(onlyUsers(students(25)))).rejects.toThrow(/is_primary/);
    expect((await desk.db.selectFrom('person').selectAll().execute()).length).toBe(20);
    expect(before).toContain('s20');
    expect(desk.said).toHaveLength(1);
  });

  it('understands files without a manifest in lenient mode only', async () => {
    const files = district11({ 'manifest.csv': undefined });
    expect(await desk.importFiles(files)).toMatchObject({ applied: false });
    expect(await desk.importFiles(files, { mode: 'lenient' })).toMatchObject({
      applied: true,
      format: 'OneRoster 1.1',
    });
    expect(await active()).toBe(10);
  });

  it('refuses a version it does not know, naming the remedy', async () => {
    const manifest = csv(['propertyName', 'value'], ['oneroster.version', '2.0']);
    const result = await desk.importFiles(district11({ 'manifest.csv': manifest }), { mode: 'lenient' });
    expect(result).toMatchObject({ applied: false, problems: [{ words: expect.stringMatching(/“2.0”.*1.1 or 1.2/) }] });
  });
});
