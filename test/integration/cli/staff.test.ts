import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repository, TestServer } from '../../fakes/running-server.ts';

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
