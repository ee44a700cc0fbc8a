import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessRules } from '../../../shared/api/access-rules.ts';
import { type RouteName, routes } from '../../../shared/api/routes.ts';
import type { ApiTokenView, ChangeView, EventView, ProfileDetail } from '../../../shared/api/schemas.ts';
import { type ApiScope, apiScopes } from '../../../shared/api/scopes.ts';
import { type Answer, TestServer } from '../../fakes/running-server.ts';

interface Items<T> {
  items: T[];
}
interface Made {
  secret: string;
  token: ApiTokenView;
}

let server: TestServer;
let cookie: string;
const secrets = new Map<ApiScope, string>();

const codeOf = ({ status, body }: Answer) => [status, (body as { error?: { code: string } }).error?.code];
const pathOf = (name: RouteName) => routes[name].path.replace(/:\w+/g, 'x');
const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` });
const make = async (name: string, scopes: readonly string[], expiresInDays = 1) =>
  await server.operate<Made>('/api/api-tokens', { method: 'POST', body: { name, scopes, expiresInDays } });
const tokens = async () => (await server.operate<Items<ApiTokenView>>('/api/api-tokens?limit=200')).items;

beforeAll(async () => {
  server = await TestServer.start();
  cookie = await server.setUp();
  for (const scope of apiScopes) secrets.set(scope, (await make(`only ${scope.replace(':', ' ')}`, [scope])).secret);
});
afterAll(() => server.stop());

describe('an API token', () => {
  for (const name of Object.keys(routes) as RouteName[])
    for (const scope of apiScopes) {
      if (accessRules[name].token === scope) continue;
      it(`of scope ${scope} is refused ${name}`, async () => {
        const secret = secrets.get(scope) ?? '';
        const answer = await server.call(pathOf(name), { method: routes[name].method, headers: bearer(secret) });
        expect(codeOf(answer)).toEqual([403, 'outside-scope']);
      });
    }

  it.each(
    (Object.keys(routes) as RouteName[])
      .filter((name) => accessRules[name].token !== 'people' && name !== 'rotateStateKey')
      .map((name) => [name]),
  )('of its scope is let through to %s', async (name) => {
    const secret = secrets.get(accessRules[name].token as ApiScope) ?? '';
    const answer = await server.call(pathOf(name), { method: routes[name].method, headers: bearer(secret) });
    expect([401, 403]).not.toContain(answer.status);
  });

  it.each([
    ['resume', 403],
    ['finish', 403],
    ['stop', 404],
    ['roll-back', 404],
  ])('stops a rollout and takes it back, but gives it to nobody: %s', async (action, status) => {
    const headers = bearer(secrets.get('policy:write') ?? '');
    const body = { action, reason: 'because' };
    expect((await server.call('/api/rollouts/x/actions', { method: 'POST', headers, body })).status).toBe(status);
  });

  it('is not somebody else than the account that made it: what it proposes another person approves', async () => {
    const staff = { cookie, origin: server.origin };
    const wish = { name: 'ci of staff', scopes: ['policy:write'], expiresInDays: 1 };
    const made = await server.call('/api/api-tokens', { method: 'POST', headers: staff, body: wish });
    const headers = bearer((made.body as Made).secret);
    const call = async (method: 'POST' | 'PUT', path: string, body: object, by = headers as Record<string, string>) =>
      await server.call(path, { method, headers: by, body });
    const profile = (await call('POST', '/api/profiles', { name: 'By a token', description: '' }))
      .body as ProfileDetail;
    const { id } = profile.profile;
    const content = { settings: { browser: { youtube: 'off' } }, assignments: [] };
    const draft = await call('PUT', `/api/profiles/${id}/draft`, { content, version: profile.version });
    const items = [{ kind: 'profile', id, version: (draft.body as ProfileDetail).version }];
    const change = (await call('POST', '/api/changes', { title: 'By a token', note: '', items })).body as ChangeView;
    const decision = { decision: 'approved', words: '' };
    const path = `/api/changes/${change.change.id}/decision`;
    expect(codeOf(await call('POST', path, decision, staff))).toEqual([403, 'forbidden']);
  });

  it('needs no Origin, and cookies beside it count for nothing', async () => {
    const headers = { ...bearer(secrets.get('read') ?? ''), cookie };
    expect((await server.call('/api/overview', { headers })).status).toBe(200);
    const asStaff = await server.call('/api/api-tokens', { headers: { ...headers, origin: server.origin } });
    expect(codeOf(asStaff)).toEqual([403, 'outside-scope']);
  });

  it('that is wrong does not fall back on the cookie beside it', async () => {
    const headers = { ...bearer(`${(secrets.get('read') ?? '').slice(0, -1)}!`), cookie };
    expect(codeOf(await server.call('/api/overview', { headers }))).toEqual([401, 'wrong-api-token']);
  });

  it('acts under its own name', async () => {
    const body = { name: 'By a program', description: '' };
    const made = await server.call('/api/profiles', {
      method: 'POST',
      headers: bearer(secrets.get('policy:write') ?? ''),
      body,
    });
    expect(made.status).toBe(200);
    const { items } = await server.operate<Items<EventView>>('/api/events?limit=50');
    expect(items.find(({ code }) => code.startsWith('profile'))?.actor).toBe('token:only policy write');
  });

  it('is shown once, kept as a hash, and lists when it was used', async () => {
    const { secret, token } = await make('shown once', ['read']);
    expect(secret).toMatch(/^rct_[\w-]{49}$/);
    expect(token).toMatchObject({ name: 'shown once', scopes: ['read'], createdBy: 'command line', status: 'live' });
    expect(JSON.stringify(await tokens())).not.toContain(secret.slice(4, 20));
    const files = ['rollcall.db', 'rollcall.db-wal'].map((name) => readFileSync(join(server.home, name), 'latin1'));
    for (const text of files) expect(text.includes(secret)).toBe(false);
    const listed = async () => (await tokens()).find(({ id }) => id === token.id);
    expect((await listed())?.lastUsedAt).toBeNull();
    await server.call('/api/overview', { headers: bearer(secret) });
    const first = (await listed())?.lastUsedAt;
    expect(first).toEqual(expect.any(String));
    await server.call('/api/overview', { headers: bearer(secret) });
    expect((await listed())?.lastUsedAt).toBe(first);
  });

  it('is refused once it is revoked, and both are on record', async () => {
    const { secret, token } = await make('revoked soon', ['read']);
    expect((await server.call('/api/overview', { headers: bearer(secret) })).status).toBe(200);
    await server.operate(`/api/api-tokens/${token.id}`, { method: 'DELETE' });
    expect(codeOf(await server.call('/api/overview', { headers: bearer(secret) }))).toEqual([401, 'wrong-api-token']);
    await server.operate(`/api/api-tokens/${token.id}`, { method: 'DELETE' });
    const { items } = await server.operate<Items<EventView>>('/api/events?limit=200');
    const own = items.filter(({ subject }) => subject?.id === token.id).map(({ actor, code }) => [actor, code]);
    expect(own).toEqual([
      ['command line', 'api-token-revoked'],
      ['command line', 'api-token-made'],
    ]);
  });

  const wanted = { name: 'x', scopes: ['read'], expiresInDays: 30 };
  it.each([
    ['no scope', { ...wanted, scopes: [] }, [400, 'bad-request']],
    ['a scope there is not', { ...wanted, scopes: ['write'] }, [400, 'bad-request']],
    ['the same scope twice', { ...wanted, scopes: ['read', 'read'] }, [400, 'bad-request']],
    ['more than a year', { ...wanted, expiresInDays: 366 }, [400, 'bad-request']],
    ['no time at all', { ...wanted, expiresInDays: 0 }, [400, 'bad-request']],
    ['no name', { ...wanted, name: '' }, [400, 'bad-request']],
    ['a name that hides what it is', { ...wanted, name: 'staff:Ada\u202e' }, [400, 'bad-request']],
    ['the name of a live token in other letters', { ...wanted, name: 'ONLY read' }, [409, 'conflict']],
  ])('is not made with %s', async (_, body, refused) => {
    const headers = { cookie, origin: server.origin };
    expect(codeOf(await server.call('/api/api-tokens', { method: 'POST', headers, body }))).toEqual(refused);
  });

  it('is made by signed-in staff, from this server’s own pages alone', async () => {
    const body = { name: 'by ada', scopes: ['read'], expiresInDays: 365 };
    const evil = { cookie, origin: 'https://evil.example' };
    expect(codeOf(await server.call('/api/api-tokens', { method: 'POST', headers: evil, body }))).toEqual([
      403,
      'wrong-origin',
    ]);
    const made = await server.call('/api/api-tokens', {
      method: 'POST',
      headers: { cookie, origin: server.origin },
      body,
    });
    expect(made.body as Made).toMatchObject({ token: { createdBy: 'staff:Ada Admin' } });
  });

  it('that is wrong again and again is limited, while good ones from the same network go on', async () => {
    const wrong = () => server.call('/api/overview', { headers: bearer(`rct_${'A'.repeat(49)}`) });
    const answers: unknown[] = [];
    for (let count = 0; count < 40; count++) answers.push((await wrong()).status);
    expect([answers[0], answers.at(-1)]).toEqual([401, 429]);
    const good = await server.call('/api/overview', { headers: bearer(secrets.get('read') ?? '') });
    expect(good.status).toBe(200);
    const { items } = await server.operate<Items<EventView>>('/api/events?limit=200');
    expect(items.filter(({ code, words }) => code === 'api-token-refused' && /from/.test(words))).toHaveLength(1);
  });
});
