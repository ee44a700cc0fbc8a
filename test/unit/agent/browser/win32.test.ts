import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createBrowser } from '../../../../agent/capabilities/browser/index.ts';
import {
  parseRegistry,
  type RegistryValue,
  registryFile,
  registryId,
  registryPolicies,
} from '../../../../agent/capabilities/browser/registry.ts';
import { importArguments } from '../../../../agent/capabilities/browser/win32.ts';
import { HostFiles } from '../../../../agent/platform/host-files.ts';
import type { BrowserSettings } from '../../../../shared/profile/browser.ts';
import { MemoryOriginals } from '../../../fakes/originals.ts';
import { failed, PretendedHostFiles, RecordedCommands, succeeded } from './recorded.ts';

const policiesKey = 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies';
const chromeKey = `${policiesKey}\\Google\\Chrome`;

describe('output of reg query (made up in its documented form; never run on Windows)', () => {
  const recorded = [
    '',
    'HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Google\\Chrome',
    '    IncognitoModeAvailability    REG_DWORD    0x1',
    '    HomepageLocation    REG_SZ    https://www.example.org/a    b',
    '    Empty    REG_SZ    ',
    '    (Standard)    REG_SZ    (Wert nicht festgelegt)',
    '',
    'HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Google\\Chrome\\URLBlocklist',
    '    1    REG_SZ    games.example',
    '    10    REG_SZ    x.example',
    '',
    'HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Microsoft\\Windows\\Some Key With Blanks',
    '    Blob    REG_BINARY    00FF10',
    '    Many    REG_MULTI_SZ    one\\0two',
    '',
    'Ende der Suche: 7 Übereinstimmungen gefunden.',
  ].join('\r\n');

  test('keys, names, types and values are read', () => {
    const values = [...parseRegistry(recorded).values()].map(({ key, name, type, content }) => [
      key.slice(policiesKey.length + 1),
      name,
      type,
      content,
    ]);
    expect(values).toEqual([
      ['Google\\Chrome', 'IncognitoModeAvailability', 'REG_DWORD', 1],
      ['Google\\Chrome', 'HomepageLocation', 'REG_SZ', 'https://www.example.org/a    b'],
      ['Google\\Chrome', 'Empty', 'REG_SZ', ''],
      ['Google\\Chrome\\URLBlocklist', '1', 'REG_SZ', 'games.example'],
      ['Google\\Chrome\\URLBlocklist', '10', 'REG_SZ', 'x.example'],
      ['Microsoft\\Windows\\Some Key With Blanks', 'Blob', 'REG_BINARY', '00FF10'],
      ['Microsoft\\Windows\\Some Key With Blanks', 'Many', 'REG_MULTI_SZ', 'one\\0two'],
    ]);
  });

  test.each(['', '\r\n', 'ERROR: The system was unable to find the specified registry key or value.\r\n'])(
    'output without keys holds no value: %j',
    (output) => {
      expect(parseRegistry(output).size).toBe(0);
    },
  );
});

describe('policies as registry values', () => {
  test('booleans and numbers are DWORD, text SZ, lists keys with 1, 2, …, extensions of Firefox JSON', () => {
    const { values, lists } = registryPolicies(chromeKey, {
      On: true,
      Off: false,
      Level: 2,
      Words: 'x',
      List: ['a', 'b'],
      Nested: { Inner: false, Names: ['c'] },
      ExtensionSettings: { '*': { installation_mode: 'blocked' } },
    });
    expect([...values.values()].map(({ key, name, type, content }) => `${key}|${name}|${type}|${content}`)).toEqual(
      [
        '|On|REG_DWORD|1',
        '|Off|REG_DWORD|0',
        '|Level|REG_DWORD|2',
        '|Words|REG_SZ|x',
        '\\List|1|REG_SZ|a',
        '\\List|2|REG_SZ|b',
        '\\Nested|Inner|REG_DWORD|0',
        '\\Nested\\Names|1|REG_SZ|c',
        '|ExtensionSettings|REG_SZ|{"*":{"installation_mode":"blocked"}}',
      ].map((line) => chromeKey + line),
    );
    expect([...lists]).toEqual([`${chromeKey}\\list`.toLowerCase(), `${chromeKey}\\nested\\names`.toLowerCase()]);
  });

  test('the import file is plain ASCII, escapes quotes and keeps types it did not choose', () => {
    const value = (name: string, type: string, content: string | number): [string, RegistryValue] => [
      registryId(chromeKey, name),
      { key: chromeKey, name, type, content },
    ];
    const gone = value('Gone', 'REG_SZ', 'x');
    const writes = new Map<string, RegistryValue | undefined>([
      value('Number', 'REG_DWORD', 255),
      value('Text', 'REG_SZ', 'C:\\a "b"'),
      value('Umlaut', 'REG_SZ', 'ü'),
      value('Many', 'REG_MULTI_SZ', 'a\\0b'),
      value('Blob', 'REG_BINARY', '00FF10'),
      [gone[0], undefined],
    ]);
    expect(registryFile(writes, new Map([gone]), [chromeKey]).split('\r\n')).toEqual([
      'Windows Registry Editor Version 5.00',
      ...['"Number"=dword:000000ff', '"Text"="C:\\\\a \\"b\\""', '"Umlaut"=hex(1):fc,00,00,00'].flatMap((line) => [
        '',
        `[${chromeKey}]`,
        line,
      ]),
      ...['"Many"=hex(7):61,00,00,00,62,00,00,00,00,00', '"Blob"=hex:00,ff,10', '"Gone"=-'].flatMap((line) => [
        '',
        `[${chromeKey}]`,
        line,
      ]),
      '',
      '',
    ]);
  });

  const value = (key: string, name: string): [string, RegistryValue] => [
    registryId(key, name),
    { key, name, type: 'REG_SZ', content: 'x' },
  ];
  const list = `${chromeKey}\\URLBlocklist`;
  const removedKeys = (present: [string, RegistryValue][], gone: [string, RegistryValue][]) =>
    [
      ...registryFile(new Map(gone.map(([id]) => [id, undefined])), new Map(present), [chromeKey]).matchAll(
        /^\[-(.*)\]\r$/gm,
      ),
    ].map(([, key]) => key);

  test('a key that loses its last value goes, up to the key of the browser', () => {
    const [one, two, other] = [value(list, '1'), value(list, '2'), value(chromeKey, 'Other')];
    expect(removedKeys([one, two], [one, two])).toEqual([chromeKey, list]);
    expect(removedKeys([one, two, other], [one, two])).toEqual([list]);
    expect(removedKeys([one, two], [one])).toEqual([]);
    expect(removedKeys([other], [other])).toEqual([chromeKey]);
  });
});

/** Enough of the registry to answer `reg query` and `reg import`; written from the documentation of both. */
class PretendedRegistry {
  readonly values = new Map<string, RegistryValue>();

  set(key: string, name: string, type: string, content: string | number): void {
    this.values.set(registryId(key, name), { key, name, type, content });
  }

  query(): string {
    return [...this.values.values()]
      .map(({ key, name, type, content }) => {
        const text = typeof content === 'number' ? `0x${content.toString(16)}` : content;
        return `\r\n${key}\r\n    ${name}    ${type}    ${text}\r\n`;
      })
      .join('');
  }

  import(text: string): void {
    let key = '';
    for (const line of text.split('\r\n')) {
      const gone = /^\[-(.+)\]$/.exec(line)?.[1]?.toLowerCase();
      if (gone) for (const id of this.values.keys()) if (id.startsWith(`${gone}\\`)) this.values.delete(id);
      key = /^\[([^-].*)\]$/.exec(line)?.[1] ?? key;
      const [, name, value] = /^"(.+?)"=(.+)$/.exec(line) ?? [];
      if (!name || !value) continue;
      if (value === '-') this.values.delete(registryId(key, name));
      else if (value.startsWith('dword:')) this.set(key, name, 'REG_DWORD', Number.parseInt(value.slice(6), 16));
      else this.set(key, name, 'REG_SZ', value.slice(1, -1).replace(/\\(.)/g, '$1'));
    }
  }
}

describe('the registry brought to a profile (pretended registry; never run on Windows)', () => {
  const settings: BrowserSettings = { blockedUrls: ['a.example', 'b.example'], blockPrivateWindows: true };
  let root: string;
  let registry: PretendedRegistry;
  let commands: RecordedCommands;
  const files = () => new PretendedHostFiles(root, new MemoryOriginals());

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'rollcall-registry-'));
    registry = new PretendedRegistry();
    commands = new RecordedCommands(async (path, args) => {
      if (path === 'C:\\Windows\\System32\\reg.exe' && args[0] === 'query') return succeeded(registry.query());
      if (path === 'C:\\Windows\\System32\\reg.exe')
        registry.import(await readFile(join(root, importArguments[1]), 'utf8'));
      return succeeded();
    });
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  const browser = () => createBrowser({ platform: 'win32', files: files(), commands });
  const notOk = async (capability: ReturnType<typeof browser>, desired = settings) =>
    (await capability.observe(desired)).evidence.filter((line) => !line.ok).map((line) => `${line.item}: ${line.seen}`);

  test('apply, a fresh look, and removal of every trace', async () => {
    const capability = browser();
    expect(await notOk(capability)).toHaveLength(4);
    await capability.apply(settings);
    expect(await notOk(capability)).toEqual([]);
    expect(registry.values.get(registryId(`${chromeKey}\\URLBlocklist`, '2'))?.content).toBe('b.example');
    expect(commands.ran).toContain('C:\\Windows\\System32\\gpupdate.exe /target:computer /force');
    await capability.remove();
    expect(registry.values.size).toBe(0);
    expect(await readdir(root)).toEqual([]);
  });

  test('applying again imports nothing', async () => {
    const capability = browser();
    await capability.apply(settings);
    commands.ran.length = 0;
    await capability.apply(settings);
    expect(commands.ran).toEqual([expect.stringContaining('reg.exe query')]);
  });

  test('stale entries of a list go, and drift is seen and put right', async () => {
    const capability = browser();
    await capability.apply(settings);
    registry.set(`${chromeKey}\\URLBlocklist`, '3', 'REG_SZ', 'student.example');
    expect(await notOk(capability)).toEqual([expect.stringMatching(/^Chrome policies in .*URLBlocklist/)]);
    await capability.apply({ ...settings, blockedUrls: ['a.example'] });
    const listed = [...registry.values.values()].filter(({ key }) => key === `${chromeKey}\\URLBlocklist`);
    expect(listed.map(({ content }) => content)).toEqual(['a.example']);
  });

  test('values of others stay, and those we replaced come back, in whatever case their key is written', async () => {
    const theirs = `HKEY_LOCAL_MACHINE\\Software\\Policies\\Google\\Chrome`;
    registry.set(theirs, 'IncognitoModeAvailability', 'REG_DWORD', 2);
    registry.set(`${theirs}\\URLBlocklist`, '7', 'REG_SZ', 'theirs.example');
    registry.set(theirs, 'BookmarkBarEnabled', 'REG_DWORD', 1);
    const before = registry.query();
    const capability = browser();
    await capability.apply(settings);
    expect(registry.values.get(registryId(theirs, 'IncognitoModeAvailability'))?.content).toBe(1);
    expect(registry.values.has(registryId(`${theirs}\\URLBlocklist`, '7'))).toBe(false);
    expect(registry.values.get(registryId(theirs, 'BookmarkBarEnabled'))?.content).toBe(1);
    await capability.remove();
    expect(parseRegistry(registry.query())).toEqual(parseRegistry(before));
  });

  test('a setting that leaves the profile goes back, and later changes to it are left alone', async () => {
    registry.set(chromeKey, 'IncognitoModeAvailability', 'REG_DWORD', 0);
    const capability = browser();
    await capability.apply(settings);
    await capability.apply({ blockedUrls: ['a.example'] });
    expect(registry.values.get(registryId(chromeKey, 'IncognitoModeAvailability'))?.content).toBe(0);
    registry.set(chromeKey, 'IncognitoModeAvailability', 'REG_DWORD', 2);
    await capability.remove();
    expect(registry.values.get(registryId(chromeKey, 'IncognitoModeAvailability'))?.content).toBe(2);
  });

  test.each([
    ['English', 'ERROR: Access is denied.\r\n'],
    ['German', 'FEHLER: Zugriff verweigert\r\n'],
  ])('access denied in %s is a coded failure with the words of Windows', async (_, words) => {
    const denied = new RecordedCommands((_path, args) => (args[0] === 'query' ? succeeded() : failed(words)));
    const capability = createBrowser({ platform: 'win32', files: files(), commands: denied });
    await expect(capability.apply(settings)).rejects.toMatchObject({
      code: 'browser-registry-not-written',
      message: expect.stringContaining(words.trim()),
    });
    const unreadable = createBrowser({
      platform: 'win32',
      files: files(),
      commands: new RecordedCommands(() => failed(words)),
    });
    await expect(unreadable.observe(settings)).rejects.toMatchObject({ code: 'browser-registry-not-read' });
  });

  test('a trial under a folder does not touch the registry', () => {
    const capability = createBrowser({
      platform: 'win32',
      files: new HostFiles(root, new MemoryOriginals()),
      commands,
    });
    expect(capability.supported).toBe(false);
    expect(capability.unsupportedWhy).toContain('trial');
  });
});
