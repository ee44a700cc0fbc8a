import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ConsoleVisit, noConsole } from './console-visit.ts';
import { hookMs } from './managed-policies.ts';

/** What the district decides for its web filter, and what of it reaches the server. */
describe.skipIf(noConsole)(`decisions on the web filter ${noConsole ? `(skipped: ${noConsole})` : ''}`, () => {
  let visit: ConsoleVisit;
  let page: Page;

  const dialog = () => page.getByRole('dialog');
  const button = (name: string | RegExp) => page.getByRole('button', { name });
  const inDialog = (name: string | RegExp) => dialog().getByRole('button', { name, exact: typeof name === 'string' });
  const choose = async (label: string, option: string) => {
    await page.getByRole('combobox', { name: label, exact: true }).click();
    await page.getByRole('option', { name: option, exact: true }).click();
  };

  beforeAll(async () => {
    visit = await ConsoleVisit.start();
    page = visit.page;
  }, hookMs);
  afterAll(async () => visit?.stop());

  describe('lists', () => {
    const menu = async (list: string, item: string) => {
      await button(`More about ${list}`).click();
      await page.getByRole('menuitem', { name: item }).click();
    };

    test('one is subscribed to from the catalogue, with its licence', async () => {
      await visit.open('/lists');
      await button('Catalogue').click();
      await dialog().getByText('None of these is shipped').waitFor();
      await button('Subscribe to URLhaus host file').click();
      await page.getByLabel('Licence').fill('');
      expect(await inDialog('Subscribe').isDisabled()).toBe(true);
      await page.getByLabel('Licence').fill('CC0 1.0');
      const asked = await visit.asked('subscribeList', () => inDialog('Subscribe').click());
      expect(asked).toEqual({
        params: { category: 'malware' },
        body: {
          url: 'https://urlhaus.example/downloads/hostfile/',
          title: 'URLhaus host file',
          licence: 'CC0 1.0',
          refreshHours: 24,
        },
      });
      await dialog().getByText('1,204 names').waitFor();
    });

    test('an address that is none is refused before it is sent', async () => {
      await visit.open('/lists');
      await button('Subscribe').click();
      await page.getByLabel('Address').fill('ftp://lists.example/a');
      await page.getByLabel('Category').fill('games');
      await page.getByLabel('Licence').fill('Ours');
      await dialog().getByText('It begins with https://').waitFor();
      expect(await inDialog('Subscribe').isDisabled()).toBe(true);
    });

    test('a halted version goes on when somebody says why', async () => {
      await visit.open('/lists');
      await button('Go on: Adult').click();
      await page.getByLabel('Reason').fill('The probes were wrong');
      const asked = await visit.asked('decideListRollout', () => inDialog('Go on').click());
      expect(asked).toEqual({
        params: { category: 'adult' },
        body: { action: 'resume', reason: 'The probes were wrong' },
      });
    });

    test('names are taken out of one; a pattern is refused', async () => {
      await visit.open('/lists');
      await menu('Adult', 'Exceptions…');
      const names = dialog().getByRole('textbox');
      await names.fill('health.example\n*.museum.example');
      await dialog()
        .getByText(/Line 2/)
        .waitFor();
      expect(await button('Save the exceptions').isDisabled()).toBe(true);
      await names.fill('health.example\nmuseum.example');
      const asked = await visit.asked('setListExceptions', () => button('Save the exceptions').click());
      expect(asked.body).toEqual({ names: ['health.example', 'museum.example'] });
    });

    test('one that a profile uses is not deleted, and the words say so', async () => {
      await visit.open('/lists');
      await menu('Adult', 'Delete…');
      expect(await button('Delete the list').isDisabled()).toBe(true);
      await page.getByLabel('Type adult to confirm').fill('adult');
      await button('Delete the list').click();
      await dialog().getByText('A published profile uses this list.').waitFor();
    });

    test('a refresh that fails says why', async () => {
      await visit.open('/lists');
      await page
        .getByRole('row', { name: /^Malware/ })
        .getByRole('button', { name: 'Refresh' })
        .click();
      await page.getByText('The list could not be fetched.').waitFor();
    });
  });

  describe('the calendar', () => {
    test('says at the bells that a period ends before it begins, and does not send it', async () => {
      await visit.open('/calendar');
      await page.getByLabel('Lunch to').fill('10:30');
      const alert = page.getByRole('region', { name: 'Bell schedules' }).getByRole('alert');
      await alert.getByText('“Lunch”').or(alert.getByText('"Lunch"')).first().waitFor();
      expect(await button('Save').isDisabled()).toBe(true);
      await page.getByLabel('Lunch to').fill('11:40');
      await choose('Wednesday', 'No school');
      const asked = await visit.asked('saveCalendar', () => button('Save').click());
      expect(asked).toMatchObject({
        params: { org: 'district' },
        body: { calendar: { zone: 'America/Chicago', week: { wednesday: null, thursday: 'Regular' } } },
      });
    });

    test('shows what the server refuses at its place', async () => {
      await visit.open('/calendar');
      await page.getByRole('combobox', { name: 'Time zone' }).fill('Europe/Berlin');
      await page.getByRole('option', { name: 'Europe/Berlin' }).click();
      await button('Save').click();
      await page.getByRole('region', { name: 'Holidays' }).getByText('lies outside every term').waitFor();
      await page.goto('about:blank');
    });

    test('a unit gets one of its own, begun from the district’s', async () => {
      await visit.open('/calendar?org=s2');
      await page.getByText('This unit follows the calendar above it').waitFor();
      const asked = await visit.asked('saveCalendar', () => button('Save').click());
      expect(asked).toMatchObject({ params: { org: 's2' }, body: { calendar: { zone: 'America/Chicago' } } });
    });

    const choosing = async () => {
      await button('Import…').click();
      await page.locator('input[type=file]').setInputFiles({
        ...{ name: 'district.ics', mimeType: 'text/calendar', buffer: Buffer.from('BEGIN:VCALENDAR') },
      });
    };

    test('a file is shown with what it would change, taken into the form, and saved there', async () => {
      await visit.open('/calendar');
      await choosing();
      const shown = await visit.asked('previewCalendarImport', () => inDialog('Show what would change').click());
      expect(shown).toMatchObject({ params: { org: 'district' } });
      await dialog().getByText('1 school day fewer').waitFor();
      await dialog().getByText('PTA <b>bake</b> sale').waitFor();
      await dialog().getByText('row 118').waitFor();
      await inDialog('Take over into the form').click();
      await page.getByRole('region', { name: 'Holidays' }).getByLabel('Remove the holiday Presidents’ Day').waitFor();
      const asked = await visit.asked('saveCalendar', () => button('Save').click());
      const holidays = expect.arrayContaining([expect.objectContaining({ title: 'Presidents’ Day' })]);
      expect(asked).toMatchObject({ body: { calendar: { holidays } } });
    });

    test('a file that is none is refused in words, and the choices stay', async () => {
      await visit.open('/calendar');
      await choosing();
      await page.getByLabel('Is replaced').check();
      await inDialog('Show what would change').click();
      await dialog().getByText('This is no iCalendar file.').waitFor();
      expect(await page.getByLabel('Is replaced').isChecked()).toBe(true);
    });

    test('terms come from the roster', async () => {
      await visit.open('/calendar');
      await button('Import…').click();
      await dialog().getByText('Terms of the roster').click();
      await page.getByLabel('The last day itself').check();
      const asked = await visit.asked('proposeTerms', () => inDialog('Show what would change').click());
      expect(asked).toMatchObject({ body: { type: 'semester', endsOn: 'last-day', zone: 'America/Chicago' } });
      await inDialog('Back').click();
      expect(await page.getByLabel('The last day itself').isChecked()).toBe(true);
    });

    test('what is not saved is not lost to an import', async () => {
      await visit.open('/calendar');
      await choose('Wednesday', 'No school');
      await choosing();
      await dialog().getByText('Save or undo your changes first').waitFor();
      expect(await inDialog('Show what would change').isDisabled()).toBe(true);
      await page.goto('about:blank');
    });

    test('the year is walked by keys, and follows what is changed below', async () => {
      await visit.open('/calendar');
      const year = page.getByRole('region', { name: 'The school year' });
      const first = year.getByRole('button', { name: 'Wednesday, November 25, 2026' });
      await first.focus();
      for (const key of ['ArrowRight', 'ArrowDown', 'End']) await page.keyboard.press(key);
      await year.getByRole('status').getByText('Thursday, December 31, 2026. No school: Outside the terms').waitFor();
      expect(await first.getAttribute('data-kind')).toBe('holiday');
      await page.getByLabel('Remove the holiday Thanksgiving').click();
      await year.getByRole('button', { name: 'November 25, 2026. School day: Early dismissal' }).waitFor();
      await page.goto('about:blank');
    });
  });

  describe('filter settings', () => {
    test('a network asks for a proof, takes hardware addresses as people write them, and is saved', async () => {
      await visit.open('/filter-settings');
      await button('Add a network').click();
      const network = page.getByRole('group', { name: 'New network' });
      await network.getByLabel('Name', { exact: true }).fill('Annex');
      const annex = page.getByRole('group', { name: 'Annex' });
      await annex.getByText('No proof yet').waitFor();
      expect(await button('Save').isDisabled()).toBe(true);
      await annex.getByLabel('Hardware addresses of the gateway').fill('00-1A-2B-3C-4D-5E');
      await annex.getByText('Takes some skill to imitate').waitFor();
      const { body } = await visit.asked('saveFilterSettings', () => button('Save').click());
      expect(body).toMatchObject({ version: 4 });
      const { settings } = body as { settings: { campus: unknown[] } };
      expect(settings.campus.at(-1)).toEqual({ name: 'Annex', gateways: ['00:1a:2b:3c:4d:5e'] });
    });

    test('an exception from the state’s preset needs a reason', async () => {
      await visit.open('/filter-settings');
      await page.getByLabel('An exception is in force').check();
      await button('1 thing to put right').waitFor();
      await page.getByLabel('Reason of the exception').fill('Court order of 12 November');
      const { body } = await visit.asked('saveFilterSettings', () => button('Save').click());
      expect(body).toMatchObject({ settings: { presetException: { reason: 'Court order of 12 November' } } });
    });

    test('what somebody else saves meanwhile is not overwritten unasked', async () => {
      await visit.open('/filter-settings');
      const hours = page.getByLabel('Hours to answer');
      await hours.fill('12');
      const { settings } = (await (await page.request.get(`${visit.api.url}/api/filter/settings`)).json()) as {
        settings: object;
      };
      await visit.answer('/api/filter/settings', 200, { settings: { ...settings, requestHours: 48 }, version: 5 });
      await visit.api.tell('filter');
      await page.getByText('Somebody else saved this meanwhile').waitFor();
      expect(await hours.inputValue()).toBe('12');
      expect(await button('Save').isDisabled()).toBe(true);
      await button('Drop mine, load theirs').click();
      expect(await hours.inputValue()).toBe('48');
      await visit.answerAgain();
    });

    test('a number out of its range is not sent', async () => {
      await visit.open('/filter-settings');
      await page.getByLabel('Fewest people in a number').fill('2');
      await page.getByText('Between 3 and 100.').waitFor();
      expect(await button('Save').isDisabled()).toBe(true);
      await button('Undo changes').click();
    });
  });

  test('a schedule is written in the profile form, by periods of the calendar', async () => {
    await visit.open('/profiles/prof1');
    await button('Add a schedule').click();
    await page.getByLabel('Title').fill('Chat in lessons');
    await page
      .getByText(/Entry 2: Choose a category or name a domain/)
      .first()
      .waitFor();
    await page.getByRole('group', { name: 'Schedules' }).getByLabel('Domains').fill('chat.example');
    await choose('When', 'In certain periods');
    await page.getByRole('combobox', { name: 'Periods' }).fill('Period 1');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    const { body } = await visit.asked('saveDraft', () => button('Save draft').click());
    const { content } = body as { content: { settings: { webFilter: { schedules: unknown[] } } } };
    expect(content.settings.webFilter.schedules[1]).toEqual({
      title: 'Chat in lessons',
      action: 'block',
      categories: [],
      domains: ['chat.example'],
      when: { kind: 'periods', periods: ['Period 1'] },
      place: 'anywhere',
    });
  });
});
