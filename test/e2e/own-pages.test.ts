import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Override } from '../../shared/profile/web-filter.ts';
import { monday, OwnPages, richSection } from '../fakes/own-pages.ts';
import { type LaunchedChromium, launchChromium, noChromium } from './chromium.ts';
import { faintTexts } from './faint-texts.ts';
import { holdNoPolicies, hookMs } from './managed-policies.ts';

const hosts = ['chess.example', 'casino.example', 'film.example', 'only.example', 'fine.example', 'rollcall.internal'];
const opened: Override = {
  id: 'o9',
  kind: 'allow',
  domains: ['chess.example'],
  categories: [],
  from: 0,
  until: monday + 3_600_000,
  reason: 'Good.',
  by: 'Ms Okafor',
};

describe.skipIf(noChromium !== undefined)(`the device’s own pages in Chromium ${noChromium ?? ''}`, () => {
  let held: Awaited<ReturnType<typeof holdNoPolicies>>;
  let browser: LaunchedChromium;
  let folder: string;
  let own: OwnPages;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    held = await holdNoPolicies();
    browser = await launchChromium({ hosts });
  }, hookMs);
  afterAll(async () => {
    await browser?.close();
    await held?.release();
  });

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'rollcall-own-pages-'));
    own = await new OwnPages(folder).start();
    own.block('chess.example');
    page = await browser.context.newPage();
    complaints = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      // A blocked page has the status 403, which Chromium mentions.
      if (message.type() === 'error' && !message.text().includes('status of')) complaints.push(message.text());
    });
  });
  afterEach(async () => {
    await page.close();
    await own.stop();
    rmSync(folder, { recursive: true });
    expect(complaints).toEqual([]);
  });

  const visit = (host: string, path = '/') => page.goto(`http://${host}:${own.port}${path}`);

  async function askForIt(): Promise<void> {
    await page.getByLabel('Why do you need this site?').fill('We play chess in the maths club.');
    await page.getByRole('button', { name: 'Ask to open it' }).click();
    await page.getByText('have not decided yet').waitFor();
  }

  it('explains, takes a request, and opens the site by itself when it is granted', async () => {
    await visit('chess.example', '/lesson?a=1');
    await page.getByRole('heading', { name: 'This site is blocked' }).waitFor();
    await askForIt();
    expect(page.url()).toBe(`http://chess.example:${own.port}/lesson?a=1`);
    expect(own.sent).toMatchObject([{ name: 'chess.example', words: 'We play chess in the maths club.' }]);
    own.view.section = { ...richSection, overrides: [opened] };
    await page.getByRole('heading', { name: 'This site is open' }).waitFor({ timeout: 2_500 });
  });

  it('shows a refusal by itself, with its reason', async () => {
    await visit('chess.example');
    await askForIt();
    const outcome = { id: own.sent[0]?.id ?? '', name: 'chess.example', state: 'refused', at: monday } as const;
    own.view.section = { ...richSection, outcomes: [{ ...outcome, reason: 'Use the chess room of the library.' }] };
    await page.getByText('“Use the chess room of the library.”').waitFor({ timeout: 2_500 });
    await page.getByRole('button', { name: 'Ask again' }).waitFor();
  });

  it('takes a request without scripts, and looks again by itself', async () => {
    const session = await browser.context.newCDPSession(page);
    await session.send('Emulation.setScriptExecutionDisabled', { value: true });
    await visit('chess.example');
    await askForIt();
    expect(await page.content()).toContain('http-equiv="refresh"');
    expect(own.sent).toHaveLength(1);
  });

  it('takes a request for a secure site on the page of the device', async () => {
    await visit('rollcall.internal', '/filter');
    await page.getByLabel('Name of the site').fill('https://chess.example/');
    await page.keyboard.press('Enter');
    await askForIt();
    await page.getByRole('link', { name: 'What this device filters' }).click();
    await page.getByText('waiting', { exact: true }).waitFor();
  });

  it('lets no page of another site send the form, although it knows the fields', async () => {
    await visit('rollcall.internal', '/blocked?name=chess.example');
    const token = await page.locator('input[name=token]').inputValue();
    await page.route('http://fine.example/', (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: `<form method="post" action="http://chess.example:${own.port}/.rollcall/ask"><input name="name" value="chess.example"><input name="token" value="${token}"><input name="words" value="long enough"></form>`,
      }),
    );
    await page.goto('http://fine.example/');
    const answered = page.waitForResponse((response) => response.url().endsWith('/.rollcall/ask'));
    await page.evaluate('document.forms[0].submit()');
    expect((await answered).status()).toBe(403);
    expect(own.sent).toEqual([]);
  });

  const looks = (['light', 'dark'] as const).flatMap((scheme) =>
    [
      ['chess.example', '/'],
      ['casino.example', '/'],
      ['only.example', '/'],
      ['fine.example', '/'],
      ['rollcall.internal', '/filter'],
      ['rollcall.internal', '/filter?lang=es'],
      ['rollcall.internal', '/blocked?name=chess.example&lang=es'],
      ['rollcall.internal', '/blocked?name=+'],
    ].map(([host = '', path = '']) => ({ scheme, host, path })),
  );

  it.each(looks)(
    'can be read at 320 px and with enough contrast: $host$path, $scheme',
    async ({ scheme, host, path }) => {
      await page.emulateMedia({ colorScheme: scheme });
      await page.setViewportSize({ width: 320, height: 640 });
      await visit(host, path);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(320);
      expect(await page.evaluate(faintTexts)).toEqual([]);
      expect(await page.locator('html').getAttribute('lang')).toBe(path.includes('lang=es') ? 'es' : 'en');
      await page.context().clearCookies();
      expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1);
    },
  );

  it('can be used with the keyboard alone, and shows where the focus is', async () => {
    await visit('chess.example');
    // The first stop is the switch of the language.
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.type('We play chess in the maths club.');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).toBe('solid');
    await page.keyboard.press('Enter');
    await page.getByText('have not decided yet').waitFor();
  });
});
