import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Home } from '../../../../agent/store/home.ts';
import { openStore, type Store } from '../../../../agent/store/open.ts';
import type { ReportedRecord, ReportRecord } from '../../../../shared/protocol/messages.ts';
import { FakeClock, SeededRandom } from '../../../fakes/clock.ts';
import { FakeLog } from '../../../fakes/log.ts';

const clock = new FakeClock();
let log: FakeLog;
let home: Home;
let store: Store;

const open = () => openStore(home, clock, new SeededRandom(), log);
const sent = (): ReportRecord[] => store.spool.nextReport()?.records ?? [];
const record = (change: Partial<ReportedRecord> = {}): ReportedRecord => ({
  kind: 'reported',
  at: 1,
  section: 'browser',
  generation: 3,
  hash: 'a'.repeat(64),
  status: 'verified',
  evidence: [{ item: 'file', expected: 'x', seen: 'x', ok: true }],
  ...change,
});

beforeEach(() => {
  log = new FakeLog();
  home = new Home(mkdtempSync(join(tmpdir(), 'rollcall-reports-')));
  store = open();
});
afterEach(() => {
  store.close();
  rmSync(home.path, { recursive: true });
});

describe('reports', () => {
  it('say the same of a section once, whatever the time', () => {
    store.reports.reportSection(record());
    store.reports.reportSection(record({ at: 2 }));
    expect(sent()).toEqual([record()]);
  });

  it('say the same once, also across a restart', () => {
    store.reports.reportSection(record());
    store.close();
    store = open();
    store.reports.reportSection(record({ at: 2 }));
    expect(sent()).toEqual([record()]);
  });

  it.each<[string, Partial<ReportedRecord>]>([
    ['its status', { status: 'failed', failure: { code: 'denied', message: 'no' } }],
    ['its generation', { generation: 4 }],
    ['its evidence', { evidence: [{ item: 'file', expected: 'x', seen: 'y', ok: false }] }],
    ['its hash', { hash: 'b'.repeat(64) }],
  ])('say a section again when it differs in %s', (_name, change) => {
    store.reports.reportSection(record());
    store.reports.reportSection(record(change));
    expect(sent()).toHaveLength(2);
  });

  it('open a finding once, and again when its detail changes', () => {
    store.reports.openFinding('desired-refused', 'older', 1);
    store.reports.openFinding('desired-refused', 'older', 2);
    store.reports.openFinding('desired-refused', 'unsigned', 3);
    expect(sent().map((item) => item.kind === 'finding' && item.detail)).toEqual(['older', 'unsigned']);
  });

  it('close a finding that is open, and no other', () => {
    store.reports.closeFinding('desired-refused', 1);
    store.reports.openFinding('desired-refused', 'older', 2);
    store.reports.closeFinding('desired-refused', 3);
    store.reports.closeFinding('desired-refused', 4);
    expect(sent().map((item) => item.kind === 'finding' && item.open)).toEqual([true, false]);
  });

  it.each<[string, ReportRecord]>([
    ['that break the schema', { kind: 'event', at: 1, code: 'Not a code', detail: '' }],
    ['of a health nobody knows', { kind: 'health', at: 1, collector: 'load', value: { cpuPercent: 900 } }],
    ['that are too long', { kind: 'event', at: 1, code: 'drift-corrected', detail: 'x'.repeat(2000) }],
  ])('are not sent, but logged, when they are records %s: one would hold up all others', (_name, broken) => {
    store.reports.emit(broken);
    expect(store.spool.length).toBe(0);
    expect(log.errors).toHaveLength(1);
  });
});
