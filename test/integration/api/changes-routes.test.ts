import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changeRoutes } from '../../../shared/api/routes/changes.ts';
import { type ChangeView, type ProfileDetail, publishingDefaults } from '../../../shared/api/schemas.ts';
import { TestServer } from '../../fakes/running-server.ts';
import { signIn } from '../../fakes/staff.ts';

let server: TestServer;
const cookies = { ada: '', ruth: '' };
type Who = keyof typeof cookies;

beforeAll(async () => {
  server = await TestServer.start();
  cookies.ada = await server.setUp();
  const account = { email: 'ruth@example.org', password: 'the second of two' };
  await server.operate('/api/staff', {
    method: 'POST',
    body: { name: 'Ada Admin', ...account, signsFor: ['curriculum'] },
  });
  cookies.ruth = await signIn(server, account.email, account.password);
}, 30_000);
afterAll(async () => server?.stop());

async function as<T = ChangeView>(who: Who, method: 'GET' | 'POST' | 'PUT', path: string, body?: unknown) {
  const headers = { cookie: cookies[who], origin: server.origin };
  const answer = await server.call(path, { method, headers, ...(body === undefined ? {} : { body }) });
  return { ...answer, body: answer.body as T & { error?: { code: string; details: string[] } } };
}

let made = 0;
async function draft(content: object = { locked: true }) {
  made += 1;
  const { body } = await as<ProfileDetail>('ada', 'POST', '/api/profiles', { name: `P${made}`, description: '' });
  const { id } = body.profile;
  const wish = { content: { settings: {}, assignments: [], ...content }, version: 1 };
  expect((await as('ada', 'PUT', `/api/profiles/${id}/draft`, wish)).status).toBe(200);
  return { kind: 'profile', id, version: 2 };
}
async function propose(content?: object): Promise<string> {
  const wish = { title: 'Try', note: '', items: [await draft(content)] };
  return (await as('ada', 'POST', '/api/changes', wish)).body.change.id;
}
const approve = { decision: 'approved', words: 'seen' };

describe('changes over the routes', () => {
  it('go from a draft to a revision by two people, who are told apart by their accounts', async () => {
    const { id, version } = await draft();
    const refused = await as('ada', 'POST', `/api/profiles/${id}/publish`, { version, note: '' });
    expect([refused.status, refused.body.error?.code]).toEqual([409, 'approval-needed']);
    const change = refused.body.error?.details[0];
    expect((await as('ada', 'POST', `/api/changes/${change}/decision`, approve)).body.error?.code).toBe('forbidden');
    expect((await as('ada', 'POST', `/api/changes/${change}/publish`, {})).body.error?.code).toBe('approval-needed');
    const approved = await as('ruth', 'POST', `/api/changes/${change}/decision`, approve);
    expect(approved.body).toMatchObject({ change: { ready: true, mayApprove: false } });
    const published = await as('ada', 'POST', `/api/changes/${change}/publish`, {});
    expect(published.body).toMatchObject({ change: { state: 'published' }, hindrances: [] });
    const profile = (await as<ProfileDetail>('ada', 'GET', `/api/profiles/${id}`)).body;
    expect(profile.profile).toMatchObject({ publishedRevision: 1, locked: true, hasDraft: false });
    const events = await server.operate<{ items: { code: string }[] }>('/api/events?limit=20');
    expect(events.items.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['change-proposed', 'change-approved', 'profile-published', 'change-published']),
    );
  });

  it('are approved by the operator where there is nobody else', async () => {
    const id = await propose();
    await server.operate(`/api/changes/${id}/decision`, { method: 'POST', body: approve });
    const { change } = await server.operate<ChangeView>(`/api/changes/${id}/publish`, { method: 'POST', body: {} });
    expect(change.state).toBe('published');
  });

  it('are listed by state and by profile, page by page', async () => {
    await propose();
    const path = '/api/changes?state=open&limit=1';
    const first = (await as<{ items: unknown[]; total: number }>('ada', 'GET', path)).body;
    expect(first.items).toHaveLength(1);
    const none = (await as<{ items: unknown[] }>('ada', 'GET', '/api/changes?profile=none')).body;
    expect(none.items).toEqual([]);
  });

  it('show the session whom it signs for, which the operator alone says', async () => {
    const sides = { email: 'ada@example.org', signsFor: ['it', 'curriculum'] };
    expect((await as('ada', 'PUT', '/api/staff/sides', sides)).body.error?.code).toBe('forbidden');
    await server.operate('/api/staff/sides', { method: 'PUT', body: sides });
    const session = (await as<{ staff: object }>('ada', 'GET', '/api/session')).body;
    expect(session.staff).toMatchObject({ signsFor: ['it', 'curriculum'] });
    const nobody = { ...sides, email: 'nobody@example.org' };
    await expect(server.operate('/api/staff/sides', { method: 'PUT', body: nobody })).rejects.toThrow(/404/);
  });

  it('keep weaker rules for publishing until a second person saves the same', async () => {
    const settings = { ...publishingDefaults, approvalPercent: 100 };
    const refused = await as('ada', 'PUT', '/api/publishing', { settings, version: 0 });
    expect(refused.body.error).toMatchObject({ code: 'approval-needed', details: [expect.stringContaining('100 %')] });
    expect((await as('ada', 'PUT', '/api/publishing', { settings, version: 0 })).body.error?.code).toBe(
      'approval-needed',
    );
    expect((await as('ruth', 'PUT', '/api/publishing', { settings, version: 0 })).status).toBe(200);
  });

  it.each(Object.entries(changeRoutes))('%s is closed to strangers, and to other sites', async (_, route) => {
    const path = route.path.replace(':id', 'x');
    const body = route.method === 'GET' ? {} : { body: {} };
    const stranger = await server.call(path, { method: route.method, headers: { origin: server.origin }, ...body });
    expect(stranger.status).toBe(401);
    if (route.method === 'GET') return;
    const headers = { cookie: cookies.ada, origin: 'https://elsewhere.example' };
    const elsewhere = await server.call(path, { method: route.method, headers, ...body });
    expect(elsewhere.body).toMatchObject({ error: { code: 'wrong-origin' } });
  });

  const wish = { title: 't', note: '', items: [{ kind: 'profile', id: 'none', version: 1 }] };
  const bad: [string, 'GET' | 'POST' | 'PUT', string, unknown, string][] = [
    ['a proposal of nothing', 'POST', '/api/changes', { ...wish, items: [] }, 'bad-request'],
    ['a proposal without a title', 'POST', '/api/changes', { ...wish, title: '' }, 'bad-request'],
    ['a proposal of what there is not', 'POST', '/api/changes', wish, 'not-found'],
    ['a plan without rings', 'POST', '/api/changes', { ...wish, plan: { rings: [] } }, 'bad-request'],
    [
      'contents of one’s own',
      'POST',
      '/api/changes',
      { ...wish, items: [{ ...wish.items[0], content: {} }] },
      'bad-request',
    ],
    ['a time that is none', 'POST', '/api/changes', { ...wish, publishAt: 'soon' }, 'bad-request'],
    ['a time that is over', 'POST', '/api/changes', { ...wish, publishAt: '2020-01-01T00:00:00Z' }, 'bad-request'],
    ['a state there is not', 'GET', '/api/changes?state=lost', undefined, 'bad-request'],
    ['a cursor of somebody else', 'GET', '/api/changes?cursor=x', undefined, 'bad-request'],
    ['a change nobody knows', 'GET', '/api/changes/none', undefined, 'not-found'],
    ['an id that is a path', 'GET', '/api/changes/..%2F..%2Fx', undefined, 'bad-request'],
    ['a preview of what nobody knows', 'POST', '/api/changes/none/preview', {}, 'not-found'],
    ['a comment without words', 'POST', '/api/changes/none/comments', { words: '' }, 'bad-request'],
    ['a comment on what nobody knows', 'POST', '/api/changes/none/comments', { words: 'x' }, 'not-found'],
    ['a decision there is not', 'POST', '/api/changes/none/decision', { decision: 'maybe', words: '' }, 'bad-request'],
    ['a decision on what nobody knows', 'POST', '/api/changes/none/decision', approve, 'not-found'],
    ['a schedule of what nobody knows', 'PUT', '/api/changes/none/schedule', { publishAt: null }, 'not-found'],
    ['a reason without words', 'POST', '/api/changes/none/publish', { despiteFreeze: 'now' }, 'bad-request'],
    ['to publish what nobody knows', 'POST', '/api/changes/none/publish', {}, 'not-found'],
    ['to take back what nobody knows', 'POST', '/api/changes/none/withdraw', {}, 'not-found'],
    ['to compare what nobody knows', 'GET', '/api/profiles/none/diff?from=1', undefined, 'not-found'],
    ['to compare with nothing', 'GET', '/api/profiles/none/diff', undefined, 'bad-request'],
    [
      'to return to what nobody knows',
      'POST',
      '/api/profiles/none/return',
      { revision: 1, version: 1, note: '' },
      'not-found',
    ],
    ['settings of another form', 'PUT', '/api/publishing', { settings: {}, version: 0 }, 'bad-request'],
    ['a preview that is no longer kept', 'GET', '/api/previews/none/devices', undefined, 'not-found'],
    ['a preview of nothing', 'POST', '/api/changes/preview', { items: [] }, 'bad-request'],
  ];
  it.each(bad)('refuse %s', async (_, method, path, body, code) => {
    expect((await as('ada', method, path, body)).body.error?.code).toBe(code);
  });
});
