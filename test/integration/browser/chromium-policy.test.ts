import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumPolicies } from '../../../agent/capabilities/browser/chromium-policy.ts';
import { createBrowser } from '../../../agent/capabilities/browser/index.ts';
import type { Capability } from '../../../agent/capabilities/capability.ts';
import { SystemCommands } from '../../../agent/platform/commands.ts';
import { HostFiles } from '../../../agent/platform/host-files.ts';
import type { BrowserSettings } from '../../../shared/profile/browser.ts';
import { launchChromium } from '../../e2e/chromium.ts';
import {
  holdManagedPolicies,
  hookMs,
  type ManagedPolicies,
  managedFolder,
  noManagedPolicies,
} from '../../e2e/managed-policies.ts';
import { MemoryOriginals } from '../../fakes/originals.ts';

const blocked = 'games.rollcall.test';
const allowed = 'lessons.rollcall.test';
const policyFile = 'zz-rollcall.json';

describe.skipIf(noManagedPolicies)(`a real Chromium under the written policy ${noManagedPolicies ?? ''}`, () => {
  let managed: ManagedPolicies;
  let server: Server;
  let origin: (host: string) => string;
  let root: string;
  let browser: Capability<'browser'>;

  beforeAll(async () => {
    managed = await holdManagedPolicies();
    root = await mkdtemp(join(tmpdir(), 'rollcall-managed-'));
    const files = new HostFiles(root, new MemoryOriginals());
    browser = createBrowser({ platform: 'linux', files, commands: new SystemCommands() });
    server = createServer((_, response) => response.end('<title>reached</title>')).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    origin = (host) => `http://${host}:${(server.address() as AddressInfo).port}/`;
  }, hookMs);

  afterAll(async () => {
    await browser.remove();
    await managed.release();
    await rm(root, { recursive: true, force: true });
    server.closeAllConnections();
    server.close();
  });

  /** What a fresh Chromium says of an address: the page's title, or the network error. */
  async function visit(...addresses: string[]): Promise<string[]> {
    await using launched = await launchChromium({ hosts: ['*.rollcall.test'] });
    const seen: string[] = [];
    for (const address of addresses) {
      const page = await launched.context.newPage();
      const failure = await page.goto(address).then(
        () => undefined,
        (error: Error) => /ERR_[A-Z_]+/.exec(error.message)?.[0] ?? error.message,
      );
      seen.push(failure ?? (await page.title()));
    }
    return seen;
  }

  /** chrome://policy as the person sees it: name → value as text, and whether Chromium complains. */
  async function policyPage(): Promise<Record<string, string>> {
    await using launched = await launchChromium();
    const page = await launched.context.newPage();
    await page.goto('chrome://policy');
    const rows = page.locator('policy-row');
    await rows.first().waitFor({ state: 'attached' });
    const all = await rows.evaluateAll((elements) =>
      elements.map((element) => {
        const part = (selector: string) => element.shadowRoot?.querySelector(selector)?.textContent?.trim() ?? '';
        return [
          part('.policy .name'),
          [part('.policy .value'), part('.level'), part('.messages')].join(' · '),
        ] as const;
      }),
    );
    return Object.fromEntries(all.filter(([, words]) => !words.includes('Not set.')));
  }

  /** Of all that was written below the root, Chromium's own file goes where Chromium reads it, or goes away with it. */
  async function hand(): Promise<void> {
    const written = join(root, managedFolder, policyFile);
    await mkdir(managedFolder, { recursive: true });
    if (existsSync(written)) await copyFile(written, join(managedFolder, policyFile));
    else await rm(join(managedFolder, policyFile), { force: true });
  }

  async function enforce(settings: BrowserSettings): Promise<void> {
    await browser.apply(settings);
    await hand();
    const { evidence } = await browser.observe(settings);
    expect(evidence.filter((line) => !line.ok)).toEqual([]);
  }

  test('the blocked site is refused by the administrator, the allowed one opens', async () => {
    await enforce({ blockedUrls: [blocked] });
    expect(await visit(origin(blocked), origin(allowed))).toEqual(['ERR_BLOCKED_BY_ADMINISTRATOR', 'reached']);
  });

  test('a changed profile is obeyed after a relaunch', async () => {
    await enforce({ blockedUrls: ['*'], allowedUrls: [blocked] });
    expect(await visit(origin(blocked), origin(allowed))).toEqual(['reached', 'ERR_BLOCKED_BY_ADMINISTRATOR']);
  });

  test('host, exact host, path and names outside ASCII are blocked as the profile says', async () => {
    await enforce({
      blockedUrls: [`.${blocked}`, `${allowed}/games`, 'bücher.rollcall.test'],
      allowedUrls: [`${allowed}/games/chess`],
    });
    const refused = 'ERR_BLOCKED_BY_ADMINISTRATOR';
    const table: [string, string][] = [
      [origin(blocked), refused],
      [origin(`sub.${blocked}`), 'reached'],
      [origin(allowed), 'reached'],
      [`${origin(`sub.${allowed}`)}games/poker`, refused],
      [`${origin(allowed)}games/chess/1`, 'reached'],
      [origin('bücher.rollcall.test'), refused],
    ];
    expect(await visit(...table.map(([address]) => address))).toEqual(table.map(([, outcome]) => outcome));
  });

  test('every policy of a full profile is mandatory and understood', async () => {
    const settings: BrowserSettings = {
      blockedUrls: [blocked],
      allowedUrls: [allowed],
      safeSearch: true,
      youtube: 'strict',
      blockPrivateWindows: true,
      blockGuestMode: true,
      blockDnsOverHttps: true,
      blockedExtensions: ['*'],
      allowedExtensions: ['aohghmighlieiainnegkcijnfilokake'],
      forcedExtensions: ['aohghmighlieiainnegkcijnfilokake'],
      homePage: 'https://www.example.org/',
      blockEndingProcesses: true,
      blockProxyExtensions: true,
      proxy: 'direct',
      newTabPage: 'rollcall',
    };
    await enforce(settings);
    const expected = Object.entries(chromiumPolicies(settings, 'chromium')).map(([name, value]) => {
      const text = typeof value === 'string' ? value : JSON.stringify(value);
      return [name, `${text} · Mandatory · OK`];
    });
    expect(await policyPage()).toEqual(Object.fromEntries(expected));
  });

  test('with developer tools closed, Chromium refuses even the debugger that drives tests', async () => {
    await enforce({ blockDeveloperTools: true });
    await expect(launchChromium({ timeoutMs: 4_000 })).rejects.toThrow(/Timeout/);
  });

  test('removal lets Chromium open everything again', async () => {
    await browser.remove();
    await hand();
    expect(await visit(origin(blocked), origin(allowed))).toEqual(['reached', 'reached']);
  });
});
