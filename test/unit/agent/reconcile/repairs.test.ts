import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Repairs } from '../../../../agent/reconcile/repairs.ts';
import { Home } from '../../../../agent/store/home.ts';
import { openStore, type Store } from '../../../../agent/store/open.ts';
import type { ReportRecord } from '../../../../shared/protocol/messages.ts';
import { FakeClock, SeededRandom } from '../../../fakes/clock.ts';
import { FakeLog } from '../../../fakes/log.ts';

const minute = 60_000;
const change = { item: 'the table', before: 'gone', after: 'there' };
const ordinary = { ...change, item: 'resolv.conf', isOrdinary: true as const };
let folder: string;
let clock: FakeClock;
let store: Store;
let repairs: Repairs;

function open(): void {
  store = openStore(new Home(join(folder, 'agent')), clock, new SeededRandom(), new FakeLog());
  repairs = new Repairs({ ...store, trusted: clock, clock, log: new FakeLog() });
  repairs.start();
}

/** What was said, as `code open` and `code` of events. */
function said(): string[] {
  const records: ReportRecord[] = store.spool.nextReport()?.records ?? [];
  return records.flatMap((record) => {
    if (record.kind === 'finding') return [`${record.code} ${record.open ? 'open' : 'closed'}: ${record.detail}`];
    return record.kind === 'event' ? [`${record.code}: ${record.detail}`] : [];
  });
}

function correctTimes(times: number): void {
  for (let time = 0; time < times; time += 1) {
    repairs.corrected('firewall', [change]);
    clock.advance(minute);
  }
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'repairs-'));
  clock = new FakeClock();
  open();
});
afterEach(() => {
  repairs.stop();
  store.close();
  rmSync(folder, { recursive: true });
});

describe('settings that are put right', () => {
  it('are told one by one until the third within an hour, which opens a finding', () => {
    expect(repairs.corrected('firewall', [change])).toEqual([change]);
    expect(repairs.corrected('firewall', [change])).toEqual([change]);
    expect(said()).toEqual([]);
    expect(repairs.corrected('firewall', [change])).toEqual([]);
    expect(said()).toEqual([expect.stringMatching(/^tamper open: firewall: the table was changed back 3 times/)]);
  });

  it('wait from then on, together with nothing else that is wrong', () => {
    correctTimes(2);
    expect(repairs.postponed('firewall', [change])).toBeUndefined();
    correctTimes(1);
    expect(repairs.postponed('firewall', [change])).toEqual({
      forMs: 2 * minute,
      words: 'the table: changed back again and again; put right again at 2026-10-05T14:05Z.',
    });
    expect(repairs.postponed('firewall', [change, { ...change, item: 'another' }])).toBeUndefined();
    expect(repairs.postponed('browser', [change])).toBeUndefined();
    clock.advance(2 * minute);
    expect(repairs.postponed('firewall', [change])).toBeUndefined();
  });

  it('never count where networks change them in the ordinary course', () => {
    for (let time = 0; time < 5; time += 1) expect(repairs.corrected('webFilter', [ordinary])).toEqual([ordinary]);
    expect(repairs.postponed('webFilter', [ordinary])).toBeUndefined();
    expect(said()).toEqual([]);
  });

  it('close the finding after a quiet hour, with one summary', () => {
    correctTimes(4);
    clock.advance(70 * minute);
    expect(said().slice(-2)).toEqual([
      'tamper-ended: firewall: the table was changed back 4 times between 2026-10-05T14:00Z and 2026-10-05T14:03Z, and left alone for an hour since.',
      expect.stringMatching(/^tamper closed: /),
    ]);
    expect(store.corrections.all()).toEqual([]);
    expect(clock.pending).toBe(0);
  });

  it('are remembered over a restart of the agent', () => {
    correctTimes(3);
    repairs.stop();
    store.close();
    open();
    expect(repairs.postponed('firewall', [change])?.forMs).toBe(2 * minute);
    clock.advance(70 * minute);
    expect(said().at(-1)).toMatch(/^tamper closed/);
  });

  it('go on being put right when the disk takes nothing', () => {
    const log = new FakeLog();
    const full = { all: () => [], add: () => fail(), remove: () => fail() } as unknown as Store['corrections'];
    const careless = new Repairs({ ...store, corrections: full, trusted: clock, clock, log });
    expect(careless.corrected('firewall', [change])).toEqual([change]);
    expect(log.said.map(({ words }) => words)).toEqual(['What was put right could not be kept. Is the disk full?']);
    careless.stop();
  });
});

function fail(): never {
  throw new Error('SQLITE_FULL');
}
