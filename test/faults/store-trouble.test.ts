import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../../agent/store/database.ts';
import { Reports } from '../../agent/store/reports.ts';
import { Spool } from '../../agent/store/spool.ts';
import { Bus } from '../../server/bus.ts';
import { loadConfig } from '../../server/config.ts';
import { Dice } from '../../server/demo/dice.ts';
import { ReportCommitter } from '../../server/gateway/report-committer.ts';
import { Room } from '../../server/gateway/room.ts';
import { startServer } from '../../server/main.ts';
import { createMetrics } from '../../server/metrics.ts';
import type { NewEvent } from '../../server/services.ts';
import { openStore } from '../../server/store/open.ts';
import { copyDatabase, inspectDatabase } from '../../server/store/snapshot.ts';
import { storesOn } from '../../server/store/stores.ts';
import { troubleOf } from '../../server/store/trouble.ts';
import { StoreHealth } from '../../server/store-health.ts';
import { type ReportRecord, ReportRecordSchema } from '../../shared/protocol/messages.ts';
import { validator } from '../../shared/schema.ts';
import { end } from '../fakes/agent-process.ts';
import { FakeClock, SeededRandom } from '../fakes/clock.ts';
import { FakeLog } from '../fakes/log.ts';
import { flipBytes } from '../fakes/power-cut.ts';
import { addDevice } from '../fakes/rows.ts';

const seed = Number(process.env.ROLLCALL_SEED ?? Date.now() % 1_000_000);
const silent = pino({ level: 'silent' });
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-trouble-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const numbered = (number: number): ReportRecord => ({
  ...{ kind: 'event', at: number, code: 'numbered' },
  detail: `event ${number} ${'·'.repeat(200)}`,
});

/** A store with a device, and what commits its reports. */
async function reporting() {
  const path = join(folder, 'rollcall.db');
  const db = await openStore(path);
  await addDevice(db, 'a');
  const [clock, metrics, told] = [new FakeClock(), createMetrics(), [] as NewEvent[]];
  const stores = storesOn(db);
  const events = { add: async (event: NewEvent) => void told.push(event) };
  const storeHealth = new StoreHealth({ tryWrite: stores.tryWrite, events, metrics, clock, log: silent });
  const bus = new Bus(() => undefined);
  const committer = new ReportCommitter({
    room: new Room(1_000_000),
    store: stores.reports,
    storeHealth,
    bus,
    metrics,
    clock,
    log: silent,
  });
  const commit = (sequence: number) =>
    committer.commit({ deviceId: 'a', epoch: 'e1', sequence, records: [numbered(sequence)] }, 1);
  const words = async () => {
    const rows = await db.selectFrom('event').select('words').orderBy('id').execute();
    return rows.map((row) => row.words.slice(0, 8).trim());
  };
  return { path, db, clock, told, storeHealth, commit, words };
}

/** A process of its own: two copies of SQLite in one do not see each other's locks. */
async function holdLock(path: string): Promise<ChildProcess> {
  const words = `
    const { DatabaseSync } = require('node:sqlite');
    const database = new DatabaseSync(${JSON.stringify(path)});
    database.exec('BEGIN IMMEDIATE');
    process.stdout.write('held');
    setInterval(() => database.location(), 1000);
  `;
  const child = spawn(process.execPath, ['-e', words], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return child;
}

describe('another program holds the lock of the database', () => {
  it('nothing is acknowledged nor tried again and again, it is said, and it goes on by itself afterwards', async () => {
    const { path, db, clock, told, storeHealth, commit, words } = await reporting();
    await sql`PRAGMA busy_timeout = 50`.execute(db);
    await commit(1);
    const other = await holdLock(path);
    const failed = await commit(2).catch((error: unknown) => error);
    expect(failed).toMatchObject({ code: 'SQLITE_BUSY' });
    expect(storeHealth.words).toMatch(/^Another program holds the database of the server: .* End it;/);
    // Reading goes on.
    expect(await words()).toEqual(['event 1']);
    // Each of them waiting for the lock would hold up the loop.
    const tries = await Promise.allSettled(Array.from({ length: 200 }, (_, index) => commit(3 + index)));
    expect(tries.every((one) => one.status === 'rejected' && one.reason === failed)).toBe(true);
    await end(other);
    const recovered = new Promise<void>((resolve) => void storeHealth.onRecovered(resolve));
    clock.advance(5_000);
    await recovered;
    expect(await commit(2)).toMatchObject({ kind: 'committed', missing: 0 });
    expect(await words()).toEqual(['event 1', 'event 2']);
    expect([storeHealth.words, told.map(({ code }) => code)]).toEqual([undefined, ['store-recovered']]);
    await db.destroy();
  });

  it('a backup that runs meanwhile holds nobody up, and is one moment', async () => {
    const { path, db, commit } = await reporting();
    for (let number = 1; number <= 50; number += 1) await commit(number);
    const copying = copyDatabase(path, join(folder, 'copy.db'));
    for (let number = 51; number <= 100; number += 1) expect(await commit(number)).toMatchObject({ kind: 'committed' });
    await copying;
    const copied = inspectDatabase(join(folder, 'copy.db')).rows.event ?? 0;
    expect(copied).toBeGreaterThanOrEqual(50);
    expect(copied).toBeLessThanOrEqual(100);
    await db.destroy();
  });
});

it('damage that one device met is said, and holds up nobody whose rows are sound', async () => {
  const { db, storeHealth, commit } = await reporting();
  const damaged = Object.assign(new Error('database disk image is malformed'), { code: 'SQLITE_CORRUPT' });
  expect(storeHealth.note(damaged)).toBe(true);
  expect(storeHealth.words).toMatch(/damaged.*rollcall restore FILE/);
  expect(await commit(1)).toMatchObject({ kind: 'committed' });
  expect(storeHealth.words).toMatch(/damaged/);
  await db.destroy();
});

describe(`bytes of a database turned over (ROLLCALL_SEED=${seed})`, () => {
  it('the server says that it is damaged and how a backup is brought back, whatever it was doing', async () => {
    const { path, db, commit } = await reporting();
    for (let number = 1; number <= 100; number += 1) await commit(number);
    await db.destroy();
    flipBytes(path, new Dice(seed));
    const failures: unknown[] = [];
    try {
      const damaged = await openStore(path);
      await sql`SELECT * FROM event ORDER BY id`.execute(damaged).catch((error: unknown) => failures.push(error));
      await sql`VACUUM`.execute(damaged).catch((error: unknown) => failures.push(error));
      await damaged.destroy();
    } catch (error) {
      failures.push(error);
    }
    expect(failures.map(troubleOf)).toContain('damaged');
    expect(() => inspectDatabase(path)).toThrow(/damaged|malformed/);
  });

  it('a server does not start on what is no database any more, and names the remedy', async () => {
    const config = () => loadConfig({ home: folder, listen: '127.0.0.1', consolePort: 0, agentPort: 0 });
    const running = await startServer(config(), silent);
    await running.stop();
    flipBytes(join(folder, 'rollcall.db'), new Dice(seed), { everywhere: true });
    await expect(startServer(config(), silent)).rejects.toThrow(/database .* is damaged.*rollcall restore FILE/);
  });

  it('the agent goes on with what can be read, begins anew where nothing can, and says so', () => {
    const dice = new Dice(seed);
    const check = validator(ReportRecordSchema);
    const whole = join(folder, 'whole.db');
    const before = openDatabase(whole, 0, new FakeLog());
    const filled = new Spool(before, new FakeClock(), new SeededRandom(seed));
    for (let number = 1; number <= 80; number += 1) filled.add(numbered(number));
    before.close();
    for (let round = 0; round < 6; round += 1) {
      const path = join(folder, `agent-${round}.db`);
      const log = new FakeLog();
      copyFileSync(whole, path);
      flipBytes(path, dice, round % 2 === 0 ? { bytesEach: 2 } : {});
      const database = openDatabase(path, 7, log);
      const spool = new Spool(database, new FakeClock(), new SeededRandom(seed));
      new Reports(database, spool, log).emit(numbered(121));
      const records: ReportRecord[] = [];
      for (let report = spool.nextReport(); report; report = spool.nextReport()) {
        records.push(...report.records);
        spool.acknowledged(report.epoch, report.sequence);
      }
      expect(records.filter((record) => !check.check(record))).toEqual([]);
      const numbers = records.map((record) => (record.kind === 'event' ? record.detail : ''));
      expect(numbers).toContain(`event 121 ${'·'.repeat(200)}`);
      const isTold =
        log.errors.length > 0 || records.some((record) => record.kind === 'event' && record.code === 'spool-dropped');
      expect(isTold || records.length === 81, `round ${round}`).toBe(true);
      if (log.errors.length > 0) expect(readdirSync(folder)).toContain(`agent-${round}.db.damaged-7`);
      database.close();
    }
  });
});
