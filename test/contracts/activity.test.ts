import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ActivityService } from '../../server/filter/activity.ts';
import { Retention } from '../../server/filter/retention.ts';
import type { NewEvent } from '../../server/services.ts';
import { ActivityStore } from '../../server/store/activity.ts';
import { openStore } from '../../server/store/open.ts';
import { PeopleStore } from '../../server/store/people.ts';
import { ReportStore } from '../../server/store/reports.ts';
import type { FilterSettings } from '../../shared/api/schemas.ts';
import type { ActivityRecord } from '../../shared/protocol/messages.ts';
import { FakeClock } from '../fakes/clock.ts';
import { addDevice, addPerson } from '../fakes/rows.ts';

type Store = Awaited<ReturnType<typeof openStore>>;

const noon = Date.parse('2026-11-20T12:00:00Z');
const dayMs = 86_400_000;
const settings = { namesKeptDays: 30, countsKeptDays: 90, reportThreshold: 3 } as FilterSettings;

describe.each(['in memory', 'in a file'])('what devices recorded, %s', (where) => {
  let folder: string;
  let db: Store;
  let activity: ActivityStore;
  let service: ActivityService;
  let events: NewEvent[];
  let clock: FakeClock;
  let sequence = 0;

  const record = (given: Partial<ActivityRecord> = {}): ActivityRecord => ({
    kind: 'activity',
    at: noon,
    from: noon - 900_000,
    place: 'on-campus',
    level: 'blocked',
    asked: 100,
    blocked: 3,
    categories: [{ category: 'gambling', blocked: 3 }],
    names: [
      { name: 'bets.example', outcome: 'blocked', category: 'gambling', count: 3, lastAt: noon - 1000 },
      { name: 'news.example', outcome: 'passed', count: 9, lastAt: noon - 2000 },
    ],
    ...given,
  });
  const report = async (deviceId: string, records: ActivityRecord[], at = noon) => {
    sequence += 1;
    return await new ReportStore(db).commit([{ deviceId, epoch: 'e1', sequence, records }], at);
  };
  const names = async () =>
    (await db.selectFrom('activity_name').selectAll().orderBy('id').execute()).map(
      ({ device_id, person_id, name, outcome }) => `${device_id} ${person_id} ${name} ${outcome}`,
    );

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rollcall-activity-'));
    db = await openStore(where === 'in memory' ? ':memory:' : join(folder, 'store.sqlite'));
    for (const number of [1, 2, 3, 4]) {
      const school = number === 4 ? 'small' : 'big';
      await addDevice(db, `d${number}`);
      await addPerson(db, `p${number}`, { org_id: school, role: number === 3 ? 'teacher' : 'student' });
      await db
        .insertInto('custody')
        .values({
          ...{ id: `c${number}`, device_id: `d${number}`, person_id: `p${number}`, kind: 'primary', starts_at: 0 },
          ...{ ended_at: null, end_reason: null, by_actor: 'test' },
        })
        .execute();
    }
    for (const id of ['big', 'small'])
      await db
        .insertInto('org')
        .values({
          id,
          sourced_id: id,
          name: `The ${id} school`,
          type: 'school',
          parent_id: null,
          identifier: null,
          active: 1,
        })
        .execute();
    activity = new ActivityStore(db);
  });
  beforeEach(async () => {
    for (const table of ['activity_count', 'activity_name', 'deletion', 'document'] as const)
      await db.deleteFrom(table).execute();
    await db.updateTable('device').set({ spool_epoch: null, spool_sequence: 0 }).execute();
    sequence = 0;
    events = [];
    clock = new FakeClock(noon);
    service = new ActivityService({
      stores: { activity, people: new PeopleStore(db) },
      settings: { read: async () => ({ settings, version: 1 }) },
      events: { add: async (event) => void events.push(event) },
      clock,
    });
  });
  afterAll(async () => {
    await db.destroy();
    await rm(folder, { recursive: true });
  });

  it('adds up the numbers of a day', async () => {
    await report('d1', [
      record(),
      record({ at: noon + 900_000, asked: 50, blocked: 1, categories: [{ category: 'gambling', blocked: 1 }] }),
    ]);
    expect(await activity.sums('2026-11-20', '2026-11-20')).toEqual(
      expect.arrayContaining([
        { orgId: 'big', category: '', asked: 150, blocked: 4, devices: 1 },
        { orgId: 'big', category: 'gambling', asked: 0, blocked: 4, devices: 1 },
      ]),
    );
  });

  it('does not count a batch twice that is sent again', async () => {
    await report('d1', [record()]);
    sequence -= 1;
    expect(await report('d1', [record()])).toEqual([{ kind: 'duplicate' }]);
    expect((await activity.sums('2026-11-20', '2026-11-20')).find(({ category }) => category === '')?.asked).toBe(100);
  });

  const levels: [string, ActivityRecord['level'], string[]][] = [
    ['numbers only, whatever names came along', 'counts', []],
    ['blocked names only', 'blocked', ['d1 p1 bets.example blocked']],
    ['every name', 'full', ['d1 p1 bets.example blocked', 'd1 p1 news.example passed']],
  ];
  it.each(levels)('keeps %s', async (_words, level, kept) => {
    await report('d1', [record({ level })]);
    expect(await names()).toEqual(kept);
  });

  const preset = async (exception: string | null) => {
    const content = {
      preset: 'minnesota',
      presetException: exception && { reason: 'by order of a court', until: exception },
    };
    await db
      .insertInto('document')
      .values({ name: 'filter-settings', content: JSON.stringify(content), version: 1, updated_at: 0 })
      .execute();
  };
  const presets: [string, string, string | null, number][] = [
    ['no names of a student', 'd1', null, 0],
    ['names of a teacher', 'd3', null, 1],
    ['names of a student while an exception lasts', 'd1', '2026-11-21T00:00:00Z', 1],
    ['no names of a student when the exception has ended', 'd1', '2026-11-20T11:00:00Z', 0],
  ];
  it.each(presets)('keeps, in Minnesota, %s, even when the device sends them', async (_words, device, until, count) => {
    await preset(until);
    await report(device, [record()]);
    expect(await names()).toHaveLength(count);
    expect(await activity.sums('2026-11-20', '2026-11-20')).not.toEqual([]);
  });

  it('never believes a time in the future', async () => {
    await report('d1', [
      record({ names: [{ name: 'a.example', outcome: 'blocked', count: 1, lastAt: noon + dayMs }] }),
    ]);
    expect((await activity.namesOf('p1', 10)).rows[0]?.at).toBe(noon);
  });

  it('reports by category and school, without schools of too few people', async () => {
    for (const device of ['d1', 'd2', 'd3', 'd4']) await report(device, [record()]);
    expect(await service.report('2026-11-20', '2026-11-20')).toEqual({
      from: '2026-11-20',
      to: '2026-11-20',
      threshold: 3,
      schools: [
        { id: 'big', name: 'The big school', asked: 300, blocked: null },
        { id: 'small', name: 'The small school', asked: null, blocked: null },
      ],
      categories: [{ category: 'gambling', title: 'gambling', total: 12, bySchool: [null, null] }],
      suppressed: 2,
    });
  });

  it('refuses a report that ends before it begins', async () => {
    await expect(service.report('2026-11-21', '2026-11-20')).rejects.toMatchObject({ code: 'bad-request' });
  });

  it('puts a look on record with its purpose before it answers, page by page', async () => {
    await report('d1', [record({ level: 'full' })]);
    const first = await service.ofPerson('p1', { purpose: 'ticket 12: homework', limit: 1 }, 'staff:Ada');
    expect(first).toMatchObject({ total: 2, items: [{ name: 'bets.example', deviceName: 'device-d1', count: 3 }] });
    const cursor = first.nextCursor ?? '';
    const second = await service.ofPerson('p1', { purpose: 'ticket 12: homework', limit: 1, cursor }, 'staff:Ada');
    expect(second.items.map(({ name }) => name)).toEqual(['news.example']);
    expect(events).toHaveLength(2);
    expect(events[0]).toMatchObject({
      actor: 'staff:Ada',
      code: 'activity-viewed',
      subject: { kind: 'person', id: 'p1' },
    });
    expect(events[0]?.words).toContain('ticket 12');
  });

  it.each([
    ['a purpose of blanks', 'p1', '           ', 'bad-request'],
    ['somebody who is not there', 'nobody', 'ticket 12: homework', 'not-found'],
  ])('answers nothing for %s, and records no look', async (_words, person, purpose, code) => {
    await expect(service.ofPerson(person, { purpose }, 'staff:Ada')).rejects.toMatchObject({ code });
    expect(events).toEqual([]);
  });

  it('answers nothing when the look cannot be recorded', async () => {
    const failing = new ActivityService({
      stores: { activity, people: new PeopleStore(db) },
      settings: { read: async () => ({ settings, version: 1 }) },
      events: { add: () => Promise.reject(new Error('disk full')) },
      clock,
    });
    await expect(failing.ofPerson('p1', { purpose: 'ticket 12: homework' }, 'staff:Ada')).rejects.toThrow('disk full');
  });

  it('refuses a cursor that is none', async () => {
    await expect(
      service.ofPerson('p1', { purpose: 'ticket 12: homework', cursor: "1' or 1=1" }, 'staff:Ada'),
    ).rejects.toMatchObject({ code: 'bad-request' });
  });

  it('deletes what is too old and nothing younger, with a proof that can be checked', async () => {
    await report('d1', [record()], noon);
    await report('d2', [
      record({
        at: noon - 31 * dayMs,
        names: [{ name: 'old.example', outcome: 'blocked', count: 1, lastAt: noon - 31 * dayMs }],
      }),
    ]);
    await report('d2', [record({ at: noon - 91 * dayMs, names: [] })]);
    const old = (await activity.namesOf('p2', 10)).rows[0];
    const retention = new Retention({
      ...{ activity, clock, settings: { read: async () => ({ settings, version: 1 }) } },
      events: { add: async (event) => void events.push(event) },
      onError: (error) => {
        throw error;
      },
    });
    await retention.start();
    await retention.stop();
    expect(await names()).toEqual(['d1 p1 bets.example blocked']);
    expect((await activity.sums('2026-01-01', '2026-12-31')).find(({ category }) => category === '')?.asked).toBe(200);
    const { items } = await service.deletions({});
    expect(items.map(({ what, rows }) => `${what} ${rows}`)).toEqual(['counts 2', 'names 1']);
    const key = `${old?.id} ${old?.at} d2`;
    expect(items[1]?.digest).toBe(createHash('sha256').update(key).digest('hex'));
    expect(events.map(({ code }) => code)).toEqual(['records-deleted']);
  });

  it('does nothing, and says nothing, when nothing is too old', async () => {
    await report('d1', [record()]);
    const retention = new Retention({
      ...{ activity, clock, settings: { read: async () => ({ settings, version: 1 }) } },
      events: { add: async (event) => void events.push(event) },
      onError: (error) => {
        throw error;
      },
    });
    await retention.start();
    await retention.stop();
    expect(events).toEqual([]);
    expect((await service.deletions({})).total).toBe(0);
  });
});
