import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Selector } from '../../../../shared/policy/selector.ts';
import { openPolicyDistrict, type PolicyDistrict } from '../../../fakes/policy-district.ts';

const sixth: Selector = { kind: 'grade', grade: '06' };

describe('whom a selector reaches', () => {
  let district: PolicyDistrict;

  /** Ada has two devices; what grade Cy is in is not known; nobody has the last one, which is a lab's. */
  beforeEach(async () => {
    district = await openPolicyDistrict();
    await district.addOrg('maple', null);
    await district.addDevices(['1', '2', '3', '4', '5']);
    await district.addPerson({ id: 'ada' });
    await district.addPerson({ id: 'bob', grade: '07' });
    await district.addPerson({ id: 'cy', grade: null });
    for (const [device, person] of [
      ['1', 'ada'],
      ['2', 'ada'],
      ['3', 'bob'],
      ['4', 'cy'],
    ] as const)
      await district.give(device, person);
    await district.db.insertInto('device_tag').values({ device_id: '5', tag: 'lab' }).execute();
    await district.desired.start();
  });
  afterEach(async () => {
    expect(district.errors).toEqual([]);
    await district.close();
  });

  const count = async (selector: Selector) => (await district.reach.counts([{ kind: 'rule', selector }]))[0];
  const forget = async (person: string) => {
    await district.db.updateTable('person').set({ grade: null }).where('id', '=', person).execute();
    district.bus.publish('roster-changed', {});
    await district.desired.settled();
  };

  it('is counted: devices, people, and those of which it cannot be said', async () => {
    expect(await count(sixth)).toEqual({ devices: 2, people: 1, unknown: 2 });
    expect(await count({ kind: 'not', of: sixth })).toEqual({ devices: 1, people: 1, unknown: 2 });
    expect(await count({ kind: 'everyone' })).toEqual({ devices: 5, people: 3, unknown: 0 });
    const list = { kind: 'list' as const, people: ['bob'], devices: [] };
    expect(await district.reach.counts([list, { kind: 'rule', selector: { kind: 'tag', tag: 'lab' } }])).toEqual([
      { devices: 1, people: 1, unknown: 0 },
      { devices: 1, people: 0, unknown: 0 },
    ]);
  });

  it('counts those that it last reached where it cannot be said any more', async () => {
    await district.publish('p', {}, sixth);
    await forget('ada');
    expect(await count(sixth)).toEqual({ devices: 2, people: 1, unknown: 4 });
  });

  it('is listed by name, a page at a time, each with why', async () => {
    const selector: Selector = { kind: 'any', of: [sixth, { kind: 'tag', tag: 'lab' }] };
    const first = await district.reach.list(selector, { limit: 2 });
    expect(first).toMatchObject({ total: 4, items: [{ deviceId: '1' }, { deviceId: '2' }] });
    const rest = await district.reach.list(selector, { limit: 2, cursor: first.nextCursor ?? '' });
    expect(rest.nextCursor).toBeNull();
    expect(
      [...first.items, ...rest.items].map(({ deviceName, person, org, answer, why }) => [
        deviceName,
        person,
        org,
        answer,
        why,
      ]),
    ).toEqual([
      ['laptop 1', 'ada Example', 'School maple', 'yes', 'Grade 06'],
      ['laptop 2', 'ada Example', 'School maple', 'yes', 'Grade 06'],
      [
        ...['laptop 4', 'cy Example', 'School maple', 'unknown'],
        'The grade of its custodian is not known; “grade 06 or devices tagged lab” does not reach it.',
      ],
      ['laptop 5', null, null, 'yes', 'Devices tagged lab'],
    ]);
  });

  it('refuses a cursor that is none', async () => {
    await expect(district.reach.list(sixth, { cursor: 'x' })).rejects.toMatchObject({ code: 'bad-request' });
  });

  describe('by a profile', () => {
    it('is who gets it, who keeps it, and who may', async () => {
      const id = await district.publish('p', {}, sixth, { kind: 'tag', tag: 'lab' });
      await forget('ada');
      const { items } = await district.reach.ofProfile(id, {});
      expect(items.map(({ deviceId, answer }) => [deviceId, answer])).toEqual([
        ['1', 'stays'],
        ['2', 'stays'],
        ['4', 'unknown'],
        ['5', 'yes'],
      ]);
    });

    it.each([
      ['the name of a device', 'TOP 5', ['5']],
      ['the name of a person', 'ada ex', ['1', '2']],
      ['neither', '%', []],
    ])('is searched by %s', async (_, search, ids) => {
      const id = await district.publish('p', {}, { kind: 'everyone' });
      const { items, total } = await district.reach.ofProfile(id, { search });
      expect([items.map(({ deviceId }) => deviceId), total]).toEqual([ids, ids.length]);
    });

    it('is not found for a profile there is not', async () => {
      await expect(district.reach.ofProfile('none', {})).rejects.toMatchObject({ code: 'not-found' });
    });
  });
});
