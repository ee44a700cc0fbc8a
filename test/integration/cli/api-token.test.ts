import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rollcallHere, TestServer } from '../../fakes/running-server.ts';

let server: TestServer;
let folder: string;
let ca: string;
let tokenFile: string;
beforeAll(async () => {
  server = await TestServer.start();
  folder = mkdtempSync(join(tmpdir(), 'rollcall-cli-'));
  ca = join(server.home, 'console-ca.pem');
  tokenFile = join(folder, 'token');
  const made = await operator('create', 'reader', '--scope', 'read', '--expires', '30d');
  expect(made).toMatchObject({ code: 0, stdout: expect.stringMatching(/^rct_[\w-]{49}\n$/) });
  writeFileSync(tokenFile, made.stdout);
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

const operator = (...args: string[]) => rollcallHere('api-token', ...args, '--home', server.home);
const remote = (...args: string[]) =>
  rollcallHere(...args, '--server', server.origin, '--token-file', tokenFile, '--ca', ca);

describe('rollcall api-token', () => {
  it('lists and revokes', async () => {
    await operator('create', 'short lived', '--scope', 'read', '--scope', 'policy:write');
    expect((await operator('list')).stdout).toMatch(/^short lived +read policy:write +live/m);
    expect((await operator('revoke', 'short lived')).stdout).toBe('The API token short lived is revoked.\n');
    expect((await operator('list')).stdout).toMatch(/^short lived +read policy:write +revoked/m);
  });

  it.each([
    ['no scope', ['create', 'x'], 4, /--scope, once or several times: read, policy:write/],
    ['a scope there is not', ['create', 'x', '--scope', 'all'], 4, /scopes/],
    ['more than a year', ['create', 'x', '--scope', 'read', '--expires', '366d'], 4, /expiresInDays/],
    ['no name', ['create'], 2, /rollcall api-token create NAME/],
    ['a token that is not', ['revoke', 'nobody'], 4, /There is no API token nobody/],
  ])('refuses %s', async (_, args, code, words) => {
    const answer = await operator(...args);
    expect(answer.stderr).toMatch(words);
    expect(answer.code).toBe(code);
  });
});

describe('rollcall --server', () => {
  it('calls a server elsewhere with a token', async () => {
    expect(await remote('get', 'devices')).toMatchObject({ code: 0, stdout: expect.stringContaining('DEVICE') });
  });

  it('is told what the token may not do', async () => {
    const listed = await remote('api-token', 'list');
    expect(listed).toMatchObject({ code: 4, stderr: expect.stringMatching(/No API token may do this/) });
    expect((await remote('rotate', 'state-key')).stderr).toMatch(/needs the scope admin/);
  });

  it.each([
    ['without a token', ['--server', 'https://localhost:1'], 2, /go together/],
    [
      'over plain HTTP',
      ['--server', 'http://localhost:1', '--token-file', '{token}'],
      4,
      /write an address such as https/,
    ],
    [
      'with a file that is not there',
      ['--server', 'https://localhost:1', '--token-file', '{none}'],
      4,
      /cannot be read/,
    ],
    [
      'with a file of something else',
      ['--server', 'https://localhost:1', '--token-file', '{ca}'],
      4,
      /begins with rct_/,
    ],
    ['that nothing vouches for', ['--server', '{origin}', '--token-file', '{token}'], 3, /cannot be called/],
  ])('refuses %s', async (_, args, code, words) => {
    const given: Record<string, string> = { token: tokenFile, ca, none: join(folder, 'none'), origin: server.origin };
    const filled = args.map((word) => word.replace(/\{(\w+)\}/, (_whole, name: string) => given[name] ?? ''));
    const answer = await rollcallHere('get', 'devices', ...filled);
    expect(answer.stderr).toMatch(words);
    expect(answer.code).toBe(code);
  });
});
