import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore } from '../../server/store/open.ts';
import { OverviewView } from '../../server/store/views/overview.ts';
import { PeopleView } from '../../server/store/views/people.ts';
import { addPerson } from '../fakes/rows.ts';

type Store = Awaited<ReturnType<typeof openStore>>;

describe('the view of people', () => {
  let db: Store;
  let view: PeopleView;
  const give = (person: string, ended_at: number | null, kind = 'primary') =>
    db
      .insertInto('custody')
      .values({
        ...{ id: `${person}-${kind}-${ended_at}`, device_id: `of-${person}-${kind}`, person_id: person, kind },
        ...{ starts_at: 0, ended_at, end_reason: null, by_actor: 'staff:ada' },
      })
      .execute();
  const ids = async (query: Parameters<PeopleView['page']>[0]) => {
    const { items, total } = await view.page(query);
    expect(total).toBe(items.length);
    return items.map((person) => person.id);
  };

  beforeEach(async () => {
    db = await openStore(':memory:');
    view = new PeopleView(db);
    await addPerson(db, 'borrows');
    await addPerson(db, 'gave-back');
    await addPerson(db, 'guardian', { role: 'guardian' });
    await addPerson(db, 'holds', { role: 'teacher' });
    await addPerson(db, 'left', { active: 0 });
    await addPerson(db, 'never-had');
    await give('borrows', null, 'loan');
    await give('gave-back', 5);
    await give('holds', null);
    await give('holds', null, 'loan');
  });
  afterEach(() => db.destroy());

  it.each<[string, Parameters<PeopleView['page']>[0], string[]]>([
    ['everybody on the roster', {}, ['borrows', 'gave-back', 'guardian', 'holds', 'never-had']],
    ['who holds a device, once however many they hold', { holdsDevice: true }, ['borrows', 'holds']],
    ['who lacks one; a guardian lacks nothing', { holdsDevice: false }, ['gave-back', 'never-had']],
    ['who holds one and is unknown', { holdsDevice: true, verdict: 'unknown' }, ['borrows', 'holds']],
    ['teachers who lack one', { holdsDevice: false, role: 'teacher' }, []],
  ])('lists %s', async (_, query, wanted) => {
    expect(await ids(query)).toEqual(wanted);
  });

  it('lists the students of a class, without its teacher and who left it', async () => {
    const enrol = (person_id: string, role: string, active = 1) =>
      db
        .insertInto('enrollment')
        .values({
          ...{ id: `${person_id}-k1`, sourced_id: `${person_id}-k1`, class_id: 'k1', person_id, role, active },
          ...{ begins_on: null, ends_on: null },
        })
        .execute();
    await enrol('borrows', 'student');
    await enrol('never-had', 'student', 0);
    await enrol('holds', 'teacher');
    expect(await ids({ class: 'k1' })).toEqual(['borrows']);
    expect(await ids({ class: 'k2' })).toEqual([]);
  });

  it('agrees with the counts of the overview', async () => {
    const { people, peopleWithoutDevice } = await new OverviewView(db).counts();
    expect(people.unknown).toBe((await ids({ holdsDevice: true, verdict: 'unknown' })).length);
    expect(peopleWithoutDevice).toBe((await ids({ holdsDevice: false })).length);
  });
});
