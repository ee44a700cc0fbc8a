import { existsSync } from 'node:fs';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { Route } from '../../../shared/api/contract.ts';
import { routes } from '../../../shared/api/routes.ts';
import { type Answer, TestServer } from '../../fakes/running-server.ts';
import { cookieOf, signIn } from '../../fakes/staff.ts';

const unbuilt = !existsSync('server/console/dist/index.html');
let server: TestServer;
let cookie: string;
beforeAll(async () => {
  server = await TestServer.start();
  cookie = await server.setUp();
});
afterAll(() => server.stop());

const codeOf = (answer: Answer) => (answer.body as { error: { code: string } }).error.code;
const pathOf = (route: Route) => route.path.replace(/:\w+/g, 'x');

describe('every route', () => {
  for (const [name, route] of Object.entries(routes) as [string, Route][]) {
    if (route.access === 'public') continue;

    it(`${name} refuses who is not signed in`, async () => {
      const answer = await server.call(pathOf(route), { method: route.method, headers: { origin: server.origin } });
      expect([answer.status, codeOf(answer)]).toEqual([401, 'not-signed-in']);
    });

    it(`${name} refuses a made-up session`, async () => {
      const headers = { origin: server.origin, cookie: '__Host-rollcall=made-up' };
      expect(codeOf(await server.call(pathOf(route), { method: route.method, headers }))).toBe('not-signed-in');
    });

    if (route.method !== 'GET') {
      it.each([undefined, 'https://evil.example', 'null'])(
        `${name} refuses a signed-in request with Origin %s`,
        async (origin) => {
          const headers = { cookie, ...(origin ? { origin } : {}) };
          expect(codeOf(await server.call(pathOf(route), { method: route.method, headers }))).toBe('wrong-origin');
        },
      );
    }
  }
});

describe('a session that lacks its second factor', () => {
  let half: string;
  beforeAll(async () => {
    const body = { email: 'ada@example.org', password: 'correct horse battery' };
    half = cookieOf(await server.call('/api/session', { method: 'POST', headers: { origin: server.origin }, body }));
  });

  for (const [name, route] of Object.entries(routes) as [string, Route][]) {
    if (route.access !== 'staff') continue;
    it(`is refused ${name}`, async () => {
      const headers = { origin: server.origin, cookie: half };
      const answer = await server.call(pathOf(route), { method: route.method, headers });
      expect([answer.status, codeOf(answer)]).toEqual([401, 'second-factor-needed']);
    });
  }

  it('adds no factor beside those it would have to show', async () => {
    const headers = { origin: server.origin, cookie: half };
    for (const path of ['/api/security/passkeys/options', '/api/security/code-app/secret'])
      expect(codeOf(await server.call(path, { method: 'POST', headers }))).toBe('second-factor-needed');
  });

  it.each(['/docs/', '/docs/json'])('does not open %s', async (path) => {
    expect((await server.call(path, { headers: { cookie: half } })).status).toBe(401);
  });

  it('is nobody to the session route, but for how to go on', async () => {
    expect((await server.call('/api/session', { headers: { cookie: half } })).body).toMatchObject({
      staff: null,
      entering: { step: 'second-factor', factors: ['passkey', 'recovery-code'] },
    });
  });
});

describe('the session cookie', () => {
  it('is out of reach of scripts and of other sites', async () => {
    const answer = await server.call('/api/session', {
      method: 'POST',
      headers: { origin: server.origin },
      body: { email: 'ada@example.org', password: 'correct horse battery' },
    });
    const [header] = [answer.headers['set-cookie']].flat();
    expect(header).toMatch(/^__Host-rollcall=[\w-]{43}; Max-Age=86400; Path=\/; HttpOnly; Secure; SameSite=Strict$/);
  });

  it('ends with sign-out', async () => {
    const own = await signIn(server, 'ada@example.org', 'correct horse battery');
    expect((await server.call('/api/overview', { headers: { cookie: own } })).status).toBe(200);
    await server.call('/api/session', { method: 'DELETE', headers: { origin: server.origin, cookie: own } });
    expect((await server.call('/api/overview', { headers: { cookie: own } })).status).toBe(401);
  });
});

describe('the operator’s key', () => {
  it('opens the API', async () => {
    expect(await server.operate('/api/devices')).toMatchObject({ items: [] });
  });

  it.each(['', 'x', 'wrong-wrong-wrong-wrong-wrong-wrong-wrong-wrong'])('refuses %j', async (key) => {
    const answer = await server.call('/api/devices', { headers: { authorization: `Bearer ${key}` } });
    expect(answer.status).toBe(401);
  });

  it('is needed for metrics', async () => {
    expect((await server.call('/metrics')).status).toBe(403);
    expect((await server.call('/metrics', { headers: { cookie } })).status).toBe(403);
    expect(await server.operate<string>('/metrics')).toMatch(/^rollcall_agents_connected 0$/m);
  });
});

describe('the listener', () => {
  it('answers whether it lives and is ready', async () => {
    expect((await server.call('/healthz')).body).toEqual({ status: 'ok' });
    expect((await server.call('/readyz')).body).toEqual({ status: 'ready' });
  });

  it('sends a strict content policy with every page', async () => {
    const policy = String((await server.call('/')).headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toMatch(/script-src 'self'(;|$)/);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/(script|style)-src [^;]*'unsafe-/);
  });

  it.skipIf(unbuilt)('lets in styles by a nonce that is another one in each page', async () => {
    const pages = await Promise.all(['/', '/index.html', '/people/p1?tab=x'].map((path) => server.call(path)));
    const nonces = pages.map(({ headers, body }) => {
      const [, nonce] = /style-src 'self' 'nonce-([\w+/=]{24})'/.exec(String(headers['content-security-policy'])) ?? [];
      expect(body).toContain(`<meta property="csp-nonce" nonce="${nonce}">`);
      expect(body).not.toContain('__CSP_NONCE__');
      return nonce;
    });
    expect(new Set(nonces).size).toBe(3);
  });

  it('sends no nonce with an answer of the API', async () => {
    const policy = String((await server.call('/api/session')).headers['content-security-policy']);
    expect(policy).toContain("style-src 'self';");
  });

  const wrong: [string, Parameters<TestServer['call']>, number, string][] = [
    ['an unknown path', ['/api/nothing'], 404, 'not-found'],
    ['an unknown file', ['/nothing.js'], 404, 'not-found'],
    ['a query of the wrong type', ['/api/people?limit=abc'], 400, 'bad-request'],
    ['a query beyond its limit', ['/api/people?limit=100000'], 400, 'bad-request'],
    ['a query nobody knows', ['/api/people?order=name'], 400, 'bad-request'],
    ['a cursor made up', ['/api/people?cursor=zzz'], 400, 'bad-request'],
    ['an id with strange signs', ['/api/people/%27%20or%201=1'], 400, 'bad-request'],
    ['somebody who is not there', ['/api/people/nobody'], 404, 'not-found'],
    ['a device that is not there', ['/api/devices/none'], 404, 'not-found'],
    [
      'a body that is not JSON',
      ['/api/tokens', { method: 'POST', raw: '{', headers: { 'content-type': 'application/json' } }],
      400,
      'bad-request',
    ],
    [
      'a body with a key too many',
      ['/api/tokens', { method: 'POST', body: { maxUses: 1, expiresInSeconds: 600, admin: true } }],
      400,
      'bad-request',
    ],
    [
      'a body with a key that reaches a prototype',
      [
        '/api/tokens',
        { method: 'POST', raw: '{"__proto__":{"a":1}}', headers: { 'content-type': 'application/json' } },
      ],
      400,
      'bad-request',
    ],
    [
      'a body larger than its limit',
      ['/api/tokens', { method: 'POST', body: { label: 'x'.repeat(3_000_000) } }],
      413,
      'too-large',
    ],
    [
      'a body of another kind',
      ['/api/tokens', { method: 'POST', raw: '<a/>', headers: { 'content-type': 'text/xml' } }],
      400,
      'bad-request',
    ],
    ['an upload of another kind', ['/api/import/oneroster', { method: 'POST', body: {} }], 400, 'bad-request'],
    [
      'an empty upload',
      ['/api/import/oneroster', { method: 'POST', raw: '', headers: { 'content-type': 'application/zip' } }],
      422,
      'bad-file',
    ],
    [
      'an upload that is no zip',
      ['/api/import/oneroster', { method: 'POST', raw: 'PK nonsense', headers: { 'content-type': 'application/zip' } }],
      422,
      'bad-file',
    ],
    [
      'a list without a name in it',
      ['/api/lists/games', { method: 'PUT', raw: '# nothing\n', headers: { 'content-type': 'text/plain' } }],
      422,
      'bad-list',
    ],
    [
      'a category with strange signs',
      ['/api/lists/..%2Fx', { method: 'PUT', raw: 'a.example\n', headers: { 'content-type': 'text/plain' } }],
      400,
      'bad-request',
    ],
  ];
  it.each(wrong)('refuses %s in words', async (_, [path, options = {}], status, code) => {
    const headers = { ...options.headers, cookie, origin: server.origin };
    const answer = await server.call(path, { ...options, headers });
    expect([answer.status, codeOf(answer)]).toEqual([status, code]);
    expect((answer.body as { error: { message: string } }).error.message).toMatch(/\S \S/);
  });

  it('takes nobody for the operator whom something in between forwarded', async () => {
    const headers = { authorization: `Bearer ${server.operatorKey}`, 'x-forwarded-for': '127.0.0.1' };
    expect((await server.call('/api/devices', { headers })).status).toBe(401);
  });
});

describe('the live socket', () => {
  const ticket = async () => {
    const answer = await server.call('/api/live-ticket', {
      method: 'POST',
      headers: { cookie, origin: server.origin },
    });
    return (answer.body as { ticket: string }).ticket;
  };
  /** The close code, or the first frame after something changed. */
  const outcome = (query: string, origin: string | undefined, then?: (socket: WebSocket) => unknown) =>
    new Promise<string | number>((resolve) => {
      const url = `wss://localhost:${server.server.ports.console}/api/live${query}`;
      const socket = new WebSocket(url, { rejectUnauthorized: false, ...(origin ? { origin } : {}) });
      socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
      socket.on('error', () => undefined);
      socket.on('close', (code) => resolve(code));
      socket.on('message', (frame) => {
        resolve(frame.toString());
        socket.close();
      });
      socket.on('open', () => then?.(socket));
    });
  const makeToken = () =>
    server.operate('/api/tokens', { method: 'POST', body: { maxUses: 1, expiresInSeconds: 600 } });

  it('tells what changed', async () => {
    const query = `?ticket=${await ticket()}`;
    const first = await outcome(query, server.origin, () => setTimeout(() => void makeToken(), 100));
    expect(JSON.parse(String(first))).toMatchObject({ type: 'changed' });
  });

  it.each([undefined, 'https://evil.example', 'https://localhost'])('refuses Origin %s', async (origin) => {
    expect(await outcome(`?ticket=${await ticket()}`, origin)).toBe(403);
  });

  it('refuses a connection without a ticket, with a made-up one, and with a used one', async () => {
    const used = await ticket();
    await outcome(`?ticket=${used}`, server.origin, (socket) => setTimeout(() => socket.close(), 100));
    for (const query of ['', '?ticket=made-up', `?ticket=${used}`])
      expect(await outcome(query, server.origin)).toBe(1008);
  });

  it.each(['nonsense', '{"type":"watch"}', '{"type":"erase","diagnosisId":"a"}', `{"x":"${'y'.repeat(2000)}"}`])(
    'closes on the request %s',
    async (request) => {
      expect(await outcome(`?ticket=${await ticket()}`, server.origin, (socket) => socket.send(request))).toBe(1008);
    },
  );

  it('says so when no diagnosis runs', async () => {
    const query = `?ticket=${await ticket()}`;
    const first = await outcome(query, server.origin, (socket) =>
      socket.send('{"type":"watch","diagnosisId":"none","stream":"live"}'),
    );
    expect(JSON.parse(String(first))).toMatchObject({ type: 'watch-ended', diagnosisId: 'none', stream: 'live' });
  });
});

describe('a stranger', () => {
  it('is refused an upload before a byte of it is read', async () => {
    const { port } = new URL(server.origin);
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect({ host: 'localhost', port: Number(port), rejectUnauthorized: false });
      socket.setTimeout(3_000, () => socket.destroy(new Error('the server waits for the body')));
      socket.once('error', reject).once('data', (bytes) => {
        resolve(bytes.toString('latin1').slice(0, 12));
        socket.destroy();
      });
      const head = [`POST /api/import/oneroster HTTP/1.1`, `host: localhost:${port}`, `origin: ${server.origin}`];
      socket.write([...head, 'content-type: application/zip', 'content-length: 200000000', '', ''].join('\r\n'));
    });
    expect(answer).toBe('HTTP/1.1 401');
  });

  it('who uses up the requests of an address does not lock out the staff behind it', async () => {
    const flood: Answer[] = [];
    while (flood.length < 1300)
      flood.push(...(await Promise.all(Array.from({ length: 100 }, () => server.call('/healthz')))));
    expect(flood.filter(({ status }) => status === 429).length).toBeGreaterThan(0);
    expect((await server.call('/api/overview', { headers: { cookie } })).status).toBe(200);
    expect((await server.call('/api/session', { headers: { cookie: '__Host-rollcall=made-up' } })).status).toBe(429);
    expect(await server.operate('/api/devices')).toMatchObject({ items: [] });
  });
});
