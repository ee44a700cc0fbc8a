import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProfileSummary, TokenView } from '../../../shared/api/schemas.ts';
import { type Answer, type Call, TestServer } from '../../fakes/running-server.ts';
import { cookieOf } from '../../fakes/staff.ts';

let server: TestServer;
let cookie: string;
beforeAll(async () => {
  server = await TestServer.start();
  cookie = await server.setUp();
});
afterAll(() => server.stop());

const codeOf = ({ status, body }: Answer) => [status, (body as { error?: { code: string } }).error?.code];
const call = async (path: string, { headers, ...options }: Call = {}) =>
  await server.call(path, { ...options, headers: { cookie, origin: server.origin, ...headers } });
const post = async (key: string, body: unknown, path = '/api/profiles') =>
  await call(path, { method: 'POST', body, headers: { 'idempotency-key': key } });
const profiles = async (name: string) =>
  (await server.operate<{ items: ProfileSummary[] }>('/api/profiles')).items.filter((each) => each.name === name);

describe('an Idempotency-Key', () => {
  it('has the same request done once, and answered the same again', async () => {
    const body = { name: 'once', description: '' };
    const first = await post('"key-once"', body);
    expect([first.status, first.headers['idempotency-replayed']]).toEqual([200, undefined]);
    const second = await post('key-once', body);
    expect([second.status, second.headers['idempotency-replayed']]).toEqual([200, 'true']);
    expect(second.body).toEqual(first.body);
    expect(await profiles('once')).toHaveLength(1);
  });

  it('refuses another request', async () => {
    await post('key-other', { name: 'other', description: '' });
    expect(codeOf(await post('key-other', { name: 'other two', description: '' }))).toEqual([
      422,
      'idempotency-key-reused',
    ]);
    expect(await profiles('other two')).toEqual([]);
  });

  it('of somebody else is another key', async () => {
    const body = { name: 'of two', description: '' };
    expect((await post('shared-key', body)).status).toBe(200);
    const headers = { 'idempotency-key': 'shared-key', authorization: `Bearer ${server.operatorKey}` };
    const other = await server.call('/api/profiles', { method: 'POST', body, headers });
    expect(other.headers['idempotency-replayed']).toBeUndefined();
  });

  it('of requests at the same moment has one done, and the others told', async () => {
    const body = { name: 'at once', description: '' };
    const answers = await Promise.all(Array.from({ length: 6 }, () => post('key-at-once', body)));
    for (const answer of answers) if (answer.status !== 200) expect(codeOf(answer)).toEqual([409, 'conflict']);
    expect(answers.some(({ status }) => status === 200)).toBe(true);
    expect(await profiles('at once')).toHaveLength(1);
  });

  it('of a request that was refused may come again', async () => {
    expect(
      codeOf(await post('key-again', { maxUses: 1, expiresInSeconds: 600, personId: 'nobody' }, '/api/tokens')),
    ).toEqual([404, 'not-found']);
    expect((await post('key-again', { maxUses: 1, expiresInSeconds: 600 }, '/api/tokens')).status).toBe(200);
  });

  it('repeats no secret: the answer is nowhere in the database', async () => {
    const body = { name: 'secretive', scopes: ['read'], expiresInDays: 1 };
    const first = await post('key-secret', body, '/api/api-tokens');
    const { secret } = first.body as { secret: string };
    const second = await post('key-secret', body, '/api/api-tokens');
    expect(codeOf(second)).toEqual([409, 'conflict']);
    expect(JSON.stringify(second.body)).toMatch(/done before.*secret/);
    const tokens = await server.operate<{ items: TokenView[] }>('/api/api-tokens');
    expect(tokens.items).toHaveLength(1);
    for (const name of ['rollcall.db', 'rollcall.db-wal'])
      expect(readFileSync(join(server.home, name), 'latin1').includes(secret)).toBe(false);
  });

  it('of an upload stands for its bytes', async () => {
    const upload = async (raw: string) =>
      await call('/api/import/people?mode=lenient&dryRun=true', {
        method: 'POST',
        raw,
        headers: { 'content-type': 'text/csv', 'idempotency-key': 'key-upload' },
      });
    const header = 'sourcedId,givenName,familyName,username,role,org,grade,email\n';
    const [one, two] = [`${header}x1,Sub,Stitute,sub,staff,,,\n`, `${header}x1,Sub,Stitute,subs,staff,,,\n`];
    expect((await upload(one)).status).toBe(200);
    expect((await upload(one)).headers['idempotency-replayed']).toBe('true');
    expect(codeOf(await upload(two))).toEqual([422, 'idempotency-key-reused']);
  });

  it.each(['', ' ', '"', '"open', 'two words', 'x'.repeat(201), 'caf\u00e9'])(
    'is refused when it is %j',
    async (key) => {
      const answer = await post(key, { name: 'never', description: '' });
      expect(codeOf(answer)).toEqual([400, 'bad-request']);
      expect(await profiles('never')).toEqual([]);
    },
  );

  it('counts for nothing where somebody is still signing in: a code is good once, with whatever key', async () => {
    const body = { email: 'ada@example.org', password: 'correct horse battery' };
    const headers = { origin: server.origin, 'idempotency-key': 'key-code' };
    const tries: Answer[] = [];
    for (let n = 0; n < 2; n++) {
      const cookie = cookieOf(await server.call('/api/session', { method: 'POST', headers, body }));
      const given = { method: 'POST' as const, headers: { ...headers, cookie }, body: { code: 'K7QM-X2PD-9RTN-HC4W' } };
      tries.push(await server.call('/api/session/code', given));
    }
    expect(tries.map(({ status, headers: said }) => [status, said['idempotency-replayed']])).toEqual([
      [401, undefined],
      [401, undefined],
    ]);
  });

  it('counts for nothing where nobody is signed in', async () => {
    const body = { email: 'ada@example.org', password: 'correct horse battery' };
    const signIn = async () =>
      await server.call('/api/session', {
        method: 'POST',
        body,
        headers: { origin: server.origin, 'idempotency-key': 'key-session' },
      });
    const cookies = [await signIn(), await signIn()].map(({ headers }) => String(headers['set-cookie']));
    expect(cookies[0]).not.toBe(cookies[1]);
  });
});

describe('an ETag', () => {
  it('is that of the bytes: the same again answers 304, and nothing is stored in between', async () => {
    const first = await call('/api/filter/settings');
    expect(first.headers.etag).toMatch(/^"[\w-]{27}"$/);
    expect(first.headers['cache-control']).toBe('no-store');
    const tag = String(first.headers.etag);
    for (const named of [tag, `W/${tag}`, `"x", ${tag}`, '*']) {
      const again = await call('/api/filter/settings', { headers: { 'if-none-match': named } });
      expect([again.status, again.body, again.headers.etag]).toEqual([304, '', tag]);
    }
    const other = await call('/api/filter/settings', { headers: { 'if-none-match': '"x"' } });
    expect([other.status, other.body]).toEqual([200, first.body]);
  });

  it('has a change made only while it is true', async () => {
    const read = await call('/api/filter/settings');
    const { settings, version } = read.body as { settings: object; version: number };
    const tag = String(read.headers.etag);
    const put = (named: string) =>
      call('/api/filter/settings', { method: 'PUT', body: { settings, version }, headers: { 'if-match': named } });
    for (const named of ['"x"', `W/${tag}`, '', 'x'])
      expect(codeOf(await put(named))).toEqual([412, 'precondition-failed']);
    const answers = await Promise.all([put(tag), put(tag)]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 412]);
    expect(codeOf(await put(tag))).toEqual([412, 'precondition-failed']);
  });

  it('is refused where nothing is read', async () => {
    const answer = await call('/api/tokens/x', { method: 'DELETE', headers: { 'if-match': '"x"' } });
    expect(codeOf(answer)).toEqual([412, 'precondition-failed']);
  });
});
