import { mkdtempSync, rmSync } from 'node:fs';
import { createConnection, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Override } from '../../../shared/profile/web-filter.ts';
import { type HttpAnswer, send, sendBytes } from '../../fakes/http.ts';
import { monday, OwnPages, richSection } from '../../fakes/own-pages.ts';

const page = { accept: 'text/html' };
const words = 'We play chess in the maths club.';
const device = 'rollcall.internal';

let folder: string;
let own: OwnPages;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-pages-'));
  own = await new OwnPages(folder).start();
});
afterEach(async () => {
  await own.stop();
  rmSync(folder, { recursive: true });
});

const get = (host: string, path = '/', headers: Record<string, string> = page) =>
  send(own.port, path, { headers: { host, ...headers } });

async function tokenOf(host: string, path = '/'): Promise<string> {
  const { text } = await get(host, path);
  return /name="token" value="([0-9a-f]{64})"/.exec(text)?.[1] ?? 'no token';
}

interface Form {
  host?: string;
  headers?: Record<string, string>;
  fields?: Record<string, string>;
}

async function ask({ host = 'chess.example', headers = {}, fields = {} }: Form = {}): Promise<HttpAnswer> {
  const name = fields.name ?? host;
  const token = fields.token ?? (await tokenOf(host));
  const body = new URLSearchParams({ name, token, target: '/lesson?a=1', words, ...fields }).toString();
  const type = 'application/x-www-form-urlencoded';
  return await send(own.port, '/.rollcall/ask', {
    method: 'POST',
    headers: { host, origin: `http://${host}`, 'content-type': type, ...headers },
    body,
  });
}

async function state(host: string, name: string, headers: Record<string, string> = {}): Promise<unknown> {
  const { status, text } = await get(host, `/.rollcall/state?name=${name}`, headers);
  return status === 200 ? JSON.parse(text) : status;
}

/** The words of a page, without its tags. */
const read = ({ text }: HttpAnswer) =>
  text
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .replaceAll('&#39;', "'");

describe('the page of a blocked site', () => {
  it.each<[string, string, RegExp[]]>([
    [
      'a category',
      'chess.example',
      [/on the list “Games”/, /Rule chess\.example/, /until somebody changes/, /help@lincoln/],
    ],
    ['a name below a listed one', 'www.chess.example', [/Rule chess\.example/]],
    ['the locked minimum', 'casino.example', [/“Gambling”.*never open/, /by mistake/]],
    ['the district’s own list', 'x.bad.example', [/own list of blocked sites/, /Rule bad\.example/]],
    ['a schedule', 'friends.example', [/“No social media in lessons” blocks it until 15:05/]],
    ['a teacher', 'film.example', [/Ms Okafor closed it for you until 10:00/, /“We write a test\.”/]],
    ['a request that was refused', 'only.example', [/said no/, /“It shows advertisements for games\.”/, /Ask again/]],
  ])('explains %s', async (_name, host, wanted) => {
    const answer = await get(host);
    expect(answer.status).toBe(403);
    for (const found of wanted) expect(read(answer)).toMatch(found);
  });

  it('explains a site whose answer leads to a blocked name', async () => {
    const decision = own.view.decide('chess.example');
    if (!decision) throw new Error('not blocked');
    own.recent = [{ name: 'cloaked.example', decision, at: monday }];
    expect(read(await get('cloaked.example'))).toMatch(/It leads to chess\.example, and that is blocked/);
    own.view.section = { ...richSection, settings: {} };
    expect((await get('cloaked.example')).status).toBe(503);
  });

  it('may neither be kept, framed, sniffed nor bring anything from elsewhere', async () => {
    for (const answer of [await get('chess.example'), await get(device), await get('fine.example'), await ask()]) {
      expect(answer.headers).toMatchObject({
        'cache-control': 'no-store',
        'x-frame-options': 'DENY',
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'same-origin',
        connection: 'close',
      });
      expect(answer.headers['content-security-policy']).toMatch(/^default-src 'none';/);
      expect(answer.headers['content-security-policy']).not.toMatch(/unsafe|http/);
      expect(answer.headers['access-control-allow-origin']).toBeUndefined();
      expect(answer.text).not.toMatch(/<script>|<style|style=|\son\w+=/);
    }
  });

  it.each([
    ['an image', { accept: 'image/avif,*/*' }],
    ['a program', {}],
    ['a frame', { accept: 'text/html', 'sec-fetch-dest': 'iframe' }],
  ])('is not given to %s', async (_name, headers) => {
    const { status, text } = await get('chess.example', '/a.png', headers);
    expect([status, text]).toEqual([403, '']);
  });

  it('brings its style and script under any host', async () => {
    expect((await get('chess.example', '/.rollcall/page.css')).headers['content-type']).toMatch(/^text\/css/);
    expect((await get('chess.example', '/.rollcall/page.js')).headers['content-type']).toMatch(/^text\/javascript/);
  });

  it('answers HEAD without a body', async () => {
    const { status, text, headers } = await send(own.port, '/', { method: 'HEAD', headers: { host: device } });
    expect([status, text]).toEqual([200, '']);
    expect(Number(headers['content-length'])).toBeGreaterThan(1_000);
  });

  it.each(['OPTIONS', 'PUT', 'DELETE', 'TRACE', 'PATCH'])('refuses %s', async (method) => {
    const answer = await send(own.port, '/', {
      method,
      headers: { host: 'chess.example', origin: 'http://evil.example' },
    });
    expect([answer.status, answer.headers.allow]).toEqual([405, 'GET, HEAD, POST']);
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
  });
});

describe('a site that is not blocked', () => {
  it('is said to be open and loaded again, at the same place', async () => {
    const answer = await get('fine.example', '/lesson?a=1');
    expect([answer.status, answer.headers.refresh]).toEqual([503, '3']);
    expect(read(answer)).toMatch(/This site is open/);
    expect(answer.text).toContain('href="/lesson?a=1"');
  });

  it('is not answered in its place for programs', async () => {
    const { status, text, headers } = await get('fine.example', '/api', {});
    expect([status, text, headers['retry-after']]).toEqual([503, '', '3']);
  });
});

describe('asking for a site', () => {
  it('sends the request and goes back to where the person was', async () => {
    const answer = await ask();
    expect([answer.status, answer.headers.location]).toEqual([303, '/lesson?a=1']);
    expect(own.sent).toMatchObject([
      { kind: 'unblock-request', name: 'chess.example', category: 'games', words, at: monday },
    ]);
    const after = await get('chess.example');
    expect(read(after)).toMatch(/have not decided yet/);
    expect(after.text).toContain('data-waiting="chess.example"');
    expect(after.text).toMatch(/<noscript><meta http-equiv="refresh"/);
    expect(after.text).not.toContain('<form');
  });

  it('tells the page when it is granted, and then that the site is open', async () => {
    await ask();
    expect(await state('chess.example', 'chess.example')).toEqual({ blocked: true, request: 'waiting' });
    own.clock.advance(2_000);
    const outcome = {
      id: own.sent[0]?.id ?? '',
      name: 'chess.example',
      state: 'granted',
      reason: 'Good.',
      at: own.clock.now(),
    } as const;
    const opened: Override = {
      id: 'o9',
      kind: 'allow',
      domains: ['chess.example'],
      categories: [],
      reason: 'Good.',
      by: 'Ms Okafor',
      from: 0,
      until: own.clock.now() + 3_600_000,
    };
    own.view.section = { ...richSection, overrides: [opened], outcomes: [outcome] };
    expect(await state('chess.example', 'chess.example')).toEqual({ blocked: false, request: 'granted' });
    expect((await get('chess.example')).status).toBe(503);
    own.clock.advance(3_700_000);
    own.view.section = { ...richSection, outcomes: [outcome] };
    expect(read(await get('chess.example'))).toMatch(/said yes to your question before/);
  });

  it('works for any site from the device’s own page, since secure sites show no page of ours', async () => {
    const looked = await get(device, '/blocked?name=https%3A%2F%2FChess.example%2Fa');
    expect(read(looked)).toMatch(/chess\.example.*on the list “Games”/);
    const token = await tokenOf(device, '/blocked?name=chess.example');
    const answer = await ask({
      host: device,
      fields: { name: 'chess.example', token, target: '/blocked?name=chess.example' },
    });
    expect([answer.status, answer.headers.location]).toEqual([303, '/blocked?name=chess.example']);
    expect(own.sent).toHaveLength(1);
    expect(read(await get(device, '/filter'))).toMatch(/Sites you asked for chess\.example waiting/);
  });

  it.each<[string, number, Form]>([
    ['without an origin', 403, { headers: { origin: '' } }],
    ['from another site', 403, { headers: { origin: 'http://evil.example' } }],
    ['that the browser calls cross-site', 403, { headers: { 'sec-fetch-site': 'cross-site' } }],
    ['for another site than the host', 403, { fields: { name: 'casino.example' } }],
    ['without a token', 403, { fields: { token: '' } }],
    ['with the token of another name', 403, { fields: { token: 'f'.repeat(64) } }],
    ['for the device’s page itself', 303, { host: device, fields: { name: device, token: 'x' } }],
    ['for no name', 403, { host: device, fields: { name: '<b>', token: 'x' } }],
    ['with too few words', 400, { fields: { words: 'why' } }],
    ['with too many words', 400, { fields: { words: 'a'.repeat(501) } }],
    ['as JSON', 415, { headers: { 'content-type': 'application/json' } }],
    ['as plain text, which a foreign form can send', 415, { headers: { 'content-type': 'text/plain' } }],
    ['beyond 8 KB', 413, { fields: { words: 'a'.repeat(9_000) } }],
  ])('is refused %s', async (_name, status, form) => {
    expect((await ask(form)).status).toBe(status);
    expect(own.sent).toEqual([]);
  });

  it('keeps what was written when it is refused, as text', async () => {
    const hostile = '</textarea><script>alert(1)</script>" onfocus="x';
    const { text, status } = await ask({ fields: { words: hostile, token: '0'.repeat(64) } });
    expect(status).toBe(403);
    expect(text).not.toContain('<script>alert');
    expect(text).toContain('&lt;/textarea&gt;&lt;script&gt;alert(1)&lt;/script&gt;&quot; onfocus=&quot;x');
    expect(text).toMatch(/open for too long/);
  });

  it.each([
    '//evil.example/',
    'http://evil.example/',
    '/\\evil.example',
    'javascript:alert(1)',
    '/a\r\nset-cookie: a=b',
    `/${'a'.repeat(3_000)}`,
  ])('never leads back to another place: %s', async (target) => {
    const { headers } = await ask({ fields: { target } });
    expect(headers.location).toBe('/');
    expect(headers['set-cookie']).toBeUndefined();
  });

  it('is limited for a name and in all, and says so', async () => {
    for (let i = 0; i < 3; i += 1) expect((await ask({ fields: { token: await token() } })).status).toBe(303);
    const fourth = await ask({ fields: { token: await token() } });
    expect([fourth.status, read(fourth).includes('three times today')]).toEqual([429, true]);
    for (let i = 0; i < 7; i += 1) expect((await ask({ host: `n${i}.bad.example` })).status).toBe(303);
    expect(read(await ask({ host: 'n8.bad.example' }))).toMatch(/asked very often/);
    expect(own.sent).toHaveLength(10);
  });

  /** The page shows no form while a request waits; the token stays good. */
  async function token(): Promise<string> {
    const { section } = own.view;
    own.view.section = section && {
      ...section,
      outcomes: own.sent.map(({ id, name }) => ({ id, name, state: 'refused', reason: '', at: monday })),
    };
    return await tokenOf('chess.example');
  }

  it('takes 500 characters of any script', async () => {
    expect((await ask({ fields: { words: '語'.repeat(500) } })).status).toBe(303);
    expect(own.sent[0]?.words).toBe('語'.repeat(500));
  });
});

describe('the state of a name', () => {
  it.each<[string, string, string, Record<string, string>, unknown]>([
    ['the host itself', 'chess.example', 'chess.example', {}, { blocked: true, request: 'none' }],
    ['a site that is open', 'fine.example', 'fine.example', {}, { blocked: false, request: 'none' }],
    ['any name on the device’s own page', device, 'chess.example', {}, { blocked: true, request: 'none' }],
    ['another name than the host', 'evil.example', 'chess.example', {}, 403],
    ['another site that asks', device, 'chess.example', { 'sec-fetch-site': 'cross-site' }, 403],
    ['no name', device, '%00', {}, 403],
  ])('is told for %s', async (_name, host, name, headers, expected) => {
    expect(await state(host, name, headers)).toEqual(expected);
  });
});

describe('the device’s own page', () => {
  it('says what is filtered and recorded, how long, who looks, and what never is', async () => {
    own.block('chess.example');
    const found = `${read(await get(device))} ${read(await get(device, '/filter'))}`;
    const wanted = [
      /The device is at school/,
      /Recorded at this moment: names of blocked sites/,
      /“No social media in lessons” holds until 15:05/,
      /Always blocked Gambling/,
      /Games on Friday afternoon : Games: open on Friday from 15:30 to 20:00/,
      /filtered results only/,
      /Closed: film\.example, by Ms Okafor, until 10:00/,
      /in school hours now The names of blocked sites/,
      /after hours Numbers by kind of site/,
      /Anywhere else Nothing\./,
      /deleted after 30 days/,
      /write down why/,
      /camera and the microphone/,
      /Blocked lately.*chess\.example.*“Games”/,
      /maps\.example yes Answered: yesterday, 03:00/,
      /dev_7Qx2/,
      /Lincoln County Schools/,
    ];
    for (const line of wanted) expect(found).toMatch(line);
  });

  it('says where it is when that changes', async () => {
    own.view.place = 'off-campus';
    own.view.recording = 'none';
    expect(read(await get(device))).toMatch(/Anywhere else now Nothing/);
    expect(read(await get(device, '/filter'))).toMatch(/not at school.*moment: nothing\./);
  });

  it('is there under the address too, and under no other path', async () => {
    expect((await get('127.0.0.1')).status).toBe(200);
    expect((await get(device, '/favicon.ico')).status).toBe(404);
    expect((await get('127.0.0.2')).status).toBe(421);
  });

  it.each(['<script>', '   ', 'http://', 'a b', '..', `${'a.'.repeat(200)}b`])('does not look up %j', async (typed) => {
    const answer = await get(device, `/blocked?name=${encodeURIComponent(typed)}`);
    expect(answer.text).toContain('That is not the name of a site');
    expect(answer.text).not.toContain('<script>');
  });

  it('says nothing to the page of another site under its own name', async () => {
    own.block('chess.example');
    const { text } = await get('evil.example');
    expect(text).not.toMatch(/chess\.example|dev_7Qx2|Okafor/);
  });
});

describe('words of the district', () => {
  it('never become part of a page', async () => {
    const bad = '"><img src=x onerror=alert(1)>';
    const [list] = richSection.lists;
    if (!list) throw new Error('no list');
    own.view.section = {
      ...richSection,
      contact: bad,
      district: bad,
      lists: richSection.lists.map((each) => ({ ...each, title: bad })),
      overrides: (richSection.overrides ?? []).map((each) => ({ ...each, by: bad, reason: bad })),
      outcomes: (richSection.outcomes ?? []).map((each) => ({ ...each, reason: bad })),
      settings: {
        ...richSection.settings,
        schedules: (richSection.settings.schedules ?? []).map((each) => ({ ...each, title: bad })),
      },
    };
    own.judge({
      checks: [
        { check: bad, status: 'fail', severity: 'critical', seen: bad },
        { check: 'firewall-on', status: 'unknown', severity: 'critical', seen: `not known (${bad})` },
      ],
      ...{ step: 'restrict', restrictedSince: monday, restriction: bad, zone: bad, contact: bad },
      obligations: [{ kind: 'agreement', title: bad, dueAt: monday }],
    });
    own.own = { ...own.own, name: bad, district: bad };
    const ownPage = (await get(device)).text;
    expect(ownPage).not.toContain('<img');
    expect(ownPage.match(/&lt;img src=x/g)?.length).toBeGreaterThanOrEqual(6);
    expect((await get(device, '/filter?lang=%22><img%20src=x>')).text).not.toContain('<img');
    for (const host of [device, 'chess.example', 'casino.example', 'film.example', 'friends.example', 'only.example'])
      expect((await get(host)).text).not.toContain('<img');
  });
});

describe('the server of the pages', () => {
  it.each<[string, string, RegExp]>([
    ['no HTTP', 'hello\r\n\r\n', /^HTTP\/1\.1 400/],
    ['no host', 'GET / HTTP/1.1\r\n\r\n', /^HTTP\/1\.1 400/],
    ['two hosts', 'GET / HTTP/1.1\r\nHost: chess.example\r\nHost: evil.example\r\n\r\n', /^HTTP\/1\.1 400/],
    [
      'a head beyond 8 KB',
      `GET / HTTP/1.1\r\nHost: chess.example\r\nX: ${'a'.repeat(9_000)}\r\n\r\n`,
      /^HTTP\/1\.1 431/,
    ],
    [
      'both lengths',
      'POST /.rollcall/ask HTTP/1.1\r\nHost: a.example\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      /^HTTP\/1\.1 400/,
    ],
    ['the form for proxies', 'GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\n\r\n', /^HTTP\/1\.1 400/],
    ['a tunnel', 'CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example\r\n\r\n', /^$/],
    [
      'a web socket',
      'GET / HTTP/1.1\r\nHost: fine.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
      /^HTTP\/1\.1 503/,
    ],
  ])('survives %s', async (_name, bytes, expected) => {
    expect(await sendBytes(own.port, bytes)).toMatch(expected);
    expect((await get(device)).status).toBe(200);
  });

  it('answers one request a connection, so that an opened site is not reached through it', async () => {
    const one = 'GET / HTTP/1.1\r\nHost: rollcall.internal\r\n\r\n';
    const heard = await sendBytes(own.port, one + one);
    expect(heard.match(/HTTP\/1\.1 /g)).toHaveLength(1);
  });

  it('lets go of those who say nothing, half a head, half a body, or a byte now and then', async () => {
    const begun = Date.now();
    const dripped = drip(own.port);
    const slow = await Promise.all([
      sendBytes(own.port, ''),
      sendBytes(own.port, 'GET / HTTP/1.1\r\nHost: chess'),
      sendBytes(
        own.port,
        'POST /.rollcall/ask HTTP/1.1\r\nHost: chess.example\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 50\r\n\r\nname=',
      ),
    ]);
    await dripped;
    expect(Date.now() - begun).toBeLessThan(12_000);
    for (const heard of slow) expect(heard).toMatch(/^$|^HTTP\/1\.1 (400|408)/);
    expect(own.log.errors).toEqual([]);
  }, 15_000);

  it('holds 64 connections and is there again when they go', async () => {
    const sockets = await Promise.all(Array.from({ length: 64 }, () => connected(own.port)));
    await expect(get(device)).rejects.toThrow(/ECONNRESET|hang up/);
    for (const socket of sockets) socket.destroy();
    await expect.poll(async () => (await get(device).catch(() => undefined))?.status, { timeout: 40_000 }).toBe(200);
  });

  it('says in its evidence that it answers, measured', async () => {
    expect(await own.pages.evidence()).toEqual([
      {
        item: 'own pages of the device',
        expected: 'answering',
        seen: 'answering on 127.0.0.1',
        ok: true,
      },
    ]);
  });

  it('ends with the filter, and begins again on the next', async () => {
    const { port } = own;
    await own.stop();
    expect(own.pages.address).toBeUndefined();
    await expect(send(port, '/')).rejects.toThrow(/ECONNREFUSED/);
    await own.start();
    expect((await get(device)).status).toBe(200);
  });

  it('leaves the filter alone when its port is taken, says so, and takes it once it is free', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as { port: number };
    const late = await new OwnPages(folder, richSection, port).start();
    const problem = `not open: port ${port} of 127.0.0.1 is used by another program`;
    expect(await late.pages.evidence()).toMatchObject([{ seen: problem, ok: false }]);
    late.view.section = { ...richSection, settings: {} };
    expect(await late.pages.evidence()).toMatchObject([{ seen: problem, ok: true }]);
    await new Promise((resolve) => other.close(resolve));
    await late.start();
    expect(await late.pages.evidence()).toMatchObject([{ ok: true }]);
    await late.stop();
  });
});

/** Sends a head without an end, byte by byte; resolves when the other side has enough. */
async function drip(port: number): Promise<void> {
  const socket = await connected(port);
  socket.write('GET / HTTP/1.1\r\nHost: chess.example\r\nX: ');
  const timer = setInterval(() => socket.writable && socket.write('a'), 400);
  await new Promise((resolve) => socket.once('close', resolve));
  clearInterval(timer);
}

async function connected(port: number): Promise<Socket> {
  return await new Promise((resolve) => {
    const socket = createConnection(port, '127.0.0.1', () => resolve(socket));
    socket.on('error', () => socket.destroy());
  });
}
