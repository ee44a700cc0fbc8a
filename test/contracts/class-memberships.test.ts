import type { Kysely } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CalendarStore } from '../../server/store/calendars.ts';
import { ClassMemberships } from '../../server/store/class-memberships.ts';
import { openStore } from '../../server/store/open.ts';
import { PeopleStore } from '../../server/store/people.ts';
import type { Database } from '../../server/store/schema.ts';
import { someCalendar } from '../fakes/filter-district.ts';

/** Noon of a day in Chicago. */
const noon = (date: string) => Date.parse(`${date}T18:00:00Z`);

describe('classes of people', () => {
  let db: Kysely<Database>;
  let classes: ClassMemberships;

  beforeEach(async () => {
    db = await openStore(':memory:');
    classes = new ClassMemberships(db);
    for (const [id, active] of [
      ['algebra', 1],
      ['biology', 1],
      ['closed', 0],
    ] as const) {
      const row = { id, sourced_id: `sis-${id}`, title: id, org_id: null, grades: '[]', active };
      await db.insertInto('class').values(row).execute();
    }
  });
  afterEach(() => db.destroy());

  async function enrol(person: string, into: string, begins: string | null, ends: string | null, active = 1) {
    const id = `${person} ${into} ${begins}`;
    const days = { begins_on: begins, ends_on: ends, active };
    const row = { id, sourced_id: id, class_id: into, person_id: person, role: 'student', ...days };
    await db.insertInto('enrollment').values(row).execute();
  }

  it('are not known when the roster has no enrolments', async () => {
    expect(await classes.at(noon('2026-10-05'))).toBeNull();
    expect(await classes.nextMove(noon('2026-10-05'))).toBeUndefined();
  });

  it.each([
    ['without days', null, null, true],
    ['from the day it begins', '2026-10-05', null, true],
    ['not the day before', '2026-10-06', null, false],
    ['to the day it ends', null, '2026-10-05', true],
    ['not the day after', null, '2026-10-04', false],
  ])('count an enrolment %s', async (_, begins, ends, counts) => {
    await enrol('ada', 'algebra', begins, ends);
    const found = await classes.at(noon('2026-10-05'));
    expect(found?.get('ada')).toEqual(counts ? ['sis-algebra'] : undefined);
  });

  it('leave out what is not active, and name each class once', async () => {
    await enrol('ada', 'closed', null, null);
    await enrol('ada', 'biology', null, null, 0);
    await enrol('ada', 'algebra', null, null);
    await enrol('ada', 'algebra', '2026-01-01', null);
    expect(await classes.at(noon('2026-10-05'), ['ada'])).toEqual(new Map([['ada', ['sis-algebra']]]));
    expect(await classes.at(noon('2026-10-05'), ['bob'])).toEqual(new Map());
  });

  it('go by the day it is in the zone of the district', async () => {
    await enrol('ada', 'algebra', '2026-10-06', null);
    const lateEvening = Date.parse('2026-10-06T03:00:00Z');
    expect((await classes.at(lateEvening))?.size).toBe(1);
    await new CalendarStore(db).save(null, someCalendar({ zone: 'America/Chicago' }), 1);
    expect((await classes.at(lateEvening))?.size).toBe(0);
    const move = { at: Date.parse('2026-10-06T05:00:00Z'), personIds: ['ada'] };
    expect(await classes.nextMove(lateEvening)).toEqual(move);
  });

  it('move on the first day on which one begins or is over, and say whose', async () => {
    await enrol('ada', 'algebra', '2026-09-01', '2026-10-07');
    await enrol('bob', 'algebra', '2026-10-08', null);
    await enrol('cy', 'algebra', '2026-10-09', null);
    const move = await classes.nextMove(noon('2026-10-05'));
    expect(move?.at).toBe(Date.parse('2026-10-08T00:00:00Z'));
    expect(move?.personIds.toSorted()).toEqual(['ada', 'bob']);
    expect((await classes.nextMove(noon('2026-10-08')))?.personIds).toEqual(['cy']);
    expect(await classes.nextMove(noon('2026-10-09'))).toBeUndefined();
  });

  it('are part of a person’s scope where an instant is given; who is in none has none', async () => {
    const row = { given_name: 'A', family_name: 'B', username: 'u', email: null, role: 'student', grade: null };
    for (const id of ['ada', 'bob']) {
      const person = { id, sourced_id: id, ...row, org_id: null, active: 1, updated_at: 1 };
      await db.insertInto('person').values(person).execute();
    }
    await enrol('ada', 'algebra', null, null);
    const scopes = await new PeopleStore(db).scopes(['ada', 'bob'], noon('2026-10-05'));
    expect([...scopes.values()].map((scope) => scope.classes)).toEqual([['sis-algebra'], []]);
    expect((await new PeopleStore(db).scopes(['ada'])).get('ada')?.classes).toBeNull();
  });
});
