import { existsSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HelpBook } from '../../../agent/store/help-book.ts';
import { FakeClock, SeededRandom } from '../../fakes/clock.ts';
import { send } from '../../fakes/http.ts';
import { FakeLog } from '../../fakes/log.ts';
import { monday, OwnPages } from '../../fakes/own-pages.ts';

let folder: string;
let own: OwnPages;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollcall-help-'));
  own = await new OwnPages(folder).start();
});
afterEach(async () => {
  await own.stop();
  await rm(folder, { recursive: true });
});

const device = { host: '127.0.0.1', accept: 'text/html' };
const get = async (headers: Record<string, string> = {}) =>
  (await send(own.port, '/', { headers: { ...device, ...headers } })).text;
const read = (text: string) => text.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
const helpToken = (text: string) =>
  /action="\/\.rollcall\/help"[\s\S]*?name="token" value="(\w+)"/.exec(text)?.[1] ?? '';

async function ask(fields: Record<string, string> = {}, headers: Record<string, string> = {}) {
  const form = {
    ...device,
    origin: 'http://127.0.0.1',
    'content-type': 'application/x-www-form-urlencoded',
    ...headers,
  };
  const usual = { token: helpToken(await get()), about: 'battery', words: 'It is empty at noon.' };
  const body = new URLSearchParams({ ...usual, ...fields }).toString();
  return await send(own.port, '/.rollcall/help', { method: 'POST', headers: form, body });
}

const ticket = {
  ...{ id: 't1', number: 17, subject: 'Something is wrong with the battery', status: 'waiting' as const },
  ...{ openedAt: monday, answers: [{ at: monday + 1, words: 'Bring it in.\n<b>Room 4</b>' }] },
};
const tell = (...tickets: (typeof ticket & { request?: string })[]) =>
  own.help.receive({ at: own.clock.now() + 1, tickets });

describe('asking for help on the device', () => {
  it('sends what was written towards the server, and shows that it is on its way', async () => {
    const { status, headers } = await ask();
    expect([status, headers.location]).toEqual([303, '/']);
    expect(own.helpSent).toEqual([
      {
        ...{ kind: 'help-request', at: monday, id: expect.any(String) },
        ...{ category: 'battery', words: 'It is empty at noon.' },
      },
    ]);
    expect(read(await get())).toMatch(/Your requests It is empty at noon\. on its way/);
  });

  it('says offline that it is sent later', async () => {
    own.own = { ...own.own, connection: { connected: false, since: monday } };
    await ask();
    expect(read(await get())).toMatch(/on its way Asked: .* It is sent as soon as there is one\./);
    expect(own.helpSent).toHaveLength(1);
  });

  it('shows the ticket and what staff wrote, as text, in its place', async () => {
    await ask();
    tell({ ...ticket, request: own.helpSent[0]?.id ?? '' });
    const text = await get();
    expect(read(text)).toMatch(/Request 17: Something is wrong with the battery waiting, perhaps for your answer/);
    expect(text).toContain('Bring it in.<br>&lt;b&gt;Room 4&lt;/b&gt;');
    expect(read(text)).not.toContain('on its way');
  });

  it('answers a ticket that is there, and no other', async () => {
    tell(ticket);
    await ask({ about: 'ticket:t1', words: 'It is the charger.' });
    await ask({ about: 'ticket:t2', words: 'It is the charger.' });
    expect(own.helpSent).toMatchObject([
      { ticket: 't1', category: 'other' },
      { category: 'other', words: 'It is the charger.' },
    ]);
    expect(own.helpSent[1]).not.toHaveProperty('ticket');
  });

  it('is spoken in Spanish, too', async () => {
    expect(read(await get({ 'accept-language': 'es' }))).toMatch(/Enviarlo al equipo de soporte/);
  });
});

describe('what is not taken', () => {
  it.each([
    ['too little', { words: ' a ' }, 400, /at least 5 characters/],
    ['too much', { words: 'x'.repeat(801) }, 400, /at most 800 characters/],
    ['a form of another page', { token: 'f'.repeat(64) }, 403, /open for too long/],
  ])('is %s; what was written stays', async (_, fields: Record<string, string>, status, words) => {
    const answer = await ask(fields);
    expect(answer.status).toBe(status);
    expect(read(answer.text)).toMatch(words);
    expect(answer.text).toContain(`${fields.words ?? 'It is empty at noon.'}</textarea>`);
    expect(own.helpSent).toEqual([]);
  });

  it('comes from another site', async () => {
    expect((await ask({}, { origin: 'http://evil.example' })).status).toBe(403);
    expect((await ask({}, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect(own.helpSent).toEqual([]);
  });

  it('comes more often than people ask', async () => {
    for (let count = 0; count < 5; count += 1) expect((await ask()).status).toBe(303);
    expect((await ask()).status).toBe(429);
    own.clock.advance(3_600_001);
    expect((await ask()).status).toBe(303);
  });

  it('is read by GET', async () => {
    expect((await send(own.port, '/.rollcall/help', { headers: device })).status).toBe(405);
  });
});

describe('what the device keeps', () => {
  const open = () =>
    new HelpBook({
      ...{ path: join(folder, 'help.json'), clock: own.clock, random: new SeededRandom(5), emit: () => undefined },
      log: own.log,
    });

  it('is there after a restart, and forgotten after a month', async () => {
    await ask();
    tell(ticket);
    expect(open().tickets).toHaveLength(1);
    expect(open().waiting).toHaveLength(1);
    own.clock.advance(31 * 86_400_000);
    expect(open().tickets).toEqual([]);
    expect(open().waiting).toEqual([]);
  });

  it('begins anew when the file is damaged', () => {
    writeFileSync(join(folder, 'help.json'), '{"waiting":[{"id":1}]}');
    expect(open().waiting).toEqual([]);
    expect(own.log.said).toMatchObject([{ level: 'warn' }]);
  });

  it('is not asked when the disk does not take it', () => {
    const sent: unknown[] = [];
    const path = join(folder, 'none', 'help.json');
    const book = new HelpBook({
      path,
      clock: new FakeClock(),
      random: new SeededRandom(1),
      emit: (one) => sent.push(one),
      log: new FakeLog(),
    });
    expect(book.ask('slow', 'It is slow.')).toEqual({ ok: false, problem: 'notSaved' });
    expect([sent, book.waiting]).toEqual([[], []]);
    expect(existsSync(path)).toBe(false);
  });

  it('is for its owner alone', async () => {
    await ask();
    expect(statSync(join(folder, 'help.json')).mode & 0o777).toBe(0o600);
  });
});
