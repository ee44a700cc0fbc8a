import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditDetail, AuditRow, AuditVerification, LookView } from '../../../shared/api/schemas.ts';
import { TestServer } from '../../fakes/running-server.ts';
import { signIn } from '../../fakes/staff.ts';

let server: TestServer;
let cookie: string;
beforeAll(async () => {
  server = await TestServer.start({ demo: true });
  cookie = await server.setUp();
}, 60_000);
afterAll(() => server.stop());

const as = (headers: Record<string, string> = {}) => ({ headers: { cookie, origin: server.origin, ...headers } });
const get = async <T>(path: string, headers?: Record<string, string>) => {
  const answer = await server.call(path, as(headers));
  expect(answer).toMatchObject({ status: 200 });
  return answer.body as T;
};
const person = async () =>
  (await get<{ items: { id: string; name: string }[] }>('/api/people?limit=1')).items[0] as { id: string };

describe('a look at a person', () => {
  it('is on record with who looked, from where, by what right and why; a reload is the same look', async () => {
    const { id } = await person();
    const why = {
      'x-rollcall-reason': encodeURIComponent('Die Mutter rief an: „langsam“'),
      'x-rollcall-ticket': 't-1',
    };
    await get(`/api/people/${id}`, why);
    await get(`/api/people/${id}`, why);
    const { items, total } = await get<{ items: LookView[]; total: number }>(`/api/people/${id}/looks`);
    expect(total).toBe(1);
    expect(items[0]).toMatchObject({
      words: 'Looked at the page of a person.',
      reason: 'Die Mutter rief an: „langsam“',
      ticketId: 't-1',
      role: 'owner',
      isErased: false,
    });
    expect(items[0]?.actor).toMatch(/^staff:/);
  });

  it('is refused with a reason that is no percent-encoded text', async () => {
    expect(await server.call('/api/people?limit=1', as({ 'x-rollcall-reason': '%zz' }))).toMatchObject({ status: 400 });
  });

  it('says of a list what was searched, and of a further page that it is one', async () => {
    await get('/api/people?search=Ann&limit=2');
    const { items } = await get<{ items: AuditRow[] }>('/api/audit?reads=only&limit=5');
    expect(items.map(({ words }) => words)).toContain('Looked at a list of people (search “Ann”).');
  });
});

describe('the audit', () => {
  it('is filtered by who acted, what happened and when, and one row says what was changed', async () => {
    const { settings, version } = await get<{ settings: object; version: number }>('/api/audit/settings');
    const saved = await server.call('/api/audit/settings', {
      ...as(),
      method: 'PUT',
      body: { settings: { ...settings, keptDays: 400 }, version },
    });
    expect(saved.status).toBe(200);
    const { items } = await get<{ items: AuditRow[] }>(
      '/api/audit?code=audit-settings-saved&from=2020-01-01T00:00:00Z',
    );
    const row = await get<AuditDetail>(`/api/audit/${items[0]?.id}`);
    expect(row.changes).toEqual([{ path: 'keptDays', before: '1095', after: '400' }]);
    expect(row).toMatchObject({ isSealed: true, erasedBy: null, changed: 1, address: '127.0.0.1' });
    expect((await get<{ actors: string[] }>('/api/audit/filters')).actors).toContain(row.actor);
    expect(await server.call('/api/audit?from=yesterday', as())).toMatchObject({ status: 400 });
    expect(await server.call('/api/audit/999999', as())).toMatchObject({ status: 404 });
  });

  it('is verified, with the heads that were signed', async () => {
    const { head } = await get<{ head: { id: number } }>('/api/audit/head');
    const body = { heads: [head] };
    const answer = await server.call('/api/audit/verify', { ...as(), method: 'POST', body });
    expect(answer.body).toMatchObject({ isWhole: true, problems: [] });
    expect((answer.body as AuditVerification).rows).toBeGreaterThanOrEqual(head.id);
  });

  it('leaves the house as a file, which is on record', async () => {
    const csv = await server.call('/api/audit/export?format=csv&code=audit-settings-saved', as());
    expect(csv.status).toBe(200);
    expect(String(csv.body)).toContain('How long the audit names people');
    const { items } = await get<{ items: AuditRow[] }>('/api/audit?code=audit-exported');
    expect(items[0]?.words).toBe('1 rows of the audit were exported as CSV (code audit-settings-saved).');
  });
});

describe('rows of the audit', () => {
  it.each(['/api/audit', '/api/audit/filters', '/api/audit/1', '/api/events'])(
    'are for people: a token that an owner made is refused %s',
    async (path) => {
      const body = { name: `of ${path.replace(/\W/g, ' ')}`, scopes: ['read', 'admin'], expiresInDays: 1 };
      const { secret } = await server.operate<{ secret: string }>('/api/api-tokens', { method: 'POST', body });
      const headers = { authorization: `Bearer ${secret}` };
      expect(await server.call(path, { headers })).toMatchObject({ status: 403 });
      const overview = await server.call('/api/overview', { headers });
      expect(overview).toMatchObject({ status: 200, body: { events: [] } });
    },
  );

  it('are not on the overview of those who may not read the audit, though they see the whole district', async () => {
    const email = 'pol@example.org';
    const body = { name: 'Pol Author', email, grants: [{ role: 'policy-author', orgId: null }] };
    const invited = await server.call('/api/staff/invitations', { ...as(), method: 'POST', body });
    expect(invited.status).toBe(200);
    const { password } = invited.body as { password: string };
    const other = { headers: { cookie: await signIn(server, email, password), origin: server.origin } };
    expect(await server.call('/api/overview', other)).toMatchObject({ status: 200, body: { events: [] } });
    expect((await get<{ events: object[] }>('/api/overview')).events.length).toBeGreaterThan(0);
  });
});

describe('what leaves the house', () => {
  it('is so many files a day and no more, for each caller alone', async () => {
    const { settings, version } = await get<{ settings: object; version: number }>('/api/audit/settings');
    const body = { settings: { ...settings, exportFilesPerDay: 2 }, version };
    await server.call('/api/audit/settings', { ...as(), method: 'PUT', body });
    const take = async () => (await server.call('/api/compliance/export?what=people&format=csv', as())).status;
    expect([await take(), await take()]).toEqual([200, 429]);
    expect(await server.operate('/api/compliance/export?what=checks&format=csv')).toBeDefined();
  });
});
