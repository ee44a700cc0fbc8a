import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Call, TestServer } from '../../fakes/running-server.ts';

let server: TestServer;
let cookie: string;

beforeAll(async () => {
  server = await TestServer.start();
  cookie = await server.setUp();
}, 60_000);

afterAll(() => server.stop());

const call = (path: string, options: Call = {}) =>
  server.call(path, { ...options, headers: { origin: server.origin, cookie } });

const script = {
  ...{ name: 'Fix', description: '', platform: 'linux', interpreter: 'sh', source: 'true', parameters: [] },
  ...{ timeoutSeconds: 10, outputBytes: 100 },
};
const command = {
  ...{ action: { kind: 'wipe' }, deviceIds: ['no-such-device'], reason: 'for the test', expiresInMinutes: 5 },
};
const assertion = { credentialId: 'AA', authenticatorData: 'AA', clientData: 'AA', signature: 'AA' };

test('nobody is an approver to begin with, and nothing waits', async () => {
  expect((await call('/api/approvers')).body).toMatchObject({ version: 0, members: [], pending: null });
  expect((await call('/api/approvals')).body).toMatchObject({ total: 0, items: [] });
  expect((await call('/api/commands')).body).toMatchObject({ total: 0, items: [] });
});

test('a script is drafted, changed by its version, and withdrawn', async () => {
  const made = (await call('/api/scripts', { method: 'POST', body: script })).body as { id: string; version: number };
  const body = { content: { ...script, name: 'Fixed' }, version: made.version };
  const path = `/api/scripts/${made.id}`;
  expect((await call(path, { method: 'PUT', body })).body).toMatchObject({
    version: 2,
    isDraft: true,
    published: null,
  });
  expect((await call(path, { method: 'PUT', body })).body).toMatchObject({ error: { code: 'changed-meanwhile' } });
  expect((await call(path, { method: 'DELETE' })).body).toEqual({ done: true });
  expect((await call('/api/scripts')).body).toEqual({ items: [] });
});

test.each<[string, string, Call, string]>([
  ['a command for a device that is not there', '/api/commands', { method: 'POST', body: command }, 'bad-command'],
  [
    'a command with an action nobody knows',
    '/api/commands',
    { method: 'POST', body: { ...command, action: { kind: 'x' } } },
    'bad-request',
  ],
  ['a command that is not there', '/api/commands/none', {}, 'not-found'],
  ['the devices of a command that is not there', '/api/commands/none/devices', {}, 'not-found'],
  ['a signature under nothing', '/api/approvals/none/signatures', { method: 'POST', body: { assertion } }, 'not-found'],
  [
    'approvers without accounts',
    '/api/approvers',
    { method: 'POST', body: { staffIds: ['a', 'b'], reason: 'for the test' } },
    'conflict',
  ],
  [
    'a script with a parameter of the loader',
    '/api/scripts',
    { method: 'POST', body: { ...script, parameters: [{ name: 'PATH', title: '', kind: 'text', required: true }] } },
    'bad-request',
  ],
])('%s is refused in words', async (_name, path, options, code) => {
  expect((await call(path, options)).body).toMatchObject({ error: { code } });
});

test('the command line gives no command that two must sign', async () => {
  const preview = await server.operate('/api/commands/preview', { method: 'POST', body: command });
  expect(preview).toMatchObject({ needs: 2, devices: 1, connected: 0 });
  await expect(
    server.operate('/api/approvers', { method: 'POST', body: { staffIds: ['a', 'b'], reason: 'for it' } }),
  ).rejects.toThrow('forbidden');
});
