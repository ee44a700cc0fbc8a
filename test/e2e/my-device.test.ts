import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { OwnView } from '../../agent/pages/own-view.ts';
import type { VerdictMessage } from '../../shared/protocol/messages.ts';
import { monday, OwnPages } from '../fakes/own-pages.ts';
import { type LaunchedChromium, launchChromium, noChromium } from './chromium.ts';
import { faintTexts } from './faint-texts.ts';
import { holdNoPolicies, hookMs } from './managed-policies.ts';

const day = 86_400_000;
const passing = { check: 'firewall-on', status: 'pass', severity: 'critical', seen: 'on' } as const;
const firewall = (state: 'on' | 'off', at = monday): OwnView['seen'] => ({
  observations: { firewall: { state, evidence: 'nft' } },
  health: {},
  at: { firewall: at },
});

/** One page for each state a person can meet. */
const states: Record<string, Partial<VerdictMessage> | undefined> = {
  'not judged': undefined,
  'in order': {
    checks: [passing, { check: 'disk-encrypted', status: 'pass', severity: 'critical', seen: 'encrypted' }],
  },
  'in grace': {
    step: 'remind',
    nextStepAt: monday + 2 * day,
    checks: [
      { ...passing, status: 'fail', seen: 'off', failingSince: monday - day, graceUntil: monday + day },
      { check: 'screen-locks', status: 'fail', severity: 'major', seen: 'not set for everybody', graceUntil: null },
      {
        check: 'updates-automatic',
        status: 'unknown',
        severity: 'major',
        seen: 'not known (the package system is locked)',
      },
      {
        check: 'disk-encrypted',
        status: 'fail',
        severity: 'critical',
        seen: 'not encrypted',
        waivedUntil: monday + day,
      },
      { check: 'battery-worn', status: 'fail', severity: 'minor', seen: 'worn' },
    ],
    obligations: [{ kind: 'agreement', title: 'Acceptable use', dueAt: monday + day }],
    zone: 'America/Chicago',
  },
  restricted: {
    step: 'restrict',
    restrictedSince: monday - day,
    restriction: 'School sites only',
    checks: [{ ...passing, status: 'fail', seen: 'off', failingSince: monday - 9 * day, graceUntil: monday - 2 * day }],
  },
};

describe.skipIf(noChromium !== undefined)(`“My device” in Chromium ${noChromium ?? ''}`, () => {
  let held: Awaited<ReturnType<typeof holdNoPolicies>>;
  let browser: LaunchedChromium;
  let folder: string;
  let own: OwnPages;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    held = await holdNoPolicies();
    browser = await launchChromium({ hosts: ['rollcall.internal', 'fine.example'] });
  }, hookMs);
  afterAll(async () => {
    await browser?.close();
    await held?.release();
  });

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'rollcall-my-device-'));
    own = await new OwnPages(folder).start();
    await browser.context.clearCookies();
    page = await browser.context.newPage();
    complaints = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.text().includes('status of')) complaints.push(message.text());
    });
  });
  afterEach(async () => {
    await page.close();
    await own.stop();
    rmSync(folder, { recursive: true });
    expect(complaints).toEqual([]);
  });

  const visit = (path = '/') => page.goto(`http://rollcall.internal:${own.port}${path}`);
  const heading = (name: string | RegExp) => page.getByRole('heading', { name }).waitFor();
  /** True as long as the page was not loaded again. */
  const mark = () => page.evaluate('window.isMarked = true');
  const isMarked = () => page.evaluate('window.isMarked === true');

  it('takes what just changed into the page without loading it again: switched off, judged, put right', async () => {
    own.judge({ checks: [passing] });
    await visit();
    await heading('Everything is in order');
    await mark();
    own.own = { ...own.own, seen: firewall('off') };
    await page.getByText('Your school district is being told.').waitFor({ timeout: 25_000 });
    await heading('One thing needs to be put right');
    own.judge({ step: 'warn', checks: [{ ...passing, status: 'fail', seen: 'off', graceUntil: monday + day }] });
    await page.getByText('By Tuesday 6 October, 09:00.').waitFor({ timeout: 25_000 });
    own.own = { ...own.own, seen: firewall('on') };
    await page.getByText('This device sees it put right').waitFor({ timeout: 25_000 });
    own.judge({ checks: [passing] });
    await heading('Everything is in order');
    expect(await isMarked()).toBe(true);
  });

  it('checks again by the button, and shows what was found without loading the page again', async () => {
    own.judge({ checks: [passing] });
    own.look = async () => {
      own.own = { ...own.own, seen: firewall('off') };
    };
    await visit();
    await mark();
    await page.getByRole('button', { name: 'Check again' }).click();
    await page.getByText('Looked just now').waitFor();
    await heading('One thing needs to be put right');
    expect(await isMarked()).toBe(true);
    await page.getByRole('button', { name: 'Check again' }).click();
    await page.getByRole('alert').getByText('You have just asked').waitFor();
  });

  it('checks again without scripts', async () => {
    const session = await browser.context.newCDPSession(page);
    await session.send('Emulation.setScriptExecutionDisabled', { value: true });
    own.judge({ checks: [passing] });
    own.look = async () => {
      own.own = { ...own.own, seen: firewall('off') };
    };
    await visit('/?lang=es');
    await page.getByRole('button', { name: 'Revisar otra vez' }).click();
    await heading('Hay una cosa por arreglar');
    await page.getByText('Revisado ahora mismo').waitFor();
    await page.getByRole('button', { name: 'Revisar otra vez' }).click();
    await page.getByRole('alert').getByText('Acabas de presionarlo').waitFor();
  });

  it('lets no page of another site press the button', async () => {
    let looks = 0;
    own.look = async () => {
      looks += 1;
    };
    await visit();
    const token = await page.locator('form.again input[name=token]').inputValue();
    await page.route('http://fine.example/', (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: `<form method="post" action="http://rollcall.internal:${own.port}/.rollcall/check-again"><input name="token" value="${token}"></form>`,
      }),
    );
    await page.goto('http://fine.example/');
    const answered = page.waitForResponse((response) => response.url().endsWith('/check-again'));
    await page.evaluate('document.forms[0].submit()');
    expect((await answered).status()).toBe(403);
    expect(looks).toBe(0);
  });

  it('speaks the language of the browser, then the one that was chosen', async () => {
    await page.setExtraHTTPHeaders({ 'accept-language': 'es-MX,es;q=0.9,en;q=0.5' });
    await visit();
    await heading('Mi dispositivo');
    await page.getByRole('link', { name: 'English' }).click();
    await heading('My device');
    await page.getByRole('link', { name: 'What this device filters' }).click();
    await heading('What this device filters');
    await page.getByRole('link', { name: 'Español' }).click();
    await heading('Qué filtra este dispositivo');
    await visit();
    await heading('Mi dispositivo');
  });

  it('keeps the proof open that somebody reads while the page changes', async () => {
    const evidence = [{ item: 'managed.json', expected: 'as desired', seen: 'as desired', ok: true }];
    const section = { kind: 'reported', at: monday - day, section: 'browser', generation: 1, hash: 'a' } as const;
    own.own = { ...own.own, sections: [{ ...section, status: 'verified', evidence }] };
    const browserLine = { ...passing, check: 'policy-verified:browser', seen: 'in force and proved' };
    own.judge({ checks: [browserLine] });
    await visit();
    await page.getByText('Show the proof').click();
    own.judge({ checks: [browserLine, passing] });
    await page.getByText('Firewall', { exact: true }).waitFor({ timeout: 25_000 });
    await page.getByText('managed.json').waitFor({ state: 'visible' });
  });

  it('says on top of every page, by itself, that somebody looks, and who stops it is heard', async () => {
    own.judge({ checks: [passing] });
    await visit('/filter');
    await mark();
    own.looks.begin('running');
    await heading('Kim Ortiz is looking at this device');
    await page.getByText('The laptop is slow since Monday.').waitFor();
    expect(await isMarked()).toBe(true);
    await page.getByRole('button', { name: 'Stop it' }).click();
    await page.getByText('Nobody has looked at this device.').waitFor();
    expect(own.looks.said).toEqual(['stop look-1']);
    expect(await page.getByRole('heading', { name: /is looking/ }).count()).toBe(0);
  });

  it('asks first where a person is asked, then shows the bundle word for word before it is sent', async () => {
    own.looks.begin('asking');
    await visit();
    await heading('Kim Ortiz asks to look at this device');
    await page.keyboard.press('Tab');
    await page.getByRole('button', { name: 'Allow' }).focus();
    await page.keyboard.press('Enter');
    await heading('Kim Ortiz is looking at this device');
    own.looks.begin('running', { bundle: [{ name: 'log.txt', text: 'first <b>line</b>\n  second line' }] });
    await page.getByRole('link', { name: 'Read what is in it' }).click();
    expect(await page.locator('pre').evaluate((pre) => pre.textContent)).toBe('first <b>line</b>\n  second line\n');
    await page.getByRole('button', { name: 'Send it', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'My device' }).waitFor();
    expect(own.looks.said).toEqual(['allow look-1', 'send look-1']);
  });

  it.each(['light', 'dark'] as const)('the banner can be read at 320 and 1440 px: %s', async (colorScheme) => {
    own.looks.begin('asking');
    await page.emulateMedia({ colorScheme });
    for (const width of [1440, 320]) {
      await page.setViewportSize({ width, height: 844 });
      await visit();
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      expect(await page.evaluate(faintTexts)).toEqual([]);
    }
  });

  const looks = Object.keys(states).flatMap((state) =>
    (['en', 'es'] as const).flatMap((language) =>
      (['light', 'dark'] as const).map((scheme) => ({ state, language, scheme })),
    ),
  );

  it.each(looks)('can be read at 320 and 1440 px: $state, $language, $scheme', async ({ state, language, scheme }) => {
    const verdict = states[state];
    if (verdict) own.judge(verdict);
    else own.own = { ...own.own, connection: { connected: false, why: 'not tried yet' } };
    await page.emulateMedia({ colorScheme: scheme });
    for (const width of [1440, 320]) {
      await page.setViewportSize({ width, height: 844 });
      await visit(`/?lang=${language}`);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      expect(await page.evaluate(faintTexts)).toEqual([]);
    }
    expect(await page.locator('html').getAttribute('lang')).toBe(language);
    expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1);
  });
});
