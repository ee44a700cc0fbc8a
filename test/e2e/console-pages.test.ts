import { existsSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startConsoleApi } from '../fakes/console-api.ts';
import { type LaunchedChromium, launchChromium, noChromium } from './chromium.ts';
import { holdNoPolicies, hookMs } from './managed-policies.ts';

const unbuilt = existsSync('server/console/dist/index.html') ? undefined : 'the console is not built: npm run setup';
const why = noChromium ?? unbuilt;

describe.skipIf(why !== undefined)(`the built console in Chromium ${why ? `(skipped: ${why})` : ''}`, () => {
  let policies: Awaited<ReturnType<typeof holdNoPolicies>>;
  let api: Awaited<ReturnType<typeof startConsoleApi>>;
  let browser: LaunchedChromium;
  let page: Page;
  const errors: string[] = [];

  beforeAll(async () => {
    policies = await holdNoPolicies();
    api = await startConsoleApi();
    browser = await launchChromium();
    page = browser.context.pages()[0] ?? (await browser.context.newPage());
    page.setDefaultTimeout(20_000);
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    page.on('request', (request) => request.url().startsWith(api.url) || errors.push(`asked ${request.url()}`));
  }, hookMs);

  afterAll(async () => {
    await browser?.close();
    await policies?.release();
    await api?.stop();
  });

  test('a deep link leads over the sign-in page and back to where it pointed', async () => {
    await page.goto(`${api.url}/people?role=teacher`);
    await page.getByLabel('E-mail address').fill('ada@example.org');
    await page.locator('input[type="password"]').fill('a long enough password');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByLabel('Code from your app').fill('123456');
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByRole('heading', { level: 1, name: 'People' }).waitFor();
    expect(new URL(page.url()).search).toBe('?role=teacher');
  });

  test.each([
    ['/', 'Lindenfield Unified School District'],
    ['/people', 'People'],
    ['/people/p1', 'Checks on'],
    ['/devices', 'Devices'],
    ['/devices/dev0', 'Battery'],
    ['/devices/dev0?tab=settings', 'Why these settings'],
    ['/people/p1', 'Why these settings'],
    ['/devices/dev1?tab=helpdesk', 'Look at this device'],
    ['/devices/dev0?tab=history', 'Enrolment and certificate'],
    ['/profiles', 'Profiles'],
    ['/profiles/prof1', 'Whom it reaches'],
    ['/profiles/prof1?part=screenLock', 'Screen lock'],
    ['/profiles/prof3', 'Locked minimum'],
    ['/profiles/prof1?tab=reach', 'Exactly who gets it'],
    ['/profiles/prof1?tab=revisions', 'Compare'],
    ['/profiles/prof1?tab=landing', 'Revision 2'],
    ['/groups', 'Groups'],
    ['/groups/g1', 'Its devices now'],
    ['/groups/g2', 'Who is in it'],
    ['/lists', 'Filter lists'],
    ['/requests', 'Requests'],
    ['/classes', 'Algebra I, period 2'],
    ['/overrides', 'Opened for a time'],
    ['/test-name', 'Question'],
    ['/test-name?name=chess.example&person=p1', 'What was assumed'],
    ['/report', 'By category and school'],
    ['/calendar', 'Bell schedules'],
    ['/calendar?org=s2', 'Time zone and week'],
    ['/filter-settings', 'Campus networks'],
    ['/compliance', 'Schools and checks'],
    ['/compliance?org=s2&span=365', 'Lindenfield Middle School'],
    ['/compliance/checks', 'Check library'],
    ['/compliance/checks/disk-encrypted', 'Disk encryption'],
    ['/people/p3?at=2026-01-05T12:00:00Z', 'Compliance over time'],
    ['/devices/dev3?tab=history&span=365', 'Compliance over time'],
    ['/recovery', 'Escrow key'],
    ['/waivers', 'Waivers'],
    ['/restrictions', 'devices wait to be restricted'],
    ['/obligations', 'Agreements and returns'],
    ['/compliance-policy', 'Grace'],
    ['/enrolment', 'Enrolment'],
    ['/security', 'Where you are signed in'],
    ['/import', 'Roster import'],
    ['/events', 'Events'],
    ['/audit', 'Audit'],
    ['/audit/47', 'Filter settings saved'],
    ['/audit?tab=proof', 'What to keep elsewhere'],
    ['/audit?tab=keeping', 'People who have left'],
    ['/changes', 'Changes'],
    ['/changes/c2', 'Where profiles disagree'],
    ['/changes/c5', 'What became of it'],
    ['/changes/new?profile=prof2', 'Propose it'],
    ['/rollouts', 'Rollouts'],
    ['/rollouts/rollout1', 'Rings'],
    ['/rollouts/r2', 'What is watched'],
    ['/publishing', 'The usual plan'],
    ['/api-tokens', 'API tokens'],
    ['/staff', 'Staff and roles'],
    ['/webhooks', 'Webhooks'],
    ['/webhooks/wh1', 'Deliveries'],
    ['/webhooks/wh2', 'Operations chat'],
    ['/tickets', 'Tickets'],
    ['/tickets/t1213', '1213 Laptop is slow since Monday'],
    ['/commands', 'Commands'],
    ['/commands/cmd8', 'What the devices answered'],
    ['/approvals', 'Approvals'],
    ['/approvals/ap1', 'The exact text that is signed'],
    ['/approvers', 'Roster'],
    ['/scripts', 'Scripts'],
    ['/scripts/sc2', 'Parameters'],
    ['/scripts/new', 'New script'],
    ['/helpdesk-settings', 'Service levels'],
    ['/nothing-here', 'There is no such page'],
  ])(
    '%s shows “%s”, fits a phone, with no error, no broken content policy and no request elsewhere',
    async (path, words) => {
      errors.length = 0;
      await page.goto(api.url + path);
      await page.getByRole('heading', { name: words }).first().waitFor();
      await page.setViewportSize({ width: 390, height: 844 });
      const tooWide = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
      await expect.poll(() => page.evaluate(tooWide)).toBeLessThanOrEqual(0);
      await page.setViewportSize({ width: 1280, height: 900 });
      expect(errors).toEqual([]);
    },
  );

  test('on a phone the Tab key goes past the navigation until it is opened', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(`${api.url}/waivers`);
    const open = page.getByRole('button', { name: 'Open the navigation' });
    await open.focus();
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.closest("main") !== null')).toBe(true);
    await open.click();
    await page.getByRole('link', { name: 'Restricted' }).click();
    await page.getByRole('heading', { level: 1, name: 'Restricted' }).waitFor();
    await page.getByRole('link', { name: 'Waivers' }).waitFor({ state: 'hidden' });
    await page.setViewportSize({ width: 1280, height: 900 });
  });

  test('text that a device sent is shown as text', async () => {
    await page.goto(`${api.url}/devices/dev2?tab=history`);
    await page.getByText('<img src=x onerror=alert(1)>').first().waitFor();
    expect(await page.locator('img').count()).toBe(0);
  });

  test('checks begin with what counts, and words for technicians are there on demand', async () => {
    await page.goto(`${api.url}/devices/dev0`);
    const failed = page.locator('main li').filter({ has: page.getByText('How to fix it:') });
    await failed.first().waitFor();
    const seen = await failed.evaluateAll((items) => items.map((item) => item.textContent ?? ''));
    expect(seen.map((words) => /(Critical|Major|For information)/.exec(words)?.[0])).toEqual([
      'Critical',
      'For information',
    ]);
    const words = failed.first().getByText('CIS benchmarks: Linux 4.2.3');
    expect(await words.isVisible()).toBe(false);
    await failed.first().getByText('For technicians').click();
    expect(await words.isVisible()).toBe(true);
  });

  test('a bad line is named with its place and keeps the draft from being saved', async () => {
    await page.goto(`${api.url}/profiles/prof1`);
    await page.locator('textarea').first().fill('good.example\nhttp://bad/x');
    await page.getByText('Line 2: “http://bad/x” is not of the expected form.').waitFor();
    expect(await page.getByRole('button', { name: 'Save draft' }).isDisabled()).toBe(true);
  });

  test('a session that ended leads to the sign-in page, which knows the way back', async () => {
    page.on('dialog', (dialog) => void dialog.accept());
    await page.goto(`${api.url}/lists`);
    await page.getByRole('heading', { level: 1, name: 'Filter lists' }).waitFor();
    await browser.context.clearCookies();
    await page.getByRole('link', { name: 'Audit' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(new URL(page.url()).searchParams.get('return')).toBe('/audit');
  });
});
