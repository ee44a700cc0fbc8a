import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PolicyPlan } from '../../../shared/api/schemas.ts';
import { PolicyServer } from '../../fakes/policy-pair.ts';
import { rollcallHere } from '../../fakes/running-server.ts';

let district: PolicyServer;
let root: string;
beforeAll(async () => {
  district = await PolicyServer.start();
  root = mkdtempSync(join(tmpdir(), 'rollcall-remote-'));
  await district.publish('School browsers', '', {
    settings: { browser: { homePage: 'https://one.example/' } },
    assignments: [{ to: { kind: 'everyone' }, priority: 50 }],
  });
  await token('reader', 'read');
  await token('pipeline', 'read', 'policy:write');
}, 60_000);
afterAll(async () => {
  await district?.stop();
  if (root) rmSync(root, { recursive: true });
});

async function token(name: string, ...scopes: ('read' | 'policy:write')[]): Promise<void> {
  const { secret } = await district.client.call('createApiToken', { body: { name, scopes, expiresInDays: 1 } });
  writeFileSync(join(root, name), secret);
}

const folder = () => join(root, 'policy');

function rollcall(as: string, ...words: string[]) {
  const { server } = district;
  const ca = join(server.home, 'console-ca.pem');
  return rollcallHere(...words, '--server', server.origin, '--token-file', join(root, as), '--ca', ca);
}

function edit(file: string, from: string | RegExp, to: string): void {
  const path = join(folder(), file);
  const before = readFileSync(path, 'utf8');
  writeFileSync(path, before.replace(from, to));
  expect(readFileSync(path, 'utf8')).not.toBe(before);
}

const homePage = async () => {
  const { items } = await district.client.call('listProfiles');
  const { revisions } = await district.client.call('readProfile', { params: { id: items[0]?.id ?? '' } });
  return revisions[0]?.settings.browser?.homePage;
};

describe('a folder and a server elsewhere, over TLS with a token', { timeout: 60_000 }, () => {
  it('is exported and compared with a token that may read', async () => {
    expect(await rollcall('reader', 'export', folder())).toMatchObject({ code: 0, stderr: '' });
    edit('profiles/school-browsers.yaml', 'one.example', 'two.example');
    const { code, stdout } = await rollcall('reader', 'diff', folder(), '--json');
    expect(code).toBe(0);
    expect((JSON.parse(stdout) as PolicyPlan).steps.find(({ kind }) => kind === 'profile')).toMatchObject({
      action: 'update',
      differences: ['settings.browser.homePage: https://one.example/ → https://two.example/'],
    });
  });

  it('is not applied with a token that may only read', async () => {
    const refused = await rollcall('reader', 'apply', folder());
    expect(refused).toMatchObject({ code: 4, stderr: expect.stringContaining('needs the scope policy:write') });
    expect(await homePage()).toBe('https://one.example/');
  });

  it('is applied with one that may, which the events name', async () => {
    expect(await rollcall('pipeline', 'apply', folder(), '--note', 'c0ffee')).toMatchObject({ code: 0, stderr: '' });
    expect(await homePage()).toBe('https://two.example/');
    const { items } = await district.client.call('listEvents', { query: { limit: 50 } });
    expect(items.map(({ actor }) => actor)).toContain('token:pipeline');
  });

  const beyond: [string, string, RegExp, string, string][] = [
    ['the compliance policy', 'compliance.yaml', /graceDays: \d+/, 'graceDays: 9', 'compliance compliance'],
    ['publishing settings', 'publishing.yaml', /approvalPercent: \d+/, 'approvalPercent: 99', 'publishing publishing'],
  ];
  it.each(beyond)(
    'is applied not at all where it would write %s, which the token may not',
    async (...[, file, from, to, key]) => {
      const before = readFileSync(join(folder(), file));
      edit(file, from, to);
      edit('profiles/school-browsers.yaml', 'two.example', 'three.example');
      const refused = await rollcall('pipeline', 'apply', folder());
      expect(refused).toMatchObject({ code: 4, stderr: expect.stringContaining(key) });
      expect(await homePage()).toBe('https://two.example/');
      writeFileSync(join(folder(), file), before);
      edit('profiles/school-browsers.yaml', 'three.example', 'two.example');
    },
  );

  it('is refused once the token is revoked, and the words hold no part of it', async () => {
    const { items } = await district.client.call('listApiTokens', { query: {} });
    const id = items.find(({ name }) => name === 'pipeline')?.id ?? '';
    await district.client.call('revokeApiToken', { params: { id } });
    const refused = await rollcall('pipeline', 'apply', folder());
    expect(refused.code).toBe(4);
    expect(refused.stderr).not.toContain('rct_');
  });
});
