import { expect, it } from 'vitest';
import {
  classesCsv,
  district11,
  enrollmentsCsv,
  numbered,
  openRosterDesk,
  user11,
  usersCsv11,
  zipOf,
} from '../../fakes/roster-desk.ts';

/** Prints figures for the record; how fast the machine is decides nothing. */
it('imports 50,000 people and 20,000 enrolments, and again with nothing to do', async () => {
  const people = 50_000;
  const lines = (count: number, make: (number: number) => string[]) =>
    numbered(count, make)
      .map(
        (row) => `${row.join(',')}
`,
      )
      .join('');
  const classRow = (n: number) => [
    `c${n}`,
    '',
    '',
    `Class ${n}`,
    '06',
    'x',
    '',
    'scheduled',
    '',
    'school-1',
    'year',
    '',
    '',
    '',
  ];
  const enrollmentRow = (n: number) => [
    ...[`e${n}`, '', '', `c${(n % 2000) + 1}`, 'school-1', `s${(n % people) + 1}`, 'student', 'false', '', ''],
  ];
  const zip = await zipOf(
    district11({
      'users.csv': usersCsv11() + lines(people, (n) => user11(`s${n}`, { password: 'Secret-1' })),
      'classes.csv': classesCsv() + lines(2000, classRow),
      'enrollments.csv': enrollmentsCsv() + lines(20_000, enrollmentRow),
    }),
  );
  const desk = await openRosterDesk();
  const begun = performance.now();
  const result = await desk.importZip(zip);
  const first = performance.now() - begun;
  const again = await desk.importZip(zip);
  const second = performance.now() - begun - first;
  expect(result).toMatchObject({ applied: true, problems: [] });
  expect(again.changes.map(({ added, changed, removed }) => added + changed + removed)).toEqual([0, 0, 0, 0, 0]);
  const seconds = (ms: number) => (ms / 1000).toFixed(1);
  const memory = Math.round(process.memoryUsage().rss / 1_048_576);
  process.stdout.write(`50,000 people: ${seconds(first)} s, again ${seconds(second)} s, ${memory} MB resident\n`);
  await desk.close();
});
