import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore } from '../../server/store/open.ts';
import { PeopleStore } from '../../server/store/people.ts';
import { addPerson } from '../fakes/rows.ts';

type Store = Awaited<ReturnType<typeof openStore>>;

describe('the store of people', () => {
  let db: Store;
  let store: PeopleStore;
  const addOrg = (id: string, parent: string | null, active = 1) =>
    db
      .insertInto('org')
      .values({ id, sourced_id: `sis-${id}`, name: id, type: 'school', parent_id: parent, identifier: null, active })
      .execute();
  const join = (person: string, org: string, role = 'student') =>
    db.insertInto('person_org').values({ person_id: person, org_id: org, role, is_primary: 0 }).execute();
  const scope = async (id: string) => (await store.scopes([id])).get(id);

  beforeEach(async () => {
    db = await openStore(':memory:');
    store = new PeopleStore(db);
    await addOrg('district', null);
    await addOrg('north', 'district');
    await addOrg('south', 'district');
    await addOrg('lab', 'north');
  });
  afterEach(() => db.destroy());

  it('gives a scope with all units above, each once', async () => {
    await addPerson(db, 'p1', { org_id: 'lab' });
    await join('p1', 'lab');
    await join('p1', 'south', 'teacher');
    expect(await scope('p1')).toEqual({
      id: 'p1',
      orgId: 'lab',
      sourcedId: 'sis-p1',
      role: 'student',
      grade: '06',
      orgs: ['sis-lab', 'sis-north', 'sis-district', 'sis-south'],
      classes: null,
      active: true,
    });
  });

  it('says unknown where it does not know', async () => {
    await addPerson(db, 'p1', { role: 'wizard', grade: null });
    expect(await scope('p1')).toMatchObject({ role: null, grade: null, orgs: [] });
  });

  it('keeps the scope of a person who left and of a unit that left', async () => {
    await addOrg('closed', 'district', 0);
    await addPerson(db, 'p1', { org_id: 'closed', active: 0 });
    expect(await scope('p1')).toMatchObject({ active: false, orgs: ['sis-closed', 'sis-district'] });
    expect((await store.orgs()).map((org) => org.id)).toEqual(['district', 'lab', 'north', 'south']);
  });

  it('ends where units are above each other', async () => {
    await db.updateTable('org').set({ parent_id: 'lab' }).where('id', '=', 'north').execute();
    await addPerson(db, 'p1', { org_id: 'lab' });
    expect((await scope('p1'))?.orgs).toEqual(['sis-lab', 'sis-north']);
  });

  it('gives no grade to a teacher, whatever the roster says of the grades they teach', async () => {
    await addPerson(db, 'p1', { role: 'teacher', grade: '06' });
    await addPerson(db, 'p2', { role: 'proctor', grade: '06' });
    expect(await scope('p1')).toMatchObject({ role: 'teacher', grade: null });
    expect(await scope('p2')).toMatchObject({ role: null, grade: '06' });
  });

  it('answers for everybody, and for more ids than a statement takes', async () => {
    await addPerson(db, 'p1');
    await addPerson(db, 'p2');
    expect([...(await store.scopes()).keys()].toSorted()).toEqual(['p1', 'p2']);
    const many = Array.from({ length: 40_000 }, (_, n) => `nobody-${n}`);
    expect([...(await store.scopes([...many, 'p2'])).keys()]).toEqual(['p2']);
    expect((await store.scopes([])).size).toBe(0);
  });

  it('looks a person up by sourcedId first, then by username in any case', async () => {
    await addPerson(db, 'p1', { username: 'sis-p2' });
    await addPerson(db, 'p2', { username: 'Ann.Other' });
    expect(await store.lookUp('sis-p2')).toMatchObject({ id: 'p2' });
    expect(await store.lookUp('ann.OTHER')).toMatchObject({ id: 'p2', givenName: 'Given', familyName: 'p2' });
    expect(await store.lookUp('nobody')).toBeUndefined();
    expect(await store.findPerson('p1')).toMatchObject({ sourcedId: 'sis-p1' });
  });

  it('does not guess between two people of one username, nor take one who left', async () => {
    await addPerson(db, 'p1', { username: 'twin' });
    await addPerson(db, 'p2', { username: 'Twin' });
    await expect(store.lookUp('twin')).rejects.toMatchObject({ code: 'conflict' });
    await db.updateTable('person').set({ active: 0 }).where('id', '=', 'p1').execute();
    expect(await store.lookUp('twin')).toMatchObject({ id: 'p2' });
    expect(await store.countActive()).toBe(1);
  });
});
