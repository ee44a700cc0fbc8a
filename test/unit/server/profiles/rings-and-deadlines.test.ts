import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ClassDays } from '../../../../server/profiles/class-days.ts';
import type { ItemUnderWay } from '../../../../server/rollouts/under-way.ts';
import { ClassMemberships } from '../../../../server/store/class-memberships.ts';
import { publishProfile } from '../../../../server/store/profiles.ts';
import type { Selector } from '../../../../shared/policy/selector.ts';
import type { ProfileSettings } from '../../../../shared/profile/registry.ts';
import { openPolicyDistrict, type PolicyDistrict } from '../../../fakes/policy-district.ts';

const everyone = { kind: 'everyone' } as const;
const strict = { browser: { youtube: 'strict' } } as const;
const moderate = { browser: { youtube: 'moderate' } } as const;
const hour = 3_600_000;

describe('what devices should hold', () => {
  let district: PolicyDistrict;
  let underWay: ItemUnderWay[];

  beforeEach(async () => {
    district = await openPolicyDistrict();
    underWay = [];
    district.stores.rollouts.underWay = async () => underWay;
    await district.addOrg('maple', null);
    await district.addDevices(['a', 'b', 'c']);
    await district.desired.start();
  });
  afterEach(async () => {
    expect(district.errors).toEqual([]);
    await district.close();
  });

  const follow = async () => {
    district.bus.publish('policy-changed', {});
    await district.desired.settled();
  };
  /** The next revision, as a change writes it together with its rollout. */
  const nextRevision = async (id: string, settings: ProfileSettings, to: Selector) => {
    const revision = { settings, assignments: [{ to, priority: 100 }], publishedAt: 1, by: 'test', note: '' };
    await district.db.transaction().execute((trx) => publishProfile(trx, id, revision, 0));
  };
  const youtube = async (id: string) => {
    const views = await district.profiles.settingsOfDevice(id);
    return views.find(({ setting }) => setting === 'youtube')?.value;
  };
  const all = async () => [await youtube('a'), await youtube('b'), await youtube('c')];
  const generations = async () =>
    await Promise.all(['a', 'b', 'c'].map(async (id) => (await district.desired.forDevice(id)).generation));

  describe('while a rollout is under way', () => {
    it('is the earlier revision until its ring opens, and again once it is taken back', async () => {
      const given = new Set<string>();
      const id = await district.publish('p', moderate, everyone);
      underWay = [{ kind: 'profile', id, from: 1, to: 2, has: (device) => given.has(device) }];
      const changed = district.hear('desired-changed');
      await nextRevision(id, strict, everyone);
      await follow();
      expect(await all()).toEqual(['moderate', 'moderate', 'moderate']);
      expect(changed).toEqual([]);
      given.add('b');
      await follow();
      expect(await all()).toEqual(['moderate', 'strict', 'moderate']);
      expect(changed).toEqual([{ deviceIds: ['b'] }]);
      given.clear();
      const before = await generations();
      await follow();
      expect(await all()).toEqual(['moderate', 'moderate', 'moderate']);
      expect((await generations())[1]).toBeGreaterThan(before[1] ?? 0);
      expect((await generations())[0]).toBe(before[0]);
    });

    it('is nothing of a profile that was never published before', async () => {
      const { id } = (await district.profiles.create('p', '', 'test')).profile;
      underWay = [{ kind: 'profile', id, from: null, to: 1, has: (device) => device === 'a' }];
      await nextRevision(id, strict, everyone);
      await follow();
      expect(await all()).toEqual(['strict', undefined, undefined]);
    });

    it('is as its ring sees each group, whatever else is under way', async () => {
      const { groups } = district.stores;
      const list = (...devices: string[]) => ({ kind: 'list' as const, people: [], devices });
      await groups.insert({ id: 'g', name: 'pilots', description: '', draft: list(), createdAt: 1 });
      const contents = new Map([
        [1, { ...list(), id: 'g', revision: 1 }],
        [2, { kind: 'rule' as const, selector: everyone, id: 'g', revision: 2 }],
      ]);
      groups.contents = async (_, number) => contents.get(number);
      groups.published = async () => new Map([...contents].flatMap(([n, one]) => (n === 2 ? [['pilots', one]] : [])));
      const id = await district.publish('p', moderate, { kind: 'group', group: 'pilots' });
      underWay = [{ kind: 'group', id: 'g', from: 1, to: 2, has: (device) => device !== 'c' }];
      await follow();
      expect(await all()).toEqual(['moderate', 'moderate', undefined]);
      underWay = [...underWay, { kind: 'profile', id, from: 1, to: 2, has: (device) => device === 'a' }];
      await nextRevision(id, strict, { kind: 'group', group: 'pilots' });
      await follow();
      expect(await all()).toEqual(['strict', 'moderate', undefined]);
    });
  });

  it('follows the end of an override by itself', async () => {
    await district.publish('p', moderate, everyone);
    const until = new Date(district.clock.now() + 2 * hour).toISOString();
    await district.publish('exam', strict, { to: everyone, priority: 1, override: { reason: 'an exam', until } });
    const during = await generations();
    const changed = district.hear('desired-changed');
    district.clock.advance(hour);
    await district.desired.settled();
    expect(changed).toEqual([]);
    district.clock.advance(hour);
    await district.desired.settled();
    expect(changed.flatMap(({ deviceIds }) => deviceIds).toSorted()).toEqual(['a', 'b', 'c']);
    expect((await generations())[0]).toBeGreaterThan(during[0] ?? 0);
  });

  it('says since when each section is desired as it is', async () => {
    const sinceOf = async () => (await district.stores.desired.ofDevice('a'))?.sectionSince;
    await district.publish('p', strict, everyone);
    const first = district.clock.now();
    expect(await sinceOf()).toEqual({ browser: first });
    district.clock.advance(hour);
    await district.publish('q', { webFilter: { safeSearch: true } }, everyone);
    expect(await sinceOf()).toEqual({ browser: first, webFilter: first + hour });
    district.clock.advance(hour);
    await district.publish('p', moderate, everyone);
    expect(await sinceOf()).toEqual({ browser: first + 2 * hour, webFilter: first + hour });
  });

  describe('by place', () => {
    const seen = async (id: string, place: string) => {
      await district.db.updateTable('device').set({ place }).where('id', '=', id).execute();
      district.bus.publish('device-changed', { deviceIds: [id], only: 'place' });
      await district.desired.settled();
    };

    it('follows a device that is seen elsewhere, and keeps what it was where that is not known', async () => {
      await district.publish('p', strict, { kind: 'place', place: 'on-campus' });
      expect(await youtube('a')).toBeUndefined();
      await seen('a', 'on-campus');
      expect(await youtube('a')).toBe('strict');
      await district.db.updateTable('device').set({ place: null }).execute();
      district.bus.publish('device-changed', { deviceIds: ['a'] });
      await district.desired.settled();
      expect(await youtube('a')).toBe('strict');
      await seen('a', 'off-campus');
      expect(await youtube('a')).toBeUndefined();
    });

    it('is not worked out anew while nothing asks for a place', async () => {
      await district.publish('p', strict, everyone);
      let asked = 0;
      const list = district.stores.profiles.list.bind(district.stores.profiles);
      district.stores.profiles.list = async () => {
        asked += 1;
        return await list();
      };
      await seen('a', 'on-campus');
      expect(asked).toBe(0);
    });
  });

  it('follows enrolments that begin and end, on their day', async () => {
    const { db, bus, clock, stores, errors } = district;
    await district.addPerson({ id: 'ada' });
    await district.give('a', 'ada');
    const row = { id: 'algebra', sourced_id: 'algebra', title: 'Algebra', org_id: null, grades: '[]', active: 1 };
    await db.insertInto('class').values(row).execute();
    const days = { begins_on: '2026-10-07', ends_on: '2026-10-08', active: 1 };
    const enrolment = { id: 'e', sourced_id: 'e', class_id: 'algebra', person_id: 'ada', role: 'student', ...days };
    await db.insertInto('enrollment').values(enrolment).execute();
    bus.publish('roster-changed', {});
    await district.publish('p', strict, { kind: 'class', class: 'algebra' });
    const memberships = { classMemberships: new ClassMemberships(db), custody: stores.custody };
    const classDays = new ClassDays({ stores: memberships, bus, clock, onError: (error) => errors.push(error) });
    await classDays.start();
    const held: unknown[] = [];
    for (let day = 5; day <= 9; day++) {
      await classDays.settled();
      await district.desired.settled();
      held.push([day, await youtube('a')]);
      clock.advance(24 * hour);
    }
    expect(held).toEqual([
      [5, undefined],
      [6, undefined],
      [7, 'strict'],
      [8, 'strict'],
      [9, undefined],
    ]);
    await classDays.stop();
  });
});
