import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CustodyStore, type NewCustody } from '../../server/store/custody.ts';
import { openStore } from '../../server/store/open.ts';
import { addDevice, addPerson } from '../fakes/rows.ts';

type Store = Awaited<ReturnType<typeof openStore>>;

describe.each(['in memory', 'in a file'])('the store of custodies %s', (where) => {
  let folder: string;
  let db: Store;
  let store: CustodyStore;
  let number = 0;
  const wanted = (deviceId: string, personId: string, kind: 'primary' | 'loan' = 'primary', at = 1000): NewCustody => {
    number += 1;
    return { id: `c${number}`, deviceId, personId, kind, at, by: 'test' };
  };
  const open = async () => {
    const rows = await db
      .selectFrom('custody')
      .selectAll()
      .where('ended_at', 'is', null)
      .orderBy('device_id')
      .execute();
    return rows.map((row) => `${row.device_id} ${row.person_id} ${row.kind}`);
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rollcall-custody-'));
    db = await openStore(where === 'in memory' ? ':memory:' : join(folder, 'store.sqlite'));
    store = new CustodyStore(db);
    for (const id of ['d1', 'd2', 'd3']) await addDevice(db, id);
    for (const id of ['p1', 'p2']) await addPerson(db, id);
    await addPerson(db, 'gone', { active: 0 });
  });
  beforeEach(async () => {
    await db.deleteFrom('custody').execute();
  });
  afterAll(async () => {
    await db.destroy();
    await rm(folder, { recursive: true });
  });

  const steps: [string, NewCustody[], string[], string[]][] = [
    ['opens one', [wanted('d1', 'p1')], ['d1 p1 primary'], []],
    [
      'ends it when the device goes to somebody else',
      [wanted('d1', 'p1'), wanted('d1', 'p2')],
      ['d1 p2 primary'],
      ['handed to someone else'],
    ],
    ['ends a person’s earlier primary', [wanted('d1', 'p1'), wanted('d2', 'p1')], ['d2 p1 primary'], ['replaced']],
    [
      'leaves the primary open beside a loan',
      [wanted('d1', 'p1'), wanted('d2', 'p1', 'loan')],
      ['d1 p1 primary', 'd2 p1 loan'],
      [],
    ],
    [
      'allows several loans',
      [wanted('d1', 'p1', 'loan'), wanted('d2', 'p1', 'loan')],
      ['d1 p1 loan', 'd2 p1 loan'],
      [],
    ],
    [
      'ends both at once',
      [wanted('d1', 'p1'), wanted('d2', 'p2'), wanted('d2', 'p1')],
      ['d2 p1 primary'],
      ['handed to someone else', 'replaced'],
    ],
    ['changes nothing when it is open already', [wanted('d1', 'p1'), wanted('d1', 'p1')], ['d1 p1 primary'], []],
    [
      'turns a loan into a primary by a new row',
      [wanted('d1', 'p1', 'loan'), wanted('d1', 'p1')],
      ['d1 p1 primary'],
      ['handed to someone else'],
    ],
  ];
  it.each(steps)('%s', async (_, all, expectedOpen, reasons) => {
    for (const one of all) await store.open(one);
    expect(await open()).toEqual(expectedOpen);
    const ended = await db.selectFrom('custody').select('end_reason').where('ended_at', 'is not', null).execute();
    expect(ended.map((row) => row.end_reason).toSorted()).toEqual(reasons);
  });

  it.each([
    ['a device nobody knows', wanted('d9', 'p1'), 'not-found'],
    ['a person nobody knows', wanted('d1', 'p9'), 'not-found'],
    ['a person who left', wanted('d1', 'gone'), 'conflict'],
  ])('refuses %s, and what was open stays open', async (_, custody, code) => {
    await store.open(wanted('d1', 'p2'));
    await expect(store.open(custody)).rejects.toMatchObject({ code });
    expect(await open()).toEqual(['d1 p2 primary']);
  });

  it('keeps the past: who held it, from when until when', async () => {
    await store.open(wanted('d1', 'p1', 'primary', 1000));
    await store.open(wanted('d1', 'p2', 'loan', 2000));
    await store.close('d1', 3000, 'returned');
    expect(await store.ofDevice('d1')).toMatchObject([
      {
        person: { id: 'p2', name: 'Given p2' },
        kind: 'loan',
        startsAt: '1970-01-01T00:00:02.000Z',
        endReason: 'returned',
      },
      { person: { id: 'p1' }, kind: 'primary', endedAt: '1970-01-01T00:00:02.000Z' },
    ]);
    expect(await store.ofPerson('p1')).toHaveLength(1);
    await expect(store.close('d1', 4000, 'again')).rejects.toMatchObject({ code: 'not-found' });
  });

  it('answers who holds what now', async () => {
    await store.open(wanted('d1', 'p1'));
    await store.open(wanted('d2', 'p1', 'loan', 2000));
    await store.open(wanted('d3', 'p2'));
    await store.close('d3', 3000, 'returned');
    expect([...(await store.openCustodyOfDevices(['d1', 'd3', 'd9'])).keys()]).toEqual(['d1']);
    expect([...(await store.openCustodyOfDevices()).keys()].toSorted()).toEqual(['d1', 'd2']);
    expect((await store.openCustodyOfPeople(['p1', 'p2'])).get('p1')?.map((one) => one.deviceId)).toEqual(['d1', 'd2']);
    expect((await store.openCustodyOfPeople()).has('p2')).toBe(false);
  });

  const races: [string, NewCustody[]][] = [
    ['one device to two people', [wanted('d1', 'p1'), wanted('d1', 'p2')]],
    ['two devices to one person', [wanted('d1', 'p1'), wanted('d2', 'p1')]],
    ['the same twice', [wanted('d1', 'p1'), wanted('d1', 'p1')]],
  ];
  it.each(races)('has exactly one open custody after %s at once', async (_, pair) => {
    const answers = await Promise.all(pair.map((one) => store.open(one)));
    expect(answers).toHaveLength(2);
    expect(await open()).toHaveLength(1);
    const rows = await db.selectFrom('custody').selectAll().execute();
    expect(rows.length).toBe(answers.filter((answer) => answer.isNew).length);
  });
});

describe('two servers on one file', () => {
  it('never hold one device open twice', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'rollcall-custody-'));
    const path = join(folder, 'store.sqlite');
    const db = await openStore(path);
    const people = Array.from({ length: 20 }, (_, n) => `p${n}`);
    await addDevice(db, 'd1');
    for (const id of people) await addPerson(db, id);

    const racer = new URL('../fakes/custody-racer.ts', import.meta.url);
    const race = async (name: string) =>
      await once(new Worker(racer, { workerData: { path, name, people } }), 'message');
    expect(await Promise.all([race('one'), race('two')])).toEqual([['done'], ['done']]);

    const rows = await db.selectFrom('custody').selectAll().execute();
    expect(rows.filter((row) => row.ended_at === null)).toHaveLength(1);
    expect(rows.length).toBeGreaterThan(people.length);
    await db.destroy();
    await rm(folder, { recursive: true });
  });
});
