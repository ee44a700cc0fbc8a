import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Query } from '../../../../shared/api/contract.ts';
import type { Routes } from '../../../../shared/api/routes.ts';
import { type HelpdeskDistrict, openHelpdesk, schoolWeek } from '../../../fakes/helpdesk-district.ts';

const hourMs = 3_600_000;
const kim = { actor: 'staff:Kim', staffId: 'kim' };
const slow = { subject: 'Ada’s laptop is slow', category: 'slow', deviceId: 'a' } as const;
const account = {
  host: 'smtp.example',
  port: 465,
  security: 'tls',
  user: null,
  from: 'Help <help@maple.example>',
} as const;

let desk: HelpdeskDistrict;

beforeEach(async () => {
  desk = await openHelpdesk();
});
afterEach(async () => {
  await desk.close();
  expect(desk.errors).toEqual([]);
});

describe('a ticket that staff open', () => {
  it('is for whoever holds the device, at their school, with the promises of its priority', async () => {
    const ticket = await desk.tickets.create({ ...slow, words: 'It takes\nten minutes.' }, kim);
    expect(ticket).toMatchObject({
      ...{ number: 1, version: 1, status: 'new', priority: 'normal', source: 'console', openedBy: 'staff:Kim' },
      ...{ words: 'It takes\nten minutes.', email: 'ada@maple.example', person: { id: 'ada', name: 'ada Test' } },
      ...{ org: { id: 'maple', name: 'Maple' }, device: { id: 'a' }, custody: { kind: 'primary' } },
      firstReply: { state: 'running', minutesLeft: 420, dueAt: '2026-10-06T09:00:00.000Z' },
      resolution: { state: 'running', minutesLeft: 2_100 },
    });
    expect(await desk.stores.tickets.byId(ticket.id)).toMatchObject({ custody_id: 'custody-ada', org_id: 'maple' });
    expect(desk.said).toMatchObject([{ code: 'ticket-opened', subject: { kind: 'ticket', id: ticket.id } }]);
    expect(desk.said[0]?.words).not.toContain('Ada');
  });

  it('keeps the number, and says what else is open of the device', async () => {
    const first = await desk.tickets.create(slow, kim);
    const second = await desk.tickets.create({ ...slow, subject: 'Loud fan' }, kim);
    expect(second.number).toBe(2);
    expect(second.related).toEqual([{ id: first.id, number: 1, subject: slow.subject, status: 'new' }]);
  });

  it('tells a reader of one school neither tickets nor holders of another, once its device has moved on', async () => {
    const { db, clock, tickets } = desk;
    const first = await tickets.create(slow, kim);
    await db.updateTable('custody').set({ ended_at: clock.now() }).where('id', '=', 'custody-ada').execute();
    const custody = { device_id: 'a', person_id: 'cy', kind: 'loan', starts_at: 1, ended_at: null, end_reason: null };
    await db
      .insertInto('custody')
      .values({ ...custody, id: 'moved', by_actor: 'staff:Kim' })
      .execute();
    const second = await tickets.create({ ...slow, subject: 'Loud fan' }, kim);
    expect(second).toMatchObject({ org: { id: 'cedar' }, custody: { person: { id: 'cy' } } });
    const sight = { orgs: ['maple'], own: undefined };
    expect(await tickets.read(first.id, sight)).toMatchObject({ custody: null, related: [] });
    expect(await tickets.read(first.id, { orgs: 'all', own: undefined })).toMatchObject({
      ...{ custody: { person: { id: 'cy' } }, related: [{ id: second.id }] },
    });
  });

  it('is given to those who work on tickets, and to nobody else who can sign in', async () => {
    const { id, version } = await desk.tickets.create(slow, kim);
    await desk.db.updateTable('staff_grant').set({ role: 'teacher' }).where('staff_id', '=', 'lee').execute();
    expect((await desk.tickets.technicians()).items).toEqual([{ id: 'kim', name: 'Kim' }]);
    await expect(desk.tickets.change(id, { version, assigneeId: 'lee' }, kim)).rejects.toThrow(/Choose somebody else/);
  });

  it.each([
    ['a device', { ...slow, deviceId: 'nope' }],
    ['a person', { ...slow, personId: 'nope' }],
  ])('is refused about %s that does not exist', async (_, input) => {
    await expect(desk.tickets.create(input, kim)).rejects.toMatchObject({ code: 'not-found' });
    expect((await desk.tickets.list({}, kim)).total).toBe(0);
  });

  it('has one plain line as its subject, whatever was written', async () => {
    const ticket = await desk.tickets.create({ ...slow, subject: 'Slow\r\nBcc: all@maple.example\u202e' }, kim);
    expect(ticket.subject).toBe('Slow Bcc: all@maple.example');
  });
});

describe('work on a ticket', () => {
  it('begins when somebody takes it', async () => {
    const { id, version } = await desk.tickets.create(slow, kim);
    const taken = await desk.tickets.change(id, { version, assigneeId: 'lee' }, kim);
    expect(taken).toMatchObject({ status: 'open', assignee: { id: 'lee', name: 'Lee' }, version: 2 });
    expect(desk.said.at(-1)).toMatchObject({
      ...{ code: 'ticket-changed', words: 'Ticket 1 is being worked on now. Changed: assignment.' },
      ...{ before: { status: 'new', assignee_id: null }, after: { status: 'open', assignee_id: 'lee' } },
    });
  });

  it('stays with its school when it is about nobody any more', async () => {
    const { id, version } = await desk.tickets.create(slow, kim);
    const changed = await desk.tickets.change(id, { version, deviceId: null, personId: null }, kim);
    expect(changed).toMatchObject({ device: null, person: null, org: { id: 'maple' } });
  });

  it('is refused to who read an older version, and loses nothing', async () => {
    const { id, version } = await desk.tickets.create(slow, kim);
    await desk.tickets.change(id, { version, priority: 'high' }, kim);
    const late = desk.tickets.change(id, { version, priority: 'low' }, kim);
    await expect(late).rejects.toMatchObject({ code: 'changed-meanwhile' });
    expect(await desk.tickets.read(id)).toMatchObject({ priority: 'high', version: 2 });
  });

  it('has the promises of its new priority, counted from when it was opened', async () => {
    const { id, version } = await desk.tickets.create(slow, kim);
    desk.clock.advance(hourMs);
    const urgent = await desk.tickets.change(id, { version, priority: 'urgent' }, kim);
    expect(urgent.firstReply).toMatchObject({ state: 'late', minutesLeft: -30 });
    expect(urgent.resolution).toMatchObject({ state: 'running', minutesLeft: 180 });
  });

  it('cannot become new again, nor be given to nobody who exists', async () => {
    const { id, version } = await desk.tickets.create(slow, kim);
    const gone = desk.tickets.change(id, { version, assigneeId: 'nobody-here' }, kim);
    await expect(gone).rejects.toMatchObject({ code: 'bad-request' });
    await desk.tickets.change(id, { version, status: 'open' }, kim);
    const back = desk.tickets.change(id, { version: 2, status: 'new' }, kim);
    await expect(back).rejects.toMatchObject({ code: 'conflict' });
  });

  it('stands while it waits', async () => {
    const { id, version } = await desk.tickets.create(slow, kim);
    desk.clock.advance(hourMs);
    const waiting = await desk.tickets.change(id, { version, status: 'waiting' }, kim);
    desk.clock.advance(100 * hourMs);
    expect(waiting.resolution).toMatchObject({ state: 'paused', minutesLeft: 2_040, dueAt: null });
    expect((await desk.tickets.read(id)).resolution.minutesLeft).toBe(2_040);
  });

  it('moves with its device to the school of who holds that', async () => {
    const { id, version } = await desk.tickets.create({ subject: 'Which one?', category: 'other' }, kim);
    expect((await desk.tickets.read(id)).org).toBeNull();
    const moved = await desk.tickets.change(id, { version, deviceId: 'c' }, kim);
    expect(moved).toMatchObject({ org: { id: 'cedar' }, device: { id: 'c' }, person: null });
  });
});

describe('notes', () => {
  it('for staff do not reach the person and are no reply', async () => {
    const { id } = await desk.tickets.create(slow, kim);
    const noted = await desk.tickets.note(id, { words: 'Try a new disk.', isToPerson: false }, kim);
    expect(noted).toMatchObject({ status: 'new', firstReply: { state: 'running' } });
    expect(noted.notes).toMatchObject([{ by: 'staff:Kim', words: 'Try a new disk.', isToPerson: false, mail: null }]);
  });

  it('to the person are the first reply, and go out by mail where there is any', async () => {
    await desk.configure((was) => ({ ...was, mail: account }));
    await desk.mail.start();
    const { id } = await desk.tickets.create(slow, kim);
    desk.clock.advance(hourMs);
    const noted = await desk.tickets.note(id, { words: 'Please restart.', isToPerson: true }, kim);
    expect(noted).toMatchObject({ status: 'open', firstReply: { state: 'met', metAt: '2026-10-05T10:00:00.000Z' } });
    await desk.mail.settled();
    expect(desk.sent.map(({ message }) => message)).toMatchObject([
      { recipient: 'ada@maple.example', subject: `[#1] ${slow.subject}`, thread_id: null },
    ]);
    expect((await desk.tickets.read(id)).notes).toMatchObject([{ mail: 'sent' }]);
    expect(desk.sent[0]?.message.body).toContain('Please restart.');
  });

  it('by a canned fix that resolves close the matter', async () => {
    const { id, fixes } = await desk.tickets.create({ ...slow, category: 'web-filter' }, kim);
    expect(fixes[0]?.categories).toContain('web-filter');
    const solved = await desk.tickets.note(
      id,
      { words: 'Ask there.', isToPerson: true, fixId: 'ask-on-block-page' },
      kim,
    );
    expect(solved).toMatchObject({ status: 'resolved', resolution: { state: 'met' }, firstReply: { state: 'met' } });
    const gone = desk.tickets.note(id, { words: 'x', isToPerson: true, fixId: 'gone' }, kim);
    await expect(gone).rejects.toMatchObject({ code: 'not-found' });
  });

  it('must say something', async () => {
    const { id } = await desk.tickets.create(slow, kim);
    const empty = desk.tickets.note(id, { words: ' \u200b\n ', isToPerson: true }, kim);
    await expect(empty).rejects.toMatchObject({ code: 'bad-request' });
  });
});

describe('the queue', () => {
  it('has what is due first first, by pages, with every ticket once', async () => {
    const priorities = ['low', 'urgent', 'normal', 'high', 'low', 'urgent', 'normal'] as const;
    for (const priority of priorities) await desk.tickets.create({ ...slow, priority }, kim);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await desk.tickets.list({ limit: 3, ...(cursor !== null && { cursor }) }, kim);
      expect(page.total).toBe(7);
      seen.push(...page.items.map(({ priority }) => priority));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual(['urgent', 'urgent', 'high', 'normal', 'normal', 'low', 'low']);
  });

  it('finds by status, kind, school, device, person, who works on it and words', async () => {
    const first = await desk.tickets.create(slow, kim);
    const other = { subject: 'Broken key 100%_', category: 'keyboard', priority: 'high', personId: 'cy' } as const;
    await desk.tickets.create(other, kim);
    await desk.tickets.change(first.id, { version: 1, assigneeId: 'kim', status: 'resolved' }, kim);
    const found = async (query: Query<Routes['listTickets']>, orgs?: string[]) =>
      (await desk.tickets.list({ ...query, sight: { orgs: orgs ?? 'all', own: undefined } }, kim)).items.map(
        ({ number }) => number,
      );
    expect(await found({})).toEqual([2]);
    expect(await found({ status: 'all' })).toEqual([2, 1]);
    expect(await found({ status: 'resolved' })).toEqual([1]);
    expect(await found({ status: 'all', category: 'slow' })).toEqual([1]);
    expect(await found({ status: 'all', priority: 'high' })).toEqual([2]);
    expect(await found({ status: 'all', assignee: 'me' })).toEqual([1]);
    expect(await found({ status: 'all', assignee: 'nobody' })).toEqual([2]);
    expect(await found({ status: 'all', device: 'a' })).toEqual([1]);
    expect(await found({ status: 'all', person: 'cy' })).toEqual([2]);
    expect(await found({ status: 'all', org: 'maple' })).toEqual([1]);
    expect(await found({ status: 'all', org: 'district' })).toEqual([2, 1]);
    expect(await found({ status: 'all' }, ['cedar'])).toEqual([2]);
    expect(await found({ status: 'all' }, [])).toEqual([]);
    expect(await found({ status: 'all', search: '100%_' })).toEqual([2]);
    expect(await found({ status: 'all', search: '#1' })).toEqual([1]);
    expect(await found({ status: 'all', search: 'ser-a' })).toEqual([1]);
    expect(await found({ status: 'all', search: 'cy test' })).toEqual([2]);
  });

  it('has no tickets of its own for a program', async () => {
    const mine = desk.tickets.list({ assignee: 'me' }, { actor: 'token:forms' });
    await expect(mine).rejects.toMatchObject({ code: 'bad-request' });
  });
});

describe('time', () => {
  it('makes a promise late once, in words and for the pages', async () => {
    await desk.clocks.start();
    const changed: string[] = [];
    desk.bus.subscribe('tickets-changed', ({ ticketIds }) => void changed.push(...ticketIds));
    const { id } = await desk.tickets.create({ ...slow, priority: 'urgent' }, kim);
    await desk.clocks.settled();
    changed.length = 0;
    desk.clock.advance(31 * 60_000);
    await desk.clocks.settled();
    expect(changed).toContain(id);
    desk.clock.advance(10 * 60_000);
    await desk.clocks.settled();
    expect(desk.said.filter(({ code }) => code === 'ticket-late')).toMatchObject([
      { words: 'Ticket 1 is late: the promised first reply has not come.' },
    ]);
    desk.clock.advance(24 * hourMs);
    await desk.clocks.settled();
    expect(desk.said.filter(({ code }) => code === 'ticket-late')).toHaveLength(2);
  });

  it('that passed while the server was off is told when it starts', async () => {
    await desk.tickets.create({ ...slow, priority: 'urgent' }, kim);
    desk.clock.advance(hourMs);
    await desk.clocks.start();
    expect(desk.codes()).toContain('ticket-late');
  });

  it('is counted anew when the calendar is put right', async () => {
    await desk.clocks.start();
    const { id } = await desk.tickets.create(slow, kim);
    const holidays = [{ title: 'Break', from: '2026-10-06', to: '2026-10-09' }];
    await desk.stores.calendars.save('maple', { ...schoolWeek, holidays }, desk.clock.now());
    desk.bus.publish('calendars-changed', {});
    await new Promise((resolve) => setImmediate(resolve));
    await desk.clocks.settled();
    expect((await desk.tickets.read(id)).firstReply.dueAt).toBe('2026-10-12T09:00:00.000Z');
  });

  it('closes what stayed solved, and not what was opened again', async () => {
    await desk.clocks.start();
    const stays = await desk.tickets.create(slow, kim);
    const back = await desk.tickets.create(slow, kim);
    for (const { id } of [stays, back]) await desk.tickets.change(id, { version: 1, status: 'resolved' }, kim);
    await desk.tickets.change(back.id, { version: 2, status: 'open' }, kim);
    await desk.clocks.settled();
    desk.clock.advance(15 * 24 * hourMs);
    await desk.clocks.settled();
    expect((await desk.tickets.read(stays.id)).status).toBe('closed');
    expect((await desk.tickets.read(back.id)).status).toBe('open');
    expect(desk.codes()).toContain('ticket-closed');
  });
});

describe('the intake', () => {
  const form = { reference: 'form-1', subject: 'Beamer dark', words: 'In room 12.', email: 'BOB@maple.example' };

  it('finds the person by the address, and opens a reference once', async () => {
    const first = await desk.intake.take({ ...form, device: 'ser-b' }, 'token:forms');
    const again = await desk.intake.take(form, 'token:forms');
    expect(again).toEqual({ ...first, isNew: false });
    expect(first).toMatchObject({ number: 1, isNew: true });
    expect(await desk.tickets.read(first.id)).toMatchObject({
      ...{ source: 'email', person: { id: 'bob' }, device: { id: 'b' }, org: { id: 'maple' }, category: 'other' },
    });
    expect((await desk.tickets.list({}, kim)).total).toBe(1);
  });

  it('of somebody nobody knows stands without a person, and is answered at the address', async () => {
    const { id } = await desk.intake.take({ ...form, email: 'parent@home.example' }, 'token:forms');
    expect(await desk.tickets.read(id)).toMatchObject({ person: null, email: 'parent@home.example', org: null });
  });

  it('guesses nobody where two have the address, and takes no address that is none', async () => {
    await desk.db.updateTable('person').set({ email: 'bob@maple.example' }).where('id', '=', 'cy').execute();
    const two = await desk.intake.take(form, 'token:forms');
    expect((await desk.tickets.read(two.id)).person).toBeNull();
    const bad = await desk.intake.take({ ...form, reference: 'x', email: 'a@b\r\nBcc: c@d' }, 'token:forms');
    expect((await desk.tickets.read(bad.id)).email).toBeNull();
  });

  it('keeps everything of a long message', async () => {
    const words = Array.from({ length: 2_000 }, (_, index) => `line ${index}`).join('\n');
    const { id } = await desk.intake.take({ ...form, words }, 'token:forms');
    const ticket = await desk.tickets.read(id);
    expect([ticket.words, ...ticket.notes.map((note) => note.words)].join('')).toBe(words);
  });

  it('takes an answer to our mail from whom it went to, which opens the ticket again', async () => {
    const { id } = await desk.tickets.create({ ...slow, deviceId: 'b' }, kim);
    await desk.tickets.change(id, { version: 1, status: 'resolved' }, kim);
    const answer = { reference: 'm-1', subject: 'Re: [#1] Slow', words: 'Still slow.', email: 'bob@maple.example' };
    expect(await desk.intake.take(answer, 'token:mail')).toEqual({ id, number: 1, isNew: false });
    await desk.intake.take(answer, 'token:mail');
    const ticket = await desk.tickets.read(id);
    expect(ticket).toMatchObject({ status: 'open', notes: [{ words: 'Still slow.', isToPerson: false }] });
    expect(desk.codes()).toEqual(expect.arrayContaining(['ticket-answered', 'ticket-reopened']));
  });

  it('ends a loop of two programs that answer each other: the sixth of an hour is a note, and sends no mail', async () => {
    const { id } = await desk.tickets.create({ ...slow, deviceId: 'c' }, kim);
    const email = 'robot@home.example';
    const opened = [];
    for (let number = 0; number < 6; number += 1)
      opened.push(await desk.intake.take({ ...form, email, reference: `loop-${number}` }, 'token:mail'));
    expect(opened.map(({ isNew }) => isNew)).toEqual([true, true, true, true, true, false]);
    expect(opened[5]?.id).toBe(opened[4]?.id);
    expect(await desk.intake.take({ ...form, email, reference: 'loop-0' }, 'token:mail')).toMatchObject({ number: 2 });
    desk.clock.advance(61 * 60_000);
    expect(await desk.intake.take({ ...form, email, reference: 'loop-7' }, 'token:mail')).toMatchObject({
      isNew: true,
    });
    expect((await desk.tickets.read(id)).notes).toEqual([]);
  });

  it('does not let others write into a ticket by its number', async () => {
    const { id } = await desk.tickets.create(slow, kim);
    const wrong = { reference: 'm-2', subject: 'Re: [#1] Slow', words: 'Close it.', email: 'cy@maple.example' };
    expect(await desk.intake.take(wrong, 'token:mail')).toMatchObject({ number: 2, isNew: true });
    expect((await desk.tickets.read(id)).notes).toEqual([]);
  });
});

describe('help that is asked on a device', () => {
  const asked = {
    kind: 'help-request' as const,
    at: Date.UTC(2026, 9, 5, 9),
    id: 'r1',
    category: 'battery',
    words: 'Empty at noon.',
  };
  const device = async (id: string) => (await desk.deviceTickets.of([id])).get(id)?.tickets ?? [];

  it('becomes one ticket of whoever holds it, and the device is told what becomes of it', async () => {
    await desk.helpRequests.start();
    await desk.report('a', [asked]);
    await desk.helpRequests.settled();
    await desk.report('a', [asked]);
    await desk.helpRequests.settled();
    const { items } = await desk.tickets.list({}, kim);
    expect(items).toMatchObject([
      { source: 'device', category: 'battery', person: { id: 'ada' }, device: { id: 'a' } },
    ]);
    const id = items[0]?.id ?? '';
    await desk.tickets.note(id, { words: 'For staff.', isToPerson: false }, kim);
    await desk.tickets.note(id, { words: 'Bring it in.', isToPerson: true }, kim);
    expect(await device('a')).toMatchObject([
      { number: 1, request: 'r1', status: 'open', answers: [{ words: 'Bring it in.' }] },
    ]);
    expect(await device('b')).toEqual([]);
  });

  it('survives that the server stops before it took it up', async () => {
    await desk.report('a', [{ ...asked, category: 'never-heard-of' }]);
    await desk.helpRequests.start();
    expect((await desk.tickets.list({}, kim)).items).toMatchObject([{ category: 'other' }]);
    expect(await desk.stores.helpRequests.waiting()).toEqual([]);
  });

  it('may answer its own ticket, which is open again then', async () => {
    await desk.helpRequests.start();
    await desk.report('a', [asked]);
    await desk.helpRequests.settled();
    const [ticket] = await device('a');
    await desk.tickets.change(ticket?.id ?? '', { version: 1, status: 'waiting' }, kim);
    await desk.report('a', [{ ...asked, id: 'r2', words: 'It is the charger.', ticket: ticket?.id ?? '' }]);
    await desk.helpRequests.settled();
    expect(await desk.tickets.read(ticket?.id ?? '')).toMatchObject({
      ...{ status: 'open', notes: [{ by: 'device:device-a', words: 'It is the charger.' }] },
    });
  });

  it('cannot write into the ticket of another device', async () => {
    await desk.helpRequests.start();
    const { id } = await desk.tickets.create({ ...slow, deviceId: 'b' }, kim);
    await desk.report('a', [{ ...asked, ticket: id }]);
    await desk.helpRequests.settled();
    expect((await desk.tickets.read(id)).notes).toEqual([]);
    expect((await desk.tickets.list({}, kim)).total).toBe(2);
  });

  it('does not fill the queue: what is too much is added to its newest ticket', async () => {
    await desk.helpRequests.start();
    for (let round = 0; round < 2; round += 1) {
      await desk.report(
        'a',
        Array.from({ length: 30 }, (_, index) => ({ ...asked, id: `${round}-${index}` })),
      );
      await desk.helpRequests.settled();
    }
    expect((await desk.tickets.list({}, kim)).total).toBe(10);
  });

  it('is not shown to the next who holds the device', async () => {
    await desk.helpRequests.start();
    await desk.report('a', [asked]);
    await desk.helpRequests.settled();
    await desk.stores.custody.close('a', desk.clock.now(), 'returned');
    await desk.stores.custody.open({
      id: 'next',
      deviceId: 'a',
      personId: 'bob',
      kind: 'loan',
      at: desk.clock.now(),
      by: 'x',
    });
    expect((await desk.deviceTickets.of(['a'])).get('a')?.tickets).toEqual([]);
  });
});
