import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createBrowser } from '../../../agent/capabilities/browser/index.ts';
import type { Capability } from '../../../agent/capabilities/capability.ts';
import { SystemCommands } from '../../../agent/platform/commands.ts';
import { HostFiles } from '../../../agent/platform/host-files.ts';
import { temporaryOf } from '../../../agent/platform/replace-file.ts';
import type { BrowserSettings } from '../../../shared/profile/browser.ts';
import { MemoryOriginals } from '../../fakes/originals.ts';

const settings: BrowserSettings = {
  blockedUrls: ['games.example'],
  blockPrivateWindows: true,
  homePage: 'https://www.example.org/',
};
const chrome = '/etc/opt/chrome/policies/managed/zz-rollcall.json';
const firefox = '/etc/firefox/policies/policies.json';
let root: string;
let browser: Capability<'browser'>;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'rollcall-browser-'));
  const files = new HostFiles(root, new MemoryOriginals());
  browser = createBrowser({ platform: 'linux', files, commands: new SystemCommands() });
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function put(path: string, content: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), content);
}
const read = (path: string) => readFile(join(root, path), 'utf8');

/** Everything under the root: path → content, mode for files. */
async function snapshot(): Promise<Record<string, string>> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const found = entries.map(async (entry) => {
    const path = join(entry.parentPath, entry.name);
    const mode = ((await stat(path)).mode & 0o777).toString(8);
    return [path.slice(root.length), entry.isFile() ? `${mode} ${await readFile(path, 'utf8')}` : 'folder'] as const;
  });
  return Object.fromEntries((await Promise.all(found)).sort());
}

async function notOk(desired: BrowserSettings = settings): Promise<string[]> {
  const { evidence } = await browser.observe(desired);
  return evidence.filter((line) => !line.ok).map((line) => `${line.item}: ${line.seen}`);
}
async function changes(desired: BrowserSettings = settings): Promise<string[]> {
  return browser.plan(desired, await browser.observe(desired)).map((change) => change.item);
}

test('nothing is there, it is applied, and a fresh look agrees', async () => {
  expect(await changes()).toHaveLength(5);
  await browser.apply(settings);
  expect(await notOk()).toEqual([]);
  expect(await changes()).toEqual([]);
  expect(JSON.parse(await read(chrome))).toEqual({
    URLBlocklist: ['games.example'],
    IncognitoModeAvailability: 1,
    HomepageIsNewTabPage: false,
    HomepageLocation: 'https://www.example.org/',
    ShowHomeButton: true,
    RestoreOnStartup: 4,
    RestoreOnStartupURLs: ['https://www.example.org/'],
  });
  expect(Object.keys(await snapshot()).filter((path) => path.endsWith('.json'))).toEqual([
    '/etc/chromium-browser/policies/managed/zz-rollcall.json',
    '/etc/chromium/policies/managed/zz-rollcall.json',
    firefox,
    chrome,
    '/etc/opt/edge/policies/managed/zz-rollcall.json',
  ]);
});

test('applying twice does not touch the files again', async () => {
  await browser.apply(settings);
  const before = (await stat(join(root, chrome))).mtimeMs;
  await browser.apply(settings);
  expect((await stat(join(root, chrome))).mtimeMs).toBe(before);
});

test.each<[string, () => Promise<void>, RegExp]>([
  ['a changed value', () => put(chrome, '{"URLBlocklist":[],"IncognitoModeAvailability":1}'), /URLBlocklist, Homepage/],
  ['a deleted file', () => rm(join(root, chrome)), /the file is missing/],
  ['a file that is no JSON any more', () => put(chrome, '{'), /URLBlocklist/],
  ['a file only root can read', () => chmod(join(root, chrome), 0o600), /not readable by everybody \(600\)/],
  ['an added policy', async () => put(chrome, (await read(chrome)).replace('{', '{"X":1,')), /changed elsewhere/],
  ['a changed Firefox policy', () => put(firefox, '{"policies":{}}'), /Firefox policies in .*WebsiteFilter/],
])('drift by %s is seen and put right', async (_, drift, words) => {
  await browser.apply(settings);
  await drift();
  expect(await notOk()).toEqual([expect.stringMatching(words)]);
  expect(await changes()).toHaveLength(1);
  await browser.apply(settings);
  expect(await notOk()).toEqual([]);
});

test('what a killed write left beside our file is used up, and does not outlive removal', async () => {
  const left = temporaryOf(join(root, chrome)).slice(root.length);
  await browser.apply(settings);
  await put(left, '{"IncognitoModeAvailability":0}');
  expect(await notOk()).toEqual([expect.stringMatching(/^Chrome policies in .*a write was cut off/)]);
  await browser.apply(settings);
  expect(await notOk()).toEqual([]);
  await put(left, '{');
  await browser.remove();
  expect(await snapshot()).toEqual({});
});

test('removal leaves a clean machine: no file, no folder', async () => {
  await put('/etc/hostname', 'laptop\n');
  const before = await snapshot();
  await browser.apply(settings);
  await browser.apply({ ...settings, youtube: 'strict' });
  await browser.remove();
  expect(await snapshot()).toEqual(before);
  await browser.remove();
  expect(await snapshot()).toEqual(before);
});

test('what stood in our place before comes back byte for byte', async () => {
  await put(chrome, '{ "URLBlocklist" : ["old.example"] }  ');
  await chmod(join(root, chrome), 0o640);
  await put(firefox, '{"policies":{"DisableTelemetry":true}}\r\n');
  const before = await snapshot();
  await browser.apply(settings);
  await browser.remove();
  expect(await snapshot()).toEqual(before);
});

test('foreign Firefox policies stay in force beside ours, ours win, and drift does not lose them', async () => {
  await put(firefox, '{"policies":{"DisableTelemetry":true,"PrivateBrowsingModeAvailability":0},"note":1}');
  await browser.apply(settings);
  await put(firefox, '{}');
  await browser.apply(settings);
  expect(JSON.parse(await read(firefox))).toMatchObject({
    note: 1,
    policies: { DisableTelemetry: true, PrivateBrowsingModeAvailability: 1 },
  });
});

test('a Firefox file that is no JSON is replaced, and comes back on removal', async () => {
  await put(firefox, 'not json');
  await browser.apply(settings);
  expect(await notOk()).toEqual([]);
  await browser.remove();
  expect(await read(firefox)).toBe('not json');
});

test('a link to a foreign Firefox file is merged, and is a link again on removal', async () => {
  await put('/srv/firefox.json', '{"policies":{"DisableTelemetry":true}}');
  await mkdir(dirname(join(root, firefox)), { recursive: true });
  await symlink('../../../srv/firefox.json', join(root, firefox));
  await browser.apply(settings);
  expect(JSON.parse(await read(firefox))).toMatchObject({ policies: { DisableTelemetry: true } });
  await browser.remove();
  expect(JSON.parse(await read(firefox))).toEqual({ policies: { DisableTelemetry: true } });
});

test('when a profile asks nothing of a browser any more, its file goes as it came', async () => {
  const before = await snapshot();
  await browser.apply(settings);
  expect(await notOk({})).toHaveLength(5);
  await browser.apply({});
  expect(await notOk({})).toEqual([]);
  expect(await snapshot()).toEqual(before);
});

test('a foreign file that sorts after ours and sets the same policy otherwise is an open problem', async () => {
  await put('/etc/chromium/policies/managed/zzz.json', '{"IncognitoModeAvailability":0,"Other":1}');
  await put('/etc/chromium/policies/managed/aaa.json', '{"IncognitoModeAvailability":0}');
  await put('/etc/chromium/policies/managed/zzy.json', '{"IncognitoModeAvailability":1}');
  await browser.apply(settings);
  expect(await notOk()).toEqual([expect.stringMatching(/zzz\.json: overrides IncognitoModeAvailability/)]);
  expect(await changes()).toEqual([]);
  const { evidence } = await browser.observe(settings);
  expect(evidence.filter((line) => line.item.startsWith('Other policy file')).map((line) => line.ok)).toEqual([
    false,
    true,
    true,
  ]);
});

test('a foreign file that is no JSON counts only where it could win', async () => {
  await put('/etc/chromium/policies/managed/aaa.json', '// {');
  await put('/etc/opt/edge/policies/managed/zzz.json', '// {');
  await mkdir(join(root, '/etc/opt/edge/policies/managed/zzzz'));
  await browser.apply(settings);
  expect(await notOk()).toEqual([expect.stringMatching(/edge.*zzz\.json: not plain JSON/)]);
});

test('a Flatpak browser is named as outside the policies, a snap as inside', async () => {
  await mkdir(join(root, '/var/lib/flatpak/app/org.chromium.Chromium'), { recursive: true });
  await mkdir(join(root, '/var/lib/flatpak/app/org.gimp.GIMP'), { recursive: true });
  await mkdir(join(root, '/snap/firefox'), { recursive: true });
  await browser.apply(settings);
  expect(await notOk()).toEqual([expect.stringMatching(/^Chromium as Flatpak org\.chromium\.Chromium/)]);
});

test('an address no browser understands keeps the section from being verified', async () => {
  const desired = { blockedUrls: ['a:b:c'] };
  await browser.apply(desired);
  expect(await notOk(desired)).toEqual([expect.stringMatching(/^Address a:b:c: no browser understands it/)]);
});

test('evidence keeps to the lengths of the protocol however long the profile is', async () => {
  const long = Array.from({ length: 1000 }, (_, index) => `${'x'.repeat(470)}.example:${index + 1}`);
  const { evidence } = await browser.observe({ blockedUrls: long, allowedUrls: ['a:b:c'.repeat(90)] });
  expect(evidence.length).toBeLessThan(200);
  for (const { item, expected, seen } of evidence) {
    expect(item.length).toBeLessThanOrEqual(300);
    expect(Math.max(expected.length, seen.length)).toBeLessThanOrEqual(500);
  }
});

test.each([
  [
    'a folder in place of the file',
    () => mkdir(join(root, chrome), { recursive: true }),
    /zz-rollcall\.json .*\(EISDIR\); a folder/,
  ],
  ['a file in place of a folder', () => put('/etc/opt', ''), /\((EEXIST|ENOTDIR)\); a file stands/],
  [
    'a folder in place of the file of Firefox',
    () => mkdir(join(root, firefox), { recursive: true }),
    /policies\.json .*EISDIR/,
  ],
])('%s is a coded failure that names place and remedy', async (_, obstacle, words) => {
  await obstacle();
  expect(await changes()).toHaveLength(5);
  await expect(browser.apply(settings)).rejects.toMatchObject({
    name: 'CapabilityError',
    code: 'browser-policy-file',
    message: expect.stringMatching(words),
  });
  const chromium = JSON.parse(await read('/etc/chromium/policies/managed/zz-rollcall.json'));
  expect(chromium).toMatchObject({ URLBlocklist: ['games.example'] });
});

test('every written file is watched', async () => {
  await browser.apply(settings);
  const written = Object.keys(await snapshot()).filter((path) => path.endsWith('.json'));
  expect(browser.watched(settings).toSorted()).toEqual(written.toSorted());
});
