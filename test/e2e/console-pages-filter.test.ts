import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { ConsoleVisit, noConsole } from './console-visit.ts';
import { hookMs } from './managed-policies.ts';

const empty = { items: [], total: 0, nextCursor: null };
const failure = { error: { code: 'internal', message: 'Something went wrong on the server.', details: [] } };

describe.skipIf(noConsole)(`pages of the web filter ${noConsole ? `(skipped: ${noConsole})` : ''}`, () => {
  let visit: ConsoleVisit;

  beforeAll(async () => {
    visit = await ConsoleVisit.start();
  }, hookMs);
  afterEach(async () => visit.answerAgain());
  afterAll(async () => visit?.stop());

  test.each([
    ['/requests', '/api/requests', empty, 'Nobody waits for an answer'],
    ['/requests?search=zebra', '/api/requests', empty, 'No request matches'],
    ['/classes', '/api/classes', empty, 'No classes yet'],
    ['/classes?search=zebra', '/api/classes', empty, 'No class matches'],
    ['/overrides', '/api/overrides', empty, 'Nothing is open for a time'],
    ['/lists', '/api/lists', { items: [] }, 'No lists yet'],
    ['/calendar', '/api/calendars', { items: [] }, 'There is no calendar yet'],
    [
      '/report',
      '/api/filter/report',
      { from: '2026-11-01', to: '2026-11-22', threshold: 10, schools: [], categories: [], suppressed: 0 },
      'Nothing was recorded in these days',
    ],
    ['/filter-settings', '/api/filter/deletions', empty, 'Nothing has been deleted yet.'],
  ])('%s, with nothing from %s, says what is missing', async (path, route, answer, words) => {
    await visit.answer(route, 200, answer);
    await visit.open(path);
    await visit.page.getByText(words).first().waitFor();
    expect(visit.errors).toEqual([]);
  });

  test.each([
    ['/requests', '/api/requests'],
    ['/classes', '/api/classes'],
    ['/overrides', '/api/overrides'],
    ['/lists', '/api/lists'],
    ['/calendar', '/api/calendars'],
    ['/filter-settings', '/api/filter/settings'],
    ['/report', '/api/filter/report'],
    ['/test-name?name=chess.example&person=p1', '/api/filter/test'],
  ])('%s says that %s failed, and loads again when asked', async (path, route) => {
    await visit.answer(route, 500, failure);
    await visit.open(path);
    const alert = visit.page.getByRole('alert').filter({ hasText: 'Something went wrong on the server.' });
    await alert.waitFor();
    await visit.answerAgain();
    await alert.getByRole('button', { name: 'Try again' }).click();
    await alert.waitFor({ state: 'detached' });
  });

  test('the navigation says how many requests wait', async () => {
    await visit.open('/events');
    const link = visit.page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Requests' });
    await link.getByLabel('3 open requests').waitFor();
  });

  test('requests due first, with the words of whoever asked as text', async () => {
    await visit.open('/requests');
    const cards = visit.page.getByRole('article');
    expect(await cards.first().innerText()).toMatch(/scratch\.example[\s\S]*Overdue[\s\S]*4 requests for this name/);
    await visit.page.getByText('“<b>please</b>”').waitFor();
  });

  test('a test of a name marks the layer that decides', async () => {
    await visit.open('/test-name?name=https://chess.example/play&person=p1');
    const decisive = visit.page.locator('[aria-current="true"]').filter({ hasText: 'Blocked categories' });
    expect(await decisive.innerText()).toContain('Decides: blocked');
    expect(await visit.page.locator('ol > li').count()).toBe(10);
  });

  test('a suppressed number is a dash that is read as not shown', async () => {
    await visit.open('/report');
    const row = visit.page.getByRole('row', { name: /^Adult/ });
    expect(await row.innerText()).toMatch(/–/);
    expect(await row.getByText('not shown').count()).toBe(2);
    await visit.page.getByText('fewer than 10 people are behind a number').waitFor();
  });

  test('a profile says its schedules in words, wherever they are shown', async () => {
    const words = 'Social media at lunch: games, social.example open Mon–Fri 12:00–12:45 on campus';
    await visit.open('/profiles/prof1');
    await visit.page.getByText(words).first().waitFor();
    await visit.open('/devices/dev0?tab=settings');
    await visit.page.getByText(words).first().waitFor();
  });

  test('nothing of a person is looked at before a purpose is given', async () => {
    const acts = await visit.during(async () => {
      await visit.open('/people/p1');
      await visit.page.getByRole('button', { name: 'Look at recorded names' }).click();
      await visit.page.getByLabel('Purpose').fill('too short');
      await visit.page.waitForTimeout(150);
    });
    expect(acts.filter(({ name }) => name === 'readActivity')).toEqual([]);
    expect(await visit.page.getByRole('button', { name: 'Look, and record it' }).isDisabled()).toBe(true);
  });
});
