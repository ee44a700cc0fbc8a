import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { openDatabase } from '../../agent/store/database.ts';
import { Spool } from '../../agent/store/spool.ts';
import { Dice } from '../../server/demo/dice.ts';
import { openStore } from '../../server/store/open.ts';
import { ReportStore } from '../../server/store/reports.ts';
import type { ReportRecord } from '../../shared/protocol/messages.ts';
import { FakeClock, SeededRandom } from './clock.ts';
import { FakeLog } from './log.ts';
import { type Cut, copyAsByPowerCut, cutsOf } from './power-cut.ts';
import { addDevice } from './rows.ts';

const devices = ['a', 'b', 'c', 'd'];

/** Of a size that makes transactions of one page and of many. */
const numbered = (number: number, dice: Dice): ReportRecord => ({
  kind: 'event',
  at: number,
  code: 'numbered',
  detail: `event ${number} ${'·'.repeat(Math.floor(dice.unit() ** 4 * 400))}`,
});
const numberOf = (words: string) => Number(/event (\d+) /.exec(words)?.[1]);
const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

/** Cuts the power of a server at moments while it commits reports, and of the log leaves what a cut may leave. */
export async function cutServer(seed: number, moments: number): Promise<void> {
  const dice = new Dice(seed);
  using folder = ownFolder();
  const db = await openStore(folder.file('rollcall.db'));
  try {
    for (const id of devices) await addDevice(db, id);
    const store = new ReportStore(db);
    const sent = new Map(devices.map((id) => [id, 0]));
    for (let moment = 1; moment <= moments; moment += 1) {
      for (let groups = 1 + dice.unit() * 60; groups > 0; groups -= 1) await commitGroup(store, sent, dice);
      const copy = copyAsByPowerCut(folder.file('rollcall.db'), folder.file('cut.db'));
      for (const cut of cutsOf(copy, dice))
        expectWhole(await serverAfter(cut, folder), sent, cut, `moment ${moment}, log ${cut.words}`);
    }
  } finally {
    await db.destroy();
  }
}

async function commitGroup(store: ReportStore, sent: Map<string, number>, dice: Dice): Promise<void> {
  const reporting = devices.filter(() => dice.unit() < 0.7);
  const reports = reporting.map((deviceId) => {
    const sequence = (sent.get(deviceId) ?? 0) + 1;
    return { deviceId, epoch: 'e1', sequence, records: [numbered(sequence, dice)] };
  });
  await store.commit(reports, Date.now());
  for (const { deviceId, sequence } of reports) sent.set(deviceId, sequence);
}

type ServerFound = Awaited<ReturnType<typeof serverAfter>>;

/** Whole reports in order, and each that was acknowledged when the log is whole. */
function expectWhole(found: ServerFound, sent: ReadonlyMap<string, number>, cut: Cut, told: string): void {
  expect(found.integrity, told).toBe('ok');
  for (const [id, last] of sent) {
    const rows = found.events.filter(({ subject_id }) => subject_id === id).map(({ words }) => numberOf(words));
    const acknowledged = found.held.find((device) => device.id === id)?.spool_sequence ?? 0;
    expect(rows, told).toEqual(upTo(acknowledged));
    if (cut.isWhole) expect(acknowledged, told).toBe(last);
    else expect(acknowledged, told).toBeLessThanOrEqual(last);
  }
}

/** What a server finds that starts after the cut. */
async function serverAfter(cut: Cut, folder: Folder) {
  const db = await openStore(started(cut, folder));
  const [check] = (await sql<{ integrity_check: string }>`PRAGMA integrity_check`.execute(db)).rows;
  const events = await db.selectFrom('event').select(['subject_id', 'words']).orderBy('id').execute();
  const held = await db.selectFrom('device').select(['id', 'spool_sequence']).execute();
  await db.destroy();
  return { integrity: check?.integrity_check, events, held };
}

/** The same of an agent while it spools and is acknowledged. Nothing of it may be taken for damage. */
export function cutAgent(seed: number, moments: number): void {
  const dice = new Dice(seed);
  const log = new FakeLog();
  using folder = ownFolder();
  const database = openDatabase(folder.file('agent.db'), 0, log);
  const spool = new Spool(database, new FakeClock(), new SeededRandom(seed));
  const { epoch } = spool;
  let [added, acknowledged] = [0, 0];
  try {
    for (let moment = 1; moment <= moments; moment += 1) {
      for (let more = 1 + dice.unit() * 80; more > 0; more -= 1) {
        added += 1;
        spool.add(numbered(added, dice));
      }
      if (dice.unit() < 0.5) acknowledged += takeReport(spool).length;
      const copy = copyAsByPowerCut(folder.file('agent.db'), folder.file('cut.db'));
      for (const cut of cutsOf(copy, dice))
        expectSpool(
          agentAfter(cut, folder, log),
          { epoch, added, acknowledged },
          cut,
          `moment ${moment}, ${cut.words}`,
        );
    }
  } finally {
    database.close();
  }
  expect(log.errors).toEqual([]);
}

interface Spooled {
  epoch: string;
  added: number;
  acknowledged: number;
}

/** Without a gap; what was acknowledged may be there again, and nothing else is missing when the log is whole. */
function expectSpool(found: { epoch: string; numbers: number[] }, sent: Spooled, cut: Cut, told: string): void {
  const { added, acknowledged } = sent;
  const first = found.numbers[0] ?? acknowledged + 1;
  expect(found.numbers, told).toEqual(upTo(found.numbers.length).map((number) => number + first - 1));
  expect(first, told).toBeLessThanOrEqual(acknowledged + 1);
  if (!cut.isWhole) return;
  expect(found.epoch, told).toBe(sent.epoch);
  expect([first, found.numbers.length], told).toEqual([acknowledged + 1, added - acknowledged]);
}

function agentAfter(cut: Cut, folder: Folder, log: FakeLog) {
  const database = openDatabase(started(cut, folder), 0, log);
  const spool = new Spool(database, new FakeClock(), new SeededRandom(1));
  const numbers: number[] = [];
  while (spool.length > 0) numbers.push(...takeReport(spool));
  const { epoch } = spool;
  database.close();
  return { numbers, epoch };
}

/** Acknowledges the oldest report; the numbers of its events. */
function takeReport(spool: Spool): number[] {
  const report = spool.nextReport();
  if (!report) return [];
  spool.acknowledged(report.epoch, report.sequence);
  return report.records.map((record) => numberOf(record.kind === 'event' ? (record.detail ?? '') : ''));
}

interface Folder extends Disposable {
  file(name: string): string;
}

function ownFolder(): Folder {
  const path = mkdtempSync(join(tmpdir(), 'rollcall-power-cut-'));
  return { file: (name) => join(path, name), [Symbol.dispose]: () => rmSync(path, { recursive: true }) };
}

/** A copy of what the cut left, for a process that starts on it. */
function started(cut: Cut, folder: Folder): string {
  const path = folder.file('started.db');
  rmSync(`${path}-shm`, { force: true });
  for (const part of ['', '-wal']) copyFileSync(folder.file(`cut.db${part}`), path + part);
  cut.apply(`${path}-wal`);
  return path;
}
