import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ConsoleVisit, noConsole } from './console-visit.ts';
import { hookMs } from './managed-policies.ts';

/** What staff do with the web filter, and what of it reaches the server: the stand-in refuses what breaks the contract. */
describe.skipIf(noConsole)(`acts on the web filter ${noConsole ? `(skipped: ${noConsole})` : ''}`, () => {
  let visit: ConsoleVisit;
  let page: Page;

  const dialog = () => page.getByRole('dialog');
  const button = (name: string | RegExp) => page.getByRole('button', { name });
  const inDialog = (name: string | RegExp) => dialog().getByRole('button', { name, exact: typeof name === 'string' });
  const choose = async (label: string, option: string) => {
    await page.getByRole('combobox', { name: label, exact: true }).click();
    await page.getByRole('option', { name: option, exact: true }).click();
  };
  const gone = () => dialog().waitFor({ state: 'detached' });

  beforeAll(async () => {
    visit = await ConsoleVisit.start();
    page = visit.page;
  }, hookMs);
  afterAll(async () => visit?.stop());

  test('a request is granted for the device alone, for a week, with a reason; by the keyboard', async () => {
    await visit.open('/requests');
    await button('Grant scratch.example').focus();
    await page.keyboard.press('Enter');
    await page.getByLabel('The device lap-1006 alone').check();
    await choose('For how long', 'One week');
    expect(await inDialog('Grant').isDisabled()).toBe(true);
    await page.getByLabel('Reason').fill('  For your project ');
    await inDialog('Grant').focus();
    const asked = await visit.asked('decideRequest', () => page.keyboard.press('Enter'));
    expect(asked).toEqual({
      params: { id: 'q6' },
      body: { outcome: 'granted', reason: 'For your project', minutes: 10_080, target: 'device' },
    });
    await gone();
    await button('Grant scratch.example').waitFor({ state: 'detached' });
  });

  test('a request for a name that cannot be lifted says so, and stays', async () => {
    await visit.open('/requests');
    await button('Grant casino.example').click();
    await page.getByLabel('Reason').fill('Please do');
    await inDialog('Grant').click();
    await dialog()
      .getByText(/no override lifts it\. Refuse the request, or change the profile/)
      .waitFor();
    await inDialog('Cancel').click();
    await gone();
    await button('Refuse casino.example').click();
    await page.getByLabel('Reason').fill('No');
    expect(await inDialog('Refuse').isDisabled()).toBe(true);
    await page.getByLabel('Reason').fill('Not at school');
    const asked = await visit.asked('decideRequest', () => inDialog('Refuse').click());
    expect(asked.body).toEqual({ outcome: 'refused', reason: 'Not at school' });
  });

  test('a class gets only these sites until its lesson ends', async () => {
    await visit.open('/classes');
    await button('Only these sites for Algebra I, period 2').click();
    await dialog().getByLabel('Sites that stay open').fill('desmos.example\nhttps://bad');
    await page.getByLabel('Reason').fill('Quiz');
    await dialog().getByText('“https://bad” is no site.').waitFor();
    expect(await inDialog('Allow only these').isDisabled()).toBe(true);
    await dialog().getByLabel('Sites that stay open').fill('desmos.example');
    const { body } = await visit.asked('createOverride', () => inDialog('Allow only these').click());
    const { minutes, ...rest } = body as { minutes: number };
    expect(rest).toEqual({
      target: { kind: 'class', id: 'k1' },
      kind: 'only',
      domains: ['desmos.example'],
      categories: [],
      reason: 'Quiz',
    });
    expect(minutes).toBeGreaterThan(15);
    expect(minutes).toBeLessThanOrEqual(22);
    await gone();
  });

  test('who is in a class is shown with their devices', async () => {
    await visit.open('/classes');
    await button('Students of Algebra I, period 2').click();
    const table = dialog().getByRole('table', { name: 'Students' });
    await table.waitFor();
    expect(await table.getByRole('row').count()).toBeGreaterThan(5);
    expect(await table.innerText()).toContain('1 device');
  });

  test('what is open for a class is ended', async () => {
    await visit.open('/classes');
    await button('End now').click();
    const asked = await visit.asked('endOverride', () => inDialog('End it').click());
    expect(asked.params).toEqual({ id: 'o2' });
    await gone();
  });

  test.each([
    ['a teacher', '/people/p0', true],
    ['a student', '/people/p1', false],
  ])('%s may be opened everything: %s → %s', async (_, path, offered) => {
    await visit.open(path);
    await button('Open something…').click();
    await dialog().getByText('It ends by itself.').or(dialog().getByText('Name at least one site')).first().waitFor();
    expect((await dialog().getByLabel('Everything but the locked minimum').count()) > 0).toBe(offered);
    if (!offered) return;
    await dialog().getByLabel('Everything but the locked minimum').check();
    await choose('For how long', 'Another time…');
    await page.getByLabel('Minutes').fill('50000');
    await page.getByLabel('Reason').fill('Counselling');
    expect(await inDialog('Open').isDisabled()).toBe(true);
    await page.getByLabel('Minutes').fill('45');
    const asked = await visit.asked('createOverride', () => inDialog('Open').click());
    expect(asked.body).toEqual({
      target: { kind: 'person', id: 'p0' },
      kind: 'allow',
      domains: [],
      categories: [],
      everything: true,
      minutes: 45,
      reason: 'Counselling',
    });
  });

  test('a device closes a site for an hour', async () => {
    await visit.open('/devices/dev1');
    await button('Open something…').click();
    await dialog().getByText('Close', { exact: true }).click();
    await dialog().getByLabel('Sites to close').fill('games.example');
    await page.getByLabel('Reason').fill('Asked for by home');
    const asked = await visit.asked('createOverride', () => inDialog('Close').last().click());
    expect(asked.body).toMatchObject({ target: { kind: 'device', id: 'dev1' }, kind: 'block', minutes: 60 });
  });

  test('a name is tested for a person at a time and place, and the address holds the question', async () => {
    await visit.open('/test-name');
    await page.getByLabel('Name or web address').fill('https://chess.example/play?x=1');
    expect(await page.getByRole('button', { name: 'Test', exact: true }).isDisabled()).toBe(true);
    await page.getByRole('combobox', { name: 'For which person' }).click();
    await page.getByRole('option').nth(1).click();
    await page.getByLabel('When, in your time zone').fill('2026-11-23T12:15');
    await choose('Where', 'Off campus');
    const asked = await visit.asked('testName', () => page.getByRole('button', { name: 'Test', exact: true }).click());
    expect(asked.body).toEqual({
      name: 'https://chess.example/play?x=1',
      personId: 'p1',
      at: new Date('2026-11-23T12:15').toISOString(),
      place: 'off-campus',
    });
    await page.getByText('Blocked: category Games, set by “Students”, until 15:05.').waitFor();
    expect(new URL(page.url()).searchParams.get('place')).toBe('off-campus');
  });

  test('what a colleague decides leaves the list and the count at once', async () => {
    await visit.open('/requests');
    const count = page.getByRole('navigation', { name: 'Main' }).getByLabel(/open requests?/);
    await count.waitFor();
    const before = await count.getAttribute('aria-label');
    await button('Refuse chess.example').waitFor();
    const data = { outcome: 'refused', reason: 'Decided elsewhere' };
    await page.request.post(`${visit.api.url}/api/requests/q2/decide`, { data });
    await visit.api.tell('requests');
    await button('Refuse chess.example').waitFor({ state: 'detached' });
    await expect.poll(async () => (await count.count()) && (await count.getAttribute('aria-label'))).not.toBe(before);
  });

  test('a look at a person’s recorded names carries its purpose, also for the next page', async () => {
    await visit.open('/people/p1');
    await button('Look at recorded names').click();
    await page.getByLabel('Purpose').fill('Report of bullying by her counsellor');
    const first = await visit.asked('readActivity', () => button('Look, and record it').click());
    expect(first.body).toEqual({ purpose: 'Report of bullying by her counsellor', limit: 50 });
    await page.getByText('50 of 60').waitFor();
    const second = await visit.asked('readActivity', () => button('Show more').click());
    expect(second.body).toMatchObject({ purpose: 'Report of bullying by her counsellor', cursor: '50' });
    await page.getByText('60 of 60').waitFor();
  });
});
