import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CalendarStore } from '../../server/store/calendars.ts';
import { DocumentStore } from '../../server/store/documents.ts';
import { openStore } from '../../server/store/open.ts';
import { type OverrideRecord, OverrideStore } from '../../server/store/overrides.ts';
import { ReportStore } from '../../server/store/reports.ts';
import { RequestStore } from '../../server/store/requests.ts';
import type { UnblockRequestRecord } from '../../shared/protocol/messages.ts';
import { someCalendar } from '../fakes/filter-district.ts';
import { addDevice } from '../fakes/rows.ts';

type Store = Awaited<ReturnType<typeof openStore>>;

const override = (id: string, change: Partial<OverrideRecord> = {}): OverrideRecord => ({
  ...{ id, target: { kind: 'person', id: 'p1' }, kind: 'allow', domains: ['a.example'], categories: ['games'] },
  ...{ everything: false, reason: 'why', by: 'staff:Kim', from: 100, until: 200, endedAt: null, requestId: null },
  ...change,
});

describe.each(['in memory', 'in a file'])('the stores of the web filter %s', (where) => {
  let folder: string;
  let db: Store;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rollcall-filter-'));
    db = await openStore(where === 'in memory' ? ':memory:' : join(folder, 'store.sqlite'));
    for (const id of ['d1', 'd2']) await addDevice(db, id);
  });
  beforeEach(async () => {
    for (const table of ['document', 'calendar', 'filter_override', 'unblock_request'] as const)
      await db.deleteFrom(table).execute();
  });
  afterAll(async () => {
    await db.destroy();
    await rm(folder, { recursive: true });
  });

  describe('documents', () => {
    it('are kept by name with a version that rises', async () => {
      const documents = new DocumentStore(db);
      expect(await documents.read('a')).toBeUndefined();
      expect(await documents.save('a', { x: [1] }, 0, 1)).toBe(1);
      expect(await documents.save('a', { x: [2] }, 1, 2)).toBe(2);
      expect(await documents.read('a')).toEqual({ content: { x: [2] }, version: 2 });
      expect(await documents.read('b')).toBeUndefined();
    });

    it.each([0, 1])('let one of two writers with version %i through', async (version) => {
      const documents = new DocumentStore(db);
      if (version === 1) await documents.save('a', 'first', 0, 1);
      const both = await Promise.allSettled([
        documents.save('a', 'x', version, 2),
        documents.save('a', 'y', version, 2),
      ]);
      expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
      expect((await documents.read('a'))?.version).toBe(version + 1);
    });

    it('are not begun with a version', async () => {
      await expect(new DocumentStore(db).save('a', 'x', 4, 1)).rejects.toMatchObject({ code: 'changed-meanwhile' });
      expect(await new DocumentStore(db).read('a')).toBeUndefined();
    });
  });

  it('calendars are one a unit, the district’s first, and stay when the unit leaves the roster', async () => {
    const calendars = new CalendarStore(db);
    await calendars.save('gone', someCalendar(), 1);
    await calendars.save(null, someCalendar(), 2);
    await calendars.save(null, someCalendar({ zone: 'America/Denver' }), 3);
    expect(
      (await calendars.list()).map(({ orgId, org, calendar, updatedAt }) => [orgId, org, calendar.zone, updatedAt]),
    ).toEqual([
      [null, null, 'America/Denver', 3],
      ['gone', null, 'America/Chicago', 1],
    ]);
    expect([await calendars.delete('gone'), await calendars.delete('gone')]).toEqual([true, false]);
  });

  describe('overrides', () => {
    it('come back as they were written', async () => {
      const store = new OverrideStore(db);
      const whole = override('o1', { everything: true, requestId: 'r', endedAt: 150 });
      await store.insert(whole);
      expect(await store.find('o1')).toEqual(whole);
      expect(await store.find('o2')).toBeUndefined();
    });

    it.each([
      [99, ['o1']],
      [199, ['o1']],
      [200, []],
    ])('in force at %i are %o', async (at, ids) => {
      const store = new OverrideStore(db);
      await store.insert(override('o1'));
      await store.insert(override('ended', { endedAt: 120 }));
      expect((await store.inForce(at)).map(({ id }) => id)).toEqual(ids);
      expect((await store.inForce(at, { kind: 'person', ids: ['p1'] })).map(({ id }) => id)).toEqual(ids);
      expect(await store.inForce(at, { kind: 'person', ids: ['p2'] })).toEqual([]);
      expect(await store.inForce(at, { kind: 'class', ids: ['p1'] })).toEqual([]);
      expect((await store.page({ inForce: { at, is: true } })).total).toBe(ids.length);
      const over = await store.page({ inForce: { at, is: false } });
      expect(over.total).toBe((await store.page({})).total - ids.length);
      expect(over.items.filter(({ id }) => ids.includes(id))).toEqual([]);
    });

    it('are ended once, by hand or when their time is over', async () => {
      const store = new OverrideStore(db);
      await store.insert(override('o1'));
      await store.insert(override('o2', { until: 300 }));
      expect([await store.end('o2', 150), await store.end('o2', 160)]).toEqual([true, false]);
      expect((await store.endOverdue(199)).map(({ id }) => id)).toEqual([]);
      expect((await store.endOverdue(200)).map(({ id, endedAt }) => [id, endedAt])).toEqual([['o1', 200]]);
      expect(await store.endOverdue(400)).toEqual([]);
      expect((await store.find('o2'))?.endedAt).toBe(150);
    });
  });

  describe('unblock requests', () => {
    const record = (change: Partial<UnblockRequestRecord> = {}): UnblockRequestRecord => ({
      ...{ kind: 'unblock-request', at: 1_000_000_000_000, id: 'r1', name: 'a.example', words: 'please' },
      ...change,
    });
    let sequence = 0;
    const report = async (deviceId: string, ...records: UnblockRequestRecord[]) => {
      sequence += 1;
      const reports = [{ deviceId, epoch: where, sequence, records }];
      return await new ReportStore(db).commit(reports, 1_000_000_000_000);
    };
    const rows = () => db.selectFrom('unblock_request').selectAll().orderBy('asked_at').execute();

    it('are stored with the batch that brings them, once, with an event', async () => {
      const [outcome] = await report('d1', record(), record(), record({ id: 'r2' }));
      expect(outcome).toMatchObject({ kind: 'committed', eventIds: [expect.any(Number)] });
      expect(await rows()).toMatchObject([{ device_id: 'd1', reported_id: 'r1', state: 'open', words: 'please' }]);
    });

    it('are not stored when the batch is not', async () => {
      const broken = {
        ...record({ id: 'r2', name: 'b.example' }),
        words: undefined,
      } as unknown as UnblockRequestRecord;
      await expect(report('d1', record(), broken)).rejects.toThrow();
      expect(await rows()).toEqual([]);
    });

    it('never touch those of another device', async () => {
      await report('d1', record());
      await report('d2', record({ words: 'mine' }));
      expect((await rows()).map(({ device_id, words }) => [device_id, words]).toSorted()).toEqual([
        ['d1', 'please'],
        ['d2', 'mine'],
      ]);
    });

    it('are decided together with the override that grants them, or not at all', async () => {
      const store = new RequestStore(db);
      await report('d1', record());
      const [{ id } = { id: '' }] = await rows();
      const decision = { state: 'granted', reason: 'yes', by: 'staff:Kim', at: 5 } as const;
      await new OverrideStore(db).insert(override('taken'));
      await expect(store.decide(id, decision, override('taken'))).rejects.toThrow();
      expect(await store.find(id)).toMatchObject({ state: 'open' });
      await store.decide(id, decision, override('o1'));
      expect(await rows()).toMatchObject([{ state: 'granted', outcome: 'yes', override_id: 'o1', decided_at: 5 }]);
      await expect(store.decide(id, decision, override('o2'))).rejects.toMatchObject({ code: 'conflict' });
      expect(await new OverrideStore(db).find('o2')).toBeUndefined();
    });

    it('let one of two members of staff decide', async () => {
      const store = new RequestStore(db);
      await report('d1', record());
      const [{ id } = { id: '' }] = await rows();
      const decide = (by: string, override?: OverrideRecord) =>
        store.decide(id, { state: override ? 'granted' : 'refused', reason: 'so', by, at: 5 }, override);
      const both = await Promise.allSettled([decide('a', override('o1')), decide('b')]);
      expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    });

    it('expire when they were asked before a time, once', async () => {
      const store = new RequestStore(db);
      await report('d1', record());
      const asked = 1_000_000_000_000;
      expect(await store.oldestOpen()).toBe(asked);
      expect(await store.expire(asked - 1, 9, 'late')).toEqual([]);
      expect(await store.expire(asked, 9, 'late')).toEqual(['d1']);
      expect(await store.expire(asked, 9, 'late')).toEqual([]);
      expect(await store.oldestOpen()).toBeUndefined();
      expect(await store.outcomes(9, 20)).toEqual(
        new Map([['d1', [{ id: 'r1', name: 'a.example', state: 'expired', reason: 'late', at: 9 }]]]),
      );
      expect(await store.outcomes(10, 20)).toEqual(new Map());
    });
  });
});
