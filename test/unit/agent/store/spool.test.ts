import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HomeBusy, openDatabase } from '../../../../agent/store/database.ts';
import { Spool, type SpoolLimits } from '../../../../agent/store/spool.ts';
import type { ReportRecord } from '../../../../shared/protocol/messages.ts';
import { FakeClock, SeededRandom } from '../../../fakes/clock.ts';
import { FakeLog } from '../../../fakes/log.ts';

const clock = new FakeClock();
const log = new FakeLog();
let folder: string;
let path: string;
let opened: ReturnType<typeof openDatabase>[];

function open(limits?: SpoolLimits, seed = 1): Spool {
  const database = openDatabase(path, clock.now(), log);
  opened.push(database);
  return new Spool(database, clock, new SeededRandom(seed), limits);
}

/** What happens at a kill -9: nothing is said, the lock goes. */
function die(): void {
  for (const database of opened.splice(0)) database.close();
}

const event = (detail: string): ReportRecord => ({ kind: 'event', at: 1, code: 'drift-corrected', detail });
const load = (cpuPercent: number): ReportRecord => ({
  kind: 'health',
  at: 1,
  collector: 'load',
  value: { cpuPercent, memoryUsedPercent: 1 },
});
const finding = (code: string, detail = ''): ReportRecord => ({ kind: 'finding', at: 1, code, open: true, detail });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-spool-'));
  path = join(folder, 'agent.db');
  opened = [];
});
afterEach(() => {
  die();
  rmSync(folder, { recursive: true });
});

describe('the spool', () => {
  it('hands out what waits as report 1, in order', () => {
    const spool = open();
    spool.add(event('a'));
    spool.add(event('b'));
    expect(spool.nextReport()).toEqual({ epoch: spool.epoch, sequence: 1, records: [event('a'), event('b')] });
  });

  it('hands out nothing when it is empty', () => {
    expect(open().nextReport()).toBeUndefined();
  });

  it('hands out the same report until it is acknowledged, although more was added', () => {
    const spool = open();
    spool.add(event('a'));
    const first = spool.nextReport();
    spool.add(event('b'));
    expect(spool.nextReport()).toEqual(first);
    spool.acknowledged(spool.epoch, 1);
    expect(spool.nextReport()).toMatchObject({ sequence: 2, records: [event('b')] });
  });

  it('hands out the same report with the same number and epoch after a crash', () => {
    const before = open();
    before.add(event('a'));
    const first = before.nextReport();
    before.add(event('b'));
    die();
    const after = open(undefined, 2);
    expect(after.nextReport()).toEqual(first);
    expect(after.length).toBe(2);
    expect(after.next).toBe(2);
  });

  it('forgets nothing for an acknowledgement of another spool', () => {
    const spool = open();
    spool.add(event('a'));
    spool.nextReport();
    spool.acknowledged('another', 1);
    expect(spool.length).toBe(1);
  });

  it('takes an acknowledgement twice', () => {
    const spool = open();
    spool.add(event('a'));
    spool.nextReport();
    spool.acknowledged(spool.epoch, 1);
    spool.acknowledged(spool.epoch, 1);
    spool.add(event('b'));
    expect(spool.nextReport()).toMatchObject({ sequence: 2, records: [event('b')] });
  });

  it('goes on after the reports the server holds when its own disk was set back', () => {
    const spool = open();
    spool.add(event('a'));
    spool.acknowledged(spool.epoch, 9);
    expect(spool.nextReport()).toMatchObject({ sequence: 10, records: [event('a')] });
  });

  it('fills a report up to 200 records and keeps the rest for the next', () => {
    const spool = open();
    for (let number = 0; number < 201; number += 1) spool.add(event(`${number}`));
    expect(spool.nextReport()?.records).toHaveLength(200);
    spool.acknowledged(spool.epoch, 1);
    expect(spool.nextReport()?.records).toEqual([event('200')]);
  });

  it('keeps a report below the size of a frame, counted in bytes', () => {
    const spool = open();
    for (let number = 0; number < 200; number += 1) spool.add(event('ä'.repeat(1000)));
    const bytes = Buffer.byteLength(JSON.stringify(spool.nextReport()));
    expect(bytes).toBeGreaterThan(300_000);
    expect(bytes).toBeLessThan(500_000);
  });

  it('drops the oldest health first when it is full, and says so', () => {
    const spool = open({ records: 20, bytes: 1e9 });
    spool.add(finding('first'));
    for (let number = 0; number < 20; number += 1) spool.add(load(number));
    const records = spool.nextReport()?.records ?? [];
    expect(records).toContainEqual(finding('first'));
    expect(records).not.toContainEqual(load(0));
    expect(records).toContainEqual(load(19));
    expect(records).toContainEqual(expect.objectContaining({ code: 'spool-dropped' }));
  });

  it('stays within its limits whatever is added, and keeps the latest of every finding', () => {
    const spool = open({ records: 40, bytes: 1e9 });
    for (let number = 0; number < 100; number += 1) {
      spool.add(load(number));
      spool.add(event(`${number}`));
      spool.add(finding(`code-${number % 5}`, `${number}`));
      expect(spool.length).toBeLessThanOrEqual(41);
    }
    const kept = spool.nextReport()?.records.filter((record) => record.kind === 'finding') ?? [];
    for (const number of [95, 96, 97, 98, 99]) expect(kept).toContainEqual(finding(`code-${number % 5}`, `${number}`));
  });

  it('stays within its limit in bytes', () => {
    const spool = open({ records: 1e9, bytes: 50_000 });
    for (let number = 0; number < 100; number += 1) spool.add(event('x'.repeat(1000)));
    expect(spool.length).toBeLessThan(52);
  });

  it('never changes a report that was handed out, although it is full', () => {
    const spool = open({ records: 20, bytes: 1e9 });
    for (let number = 0; number < 10; number += 1) spool.add(load(number));
    const first = spool.nextReport();
    for (let number = 10; number < 40; number += 1) spool.add(load(number));
    expect(spool.nextReport()).toEqual(first);
  });

  it('tells whoever waits for additions', () => {
    const spool = open();
    let told = 0;
    spool.onAdded(() => {
      told += 1;
    });
    spool.add(event('a'));
    expect(told).toBe(1);
  });
});

describe('the database', () => {
  it('belongs to one process at a time', () => {
    open();
    expect(() => open()).toThrow(HomeBusy);
  });

  it.each<[string, string | Buffer]>([
    ['text', 'this is no database'.repeat(100)],
    ['a cut-off page', Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(3000, 7)])],
  ])('that is damaged (%s) is moved aside and begun anew, with a new epoch', (_name, content) => {
    const epoch = open().epoch;
    die();
    writeFileSync(path, content);
    const spool = open(undefined, 2);
    expect(spool.length).toBe(0);
    expect(spool.epoch).not.toBe(epoch);
    expect(log.errors.at(-1)).toMatch(/moved aside/);
  });
});
