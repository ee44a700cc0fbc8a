import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repository, rollcallHere, TestServer } from '../../fakes/running-server.ts';
import { signIn } from '../../fakes/staff.ts';

let server: TestServer;
beforeAll(async () => {
  server = await TestServer.start();
}, 30_000);
afterAll(async () => server?.stop());

/** The command with a password on its standard input. */
async function add(password: string, ...words: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const args = ['server/cli.ts', 'staff', 'add', ...words, '--home', server.home];
  const running = promisify(execFile)(process.execPath, args, { cwd: repository });
  running.child.stdin?.end(password);
  return await running.then(
    (said) => ({ code: 0, ...said }),
    ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
  );
}

describe('rollcall staff add', () => {
  it('makes an account with the password from standard input, which signs in', async () => {
    expect(await add('the first line counts\nnot this one\n', 'Ruth Ferreira', 'Ruth@example.org')).toEqual({
      code: 0,
      stdout: 'Ruth Ferreira can sign in as ruth@example.org.\n',
      stderr: '',
    });
    const answer = await server.call('/api/session', {
      method: 'POST',
      headers: { origin: server.origin },
      body: { email: 'ruth@example.org', password: 'the first line counts' },
    });
    expect(answer.status).toBe(200);
  });

  it.each([
    ['a short password', 'short', ['Ann Other', 'ann@example.org'], 4],
    ['no password', '', ['Ann Other', 'ann@example.org'], 4],
    ['an address that is taken', 'a long enough password', ['Ann Other', 'ruth@example.org'], 4],
    ['no address', 'a long enough password', ['Ann Other'], 2],
  ])('refuses %s', async (_what, password, words, code) => {
    expect((await add(password, ...words)).code).toBe(code);
  });
});

describe('rollcall staff sides and rollcall change', () => {
  const rollcall = async (...words: string[]) => await rollcallHere(...words, '--home', server.home);

  it('says whom an account signs policy changes for, from the start or later', async () => {
    const password = 'a long enough password';
    expect((await add(password, 'Cora Lum', 'cora@example.org', '--signs-for', 'curriculum')).code).toBe(0);
    expect(await rollcall('staff', 'sides', 'CORA@example.org', 'it,curriculum')).toMatchObject({
      code: 0,
      stdout: 'Cora Lum signs policy changes for it and curriculum.\n',
    });
    expect((await rollcall('staff', 'sides', 'cora@example.org', 'finance')).code).toBe(4);
  }, 60_000);

  it('lists, shows, approves and publishes a change of an account that is alone', async () => {
    const cookie = await signIn(server, 'ruth@example.org', 'the first line counts');
    const headers = { cookie, origin: server.origin };
    const call = async (method: 'POST' | 'PUT', path: string, body: object) =>
      (await server.call(path, { method, headers, body })).body as { profile: { id: string }; change: { id: string } };
    const { profile } = await call('POST', '/api/profiles', { name: 'Minimum', description: '' });
    const content = { settings: {}, assignments: [], locked: true };
    await call('PUT', `/api/profiles/${profile.id}/draft`, { content, version: 1 });
    const items = [{ kind: 'profile', id: profile.id, version: 2 }];
    const { change } = await call('POST', '/api/changes', { title: 'The least', note: '', items });
    expect((await rollcall('change', 'list')).stdout).toMatch(/The least +open +0 +second-person +staff:Ruth Ferreira/);
    expect((await rollcall('change', 'show', change.id)).stdout).toContain('Needed: “Minimum” is a locked minimum');
    expect((await rollcall('change', 'publish', change.id)).code).toBe(4);
    expect((await rollcall('change', 'approve', change.id, '--reason', 'read it')).stdout).toContain(
      'Given by command line',
    );
    expect((await rollcall('change', 'publish', change.id)).stdout).toContain('The least (published)');
    expect((await rollcall('change', 'reject', change.id)).code).toBe(4);
  }, 60_000);
});

describe('rollcall staff, for when nobody can sign in at the console', () => {
  const rollcall = async (...words: string[]) => await rollcallHere(...words, '--home', server.home);
  const isIn = async (cookie: string) => (await server.call('/api/security', { headers: { cookie } })).status === 200;
  const email = 'lost@example.org';
  const password = 'a long enough password';

  it('takes lost factors away, gives another password, and lists who signs in by what', async () => {
    expect((await add(password, 'Lena Lost', email)).code).toBe(0);
    const cookie = await signIn(server, email, password);
    expect((await rollcall('staff', 'list')).stdout).toMatch(
      /^lost@example\.org +Lena Lost +active +owner +password, 1/m,
    );
    expect((await rollcall('staff', 'reset-factors', 'LOST@example.org')).stdout).toBe(
      'Lena Lost enrols a new second factor at the next sign-in.\n',
    );
    expect(await isIn(cookie)).toBe(false);
    const reset = await rollcall('staff', 'reset-password', email, '--reason', 'forgotten');
    const [, fresh = ''] = /signs in with (\S+) and/.exec(reset.stdout) ?? [];
    const body = { email, password: fresh };
    const answer = await server.call('/api/session', { method: 'POST', headers: { origin: server.origin }, body });
    expect(answer.body).toMatchObject({ staff: null, entering: { step: 'enrolment', factors: [] } });
  }, 60_000);

  it('ends sessions, and disables and enables an account at once', async () => {
    await add(password, 'Dirk Gone', 'gone@example.org');
    const cookie = await signIn(server, 'gone@example.org', password);
    expect((await rollcall('staff', 'disable', 'gone@example.org')).code).toBe(0);
    expect(await isIn(cookie)).toBe(false);
    await expect(signIn(server, 'gone@example.org', password)).rejects.toThrow(/wrong-credentials/);
    expect((await rollcall('staff', 'enable', 'gone@example.org')).code).toBe(0);
    expect(await isIn(cookie)).toBe(false);
    const again = await signIn(server, 'gone@example.org', password);
    expect(await isIn(again)).toBe(true);
    expect((await rollcall('staff', 'end-sessions', 'gone@example.org')).code).toBe(0);
    expect(await isIn(again)).toBe(false);
  }, 60_000);

  it.each([
    [['staff', 'disable', 'nobody@example.org'], 4],
    [['staff', 'disable'], 2],
    [['staff', 'erase', 'gone@example.org'], 2],
  ])('refuses %j', async (words, code) => {
    expect((await rollcall(...words)).code).toBe(code);
  });
});
