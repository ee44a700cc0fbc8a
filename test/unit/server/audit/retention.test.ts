import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventRow } from '../../../../server/audit/event-log.ts';
import { AuditRetention } from '../../../../server/audit/retention.ts';
import { Bus } from '../../../../server/bus.ts';
import { PersonErasureService } from '../../../../server/people/person-erasures.ts';
import { PeopleStore } from '../../../../server/store/people.ts';
import { PersonErasureStore } from '../../../../server/store/person-erasure.ts';
import { AuditDesk } from '../../../fakes/audit-desk.ts';
import { FakeClock } from '../../../fakes/clock.ts';
import { add } from '../../../fakes/two-schools.ts';

const day = 86_400_000;
let desk: AuditDesk;
let clock: FakeClock;
beforeEach(async () => {
  desk = await AuditDesk.open();
  clock = new FakeClock(Date.UTC(2026, 9, 5, 14));
});
afterEach(() => desk.close());

const rows = async () => await desk.db.selectFrom('event').selectAll().orderBy('id').execute();
const said = async () => (await rows()).map(({ words }) => words);

describe('names whose time is over', () => {
  const sweep = async (keptDays: number) => {
    const settings = async () => ({ keptDays, exportFilesPerDay: 1, exportRowsPerDay: 100 });
    const fail = (error: unknown) => {
      throw error;
    };
    const retention = new AuditRetention({ erasures: desk.erasures, settings, clock, onError: fail });
    await retention.start();
    await retention.stop();
  };
  const addAt = async (daysAgo: number, words: string) =>
    await desk.add(1, { at: clock.now() - daysAgo * day, words, subject_id: 'd1' });

  it('go, whatever row they are in, and the log stays whole', async () => {
    await addAt(400, 'old');
    await addAt(10, 'young');
    await addAt(500, 'old, and reported late');
    await desk.sign();
    await sweep(365);
    expect(await said()).toEqual([
      '',
      'young',
      '',
      'The names in 2 rows of the audit from before 2025-10-05 were erased because their time was over.',
    ]);
    const [first, , , erasure] = await rows();
    expect(first).toMatchObject({
      actor: '',
      actor_id: null,
      address: null,
      changes: null,
      salt: null,
      code: 'tags-changed',
    });
    expect(erasure?.erases).toBe('[[1,1],[3,3]]');
    expect(await desk.verify()).toMatchObject({ erasedRows: 2, problems: [] });
  });

  it('go once: another look at the same day writes nothing', async () => {
    await addAt(400, 'old');
    await sweep(365);
    await sweep(365);
    expect(await said()).toHaveLength(2);
  });

  it('go also from rows that say what was erased, and the log stays whole', async () => {
    await addAt(400, 'old');
    await sweep(365);
    clock.advance(400 * day);
    await sweep(365);
    expect((await said()).slice(0, 2)).toEqual(['', '']);
    expect(await desk.verify()).toMatchObject({ erasedRows: 2, problems: [] });
  });

  it('are missed when a row was emptied that nobody erased', async () => {
    await addAt(400, 'old');
    await addAt(1, 'young');
    await sweep(365);
    await desk.forge(
      "update event set actor = '', words = '', actor_id = null, role = null, address = null, session = null, reason = null, ticket_id = null, changes = null, approver = null, salt = null where id = 2",
    );
    expect(await desk.found()).toEqual(['erased 2']);
  });
});

describe('a person who is erased', () => {
  const service = () =>
    new PersonErasureService({
      people: new PeopleStore(desk.db),
      records: new PersonErasureStore(desk.db),
      erasures: desk.erasures,
      events: { add: async (event) => void (await desk.events.add(eventRow(event, clock.now()))) },
      bus: new Bus(() => undefined),
      clock,
    });
  const erase = (username = 'alee') =>
    service().erase('p1', { reason: 'Asked for by the family', username }, 'staff:Ada');

  beforeEach(async () => {
    await desk.db
      .insertInto('person')
      .values({
        ...{ id: 'p1', sourced_id: 's-1', role: 'student', given_name: 'Ann', family_name: 'Lee', username: 'alee' },
        ...{ email: 'ann.lee@example.org', org_id: null, grade: '06', active: 0, updated_at: 0 },
      })
      .execute();
    await desk.db
      .insertInto('custody')
      .values({
        ...{ id: 'c1', device_id: 'd1', person_id: 'p1', kind: 'primary', starts_at: 1_000, ended_at: 3_000 },
        ...{ end_reason: 'left', by_actor: 'staff:Ada' },
      })
      .execute();
    await desk.db
      .insertInto('activity_name')
      .values({
        ...{ at: 1, device_id: 'd1', person_id: 'p1', name: 'chess.example', outcome: 'blocked', category: null },
        ...{ place: 'on-campus', count: 1 },
      })
      .execute();
  });

  it('is gone from records and from every row about them, their devices while they held them, and that names them', async () => {
    await desk.add(1, { at: 500, words: 'before she had it', subject_id: 'd1' });
    await desk.add(1, { at: 2_000, words: 'while she had it', subject_id: 'd1' });
    await desk.add(1, { at: 4_000, words: 'after she had it', subject_id: 'd1' });
    await desk.add(1, { at: 5_000, words: 'about her', subject_kind: 'person', subject_id: 'p1' });
    await desk.add(1, { at: 5_000, words: 'Looked at a list of people (search “ann lee”).', subject_id: null });
    await desk.sign();
    const { events, records } = await erase();
    expect(events).toBe(3);
    expect(records).toEqual([
      { what: 'recorded names', rows: 1 },
      { what: 'times a device was held', rows: 1 },
    ]);
    expect((await said()).slice(0, 5)).toEqual(['before she had it', '', 'after she had it', '', '']);
    expect(JSON.stringify(await rows())).not.toMatch(/lee/i);
    expect(await desk.db.selectFrom('person').selectAll().execute()).toEqual([]);
    expect(await desk.db.selectFrom('activity_name').selectAll().execute()).toEqual([]);
    expect((await desk.db.selectFrom('custody').select('person_id').execute())[0]?.person_id).toBe('erased');
    expect(await desk.verify()).toMatchObject({ erasedRows: 3, problems: [] });
  });

  it('takes no row along that only holds the letters of a name within other words', async () => {
    await desk.add(1, { words: 'The gale elsewhere: Galeed, malee.', subject_id: 'd2', changes: null });
    await desk.add(1, { words: 'Drafts of s-10 and us-1.', subject_id: 'd2', changes: null });
    await desk.add(1, { words: 'Sent to “alee”, class 6.', subject_id: 'd2', changes: null });
    await desk.add(1, { words: 'x', changes: '[{"path":"who","before":"s-1","after":null}]', subject_id: 'd2' });
    expect((await erase()).events).toBe(2);
    expect((await said()).slice(0, 4)).toEqual([
      'The gale elsewhere: Galeed, malee.',
      'Drafts of s-10 and us-1.',
      '',
      '',
    ]);
  });

  it('leaves no trace in any table', async () => {
    const words = 'Ann Lee (alee) wrote';
    await sql`pragma foreign_keys = off`.execute(desk.db);
    const preview = { preview: { sample: [{ deviceId: 'd1', personId: 'p1', person: 'Ann Lee', changes: [] }] } };
    const ticket = { subject: words, words, category: 'other', status: 'resolved', number: 1, opened_by: 'staff:Bo' };
    await add(desk.db, 'ticket', { id: 't1', ...ticket, person_id: 'p1', email: 'ann.lee@example.org' });
    await add(desk.db, 'ticket', { id: 't2', ...ticket, number: 2, custody_id: 'c1', device_id: 'd1' });
    await add(desk.db, 'ticket_note', { ticket_id: 't2', at: 2_000, by_actor: 'staff:Bo', words });
    await add(desk.db, 'help_request', { device_id: 'd1', reported_id: 'r1', at: 2_000, category: 'other', words });
    await add(desk.db, 'recovery_key', { id: 'k1', device_id: 'd1', escrow_key_id: 'e1' });
    await add(desk.db, 'recovery_request', { id: 'q1', recovery_key_id: 'k1', reason: words, asked_at: 2_000 });
    await add(desk.db, 'command', { id: 'o1', reason: words, ticket_id: 't1', created_at: 2_000, state: 'done' });
    await add(desk.db, 'command_device', { command_id: 'o1', device_id: 'd1', at: 2_000, words, output: words });
    await add(desk.db, 'restriction', { id: 'x1', device_id: 'd1', person_id: 'p1', reason: words, from_at: 1 });
    await add(desk.db, 'idempotency', { caller: 'staff ada', key: 'k', answer: '{"id":"p1"}', status: 200 });
    await add(desk.db, 'webhook', { id: 'w1', name: 'w', events: '[]' });
    await add(desk.db, 'webhook_delivery', { id: 'y1', webhook_id: 'w1', body: '{"subjectId":"p1"}', state: 'done' });
    await add(desk.db, 'policy_change', { id: 'g1', title: 'g', items: '[]', preview: JSON.stringify(preview) });
    await add(desk.db, 'mail', { message_id: 'm1', recipient: 'ann.lee@example.org', subject: words, body: words });
    await erase();
    const tables = await sql<{ name: string }>`select name from sqlite_master where type = 'table'`.execute(desk.db);
    const traces: string[] = [];
    for (const { name } of tables.rows) {
      const { rows: left } = await sql<{ subject_id?: string }>`select * from ${sql.table(name)}`.execute(desk.db);
      // That somebody was erased stays on record, by an id that leads nowhere.
      const told = left.filter((row) => name !== 'event' || row.subject_id !== 'p1');
      if (/Ann|Lee|"p1"|\\"p1|s-1\b/i.test(JSON.stringify(told))) traces.push(name);
    }
    expect(traces).toEqual([]);
  });

  it.each<[string, string, () => Promise<unknown>]>([
    ['is in the roster', 'conflict', async () => await desk.db.updateTable('person').set({ active: 1 }).execute()],
    ['holds a device', 'conflict', async () => await desk.db.updateTable('custody').set({ ended_at: null }).execute()],
    ['is another than was written out', 'bad-request', async () => undefined],
    ['is not known', 'not-found', async () => await desk.db.deleteFrom('person').execute()],
  ])('stays when the person %s', async (_, code, arrange) => {
    await arrange();
    await expect(erase(code === 'bad-request' ? 'somebody' : 'alee')).rejects.toMatchObject({ code });
    expect(await desk.db.selectFrom('activity_name').selectAll().execute()).toHaveLength(1);
  });
});
