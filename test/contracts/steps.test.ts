import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CompliancePolicyStore } from '../../server/store/compliance-policies.ts';
import type { ObligationRecord } from '../../server/store/obligation-records.ts';
import { ObligationStore } from '../../server/store/obligations.ts';
import { openStore } from '../../server/store/open.ts';
import { type RestrictionRecord, RestrictionStore } from '../../server/store/restrictions.ts';
import { compliancePolicyDefaults } from '../../shared/compliance/policy.ts';

const restriction = (id: string, change: Partial<RestrictionRecord> = {}): RestrictionRecord => ({
  ...{ id, deviceId: `d-${id}`, personId: 'p', profileId: 'narrow', reason: 'Firewall: off', from: 100 },
  ...change,
});
const obligation = (id: string, change: Partial<ObligationRecord> = {}): ObligationRecord => ({
  ...{
    id,
    personId: 'p',
    kind: 'agreement',
    title: 'Agreement',
    deviceId: null,
    from: 100,
    dueAt: 200,
    by: 'staff:Kim',
  },
  ...change,
});
const nothing = { begun: [], ended: [], moved: [] };

describe.each(['in memory', 'in a file'])('the stores of steps %s', (where) => {
  let folder: string;
  let db: Awaited<ReturnType<typeof openStore>>;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rollcall-steps-'));
    db = await openStore(where === 'in memory' ? ':memory:' : join(folder, 'store.db'));
    const person = { role: 'student', given_name: 'Bo', family_name: 'Diaz', email: null, org_id: null, grade: '06' };
    for (const id of ['p', 'q']) {
      const row = { id, sourced_id: id, username: id, active: 1, updated_at: 1, ...person };
      await db.insertInto('person').values(row).execute();
    }
  });
  afterEach(async () => {
    await db.destroy();
    await rm(folder, { recursive: true });
  });

  it('keep a restriction open until it is ended, once', async () => {
    const store = new RestrictionStore(db);
    await store.change({ ...nothing, begun: [restriction('a'), restriction('b')], at: 100 });
    expect(await store.open(['d-a', 'd-x'])).toEqual(new Map([['d-a', restriction('a')]]));
    expect(await store.profiles()).toEqual(
      new Map([
        ['d-a', 'narrow'],
        ['d-b', 'narrow'],
      ]),
    );
    await store.change({ ...nothing, ended: [{ id: 'a', reason: 'put right' }], at: 150 });
    await store.change({ ...nothing, ended: [{ id: 'a', reason: 'waived' }], at: 160 });
    expect([...(await store.open()).keys()]).toEqual(['d-b']);
    const past = await store.page({ open: false });
    expect(past.items).toMatchObject([{ id: 'a', endReason: 'put right', endedAt: new Date(150).toISOString() }]);
    await store.change({ ...nothing, moved: [{ id: 'b', profileId: 'other' }], at: 170 });
    expect((await store.open()).get('d-b')).toEqual(restriction('b', { profileId: 'other' }));
  });

  it('change restrictions all or none', async () => {
    const store = new RestrictionStore(db);
    await store.change({ ...nothing, begun: [restriction('a')], at: 100 });
    const twice = { begun: [restriction('b'), restriction('b')], ended: [{ id: 'a', reason: 'x' }], moved: [] };
    await expect(store.change({ ...twice, at: 150 })).rejects.toThrow();
    expect([...(await store.open()).keys()]).toEqual(['d-a']);
  });

  it('count what began after an instant, and page restrictions of a device or a person, newest first', async () => {
    const store = new RestrictionStore(db);
    const begun = [
      restriction('a', { deviceId: 'd' }),
      restriction('b', { from: 200 }),
      restriction('c', { from: 300, personId: 'q' }),
    ];
    await store.change({ ...nothing, begun, at: 300 });
    expect([await store.begunSince(100), await store.begunSince(300)]).toEqual([2, 0]);
    const first = await store.page({ limit: 2 });
    expect([first.total, ...first.items.map(({ id }) => id)]).toEqual([3, 'c', 'b']);
    const rest = await store.page({ limit: 2, cursor: first.nextCursor ?? '' });
    expect([rest.nextCursor, ...rest.items.map(({ id }) => id)]).toEqual([null, 'a']);
    expect((await store.page({ device: 'd' })).items.map(({ id }) => id)).toEqual(['a']);
    expect((await store.page({ person: 'q' })).items.map(({ id }) => id)).toEqual(['c']);
  });

  it('give obligations back as they were put in, due first, and end them once', async () => {
    const store = new ObligationStore(db);
    await store.insert([obligation('late', { dueAt: 300 }), obligation('soon'), obligation('q', { personId: 'q' })]);
    expect((await store.open({ people: ['p'] })).map(({ id }) => id)).toEqual(['soon', 'late']);
    expect(await store.open({ kind: 'device-return' })).toEqual([]);
    const met = { outcome: 'met', by: 'staff:Kim', at: 150 } as const;
    expect(await store.end(['soon', 'late'], met)).toHaveLength(2);
    expect(await store.end(['soon', 'q', 'none'], met)).toEqual([obligation('q', { personId: 'q' })]);
    expect(await store.find('soon', 250)).toMatchObject({
      outcome: 'met',
      overdue: false,
      person: { name: 'Bo Diaz' },
    });
    expect(await store.peopleWhoMet('agreement', 'Agreement')).toEqual(new Set(['p', 'q']));
    expect(await store.find('none', 250)).toBeUndefined();
  });

  it('tell what is overdue from what is open, and page what is over newest first', async () => {
    const store = new ObligationStore(db);
    await store.insert(['a', 'b', 'c'].map((id, index) => obligation(id, { dueAt: 200 + index * 100 })));
    expect((await store.page({ state: 'overdue' }, 300)).items.map(({ id }) => id)).toEqual(['a', 'b']);
    for (const [index, id] of ['a', 'b', 'c'].entries())
      await store.end([id], { outcome: 'cancelled', by: 'x', at: 400 + index });
    const first = await store.page({ state: 'ended', limit: 2 }, 500);
    const rest = await store.page({ state: 'ended', limit: 2, cursor: first.nextCursor ?? '' }, 500);
    expect([...first.items, ...rest.items].map(({ id }) => id)).toEqual(['c', 'b', 'a']);
  });

  it('keep every revision of the policy, and none of a save that came too late', async () => {
    const store = new CompliancePolicyStore(db);
    const policy = compliancePolicyDefaults;
    expect(await store.save(policy, 0, { at: 100, by: 'staff:Kim' })).toBe(1);
    expect(await store.save({ ...policy, graceDays: 3 }, 1, { at: 200, by: 'staff:Ada' })).toBe(2);
    await expect(store.save(policy, 1, { at: 300, by: 'staff:Kim' })).rejects.toMatchObject({
      code: 'changed-meanwhile',
    });
    const rows = await db.selectFrom('compliance_policy_revision').selectAll().orderBy('version').execute();
    expect(rows.map(({ version, from_at, by_actor }) => [version, from_at, by_actor])).toEqual([
      [1, 100, 'staff:Kim'],
      [2, 200, 'staff:Ada'],
    ]);
    expect(JSON.parse(rows[1]?.content ?? '')).toEqual({ ...policy, graceDays: 3 });
  });
});
