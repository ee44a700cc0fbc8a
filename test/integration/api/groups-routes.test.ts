import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { groupRoutes } from '../../../shared/api/routes/groups.ts';
import type { GroupDetail, GroupSummary, ReachCount, RowProblem } from '../../../shared/api/schemas.ts';
import { TestServer } from '../../fakes/running-server.ts';

let server: TestServer;
let cookie: string;

beforeAll(async () => {
  server = await TestServer.start();
  cookie = await server.setUp();
}, 30_000);
afterAll(async () => server?.stop());

async function ask<T = GroupDetail>(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown) {
  const headers = { cookie, origin: server.origin };
  const answer = await server.call(path, { method, headers, ...(body === undefined ? {} : { body }) });
  return { ...answer, body: answer.body as T & { error?: { code: string; message: string; details: string[] } } };
}

let made = 0;
async function make(content: object = { kind: 'rule', selector: { kind: 'everyone' } }) {
  made += 1;
  return await ask('POST', '/api/groups', { name: `G${made}`, description: '', content });
}

describe('groups over the routes', () => {
  it('are made, drafted, listed and deleted', async () => {
    const { body, status } = await make();
    expect(status).toBe(200);
    const { id } = body.group;
    const content = { kind: 'list', people: ['ada'], devices: [] };
    const saved = await ask('PUT', `/api/groups/${id}/draft`, { content, version: body.version });
    expect(saved.body).toMatchObject({ content, group: { words: '1 person, 0 devices', hasDraft: true } });
    expect((await ask('GET', `/api/groups/${id}`)).body).toEqual(saved.body);
    const { items } = (await ask<{ items: GroupSummary[] }>('GET', '/api/groups')).body;
    expect(items.map((one) => one.id)).toContain(id);
    expect((await ask('DELETE', `/api/groups/${id}`)).status).toBe(200);
    expect((await ask('GET', `/api/groups/${id}`)).status).toBe(404);
  });

  it('take a list as a file, and say which line is wrong', async () => {
    const { id } = (await make()).body.group;
    const answer = await server.call(`/api/groups/${id}/list`, {
      method: 'POST',
      headers: { cookie, origin: server.origin, 'content-type': 'text/csv' },
      raw: 'serial;username\r\nS1;\r\n;nobody\r\n',
    });
    const { group, problems } = answer.body as unknown as { group: GroupDetail; problems: RowProblem[] };
    expect(group.content).toEqual({ kind: 'list', people: [], devices: ['S1'] });
    expect(problems.map(({ severity, row }) => [severity, row])).toEqual([
      ['error', 3],
      ['warning', 2],
    ]);
  });

  it.each<[string, unknown]>([
    ['a kind that is not known', { kind: 'rule', selector: { kind: 'planet' } }],
    ['a property too many', { kind: 'rule', selector: { kind: 'everyone', but: 1 } }],
    ['no parts', { kind: 'rule', selector: { kind: 'all', of: [] } }],
    ['a place that is none', { kind: 'rule', selector: { kind: 'place', place: 'moon' } }],
    ['a version in words', { kind: 'rule', selector: { kind: 'os', atLeast: 'new' } }],
    ['a person without a name', { kind: 'list', people: [''], devices: [] }],
    ['somebody else’s words', 'everyone'],
  ])('are refused with %s', async (_, content) => {
    const { status, body } = await ask('POST', '/api/groups', { name: 'Bad', description: '', content });
    expect([status, body.error?.code]).toEqual([400, 'bad-request']);
  });

  it.each([7, 1_000, 20_000])('are refused when they nest %i deep, and so is counting', async (depth) => {
    const nested = `${'{"kind":"not","of":'.repeat(depth)}{"kind":"everyone"}${'}'.repeat(depth)}`;
    const headers = { cookie, origin: server.origin, 'content-type': 'application/json' };
    for (const [path, raw] of [
      ['/api/groups', `{"name":"Deep","description":"","content":{"kind":"rule","selector":${nested}}}`],
      ['/api/reach/count', `{"selector":${nested}}`],
    ] as const) {
      const { status } = await server.call(path, { method: 'POST', headers, raw });
      expect([path, status >= 400 && status < 500]).toEqual([path, true]);
    }
  });

  it('count whom a selector reaches, by what is published', async () => {
    const { body } = await ask<ReachCount>('POST', '/api/reach/count', { selector: { kind: 'everyone' } });
    expect(body).toEqual({ devices: 0, people: 0, unknown: 0 });
  });

  it('are for those who are signed in', async () => {
    for (const { method, path } of Object.values(groupRoutes)) {
      const { status } = await server.call(path.replace(':id', 'x'), { method, headers: { origin: server.origin } });
      expect([path, status]).toEqual([path, 401]);
    }
  });
});
