import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampleDistrict } from '../../../server/demo/district.ts';
import { rollcallHere, run, TestServer } from '../../fakes/running-server.ts';

let server: TestServer;
let folder: string;
beforeAll(async () => {
  server = await TestServer.start();
  folder = mkdtempSync(join(tmpdir(), 'rollcall-cli-'));
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

const rollcall = (...args: string[]) => rollcallHere(...args, '--home', server.home);

function write(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function roster(name: string, students: (line: string, index: number) => boolean = () => true): string {
  const path = join(folder, name);
  mkdirSync(path, { recursive: true });
  for (const [file, text] of sampleDistrict({ seed: 5, today: '2026-10-05' })) {
    const lines = text.split(/\r?\n/);
    const kept = file === 'users.csv' ? lines.filter((line, index) => index === 0 || students(line, index)) : lines;
    writeFileSync(join(path, file), kept.join('\r\n'));
  }
  return path;
}

const policy = `
kind: list
category: games
title: Games
licence: our own
names: [games.example, play.example]
---
kind: profile
name: Student web filter
settings:
  webFilter:
    blockedCategories: [games]
    safeSearch: true
assignments:
  - to: { kind: role, role: student }
    priority: 100
`;

describe('the rollcall command', () => {
  it('imports a roster from a folder, and the same again changes nothing', async () => {
    const path = roster('district');
    expect(await rollcall('import', 'oneroster', path)).toMatchObject({ code: 0, stderr: '' });
    const again = JSON.parse((await rollcall('import', 'oneroster', path, '--json')).stdout) as { changes: object[] };
    for (const change of again.changes) expect(change).toMatchObject({ added: 0, changed: 0, removed: 0 });
  });

  it('stops at a roster that lost a fifth of its people, and goes on with --yes', async () => {
    const short = roster('short', (_, index) => index % 5 !== 0);
    const stopped = await rollcall('import', 'oneroster', short, '--lenient');
    expect(stopped.code).toBe(5);
    expect(stopped.stdout).toMatch(/confirm with --yes/);
    expect((await rollcall('import', 'oneroster', short, '--lenient', '--yes')).code).toBe(0);
    await rollcall('import', 'oneroster', roster('district'), '--yes');
  });

  it('shows the difference in a dry run and changes nothing', async () => {
    const before = (await rollcall('get', 'people', '--json')).stdout;
    const dry = await rollcall(
      'import',
      'oneroster',
      roster('one-less', (_, index) => index !== 40),
      '--dry-run',
    );
    expect(dry.code).toBe(0);
    expect(dry.stdout).toMatch(/1 removed[\s\S]*Nothing was changed \(dry run\)/);
    expect((await rollcall('get', 'people', '--json')).stdout).toBe(before);
  });

  it('applies policy from a file, and the same again changes nothing', async () => {
    const path = write('policy.yaml', policy);
    expect((await rollcall('apply', '-f', path)).stdout).toMatch(
      /list games: 2 names.*\nprofile Student web filter: created/,
    );
    expect((await rollcall('apply', '-f', path)).stdout).toMatch(/profile Student web filter: unchanged/);
    const profiles = JSON.parse((await rollcall('get', 'profiles', '--json')).stdout) as {
      name: string;
      publishedRevision: number;
    }[];
    expect(profiles).toMatchObject([{ name: 'Student web filter', publishedRevision: 1 }]);
  });

  it('makes a token that can be piped', async () => {
    const made = await run([
      'server/cli.ts',
      'token',
      'create',
      '--uses',
      '3',
      '--expires',
      '12h',
      '--home',
      server.home,
    ]);
    expect(made).toMatchObject({ code: 0, stdout: expect.stringMatching(/^rollcall1-[\w-]+\n$/) });
  });

  it('imports a list from a file, naming the rows it leaves out', async () => {
    const file = write('games.hosts', '0.0.0.0 games.example\n0.0.0.0 co.uk\n');
    const imported = await rollcall('import', 'list', 'arcade', file, '--title', 'Arcade', '--licence', 'MIT');
    expect(imported).toMatchObject({ code: 0, stderr: '' });
    expect(imported.stdout).toMatch(/arcade, row 2: "co\.uk" is a public suffix.*Arcade: 1 names, 1 rows left out\./s);
  });

  it('answers without anybody as JSON too', async () => {
    expect(JSON.parse((await rollcall('get', 'devices', '--json')).stdout)).toEqual([]);
    expect(JSON.parse((await rollcall('get', 'compliance', '--json')).stdout)).toMatchObject({ people: [] });
  });

  const wrong: [string, () => string[], number, RegExp][] = [
    ['no command', () => [], 2, /^$/],
    ['an unknown command', () => ['destroy'], 2, /no command destroy/],
    ['an unknown flag', () => ['get', 'people', '--all'], 2, /--all/],
    ['half a command', () => ['token'], 2, /token create/],
    ['something that cannot be got', () => ['get', 'passwords'], 2, /people\|devices/],
    ['a time that is none', () => ['token', 'create', '--expires', 'soon'], 4, /--expires soon/],
    ['a number that is none', () => ['token', 'create', '--uses', 'many'], 4, /--uses/],
    ['a person who is not there', () => ['token', 'create', '--person', 'nobody'], 4, /no person nobody/],
    ['a device that is not there', () => ['revoke', 'nothing'], 4, /no device nothing/],
    ['a roster that is not there', () => ['import', 'oneroster', join(folder, 'nowhere.zip')], 4, /nowhere\.zip/],
    ['a roster that is no zip', () => ['import', 'oneroster', write('bad.zip', 'not a zip')], 4, /zip/i],
    [
      'a folder without a roster',
      () => ['import', 'oneroster', mkdtempSync(join(folder, 'empty-'))],
      4,
      /no CSV files/,
    ],
    ['a list without a file', () => ['import', 'list', 'games'], 2, /import list CATEGORY/],
    ['a list that is not there', () => ['import', 'list', 'games', join(folder, 'nowhere.txt')], 4, /nowhere\.txt/],
    [
      'a list that blocks the sign-in pages',
      () => ['import', 'list', 'games', write('lock-out.txt', 'accounts.google.com\n')],
      4,
      /accounts\.google\.com/,
    ],
    ['an address without a licence', () => ['import', 'list', 'games', 'https://127.0.0.1/x'], 4, /--licence/],
    [
      'an address of this network',
      () => ['import', 'list', 'games', 'http://127.0.0.1:9/x', '--licence', 'MIT'],
      1,
      /privateListSources/,
    ],
    ['a folder that is not named', () => ['diff'], 2, /diff DIR/],
    ['an export to nowhere', () => ['export'], 2, /export DIR/],
    ['neither folder nor file', () => ['apply'], 2, /apply DIR .* or rollcall apply -f/],
    ['a folder and a file', () => ['apply', folder, '-f', folder], 2, /apply DIR .* or rollcall apply -f/],
    ['a second folder', () => ['apply', folder, folder], 2, /one word too many/],
    ['a folder that is not there', () => ['diff', join(folder, 'nowhere')], 4, /nowhere is no folder/],
    ['an explanation of nobody', () => ['explain'], 2, /explain PERSON/],
    ['an explanation of a stranger', () => ['explain', 'nobody'], 4, /no person nobody/],
    ['an act on changes there is not', () => ['change', 'eat'], 2, /rollcall change /],
    ['a change that is not there', () => ['change', 'show', 'nothing'], 4, /nothing|no such change/i],
    ['an act on tokens there is not', () => ['api-token', 'eat'], 2, /api-token create/],
    [
      'a dry run that would be none',
      () => ['apply', '-f', write('x.yaml', ''), '--dry-run'],
      2,
      /--dry-run does not go/,
    ],
    ['a policy file that is not there', () => ['apply', '-f', join(folder, 'nowhere.yaml')], 4, /does not exist/],
    ['a policy that is not YAML', () => ['apply', '-f', write('broken.yaml', 'a: [')], 4, /broken\.yaml, document 1/],
    ['a policy of an unknown kind', () => ['apply', '-f', write('kind.yaml', 'kind: wipe\n')], 4, /kind must be/],
    [
      'a setting nobody knows',
      () => [
        'apply',
        '-f',
        write('setting.yaml', 'kind: profile\nname: x\nsettings: { webFilter: { safesearch: true } }\n'),
      ],
      4,
      /safesearch/,
    ],
    [
      'a category nobody imported',
      () => [
        'apply',
        '-f',
        write('category.yaml', 'kind: profile\nname: x\nsettings: { webFilter: { blockedCategories: [nowhere] } }\n'),
      ],
      4,
      /nowhere/,
    ],
    ['a document with aliases that explode', () => ['apply', '-f', write('bomb.yaml', bomb())], 4, /bomb\.yaml/],
  ];
  it.each(wrong)('answers %s with its exit code and words', async (_, args, code, words) => {
    const result = await rollcall(...args());
    expect(result.stderr).toMatch(words);
    expect(result.code).toBe(code);
  });

  it('says how to start a server when there is none', async () => {
    const result = await run(['server/cli.ts', 'get', 'people', '--home', folder, '--json']);
    expect(result.code).toBe(3);
    expect(JSON.parse(result.stderr)).toMatchObject({
      error: { code: 'unavailable', message: expect.stringContaining('rollcall serve') },
    });
  });

  it('refuses a second server on one home', async () => {
    const result = await run(['server/cli.ts', 'serve', '--home', server.home, '--listen', '127.0.0.1']);
    expect(result).toMatchObject({ code: 4, stderr: expect.stringMatching(/Another server runs on this home/) });
  });
});

function bomb(): string {
  const lines = ['kind: profile', 'name: bomb', 'a0: &a0 [x, x, x, x, x, x, x, x, x]'];
  for (let level = 1; level < 12; level++) {
    const aliases = Array.from({ length: 9 }, () => `*a${level - 1}`).join(', ');
    lines.push(`a${level}: &a${level} [${aliases}]`);
  }
  return lines.join('\n');
}
