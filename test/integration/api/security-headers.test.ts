import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EventView } from '../../../shared/api/schemas.ts';
import { type Answer, type Call, TestServer } from '../../fakes/running-server.ts';

let server: TestServer;
let cookie: string;

beforeAll(async () => {
  server = await TestServer.start();
  cookie = await server.setUp();
});
afterAll(() => server.stop());

const staff = () => ({ cookie, origin: server.origin });
const get = async (path: string, headers: Record<string, string> = {}) => await server.call(path, { headers });
const post = async (path: string, call: Call) => await server.call(path, { method: 'POST', ...call });
const json = { 'content-type': 'application/json' };

/** Every kind of answer the console's port gives, and its status. */
const answers: [what: string, status: number, ask: () => Promise<Answer>][] = [
  ['the start page', 200, () => get('/')],
  ['a page of the console', 200, () => get('/devices')],
  ['a page of the documentation', 200, () => get('/docs/', staff())],
  ['the documentation for a stranger', 401, () => get('/docs/')],
  ['a public answer', 200, () => get('/api/session')],
  ['an answer for staff', 200, () => get('/api/devices', staff())],
  ['a file to be saved', 200, () => get('/api/compliance/export?what=people&format=csv', staff())],
  ['a refusal of a stranger', 401, () => get('/api/devices')],
  [
    'a refusal of another origin',
    403,
    () => post('/api/profiles', { headers: { cookie, origin: 'https://evil.example' }, body: {} }),
  ],
  ['a refusal of no origin', 403, () => post('/api/profiles', { headers: { cookie }, body: {} })],
  ['something that is not there', 404, () => get('/api/devices/none', staff())],
  ['a route that is not there', 404, () => get('/api/none', staff())],
  ['a body that is no JSON', 400, () => post('/api/profiles', { headers: { ...staff(), ...json }, raw: '{' })],
  [
    'a body that is too large',
    413,
    () =>
      post('/api/profiles', { headers: { ...staff(), ...json }, raw: JSON.stringify({ name: 'x'.repeat(3_000_000) }) }),
  ],
  [
    'a body of another type',
    400,
    () => post('/api/profiles', { headers: { ...staff(), 'content-type': 'text/xml' }, raw: '<x/>' }),
  ],
  ['an address with a broken escape', 404, () => get('/api/devices/%zz', staff())],
  ['a file that is not there', 404, () => get('/assets/none.js')],
  ['the sign of life', 200, () => get('/healthz')],
  ['the numbers, for a stranger', 403, () => get('/metrics')],
  ['a live socket that is no upgrade', 404, () => get('/api/live', staff())],
];

describe('an answer', () => {
  it.each(answers)('%s (%i) carries every header that protects', async (_what, status, ask) => {
    const { status: found, headers } = await ask();
    expect(found).toBe(status);
    const policy = String(headers['content-security-policy']);
    expect(policy).toMatch(/^default-src 'none';/);
    for (const part of ["script-src 'self';", "frame-ancestors 'none'", "base-uri 'none'", "connect-src 'self'"])
      expect(policy).toContain(part);
    expect(policy.replace("style-src-attr 'unsafe-inline'", '')).not.toMatch(/unsafe|https?:|\*/);
    expect(headers).toMatchObject({
      'strict-transport-security': 'max-age=31536000',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'SAMEORIGIN',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    });
    expect(headers).not.toHaveProperty('x-powered-by');
    expect(headers).not.toHaveProperty('server');
    expect(headers).not.toHaveProperty('access-control-allow-origin');
  });

  it('of the session’s sets a cookie that no script reads, that goes to no other site, name or plain line', async () => {
    const body = { email: 'ada@example.org', password: 'correct horse battery' };
    const { headers } = await post('/api/session', { headers: { origin: server.origin }, body });
    const [set = ''] = [headers['set-cookie']].flat();
    const parts = set.split('; ');
    expect(parts[0]).toMatch(/^__Host-rollcall=/);
    expect(parts).toEqual(expect.arrayContaining(['Path=/', 'HttpOnly', 'Secure', 'SameSite=Strict']));
    expect(set).not.toMatch(/domain/i);
  });

  it.each(['/api/session', '/api/devices', '/'])('of %s is kept by no cache that others share', async (path) => {
    expect(String((await get(path, staff())).headers['cache-control'])).toMatch(/no-store|private/);
  });
});

describe('the address of a caller', () => {
  const latest = async (of: TestServer) => {
    const { items } = await of.operate<{ items: EventView[] }>('/api/events?limit=20');
    return items.find(({ code }) => code === 'api-token-refused')?.words;
  };
  const wrong = `Bearer rct_${'x'.repeat(49)}`;
  const tryToken = async (of: TestServer, forwarded: string) =>
    (await of.call('/api/devices', { headers: { authorization: wrong, 'x-forwarded-for': forwarded } })).status;

  it('is not what a header says, so that a new one for each try does not get round the limit (CVE-2026-46356)', async () => {
    const tries: number[] = [];
    for (let n = 0; n < 31; n++) tries.push(await tryToken(server, `203.0.113.${n}`));
    expect([tries.slice(0, 30).every((status) => status === 401), tries[30]]).toEqual([true, 429]);
    expect(await latest(server)).toContain('127.0.0.1');
  });

  describe('behind a proxy that the district names', () => {
    const home = mkdtempSync(join(tmpdir(), 'rollcall-proxied-'));
    let proxied: TestServer;
    beforeAll(async () => {
      writeFileSync(join(home, 'config.yaml'), 'trustedProxies: [127.0.0.1]\nconsolePort: 0\nagentPort: 0\n');
      proxied = await TestServer.start({ home });
    });
    afterAll(async () => {
      await proxied.stop({ keepHome: true });
      rmSync(home, { recursive: true, force: true });
    });

    it.each([
      ['the client it names', '203.0.113.9', '203.0.113.9'],
      ['the client it names, and not what that client made up', '127.0.0.1, 10.0.0.1, 203.0.113.77', '203.0.113.77'],
    ])('is %s', async (_what, forwarded, address) => {
      expect(await tryToken(proxied, forwarded)).toBe(401);
      expect(await latest(proxied)).toContain(address);
    });

    it('never makes a caller the operator of this machine', async () => {
      const authorization = `Bearer ${proxied.operatorKey}`;
      const through = { authorization, 'x-forwarded-for': '127.0.0.1' };
      expect((await proxied.call('/api/devices', { headers: through })).status).toBe(401);
      expect((await proxied.call('/api/devices', { headers: { authorization } })).status).toBe(200);
    });
  });
});
