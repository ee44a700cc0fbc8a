/**
 * Takes pictures of every page of the console, in both schemes, on a desktop and a phone.
 *
 *   node test/e2e/screens.ts --base https://localhost:8443 --email ada@example.org --password …
 *     (--code SETUP-CODE | --recovery RECOVERY-CODE)
 *     [--out docs/screenshots] [--only overview,person] [--readme] [--full]
 *
 * `--code` makes the first administrator when there is none; else `--recovery` is the second factor. `--readme` takes only the pictures of the README;
 * `--full` takes the whole length of a page instead of one screen of it.
 * Ends with exit code 1 when a page logs an error, breaks its content policy, or is wider than the screen.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { launchChromium } from './chromium.ts';
import { enrolByCodeApp, giveCode } from './enrol.ts';

const { values: options } = parseArgs({
  options: {
    base: { type: 'string', default: 'https://localhost:8443' },
    email: { type: 'string', default: 'ada@example.org' },
    password: { type: 'string', default: '' },
    code: { type: 'string' },
    recovery: { type: 'string' },
    out: { type: 'string', default: 'docs/screenshots' },
    only: { type: 'string' },
    readme: { type: 'boolean', default: false },
    full: { type: 'boolean', default: false },
  },
});

interface Screen {
  name: string;
  path: string;
  /** Brings the page into the state that is pictured. */
  act?: (page: Page) => Promise<void>;
  /** Which of its pictures the README shows. */
  readme?: readonly string[];
}

const sizes = { desktop: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } } as const;
const schemes = ['light', 'dark'] as const;

/** The first of a list, or the first of which the words are in its row. */
async function firstLink(page: Page, list: string, words = ''): Promise<string> {
  await page.goto(`${options.base}/${list}`);
  await page.locator('main tbody tr').first().waitFor();
  const rows = page.locator('main tbody tr');
  const named = rows.filter({ hasText: words });
  const row = (await named.count()) > 0 ? named.first() : rows.first();
  return (await row.locator(`a[href^="/${list}/"]`).first().getAttribute('href')) ?? '/';
}

async function screens(page: Page): Promise<Screen[]> {
  const device = await deviceThatIsReal(page);
  const person = await personWithHistory(page);
  const student = (await firstLink(page, 'people', 'Student')).split('/').pop() ?? '';
  const profile = await firstLink(page, 'profiles', 'Web filter');
  const excepted = await deviceUnder(page, await firstLink(page, 'profiles', 'Film project'));
  const button = (name: string) => (where: Page) => where.getByRole('button', { name }).first().click();
  return [
    { name: 'overview', path: '/', readme: ['desktop-light', 'phone-dark'] },
    { name: 'compliance', path: '/compliance' },
    { name: 'compliance-map', path: '/compliance', act: toHeading('Schools and checks'), readme: ['desktop-light'] },
    { name: 'checks', path: '/compliance/checks' },
    { name: 'recovery', path: '/recovery' },
    { name: 'security', path: '/security', readme: ['desktop-light'] },
    { name: 'staff', path: '/staff', readme: ['desktop-light'] },
    { name: 'audit', path: '/audit', readme: ['desktop-dark'] },
    { name: 'who-looked', path: person, act: toHeading('Who looked'), readme: ['desktop-light'] },
    { name: 'person-history', path: person, act: toHeading('Compliance over time'), readme: ['desktop-light'] },
    { name: 'people', path: '/people' },
    { name: 'people-nobody', path: '/people?search=qqqqqq' },
    { name: 'person', path: person, readme: ['desktop-dark'] },
    { name: 'devices', path: '/devices' },
    { name: 'device', path: device, readme: ['desktop-light'] },
    { name: 'device-settings', path: `${device}?tab=settings`, act: button('Web filter'), readme: ['desktop-light'] },
    { name: 'tickets', path: '/tickets', readme: ['desktop-light', 'phone-dark'] },
    { name: 'tickets-new', path: '/tickets', act: button('New ticket') },
    { name: 'ticket', path: await firstLink(page, 'tickets', 'This laptop is slow'), readme: ['desktop-light'] },
    { name: 'commands', path: '/commands' },
    { name: 'approvals', path: '/approvals' },
    { name: 'approvers', path: '/approvers' },
    { name: 'scripts', path: '/scripts' },
    { name: 'script', path: await firstLink(page, 'scripts', 'Make room') },
    { name: 'script-new', path: '/scripts/new' },
    { name: 'helpdesk-settings', path: '/helpdesk-settings' },
    { name: 'device-history', path: `${device}?tab=history` },
    { name: 'device-hand-over', path: device, act: button('Hand') },
    { name: 'profiles', path: '/profiles' },
    { name: 'profile', path: profile, readme: ['desktop-light'] },
    { name: 'profile-search', path: profile, act: searchASetting },
    { name: 'profile-reach', path: `${profile}?tab=reach` },
    { name: 'profile-landing', path: `${profile}?tab=landing` },
    {
      name: 'profile-revisions',
      path: `${profile}?tab=revisions`,
      act: (where) => where.locator('main button[aria-expanded]').first().click(),
    },
    { name: 'groups', path: '/groups' },
    { name: 'groups-new', path: '/groups', act: button('New group') },
    { name: 'profile-schedule', path: profile, act: changeASchedule },
    { name: 'group', path: await firstLink(page, 'groups', 'Fifth') },
    { name: 'why', path: `${excepted}?tab=settings`, act: lookWhy, readme: ['desktop-light'] },
    { name: 'changes', path: '/changes' },
    { name: 'change', path: await previewedAnew(page), readme: ['desktop-light'] },
    { name: 'rollouts', path: '/rollouts' },
    { name: 'rollout', path: await firstLink(page, 'rollouts', 'after five minutes'), readme: ['phone-dark'] },
    // Halted when it was proposed again, else as it was taken back.
    { name: 'rollout-halted', path: await firstLink(page, 'rollouts', 'developer tools'), readme: ['desktop-light'] },
    { name: 'publishing', path: '/publishing' },
    { name: 'lists', path: '/lists' },
    { name: 'lists-import', path: '/lists', act: button('Import a list') },
    { name: 'lists-catalogue', path: '/lists', act: button('Catalogue') },
    { name: 'lists-subscribe', path: '/lists', act: button('Subscribe') },
    { name: 'lists-exceptions', path: '/lists', act: fromMenu('Exceptions…') },
    { name: 'requests', path: '/requests', readme: ['desktop-light'] },
    { name: 'requests-grant', path: '/requests', act: button('Grant') },
    { name: 'requests-nothing', path: '/requests?search=qqqqqq' },
    { name: 'classes', path: '/classes', readme: ['desktop-dark'] },
    { name: 'classes-only', path: '/classes', act: button('Only these sites') },
    { name: 'overrides', path: '/overrides' },
    {
      name: 'test-name',
      path: `/test-name?name=games.example&place=off-campus&person=${student}`,
      readme: ['desktop-light'],
    },
    { name: 'test-name-empty', path: '/test-name' },
    { name: 'report', path: '/report' },
    { name: 'calendar', path: '/calendar' },
    { name: 'calendar-import', path: '/calendar', act: button('Import…') },
    { name: 'filter-settings', path: '/filter-settings' },
    { name: 'waivers', path: '/waivers' },
    { name: 'restrictions', path: '/restrictions' },
    { name: 'obligations', path: '/obligations' },
    { name: 'obligations-ask', path: '/obligations', act: button('Ask…') },
    { name: 'obligations-import', path: '/obligations', act: button('Import who signed') },
    { name: 'compliance-policy', path: '/compliance-policy' },
    { name: 'compliance-policy-preview', path: '/compliance-policy', act: previewAPolicy, readme: ['desktop-light'] },
    { name: 'person-open', path: person, act: button('Open something') },
    { name: 'person-recorded', path: person, act: lookAtRecordedNames },
    { name: 'enrolment', path: '/enrolment' },
    { name: 'enrolment-new', path: '/enrolment', act: button('New token') },
    { name: 'import', path: '/import' },
    { name: 'events', path: '/events' },
    { name: 'not-found', path: '/nothing-here' },
  ];
}

/** Somebody whose device is restricted, where there is one: of them there is most to see. */
async function personWithHistory(page: Page): Promise<string> {
  await page.goto(`${options.base}/restrictions`);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.locator('[aria-busy="true"]').first().waitFor({ state: 'detached' });
  // Of a Mac nobody knows whether its browsers follow, which hides much of what there is to see.
  const rows = page.locator('main tbody tr').filter({ hasNotText: /macbook/i });
  const link = rows.locator('a[href^="/people/"]').first();
  return (await link.count()) > 0 ? ((await link.getAttribute('href')) ?? '/people') : await firstLink(page, 'people');
}

/** The change that waits, as it does now: what it did in the past says that it may be out of date. */
async function previewedAnew(page: Page): Promise<string> {
  const path = await firstLink(page, 'changes', 'Strict videos');
  await page.goto(options.base + path);
  const again = page.getByRole('button', { name: 'Work it out anew' });
  const shown = page.getByRole('heading', { name: 'How much changes' });
  await shown.waitFor();
  if ((await again.count()) > 0) await again.click();
  await again.waitFor({ state: 'detached' });
  return path;
}

async function lookWhy(page: Page): Promise<void> {
  const field = page.getByLabel('Search by setting, area or profile');
  await field.fill('Film project');
  await page.locator('details').first().locator('summary').click();
  await field.evaluate((found) => found.scrollIntoView({ block: 'start' }));
  await page.mouse.wheel(0, -120);
}

/** The first device that a profile reaches: with an exception there is most to explain. */
async function deviceUnder(page: Page, profile: string): Promise<string> {
  await page.goto(`${options.base}${profile}?tab=reach`);
  const link = page.locator('main a[href^="/devices/"]').first();
  await link.waitFor();
  return (await link.getAttribute('href')) ?? '/devices';
}

function toHeading(name: string): (page: Page) => Promise<void> {
  return async (page) => {
    await page.getByRole('heading', { name }).evaluate((heading) => heading.scrollIntoView({ block: 'start' }));
    await page.mouse.wheel(0, -24);
  };
}

async function previewAPolicy(page: Page): Promise<void> {
  await page.getByLabel('School days to put a failure right').fill('1');
  await page.getByRole('status').filter({ hasText: 'would stand differently' }).waitFor();
  const panel = page.getByRole('heading', { name: 'Who would stand differently' });
  await panel.evaluate((heading) => heading.scrollIntoView({ block: 'start' }));
  await page.mouse.wheel(0, -24);
}

/** The device that is not simulated, where there is one. */
async function deviceThatIsReal(page: Page): Promise<string> {
  await page.goto(`${options.base}/devices`);
  await page.locator('main tbody tr').first().waitFor();
  const row = page.locator('main tbody tr').filter({ hasNotText: 'Simulated' }).first();
  const link = ((await row.count()) > 0 ? row : page.locator('main tbody tr').first()).locator('a[href^="/devices/"]');
  return (await link.getAttribute('href')) ?? '/devices';
}

async function searchASetting(page: Page): Promise<void> {
  await page.getByRole('searchbox').first().fill('password');
  await page.getByText(/^\d+ settings in \d+ areas?$/).waitFor();
}

async function changeASchedule(page: Page): Promise<void> {
  const add = page.getByRole('button', { name: 'Add a schedule' });
  await add.scrollIntoViewIfNeeded();
  await page
    .getByRole('button', { name: /^Change / })
    .first()
    .or(add)
    .first()
    .click();
}

function fromMenu(item: string): (page: Page) => Promise<void> {
  return async (page) => {
    await page
      .getByRole('button', { name: /^More about / })
      .first()
      .click();
    await page.getByRole('menuitem', { name: item }).click();
  };
}

async function lookAtRecordedNames(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Look at recorded names' }).click();
  await page.getByLabel('Purpose').fill('Report of bullying by her counsellor');
  await page.getByRole('button', { name: 'Look, and record it' }).click();
  await page.getByRole('table', { name: 'Recorded names' }).scrollIntoViewIfNeeded();
}

async function signIn(page: Page): Promise<void> {
  await page.goto(`${options.base}/`);
  await page.getByRole('heading', { level: 1 }).waitFor();
  if (new URL(page.url()).pathname === '/set-up') await setUp(page);
  else if (new URL(page.url()).pathname === '/sign-in') {
    await page.getByLabel('E-mail address').fill(options.email);
    await page.locator('input[autocomplete="current-password"]').fill(options.password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await giveCode(page, [options.recovery ?? '']);
  }
  await page.getByRole('navigation', { name: 'Main' }).waitFor({ state: 'attached' });
}

async function setUp(page: Page): Promise<void> {
  await page.getByLabel('Set-up code').fill(options.code ?? '');
  await page.getByLabel('Your name').fill('Ada Byrne');
  await page.getByLabel('E-mail address').fill(options.email);
  for (const field of await page.locator('input[autocomplete="new-password"]').all())
    await field.fill(options.password);
  await page.getByRole('button', { name: 'Make the administrator' }).click();
  await enrolByCodeApp(page);
}

/** Draws one page and returns what is wrong with it. */
async function picture(page: Page, screen: Screen, file: string): Promise<string[]> {
  const errors: string[] = [];
  const onConsole = (message: { type(): string; text(): string }) => {
    if (message.type() === 'error') errors.push(message.text());
  };
  const onError = (error: Error) => errors.push(error.message);
  page.on('console', onConsole);
  page.on('pageerror', onError);
  await page.goto(options.base + screen.path);
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  await page.locator('[aria-busy="true"]').first().waitFor({ state: 'detached' });
  await screen.act?.(page);
  await page.waitForTimeout(450);
  const wide = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
  if (Number(wide) > 0) errors.push(`the page is ${wide} px wider than the screen`);
  await page.screenshot({ path: file, fullPage: options.full && !screen.act });
  page.off('console', onConsole);
  page.off('pageerror', onError);
  return errors.map((error) => `${file}: ${error}`);
}

/** The page that lets people in: of setting up while there is nobody, else of signing in. */
async function takeTheDoor(page: Page): Promise<string[]> {
  await page.goto(`${options.base}/`);
  await page.getByRole('heading', { level: 1 }).waitFor();
  const path = new URL(page.url()).pathname;
  return await take(page, [{ name: path.slice(1), path, ...(path === '/sign-in' && { readme: ['desktop-light'] }) }]);
}

async function takeAll(page: Page): Promise<string[]> {
  return await take(page, await screens(page));
}

async function take(page: Page, all: readonly Screen[]): Promise<string[]> {
  const only = options.only?.split(',');
  const problems: string[] = [];
  for (const [size, viewport] of Object.entries(sizes)) {
    await page.setViewportSize(viewport);
    for (const colorScheme of schemes) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      const kind = `${size}-${colorScheme}`;
      for (const screen of all) {
        if (only && !only.includes(screen.name)) continue;
        if (options.readme && !screen.readme?.includes(kind)) continue;
        problems.push(...(await picture(page, screen, join(options.out, `${screen.name}-${kind}.png`))));
      }
    }
  }
  return problems;
}

await mkdir(options.out, { recursive: true });
await using browser = await launchChromium({ ignoreHTTPSErrors: true, arguments: ['--hide-scrollbars'] });
const page = browser.context.pages()[0] ?? (await browser.context.newPage());
await page.setViewportSize(sizes.desktop);
const atTheDoor = await takeTheDoor(page);
await page.setViewportSize(sizes.desktop);
await signIn(page);
const problems = [...atTheDoor, ...(await takeAll(page))];
process.stdout.write(problems.map((problem) => `${problem}\n`).join(''));
process.exitCode = problems.length > 0 ? 1 : 0;
