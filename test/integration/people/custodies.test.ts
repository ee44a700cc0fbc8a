import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Bus } from '../../../server/bus.ts';
import { CustodyService } from '../../../server/people/custodies.ts';
import type { NewEvent } from '../../../server/services.ts';
import { CustodyStore } from '../../../server/store/custody.ts';
import { openStore } from '../../../server/store/open.ts';
import { FakeClock, SeededRandom } from '../../fakes/clock.ts';
import { addDevice, addPerson } from '../../fakes/rows.ts';

describe('custodies', () => {
  let db: Awaited<ReturnType<typeof openStore>>;
  let custodies: CustodyService;
  let said: NewEvent[];
  let changed: (readonly string[])[];
  const clock = new FakeClock();

  beforeEach(async () => {
    db = await openStore(':memory:');
    said = [];
    changed = [];
    const bus = new Bus((error) => {
      throw error;
    });
    bus.subscribe('device-changed', ({ deviceIds }) => {
      changed.push(deviceIds);
    });
    const events = {
      add: async (event: NewEvent) => {
        said.push(event);
      },
    };
    custodies = new CustodyService({ store: new CustodyStore(db), events, bus, clock, random: new SeededRandom() });
    for (const id of ['d1', 'd2']) await addDevice(db, id);
    for (const id of ['p1', 'p2']) await addPerson(db, id);
  });
  afterEach(() => db.destroy());

  it('tells of both devices when a person’s device is replaced', async () => {
    await custodies.open('d1', 'p1', 'primary', 'staff:it');
    clock.advance(1000);
    const view = await custodies.open('d2', 'p1', 'primary', 'staff:it');
    expect(view).toMatchObject({ device: { id: 'd2', name: 'device-d2' }, person: { id: 'p1' }, endedAt: null });
    expect(changed).toEqual([['d1'], ['d2', 'd1']]);
    expect(said.map((event) => [event.code, event.subject?.id])).toEqual([
      ['custody-opened', 'd1'],
      ['custody-closed', 'd1'],
      ['custody-opened', 'd2'],
    ]);
    expect(await custodies.ofPerson('p1')).toMatchObject([{ endedAt: null }, { endReason: 'replaced' }]);
  });

  it('says nothing when nothing changes', async () => {
    const first = await custodies.open('d1', 'p1', 'primary', 'staff:it');
    expect(await custodies.open('d1', 'p1', 'primary', 'staff:it')).toEqual(first);
    expect(said).toHaveLength(1);
    expect(changed).toHaveLength(1);
  });

  it('takes a device back, with a reason; the words name nobody, only what is erased with the person does', async () => {
    await custodies.open('d1', 'p1', 'loan', 'staff:it');
    const view = await custodies.close('d1', `  Given p1 moved away ${'x'.repeat(300)}`, 'staff:it');
    expect(view.endReason).toMatch(/^Given p1 moved away/);
    expect(view.endReason).toHaveLength(200);
    expect(JSON.stringify(said.map(({ before, after, reason, ...kept }) => kept))).not.toMatch(/Given|p1/);
    expect(said.map(({ before, after, reason }) => [before, after, reason])).toEqual([
      [{}, { holder: 'Given p1', kind: 'loan' }, undefined],
      [{ holder: 'Given p1', kind: 'loan' }, {}, view.endReason],
    ]);
    expect(await custodies.ofDevice('d1')).toMatchObject([{ kind: 'loan', endReason: view.endReason }]);
  });

  it('writes and publishes nothing when it is refused', async () => {
    await expect(custodies.open('d9', 'p1', 'primary', 'staff:it')).rejects.toMatchObject({ code: 'not-found' });
    await expect(custodies.close('d1', 'returned', 'staff:it')).rejects.toMatchObject({ code: 'not-found' });
    expect([said, changed]).toEqual([[], []]);
  });

  it('ends with one holder however many technicians hand a device out at once', async () => {
    const people = Array.from({ length: 10 }, (_, n) => `q${n}`);
    for (const id of people) await addPerson(db, id);
    await Promise.all(people.map((id) => custodies.open('d1', id, 'primary', 'staff:it')));
    const history = await custodies.ofDevice('d1');
    expect(history).toHaveLength(10);
    expect(history.filter((custody) => custody.endedAt === null)).toHaveLength(1);
  });
});
