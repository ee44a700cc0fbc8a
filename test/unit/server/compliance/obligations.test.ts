import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ObligationService } from '../../../../server/compliance/obligations.ts';
import type { ObligationInput } from '../../../../shared/api/schemas.ts';
import type { SchoolCalendar } from '../../../../shared/calendar/calendar.ts';
import type { ErrorCode } from '../../../../shared/errors/catalogue.ts';
import { FakeClock } from '../../../fakes/clock.ts';
import { openPolicyDistrict, type PolicyDistrict } from '../../../fakes/policy-district.ts';
import { calendarIn } from '../../calendar/calendars.ts';

/** A Monday, 9 o'clock in Chicago. */
const monday = Date.UTC(2026, 9, 5, 14);
const chicago: SchoolCalendar = calendarIn('America/Chicago', {
  terms: [{ title: 'Year', from: '2026-08-17', to: '2027-06-04' }],
  ...{ holidays: [{ title: 'Fall break', from: '2026-10-12', to: '2026-10-13' }], exceptions: [], freezes: [] },
});
const agreement = 'Device agreement 2026/27';
const csv = (text: string) => new TextEncoder().encode(text);

describe('obligations', () => {
  let district: PolicyDistrict;
  let service: ObligationService;

  beforeEach(async () => {
    district = await openPolicyDistrict(':memory:', new FakeClock(monday));
    await district.addOrg('county', null);
    for (const school of ['maple', 'cedar']) await district.addOrg(school, 'county');
    await district.addPerson({ id: 'ada' });
    await district.addPerson({ id: 'bob', grade: '07' });
    await district.addPerson({ id: 'cy', org: 'cedar' });
    await district.addPerson({ id: 'tess', role: 'teacher', grade: null });
    await district.addDevices(['a', 'a2', 'b']);
    await district.give('a', 'ada');
    await district.give('a2', 'ada');
    await district.give('b', 'bob');
    await addClass('art', ['ada', 'cy'], ['tess']);
    await district.stores.calendars.save('maple', chicago, monday);
    service = new ObligationService({ ...district, onError: (error) => district.errors.push(error) });
    await service.start();
  });
  afterEach(async () => {
    await service.stop();
    expect(district.errors).toEqual([]);
    await district.close();
  });

  const addClass = async (id: string, students: string[], teachers: string[]) => {
    const row = { id, sourced_id: id, title: id, org_id: 'maple', grades: '[]', active: 1 };
    await district.db.insertInto('class').values(row).execute();
    const members = [...students.map((p) => [p, 'student'] as const), ...teachers.map((p) => [p, 'teacher'] as const)];
    const rows = members.map(([person_id, role]) => ({
      ...{ id: `${id}-${person_id}`, sourced_id: `${id}-${person_id}`, class_id: id, person_id, role },
      ...{ begins_on: null, ends_on: null, active: 1 },
    }));
    await district.db.insertInto('enrollment').values(rows).execute();
  };
  const settled = async () => {
    await new Promise((resolve) => setImmediate(resolve));
    await service.settled();
  };
  const input = (change: Partial<ObligationInput> = {}): ObligationInput => ({
    ...{ kind: 'agreement', title: agreement, to: {}, dueOn: '2026-10-09' },
    ...change,
  });
  const create = (change: Partial<ObligationInput> = {}) => service.create(input(change), 'staff:Ada');
  const open = async () => (await service.list({ state: 'open' })).items;
  const owing = async () => (await open()).map(({ person }) => person.id).sort();
  const told = () => district.said.map(({ actor, code, subject }) => [actor, code, subject?.id]);
  const refusal = async (promise: Promise<unknown>): Promise<ErrorCode | undefined> =>
    await promise.then(
      () => undefined,
      (error: { code: ErrorCode }) => error.code,
    );

  it.each<[string, ObligationInput['to'], string[]]>([
    ['everybody', {}, ['ada', 'bob', 'cy', 'tess']],
    ['one person', { person: 'cy' }, ['cy']],
    ['a role', { role: 'student' }, ['ada', 'bob', 'cy']],
    ['a school', { org: 'maple' }, ['ada', 'bob', 'tess']],
    ['all units below one', { org: 'county' }, ['ada', 'bob', 'cy', 'tess']],
    ['a grade', { grade: '06' }, ['ada', 'cy']],
    ['the students of a class', { class: 'art' }, ['ada', 'cy']],
    ['all that is said at once', { role: 'student', org: 'maple', grade: '07' }, ['bob']],
  ])('are asked of %s, as the preview said', async (_, to, people) => {
    const preview = await service.preview(input({ to }));
    expect(preview).toMatchObject({ obligations: people.length, people: people.length, owing: 0 });
    expect(await owing()).toEqual([]);
    const heard = district.hear('obligations-changed');
    expect(await create({ to })).toEqual(preview);
    expect(await owing()).toEqual(people);
    expect(heard.map(({ personIds }) => [...personIds].sort())).toEqual([people]);
    expect(told()).toEqual([['staff:Ada', 'obligations-made', people.length === 1 ? people[0] : undefined]]);
  });

  it.each([
    ['a school day, with its last bell', 'ada', '2026-10-08', '2026-10-08T20:00:00.000Z'],
    ['an early day, earlier', 'ada', '2026-10-07', '2026-10-07T16:00:00.000Z'],
    ['today, while school is on', 'ada', '2026-10-05', '2026-10-05T20:00:00.000Z'],
    ['a weekend and a break, on the next school day', 'ada', '2026-10-10', '2026-10-14T16:00:00.000Z'],
    ['a day of which the calendar knows nothing, at its end', 'ada', '2027-07-01', '2027-07-02T05:00:00.000Z'],
    ['a weekday where there is no calendar, at its end in UTC', 'cy', '2026-10-09', '2026-10-10T00:00:00.000Z'],
  ])('are due on %s', async (_, person, dueOn, dueAt) => {
    await create({ to: { person }, dueOn });
    expect((await open()).map((one) => one.dueAt)).toEqual([dueAt]);
  });

  it.each<[string, Partial<ObligationInput>, ErrorCode]>([
    ['a person nobody knows', { to: { person: 'nobody' } }, 'not-found'],
    ['a unit nobody knows', { to: { org: 'nowhere' } }, 'not-found'],
    ['a class nobody knows', { to: { class: 'chess' } }, 'not-found'],
    ['a day no calendar has', { dueOn: '2026-02-30' }, 'bad-obligation'],
    ['a day that is over', { dueOn: '2026-10-02', to: { person: 'ada' } }, 'bad-obligation'],
    ['more than a year away', { dueOn: '2027-10-08' }, 'bad-obligation'],
    ['a title of nothing but control characters', { title: '\u0007\u0007\u0007' }, 'bad-obligation'],
    ['a grade nobody is in', { to: { grade: '12' } }, 'conflict'],
    ['a device of somebody who holds none', { kind: 'device-return', to: { person: 'cy' } }, 'conflict'],
  ])('refuse %s, and ask nobody', async (_, change, code) => {
    expect(await refusal(create(change))).toBe(code);
    expect([await owing(), told()]).toEqual([[], []]);
  });

  it('are not asked of anybody twice', async () => {
    await create({ to: { person: 'ada' } });
    expect(await create({ to: { org: 'maple' } })).toMatchObject({ people: 2, owing: 1 });
    expect(await refusal(create({ to: { org: 'maple' } }))).toBe('conflict');
    expect(await create({ to: { person: 'ada' }, title: 'Another agreement' })).toMatchObject({ people: 1 });
  });

  it('are overdue from the moment they are due, and then over when they are met', async () => {
    await create({ to: { person: 'ada' }, dueOn: '2026-10-05' });
    const [one] = await open();
    expect(one?.overdue).toBe(false);
    district.clock.advance(6 * 3_600_000);
    expect((await service.list({ state: 'overdue' })).items).toMatchObject([{ id: one?.id, overdue: true }]);
    const met = await service.meet(one?.id ?? '', 'staff:Kim');
    expect(met).toMatchObject({ outcome: 'met', endedBy: 'staff:Kim', overdue: false });
    expect([await owing(), (await service.list({ state: 'ended' })).items]).toEqual([[], [met]]);
    expect(await refusal(service.meet(met.id, 'staff:Kim'))).toBe('conflict');
    expect(await refusal(service.cancel(met.id, 'too late', 'staff:Kim'))).toBe('conflict');
    expect(told().at(-1)).toEqual(['staff:Kim', 'obligation-met', 'ada']);
  });

  it('are taken back with a reason, and refuse ids of others and reasons that say nothing', async () => {
    await create({ to: { person: 'ada' } });
    const id = (await open())[0]?.id ?? '';
    expect(await refusal(service.cancel('nothing', 'a mistake', 'staff:Kim'))).toBe('not-found');
    expect(await refusal(service.cancel(id, '\u0007\u0007\u0007', 'staff:Kim'))).toBe('bad-request');
    expect(await service.cancel(id, 'a mistake', 'staff:Kim')).toMatchObject({ outcome: 'cancelled' });
    expect(district.said.at(-1)?.words).toBe(`“${agreement}” was taken back: a mistake`);
  });

  it('are listed by person, kind and words, page by page', async () => {
    await create();
    await create({ kind: 'device-return', title: 'End of year' });
    expect((await service.list({ person: 'ada' })).items.map(({ kind }) => kind).sort()).toEqual([
      ...['agreement', 'device-return', 'device-return'],
    ]);
    expect((await service.list({ kind: 'device-return' })).total).toBe(3);
    expect((await service.list({ search: 'tess' })).total).toBe(1);
    expect((await service.list({ search: '%' })).total).toBe(0);
    const first = await service.list({ state: 'open', limit: 4 });
    const second = await service.list({ state: 'open', limit: 4, cursor: first.nextCursor ?? '' });
    const ids = [...first.items, ...second.items].map(({ id }) => id);
    expect([new Set(ids).size, first.total, second.nextCursor]).toEqual([7, 7, null]);
    expect(await refusal(service.list({ cursor: 'nonsense' }))).toBe('bad-request');
  });

  describe('to bring back a device', () => {
    it('are one for each device held, and met by themselves when it is taken in', async () => {
      expect(await create({ kind: 'device-return', title: 'End of year' })).toMatchObject({
        obligations: 3,
        people: 2,
        withoutDevice: 2,
      });
      await district.stores.custody.close('a', district.clock.now(), 'returned');
      district.bus.publish('device-changed', { deviceIds: ['a'] });
      await settled();
      expect((await open()).map(({ device }) => device?.id).sort()).toEqual(['a2', 'b']);
      expect(told().at(-1)).toEqual(['server', 'obligation-met', 'ada']);
    });

    it('are asked of whoever leaves the roster with one, once, and taken back when they return', async () => {
      const setActive = async (active: number) => {
        await district.db.updateTable('person').set({ active }).where('id', '=', 'bob').execute();
        district.bus.publish('roster-changed', {});
        await settled();
      };
      await setActive(0);
      expect(await open()).toMatchObject([
        { person: { id: 'bob' }, device: { id: 'b' }, by: 'server', dueAt: '2026-10-14T16:00:00.000Z' },
      ]);
      await setActive(0);
      expect(await owing()).toEqual(['bob']);
      await setActive(1);
      expect(await owing()).toEqual([]);
      await setActive(0);
      expect(await owing()).toEqual(['bob']);
      await service.cancel((await open())[0]?.id ?? '', 'bought it', 'staff:Kim');
      await setActive(0);
      expect(await owing()).toEqual([]);
    });

    it('are not asked of leavers where the policy says so', async () => {
      const policy = { graceDays: 5, checks: [], returnDays: 0 };
      await district.stores.compliancePolicies.save(policy, 0, { at: monday, by: 'test' });
      await district.db.updateTable('person').set({ active: 0 }).where('id', '=', 'bob').execute();
      district.bus.publish('roster-changed', {});
      await settled();
      expect(await owing()).toEqual([]);
    });
  });

  describe('to sign, by a file', () => {
    beforeEach(async () => {
      await create({ to: { org: 'maple' } });
      district.said.length = 0;
    });
    const read = (text: string, mode: 'strict' | 'lenient' = 'strict', dryRun = false) =>
      service.importSignatures(csv(text), { title: agreement, mode, dryRun }, 'staff:Kim');

    it.each([
      ['sourcedId', 'sourcedId\nada\nbob\n'],
      ['username, in any case', 'username\nADA\nbob\n'],
      ['either, row by row', 'sourcedId,username\nada,\n,bob\n'],
      [
        'username, with names beside it that nobody reads',
        'username,givenName,signedOn\nada,Ada,2026-10-01\nbob,Bob,\n',
      ],
    ])('are met for those it names by %s', async (_, text) => {
      const dry = await read(text, 'strict', true);
      expect([dry, await owing()]).toMatchObject([
        { applied: false, dryRun: true, met: 2, left: 1, problems: [] },
        ['ada', 'bob', 'tess'],
      ]);
      expect(await read(text)).toEqual({ ...dry, applied: true, dryRun: false });
      expect([await owing(), told()]).toEqual([['tess'], [['staff:Kim', 'signatures-imported', undefined]]]);
      expect(await read(text)).toMatchObject({ met: 0, already: 2, left: 1 });
    });

    it.each([
      ['nobody of the roster', 'username\nada\nzoe\n', /“zoe” is nobody in the roster/],
      ['a blank', 'username,email\nada,\n,x@maple.example\n', /username is blank/],
      ['a column of its own', 'username,shoeSize\nada,39\n', /no such column/],
    ])('are not met in strict mode by a file with %s, and are for the rest in lenient mode', async (_, text, words) => {
      const strict = await read(text);
      expect([strict.applied, strict.problems[0]?.words]).toEqual([false, expect.stringMatching(words)]);
      expect(await owing()).toEqual(['ada', 'bob', 'tess']);
      expect(await read(text, 'lenient')).toMatchObject({ applied: true, met: 1 });
      expect(await owing()).toEqual(['bob', 'tess']);
    });

    it.each([
      ['no column to tell people by', 'email\nada@maple.example\n', /no column username or sourcedId/],
      ['nothing', '', /empty/],
      ['a header alone', 'username\n', /names nobody/],
      ['bytes that are no text', '\u0000\u0001', /NUL bytes/],
      ['a username several people have', 'username\nbob\n', /username of several people/],
    ])('are met in neither mode by a file with %s', async (what, text, words) => {
      if (what.startsWith('a username')) await district.db.updateTable('person').set({ username: 'bob' }).execute();
      for (const mode of ['strict', 'lenient'] as const) {
        const result = await read(text, mode);
        expect([result.applied, result.problems.map((problem) => problem.words).join()]).toEqual([
          false,
          expect.stringMatching(words),
        ]);
      }
      expect([await owing(), told()]).toEqual([['ada', 'bob', 'tess'], []]);
    });

    it('are refused for an agreement nobody was asked to sign', async () => {
      const other = service.importSignatures(csv('username\nada\n'), { title: 'Another' }, 'staff:Kim');
      expect(await refusal(other)).toBe('not-found');
    });
  });
});
