import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repository, run, TestServer } from '../fakes/running-server.ts';
import { browserCookie } from '../fakes/staff.ts';
import { type LaunchedChromium, launchChromium, noChromium } from './chromium.ts';
import { holdNoPolicies, hookMs } from './managed-policies.ts';

const isBuilt = existsSync(join(repository, 'server/console/dist/index.html'));
const skipped = noChromium ?? (isBuilt ? undefined : 'the console is not built: `npm run setup` builds it');

/** What cannot be taken back, done by hand against the real server. */
describe.skipIf(skipped)(`acts of the staff in Chromium ${skipped ? `(skipped: ${skipped})` : ''}`, () => {
  let policies: Awaited<ReturnType<typeof holdNoPolicies>>;
  let server: TestServer;
  let browser: LaunchedChromium;
  let page: Page;
  const laptop = mkdtempSync(join(tmpdir(), 'rollcall-laptop-'));
  const button = (name: string | RegExp, on = page) => on.getByRole('button', { name });
  const complaints: string[] = [];

  async function openPage(): Promise<Page> {
    const opened = await browser.context.newPage();
    opened.setDefaultTimeout(20_000);
    opened.on('pageerror', (error) => complaints.push(error.message));
    opened.on('console', (message) => {
      if (/Content Security Policy/.test(message.text())) complaints.push(message.text());
    });
    return opened;
  }

  beforeAll(async () => {
    policies = await holdNoPolicies();
    server = await TestServer.start();
    const cookie = await server.setUp();
    browser = await launchChromium({ ignoreHTTPSErrors: true });
    page = await openPage();
    await browser.context.addCookies([browserCookie(server, cookie)]);
    await page.goto(`${server.origin}/import`);
    await page.getByRole('heading', { level: 1, name: 'Roster import' }).waitFor();
  }, hookMs);

  afterAll(async () => {
    await browser?.close();
    await policies?.release();
    await server?.stop();
    rmSync(laptop, { recursive: true, force: true });
  });

  async function checkFile(...rows: string[]) {
    const csv = ['sourcedId,givenName,familyName,username,role,org,status', ...rows, ''].join('\n');
    await page.goto(`${server.origin}/import`);
    await page.getByText('People (CSV)').click();
    await page
      .locator('input[type="file"]')
      .setInputFiles({ name: 'people.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) });
    await page.getByLabel('Lenient').check();
    await button('Check the file').click();
  }

  it('imports a roster once it has shown what would change', async () => {
    await checkFile('1,Mia,Park,mia.park,student,North,active', '2,Omar,Reyes,omar.reyes,teacher,North,active');
    await page.getByRole('heading', { name: '2. What would change' }).waitFor();
    expect((await server.operate<{ total: number }>('/api/people')).total).toBe(0);
    await button('Import now').click();
    await page.getByText('The roster is in force.').waitFor();
    expect((await server.operate<{ total: number }>('/api/people')).total).toBe(2);
  });

  it('asks twice before an import that takes away many', async () => {
    await checkFile('2,Omar,Reyes,omar.reyes,teacher,North,inactive');
    await page.getByText('1 person would be removed or moved to another school').waitFor();
    expect(await button('Import now').isDisabled()).toBe(true);
    await page.getByRole('checkbox').check();
    await button('Import now').click();
    await page.getByText('The roster is in force.').waitFor();
    expect((await server.operate<{ total: number }>('/api/people')).total).toBe(1);
  });

  it('holds a device whose token says so until somebody approves it', async () => {
    await page.goto(`${server.origin}/enrolment`);
    await button('New token').first().click();
    await page.getByRole('switch').press('Space');
    await button('Make the token').click();
    const command = await page.locator('pre').innerText();
    const token = command.trim().split(/\s+/).at(-1) ?? '';
    const places = ['--home', join(laptop, 'home'), '--root', join(laptop, 'root')];
    const end = await run(['agent/cli.ts', 'enroll', token, ...places]);
    expect(end).toMatchObject({ code: 0 });

    await page.goto(`${server.origin}/devices?status=held`);
    await page.locator('tbody a[href^="/devices/"]').click();
    await page.getByText('It gets no settings until you approve it.').waitFor();
    await button('Approve').click();
    await page.getByText('is approved and will get its settings now.').waitFor();
    await button('Approve').waitFor({ state: 'detached' });
    expect(await server.operate('/api/devices')).toMatchObject({ items: [{ status: 'active' }] });
  }, 30_000);

  it('revokes a device only when its name is typed', async () => {
    const name = await page.getByRole('heading', { level: 1 }).innerText();
    await button('More about this device').click();
    await page.getByRole('menuitem', { name: 'Revoke…' }).click();
    const typed = page.getByLabel(`Type ${name} to confirm`);
    await typed.fill(`${name}x`);
    expect(await button('Revoke the device').isDisabled()).toBe(true);
    await typed.fill(name);
    await button('Revoke the device').click();
    await page.getByText(`${name} is revoked.`).waitFor();
    expect(await server.operate('/api/devices')).toMatchObject({ items: [{ status: 'revoked' }] });
  });

  it('tells two people who edit one profile of each other, and loses neither’s work unasked', async () => {
    const body = { name: 'Pupils', description: '' };
    const { profile } = await server.operate<{ profile: { id: string } }>('/api/profiles', { method: 'POST', body });
    const other = await openPage();
    const domains = (on: Page) => on.getByRole('textbox', { name: 'Blocked domains' });
    for (const on of [page, other]) {
      await on.goto(`${server.origin}/profiles/${profile.id}?part=webFilter`);
      await domains(on).waitFor();
    }
    await domains(page).fill('mine.example');
    await domains(other).fill('theirs.example');
    await button('Save draft', other).click();
    await other.getByText('The draft is saved.').waitFor();
    await page.getByText('Somebody else saved this meanwhile').waitFor();
    expect(await domains(page).inputValue()).toBe('mine.example');

    await button('Drop mine, load theirs').click();
    await page.getByText('Somebody else saved this meanwhile').waitFor({ state: 'detached' });
    expect(await domains(page).inputValue()).toBe('theirs.example');

    await domains(page).fill('both.example');
    await domains(other).fill('later.example');
    await button('Save draft').click();
    await page.getByText('The draft is saved.').waitFor();
    await button('Keep mine, save over theirs', other).click();
    await expect
      .poll(async () => JSON.stringify(await server.operate(`/api/profiles/${profile.id}`)))
      .toContain('later.example');
    // A page behind another one draws seldom, and what is waited for takes long to appear.
    await other.close();
  });

  const reasoned = async (words: string) => page.getByLabel('Reason').fill(words);
  const dialog = () => page.getByRole('dialog');
  const mia = async () => (await server.operate<{ items: { id: string }[] }>('/api/people')).items[0]?.id ?? '';

  it('saves a calendar and says what today is by it', async () => {
    await page.goto(`${server.origin}/calendar`);
    await page.getByText('There is no calendar yet').waitFor();
    await button('Add a holiday').click();
    const holidays = page.getByRole('region', { name: 'Holidays' });
    await holidays.getByLabel('Name').fill('Always');
    await holidays.getByLabel('First day').fill('2020-01-01');
    await holidays.getByLabel('Last day').fill('2090-12-31');
    await button('Save').click();
    await page.locator('p', { hasText: /^Today: No school: Always/ }).waitFor();
  });

  it('saves filter settings, and shows what the server refuses', async () => {
    await page.goto(`${server.origin}/filter-settings`);
    await page.getByLabel('Names, each with everything below it').fill('com');
    await button('Save').click();
    await page.getByText('Essentials: “com” is a whole top-level domain. Name the sites.').waitFor();
    await page.getByLabel('Names, each with everything below it').fill('district.example');
    await button('Save').click();
    await page.getByText('The settings are saved.').waitFor();
    expect(await server.operate('/api/filter/settings')).toMatchObject({
      settings: { essentials: ['district.example'] },
    });
  });

  it('imports a list, tests a name of it, opens it for a person, and ends that', async () => {
    await page.goto(`${server.origin}/lists`);
    await button('Import a list').click();
    const list = { name: 'games.txt', mimeType: 'text/plain', buffer: Buffer.from('chess.example\nbad name\n') };
    await page.locator('input[type="file"]').setInputFiles(list);
    await page.getByLabel('Category').fill('games');
    await button('Import').last().click();
    await page.getByText('1 row could not be used.').waitFor();
    const content = {
      settings: { webFilter: { blockedCategories: ['games'] } },
      assignments: [{ to: { kind: 'everyone' }, priority: 1 }],
    };
    const body = { name: 'Everyone', description: '', content };
    await server.operate('/api/profiles/apply', { method: 'POST', body });

    const test = `${server.origin}/test-name?name=https://www.chess.example/play&person=${await mia()}`;
    await page.goto(test);
    const decisive = page.locator('[aria-current="true"]');
    await decisive.filter({ hasText: 'Blocked categories' }).waitFor();

    await page.goto(`${server.origin}/people/${await mia()}`);
    await button('Open something…').click();
    await dialog().getByLabel('Sites to open').fill('chess.example');
    await reasoned('Chess club');
    await dialog().getByRole('button', { name: 'Open', exact: true }).click();
    await page.getByText('Done for Mia Park').waitFor();
    await page.goto(test);
    await decisive.filter({ hasText: 'Opened or closed by staff' }).waitFor();

    await page.goto(`${server.origin}/overrides`);
    await button('End now').click();
    await button('End it').click();
    await page.getByText('Nothing is open for a time').waitFor();
    await page.goto(test);
    await decisive.filter({ hasText: 'Blocked categories' }).waitFor();
  });

  it('records a look at a person’s recorded names, and why', async () => {
    await page.goto(`${server.origin}/people/${await mia()}`);
    await button('Look at recorded names').click();
    await page.getByLabel('Purpose').fill('Asked for by her counsellor');
    await button('Look, and record it').click();
    await page.getByText('Your look was recorded.').waitFor();
    expect(JSON.stringify(await server.operate('/api/events'))).toContain('Asked for by her counsellor');
  });

  it('meets no error and no breach of its content policy on the way', () => {
    expect(complaints).toEqual([]);
  });
});
