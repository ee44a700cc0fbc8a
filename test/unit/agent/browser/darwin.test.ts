import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createBrowser } from '../../../../agent/capabilities/browser/index.ts';
import { firefoxPreferences, writeArguments } from '../../../../agent/capabilities/browser/preferences.ts';
import type { BrowserSettings } from '../../../../shared/profile/browser.ts';
import { MemoryOriginals } from '../../../fakes/originals.ts';
import { failed, PretendedHostFiles, RecordedCommands, succeeded } from './recorded.ts';

describe('commands for preferences', () => {
  const table: [string, unknown, string[]][] = [
    ['true', true, ['-bool', 'TRUE']],
    ['false', false, ['-bool', 'FALSE']],
    ['a whole number', 2, ['-int', '2']],
    ['another number', 0.5, ['-float', '0.5']],
    ['text', '-bool', ['-string', '-bool']],
    ['a list', ['a&b', '<c>'], ['<array><string>a&amp;b</string><string>&lt;c&gt;</string></array>']],
    ['an empty list', [], ['<array></array>']],
    [
      'a dictionary',
      { k: [true, 1, 1.5] },
      ['<dict><key>k</key><array><true/><integer>1</integer><real>1.5</real></array></dict>'],
    ],
  ];
  test.each(table)('%s keeps its type', (_, value, words) => {
    expect(writeArguments({ domain: '/d', key: 'K', value })).toEqual(['write', '/d', 'K', ...words]);
  });

  test('policies of Firefox are flattened and switched on', () => {
    expect(
      firefoxPreferences({
        DNSOverHTTPS: { Enabled: false, Locked: true },
        WebsiteFilter: { Block: ['<all_urls>'] },
        BlockAboutProfiles: true,
        ExtensionSettings: { '*': { installation_mode: 'blocked' } },
      }),
    ).toEqual({
      EnterprisePoliciesEnabled: true,
      DNSOverHTTPS__Enabled: false,
      DNSOverHTTPS__Locked: true,
      WebsiteFilter__Block: ['<all_urls>'],
      BlockAboutProfiles: true,
      ExtensionSettings: '{"*":{"installation_mode":"blocked"}}',
    });
    expect(firefoxPreferences({})).toEqual({});
  });
});

const chrome = '/Library/Preferences/com.google.Chrome';

/** What `defaults` would keep, read back as `plutil -convert json` prints it; the domain's file marks that it exists. */
class PretendedPreferences {
  readonly domains = new Map<string, Record<string, unknown>>();
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  async set(domain: string, values: Record<string, unknown>): Promise<void> {
    this.domains.set(domain, values);
    await mkdir(dirname(join(this.#root, domain)), { recursive: true });
    await writeFile(join(this.#root, `${domain}.plist`), 'bplist00');
  }

  async defaults([verb, domain = '', key, type, text]: readonly string[]): Promise<void> {
    const values = { ...this.domains.get(domain) };
    if (verb === 'delete' && key === undefined) {
      this.domains.delete(domain);
      return await rm(join(this.#root, `${domain}.plist`));
    }
    if (key && verb === 'delete') delete values[key];
    else if (key) values[key] = fromArguments(type ?? '', text ?? '');
    await this.set(domain, values);
  }
}

function fromArguments(type: string, text: string): unknown {
  if (type === '-bool') return text === 'TRUE';
  if (type === '-int') return Number(text);
  return type === '-string' ? text : [...type.matchAll(/<string>(.*?)<\/string>/g)].map(([, item]) => item);
}

describe('preferences brought to a profile (pretended commands, not run on a real Mac)', () => {
  const settings: BrowserSettings = { blockedUrls: ['a.example'], blockPrivateWindows: true, blockDnsOverHttps: true };
  let root: string;
  let preferences: PretendedPreferences;
  let commands: RecordedCommands;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'rollcall-preferences-'));
    preferences = new PretendedPreferences(root);
    commands = new RecordedCommands(async (path, args) => {
      if (path === '/usr/bin/plutil')
        return succeeded(JSON.stringify(preferences.domains.get((args[4] ?? '').replace(/\.plist$/, ''))));
      await preferences.defaults(args);
      return succeeded();
    });
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  const host = (answers = commands) => ({
    platform: 'darwin' as const,
    files: new PretendedHostFiles(root, new MemoryOriginals()),
    commands: answers,
  });

  test('apply, a fresh look that is never called verified, and removal of every trace', async () => {
    const browser = createBrowser(host());
    await browser.apply(settings);
    expect((await browser.observe(settings)).evidence.filter((line) => !line.ok)).toEqual([]);
    expect(browser.verifiable).toBe(false);
    expect(commands.ran).toContain(`/usr/bin/defaults write ${chrome} IncognitoModeAvailability -int 1`);
    commands.ran.length = 0;
    await browser.apply(settings);
    expect(commands.ran.filter((command) => command.startsWith('/usr/bin/defaults'))).toEqual([]);
    await browser.remove();
    expect(preferences.domains.size).toBe(0);
    expect(await readdir(join(root, 'Library'))).toEqual(['Preferences']);
  });

  test('preferences of others stay and replaced ones come back', async () => {
    const before = { IncognitoModeAvailability: 0, LastRun: 'x', URLBlocklist: ['theirs.example'] };
    await preferences.set(chrome, before);
    const browser = createBrowser(host());
    await browser.apply(settings);
    expect(preferences.domains.get(chrome)).toMatchObject({ LastRun: 'x', URLBlocklist: ['a.example'] });
    await browser.remove();
    expect(preferences.domains.get(chrome)).toEqual(before);
  });

  test.each([
    ['denied', 'Could not write domain /Library/Preferences/com.google.Chrome; exiting\n'],
    ['another language', 'Die Domain konnte nicht geschrieben werden\n'],
  ])('a refused write is a coded failure: %s', async (_, words) => {
    const browser = createBrowser(host(new RecordedCommands(() => failed(words))));
    await expect(browser.apply(settings)).rejects.toMatchObject({
      code: 'browser-preferences-not-written',
      message: expect.stringContaining(words.trim()),
    });
  });

  test.each([
    ['is damaged', failed('com.google.Chrome.plist: Property List error: Unexpected character')],
    ['is no JSON', succeeded('(')],
  ])('a domain whose file %s is a coded failure', async (_, answer) => {
    await preferences.set(chrome, {});
    const browser = createBrowser(host(new RecordedCommands(() => answer)));
    await expect(browser.observe(settings)).rejects.toMatchObject({ code: 'browser-preferences-not-read' });
  });
});
