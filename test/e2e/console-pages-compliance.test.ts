import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { ComplianceMap, VerdictCounts } from '../../shared/api/schemas.ts';
import { ConsoleVisit, noConsole } from './console-visit.ts';
import { hookMs } from './managed-policies.ts';

const dayMs = 86_400_000;
const ago = (days: number) => new Date(Date.now() - days * dayMs).toISOString();
const failure = { error: { code: 'internal', message: 'Something went wrong on the server.', details: [] } };
const verdicts = (given: Partial<VerdictCounts> = {}): VerdictCounts => ({
  ...{ compliant: 0, waived: 0, 'in-grace': 0, noncompliant: 0, silent: 0, unknown: 0 },
  ...given,
});
const emptyMap: ComplianceMap = {
  at: ago(0),
  since: null,
  people: verdicts(),
  devices: verdicts(),
  checks: [],
  units: [],
};
const longName = 'The Superintendent Maria-Magdalena Featherstonehaugh-Llanfairpwllgwyngyll Memorial Academy';

/** As large as a state's largest districts. */
function largeMap(): ComplianceMap {
  const names = Array.from({ length: 18 }, (_, place) => `check-${place}`);
  const people = verdicts({ compliant: 480, noncompliant: 20 });
  return {
    ...emptyMap,
    since: ago(200),
    people,
    devices: people,
    checks: names.map((check, place) => ({
      check,
      title: `A check with quite a long title ${place}`,
      severity: 'major',
      counts: place < 6,
    })),
    units: Array.from({ length: 120 }, (_, unit) => ({
      orgId: `u${unit}`,
      name: `${longName} ${unit}`,
      people,
      devices: people,
      checks: Object.fromEntries(
        names.map((check, place) => [
          check,
          { pass: 480 - unit, fail: (unit * place) % 300, unknown: place === 3 ? 900 : 0, 'not-applicable': 0 },
        ]),
      ),
    })),
  };
}

/** In one go: between two presses no timer of the page can go off, however loaded this machine is. */
const pressTwelveTimes = async (thumb: { focus(): void; dispatchEvent(event: unknown): void }) => {
  thumb.focus();
  const { KeyboardEvent: Press } = globalThis as unknown as {
    KeyboardEvent: new (type: string, init: object) => object;
  };
  for (let press = 0; press < 12; press++) {
    thumb.dispatchEvent(new Press('keydown', { key: 'ArrowLeft', code: 'ArrowLeft', bubbles: true }));
    await Promise.resolve();
    await Promise.resolve();
  }
};

describe.skipIf(noConsole)(`pages of compliance ${noConsole ? `(skipped: ${noConsole})` : ''}`, () => {
  let visit: ConsoleVisit;
  let page: Page;

  const button = (name: string | RegExp) => page.getByRole('button', { name });
  const slider = () => page.getByRole('slider', { name: 'Moment that is shown' });
  const searchOf = () => new URL(page.url()).searchParams;
  /** Addresses that a page asks for while something is done and for a moment after it. */
  const askedDuring = async (does: () => Promise<unknown>) => {
    const asked: URL[] = [];
    const note = (request: { url: () => string }) => asked.push(new URL(request.url()));
    page.on('request', note);
    await does();
    await page.waitForTimeout(600);
    page.off('request', note);
    return asked;
  };
  const focused = () =>
    page.evaluate('document.activeElement.getAttribute("aria-label") ?? document.activeElement.textContent');

  beforeAll(async () => {
    visit = await ConsoleVisit.start();
    page = visit.page;
  }, hookMs);
  afterEach(async () => {
    await visit.answerAgain();
    await page.setViewportSize({ width: 1280, height: 900 });
  });
  afterAll(async () => visit?.stop());

  test('the map is one stop of the Tab key, walked by arrows, and Enter leads to the devices behind a figure', async () => {
    await visit.open('/compliance');
    const table = page.getByRole('table', { name: 'Failing devices by school and check' });
    const stops = table.locator('[data-stop][tabindex="0"]');
    expect(await stops.count()).toBe(1);
    await stops.focus();
    const school = await focused();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    expect(await focused()).toMatch(/^.+, .+: \d+ of \d+ devices? fails? \(\d+ %\)/);
    await page.keyboard.press('ArrowUp');
    const check = await focused();
    await page.keyboard.press('ArrowDown');
    expect(await focused()).toContain(`${check}, ${school}`);
    expect(await stops.count()).toBe(1);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: String(check) }).waitFor();
    expect(searchOf().get('org')).toBeTruthy();
    expect(searchOf().get('status')).toBe('fail');
    await page.getByRole('table', { name: 'Devices' }).waitFor();
    expect(visit.errors).toEqual([]);
  });

  test('a moving slider asks once, when it rests, and the address holds the moment', async () => {
    await visit.open('/compliance');
    await page.getByText('Follows what devices report.').waitFor();
    const asked = await askedDuring(async () => {
      await slider().evaluate(pressTwelveTimes);
      await page.getByText(/^As of \w{3} \d+ \w+ \d{4}, 12:00$/).waitFor();
    });
    expect(asked.filter(({ pathname }) => pathname === '/api/compliance')).toHaveLength(1);
    const then = searchOf().get('at') ?? '';
    expect([11, 12, 13]).toContain(Math.round((Date.now() - Date.parse(then)) / dayMs));
    await slider().focus();
    await page.keyboard.press('End');
    await page.getByText('Follows what devices report.').waitFor();
    expect(searchOf().get('at')).toBeNull();
  });

  test('a link shows its moment, leads back to now, and stays as it was whatever changes meanwhile', async () => {
    const at = ago(60);
    await visit.open(`/compliance?at=${at}`);
    await page.getByText(/^As of /).waitFor();
    const href = await page.getByRole('table').locator('td a').last().getAttribute('href');
    expect(href).toContain(encodeURIComponent(at));
    const asked = await askedDuring(async () => visit.api.tell('people'));
    expect(asked.filter(({ pathname }) => pathname === '/api/compliance')).toEqual([]);
    await button('Back to now').click();
    await page.getByText('Follows what devices report.').waitFor();
    const live = page.waitForRequest((request) => new URL(request.url()).pathname === '/api/compliance');
    await visit.api.tell('people');
    await live;
  });

  test('a moment to come is now, and one that is typed counts when it is known of', async () => {
    await visit.open(`/compliance?at=${ago(-30)}`);
    await page.getByText('Follows what devices report.').waitFor();
    const field = page.getByLabel('Date and time');
    await field.fill('2001-01-01T08:00');
    await page.getByText(/^Records begin on /).waitFor();
    const typed = new Date(Date.now() - 20 * dayMs);
    typed.setHours(8, 15, 0, 0);
    await field.fill(new Date(typed.getTime() - typed.getTimezoneOffset() * 60_000).toISOString().slice(0, 16));
    await page.getByText(/^As of .*, 08:15$/).waitFor();
    expect(searchOf().get('at')).toBe(typed.toISOString());
  });

  test('120 schools with long names fit any screen; what informs and what is unknown stand apart', async () => {
    await visit.answer('/api/compliance', 200, largeMap());
    await visit.open('/compliance');
    await page.getByRole('columnheader', { name: 'Turn the verdict' }).waitFor();
    await page.getByRole('columnheader', { name: 'Only inform' }).waitFor();
    expect(await page.locator('td [data-stop]').count()).toBe(120 * 19);
    const doubtful = page.locator('td [data-doubt]').first();
    expect(await doubtful.innerText()).toMatch(/%\s*900 \?/);
    expect(await doubtful.getAttribute('title')).toContain('900 not known');
    for (const width of [1440, 390]) {
      await page.setViewportSize({ width, height: 844 });
      const tooWide = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
      await expect.poll(() => page.evaluate(tooWide)).toBeLessThanOrEqual(0);
    }
    expect(await page.locator('tbody th [data-stop]').last().getAttribute('title')).toContain(longName);
    expect(visit.errors).toEqual([]);
  });

  test.each([
    ['/compliance', '/api/compliance', emptyMap, 'No device has been judged yet'],
    ['/compliance', '/api/compliance/trend', { of: 'people', days: [] }, 'The line begins when two days are known of.'],
    ['/compliance/checks/nothing', '/api/compliance', emptyMap, 'There is no such check'],
    [
      '/compliance/checks/firewall-on',
      '/api/compliance/checks/firewall-on/devices',
      { items: [], total: 0, nextCursor: null },
      'No device is among these',
    ],
  ])('%s, with nothing from %s, says what is missing', async (path, route, answer, words) => {
    await visit.answer(route, 200, answer);
    await visit.open(path);
    await page.getByText(words).first().waitFor();
    expect(visit.errors).toEqual([]);
  });

  test.each([
    ['/compliance', '/api/compliance'],
    ['/compliance', '/api/compliance/trend'],
    ['/compliance/checks', '/api/compliance/checks'],
    ['/compliance/checks/firewall-on', '/api/compliance/checks/firewall-on/devices'],
    ['/people/p3', '/api/people/p3/compliance'],
    ['/devices/dev3?tab=history', '/api/devices/dev3/compliance'],
  ])('%s says that %s failed, and loads again when asked', async (path, route) => {
    await visit.answer(route, 500, failure);
    await visit.open(path);
    const alert = page.getByRole('alert').filter({ hasText: 'Something went wrong on the server.' });
    await alert.waitFor();
    await visit.answerAgain();
    await alert.getByRole('button', { name: 'Try again' }).click();
    await alert.waitFor({ state: 'detached' });
  });

  test('a moment that the server knows nothing of leads back to now', async () => {
    await visit.answer('/api/compliance', 400, { error: { ...failure.error, code: 'bad-request' } });
    await visit.open(`/compliance?at=${ago(4000)}`);
    await page.getByText('That moment cannot be shown.').waitFor();
    await visit.answerAgain();
    await button('Back to now').click();
    await page.getByText('Follows what devices report.').waitFor();
  });

  test('a school shows its own checks and leads to its people', async () => {
    const at = ago(30);
    await visit.open(`/compliance?org=s2&at=${at}`);
    await page.getByRole('heading', { level: 1, name: 'Lindenfield Middle School' }).waitFor();
    await page.getByRole('table', { name: 'Checks of this school' }).waitFor();
    await page.getByRole('link', { name: 'People here' }).click();
    await page.getByText('Verdicts and devices in hand are as they were then.').waitFor();
    expect([searchOf().get('org'), searchOf().get('at')]).toEqual(['s2', at]);
  });

  test('a check says why and how, and lists its devices, those that fail first', async () => {
    await visit.open('/compliance/checks/disk-encrypted');
    for (const words of ['Why it matters', 'How the person fixes it', 'How a technician fixes it', 'Reference'])
      await page.getByText(words, { exact: true }).waitFor();
    const outcomes = await page
      .getByRole('table', { name: 'Devices' })
      .locator('td[data-label="Outcome"]')
      .allInnerTexts();
    const order = ['Fail', 'Not known', 'Pass', 'Does not apply'];
    const ranks = outcomes.map((words) => order.indexOf(words.trim()));
    expect(ranks).toEqual(ranks.toSorted());
    expect(ranks[0]).toBe(0);
    await button('Waive Disk encryption').first().click();
    await page.getByRole('dialog', { name: 'Waive: Disk encryption' }).waitFor();
    await page.keyboard.press('Escape');
    await visit.open(`/compliance/checks/disk-encrypted?at=${ago(40)}`);
    await page.getByRole('table', { name: 'Devices' }).waitFor();
    expect(await button('Waive Disk encryption').count()).toBe(0);
  });

  test.each([
    ['/people/p3', 'lap-1003'],
    ['/devices/dev3?tab=history', 'No check failed.|Failing: '],
  ])('%s tells verdicts over time on a line, in words, and at a moment', async (path, words) => {
    await visit.open(path);
    const over = page.getByRole('region', { name: 'Compliance over time' });
    const line = over.getByRole('img', { name: /^Verdict: / });
    expect(await line.getAttribute('aria-label')).toMatch(/Compliant, .* until now/);
    expect(await over.locator('ol > li').count()).toBeGreaterThan(1);
    await over
      .getByText(/Ada Byrne/)
      .first()
      .waitFor();
    expect(await over.getByRole('region', { name: 'At that moment' }).count()).toBe(0);
    await slider().focus();
    for (let press = 0; press < 5; press++) await page.keyboard.press('ArrowLeft');
    const then = over.getByRole('region', { name: 'At that moment' });
    await then.waitFor();
    expect(await then.innerText()).toMatch(new RegExp(words));
    expect(searchOf().get('at')).toBeTruthy();
  });

  test('what is shown can be taken away as files', async () => {
    const at = ago(30);
    await visit.open(`/compliance?org=s2&at=${at}`);
    await button('Export').click();
    const links = page.getByRole('menuitem');
    const addresses = await links.evaluateAll((all) => all.map((one) => one.getAttribute('href') ?? ''));
    expect(addresses).toHaveLength(7);
    expect(addresses[0]).toBe(`/api/compliance/export?what=people&format=csv&at=${encodeURIComponent(at)}&org=s2`);
    for (const address of addresses) expect((await page.request.get(visit.api.url + address)).status()).toBe(200);
  });

  test('a policy is saved after a look at who would stand differently, and not when that is declined', async () => {
    await visit.open('/compliance-policy');
    expect(await page.getByRole('heading', { name: 'Who would stand differently' }).count()).toBe(0);
    await page.getByRole('switch', { name: 'Battery counts' }).press('Space');
    const preview = page.getByRole('region', { name: 'Who would stand differently' });
    await preview.getByText('3 people would stand differently.').waitFor();
    const acts = await visit.during(async () => {
      await button('Save').click();
      const dialog = page.getByRole('dialog');
      await dialog
        .getByRole('row', { name: /In grace/ })
        .first()
        .waitFor();
      await dialog.getByRole('button', { name: 'Cancel' }).click();
      await dialog.waitFor({ state: 'detached' });
    });
    expect(acts.filter(({ name }) => name === 'saveCompliancePolicy')).toEqual([]);
    await button('Undo changes').click();
    await preview.waitFor({ state: 'detached' });
  });

  test('a policy can be saved though its preview fails', async () => {
    await visit.answer('/api/compliance/policy/preview', 500, failure);
    await visit.open('/compliance-policy');
    await page.getByRole('switch', { name: 'Battery counts' }).press('Space');
    await page.getByRole('region', { name: 'Who would stand differently' }).getByRole('alert').waitFor();
    await button('Save').click();
    await visit.asked('saveCompliancePolicy', () => page.getByRole('button', { name: 'Save the policy' }).click());
  });
});
