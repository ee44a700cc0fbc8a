import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FetchLimits, listFetcher, usualFetchLimits, type Validators } from '../../../server/filter/fetch-list.ts';

const none: Validators = { etag: null, lastModified: null };
const limits: FetchLimits = {
  ...usualFetchLimits,
  allowPrivate: true,
  totalMs: 5_000,
  idleMs: 1_000,
  maxBytes: 65_536,
};
const text = 'a.example\nb.example\n';
const sha256 = (bytes: string | Buffer) => createHash('sha256').update(bytes);

/** Real HTTP on loopback; only the limits are smaller than in service. */
describe('a list at an address', () => {
  let server: Server;
  let answer: (request: IncomingMessage, response: ServerResponse) => void;
  let seen: IncomingMessage[];

  beforeEach(async () => {
    seen = [];
    server = createServer((request, response) => {
      seen.push(request);
      answer(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const base = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const get = (path = '/list', change: Partial<FetchLimits> = {}, known = none) =>
    listFetcher({ ...limits, ...change })(base() + path, known);
  const answers = (body: string | Buffer, headers: Record<string, string> = {}, status = 200) => {
    answer = (_, response) => response.writeHead(status, headers).end(body);
  };

  it('is fetched with its validators', async () => {
    answers(text, { etag: '"v1"', 'last-modified': 'Sun, 22 Nov 2026 08:00:00 GMT' });
    const fetched = await get();
    expect(fetched).toMatchObject({ changed: true, etag: '"v1"', lastModified: 'Sun, 22 Nov 2026 08:00:00 GMT' });
    expect(fetched.changed && Buffer.from(fetched.content).toString()).toBe(text);
  });

  it('is asked for with the validators heard last, and may say that nothing changed', async () => {
    answers('', {}, 304);
    const known = { etag: '"v1"', lastModified: 'Sun, 22 Nov 2026 08:00:00 GMT' };
    expect(await get('/list', {}, known)).toEqual({ changed: false });
    expect(seen[0]?.headers).toMatchObject({
      'if-none-match': '"v1"',
      'if-modified-since': 'Sun, 22 Nov 2026 08:00:00 GMT',
    });
  });

  it('may come compressed', async () => {
    answers(gzipSync(text), { 'content-encoding': 'gzip' });
    const fetched = await get();
    expect(fetched.changed && Buffer.from(fetched.content).toString()).toBe(text);
  });

  it('is followed to where it has moved', async () => {
    answer = (request, response) =>
      request.url === '/list'
        ? response.writeHead(302, { location: '/there' }).end('moved')
        : response.writeHead(200).end(text);
    expect(await get()).toMatchObject({ changed: true });
  });

  const digest = sha256(text).digest('hex');
  const base64 = sha256(text).digest('base64');
  const good: [string, string, Record<string, string>][] = [
    ['its address', `/list#sha256=${digest}`, {}],
    ['a Repr-Digest', '/list', { 'repr-digest': `sha-512=:AAAA:, sha-256=:${base64}:` }],
    ['a Digest', '/list', { digest: `SHA-256=${base64}` }],
  ];
  it.each(good)('is taken when its checksum is the one in %s', async (_where, path, headers) => {
    answers(text, headers);
    expect(await get(path)).toMatchObject({ changed: true });
    expect(seen[0]?.url).toBe('/list');
  });
  it.each(good)('is refused when its checksum is not the one in %s', async (_where, path, headers) => {
    answers(`${text}c.example\n`, headers);
    await expect(get(path)).rejects.toMatchObject({ code: 'bad-list', message: expect.stringMatching(/checksum/) });
  });

  it('is checked as it travels where the checksum is a header’s', async () => {
    const body = gzipSync(text);
    answers(body, { 'content-encoding': 'gzip', 'repr-digest': `sha-256=:${sha256(body).digest('base64')}:` });
    expect(await get(`/list#sha256=${digest}`)).toMatchObject({ changed: true });
  });

  const failures: [string, () => void, RegExp][] = [
    ['answers 500', () => answers('oops', {}, 500), /127\.0\.0\.1:\d+ answered with status 500/],
    ['answers 404', () => answers('no', {}, 404), /status 404/],
    ['sends in a circle', () => answers('', { location: '/list' }, 301), /sends on more than 5 times/],
    ['sends on to nowhere', () => answers('', {}, 302), /sends on more than|no address/],
    ['sends on to a file', () => answers('', { location: 'file:///etc/passwd' }, 302), /not one of http or https/],
    ['is larger than allowed', () => answers(Buffer.alloc(65_537, 'a')), /larger than 0 MB/],
    ['is a bomb', () => answers(gzipSync(Buffer.alloc(5_000_000)), { 'content-encoding': 'gzip' }), /larger than/],
    [
      'is damaged gzip',
      () => answers(gzipSync(text).subarray(0, 20), { 'content-encoding': 'gzip' }),
      /compression is damaged|unexpected end/,
    ],
    ['has another coding', () => answers(text, { 'content-encoding': 'br' }), /coding “br”/],
    [
      'breaks off',
      () => {
        answer = (_, response) => {
          response.writeHead(200, { 'content-length': '1000' }).write('a.example\n');
          setTimeout(() => response.destroy(), 20);
        };
      },
      /could not be fetched/,
    ],
    [
      'says nothing',
      () => {
        answer = () => undefined;
      },
      /its server is silent/,
    ],
    [
      'begins and goes silent',
      () => {
        answer = (_, response) => void response.writeHead(200).write('a.example\n');
      },
      /its server is silent/,
    ],
  ];
  it.each(failures)('that %s is refused in one sentence', async (_what, prepare, words) => {
    prepare();
    await expect(get()).rejects.toMatchObject({
      code: 'list-unreachable',
      message: expect.stringMatching(words),
    });
    await expect(get()).rejects.toThrow(/^The list could not be fetched: .*\. The earlier one stays in force\.$/);
  });

  it('that drips for ever is given up', async () => {
    answer = (_, response) => {
      response.writeHead(200);
      const drip = setInterval(() => response.write('#\n'), 50);
      response.on('close', () => clearInterval(drip));
    };
    await expect(get('/list', { totalMs: 600 })).rejects.toThrow(/took longer than 1 seconds/);
  });

  it('that nobody serves is refused', async () => {
    const address = base();
    await new Promise((resolve) => server.close(resolve));
    await expect(listFetcher(limits)(`${address}/list`, none)).rejects.toMatchObject({ code: 'list-unreachable' });
  });

  const own: [string, (port: string) => string][] = [
    ['this machine', (port) => `http://127.0.0.1:${port}/list`],
    ['this machine by name', (port) => `http://localhost:${port}/list`],
    ['this machine in another notation', (port) => `http://2130706433:${port}/list`],
    ['this machine by IPv6', (port) => `http://[::1]:${port}/list`],
    ['this machine by IPv4 in IPv6', (port) => `http://[::ffff:127.0.0.1]:${port}/list`],
  ];
  it.each(own)('is never looked for at %s unless that is allowed', async (_what, url) => {
    answers(text);
    const port = String((server.address() as AddressInfo).port);
    const fetch = listFetcher({ ...limits, allowPrivate: false });
    await expect(fetch(url(port), none)).rejects.toMatchObject({
      code: 'list-unreachable',
      message: expect.stringMatching(/address of this network.*privateListSources/),
    });
    expect(seen).toEqual([]);
  });

  it.each([
    ['a file', 'file:///etc/passwd', /not one of http or https/],
    ['a password', 'https://kim:secret@lists.example/', /holds a name or password/],
    ['a checksum that is none', 'https://lists.example/#sha256=abc', /no SHA-256/],
    ['no address', 'lists', /not one of http or https/],
  ])('is not fetched when its address is %s', async (_what, url, words) => {
    await expect(listFetcher(limits)(url, none)).rejects.toThrow(words);
  });
});
