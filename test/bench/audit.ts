import { join } from 'node:path';
import Database from 'better-sqlite3';
import { AuditKey } from '../../server/audit/audit-key.ts';
import { verifyChain } from '../../server/audit/verify.ts';
import { systemRandom } from '../../server/clock.ts';
import { AuditStore } from '../../server/store/audit.ts';
import { EventChain, writing } from '../../server/store/event-chain.ts';
import { openStore } from '../../server/store/open.ts';
import { each } from '../fakes/audit-desk.ts';
import { bench } from './bench.ts';

const rowsTogether = 100;
const row = { actor: 'device:LT-0123', code: 'drift-corrected', subject_kind: 'device', subject_id: 'd1' };
const words = 'The screen lock was put right: it was off.';

/** The log as devices fill it, and going over it. */
export const audit = bench({
  summary: 'adding to the audit in batches, against the same words straight into SQLite; verifying all of it',
  sizes: { rows: { default: 200_000, words: 'rows; the documented run has 1000000' } },
  async run({ rows }, report, scope) {
    const home = scope.folder('audit');
    const key = await AuditKey.open(home, systemRandom);
    const db = await openStore(join(home, 'rollcall.db'));
    const chain = new EventChain(key);
    const addedAt = performance.now();
    for (let at = 0; at < rows; at += rowsTogether)
      await writing(db, (trx) =>
        chain.append(
          trx,
          Array.from({ length: rowsTogether }, () => ({ ...row, words, at })),
        ),
      );
    const added = (rows * 1000) / (performance.now() - addedAt);
    report.compare('rows added', added, '/s', 'SQLite', straightIntoSqlite(join(home, 'floor.db'), rows));
    const before = process.memoryUsage().rss;
    const verifiedAt = performance.now();
    const check = await verifyChain({ store: new AuditStore(db, chain), key, logged: each([]), given: [] });
    report.figure('rows verified', (check.rows * 1000) / (performance.now() - verifiedAt), '/s');
    report.figure('more memory meanwhile', (process.memoryUsage().rss - before) / 1e6, 'MB');
    await db.destroy();
    if (check.problems.length > 0) throw new Error(check.problems[0]?.words);
  },
});

/** Rows a second with the same durability and no chain. */
function straightIntoSqlite(path: string, rows: number): number {
  const db = new Database(path);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.exec('create table event (id integer primary key, at, actor, code, words, subject_kind, subject_id)');
  db.exec('create index by_subject on event (subject_kind, subject_id, id)');
  const insert = db.prepare(
    'insert into event (at, actor, code, words, subject_kind, subject_id) values (?, ?, ?, ?, ?, ?)',
  );
  const together = db.transaction((at: number) => {
    for (let n = 0; n < rowsTogether; n++) insert.run(at, row.actor, row.code, words, row.subject_kind, row.subject_id);
  });
  const startedAt = performance.now();
  for (let at = 0; at < rows; at += rowsTogether) together(at);
  const rate = (rows * 1000) / (performance.now() - startedAt);
  db.close();
  return rate;
}
