import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ConsoleVisit, noConsole } from './console-visit.ts';
import { hookMs } from './managed-policies.ts';

/** What follows a failure and what people owe, and what of it reaches the server. */
describe.skipIf(noConsole)(`steps and obligations ${noConsole ? `(skipped: ${noConsole})` : ''}`, () => {
  let visit: ConsoleVisit;
  let page: Page;

  const dialog = () => page.getByRole('dialog');
  const button = (name: string | RegExp) => page.getByRole('button', { name });
  const inDialog = (name: string) => dialog().getByRole('button', { name, exact: true });
  const choose = async (label: string, option: string) => {
    await page.getByRole('combobox', { name: label, exact: true }).click();
    await page.getByRole('option', { name: option, exact: true }).click();
  };
  const dayIn = (days: number) => {
    const day = new Date(Date.now() + days * 86_400_000);
    return new Date(day.getTime() - day.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
  };

  beforeAll(async () => {
    visit = await ConsoleVisit.start();
    page = visit.page;
  }, hookMs);
  afterAll(async () => visit?.stop());

  test('restrictions that wait are let begin by somebody who says why, and who saw how many', async () => {
    await visit.open('/restrictions');
    await page.getByText('214 devices wait to be restricted').waitFor();
    await page.getByLabel('214 restrictions held back').waitFor();
    await button('Let them begin…').click();
    expect(await inDialog('Let them begin').isDisabled()).toBe(true);
    await dialog().getByLabel('Reason').fill('The firewall was switched off by a bad image.');
    const asked = await visit.asked('decideRestrictionHold', () => inDialog('Let them begin').click());
    expect(asked.body).toEqual({
      action: 'confirm',
      reason: 'The firewall was switched off by a bad image.',
      waiting: 214,
    });
    await button('Hold new ones back…').waitFor();
    expect(await page.getByLabel('214 restrictions held back').count()).toBe(0);
  });

  test('an agreement is asked of a school’s people by a day, after a count of them', async () => {
    await visit.open('/obligations');
    await button('Ask…').click();
    await choose('Of whom', 'A school or unit');
    await dialog().getByText('Choose whom to ask.').waitFor();
    expect(await inDialog('Ask').isDisabled()).toBe(true);
    await choose('School or unit, with all below it', 'Lindenfield Middle School');
    await dialog().getByLabel('By the last bell of').fill('2020-01-01');
    await dialog().getByText('That day is over.').waitFor();
    await dialog().getByLabel('By the last bell of').fill(dayIn(10));
    await dialog().getByText('34 people will be asked; 3 owe it already.').waitFor();
    const asked = await visit.asked('createObligations', () => inDialog('Ask 34 people').click());
    expect(asked.body).toMatchObject({ kind: 'agreement', title: 'Device agreement', dueOn: dayIn(10) });
    expect(asked.body).toHaveProperty('to.org');
    await page.getByText('34 people are asked.').waitFor();
  });

  test('one is done, and another is taken back with a reason', async () => {
    await visit.open('/obligations?state=overdue');
    const done = await visit.asked('meetObligation', () =>
      button(/^Done: /)
        .first()
        .click(),
    );
    expect(done.params).toEqual({ id: 'o1' });
    await visit.open('/obligations?kind=device-return');
    await button(/^Take back: /)
      .first()
      .click();
    await dialog().getByLabel('Reason').fill('Bought by the family.');
    const asked = await visit.asked('cancelObligation', () => inDialog('Take it back').click());
    expect(asked).toMatchObject({ params: { id: 'o3' }, body: { reason: 'Bought by the family.' } });
  });

  test('a file of who signed is checked before it counts', async () => {
    await visit.open('/obligations');
    await button('Import who signed').click();
    const buffer = Buffer.from('username\nbo\n');
    await dialog().locator('input[type="file"]').setInputFiles({ name: 'signed.csv', mimeType: 'text/csv', buffer });
    await inDialog('Check the file').click();
    await dialog().getByText('31 people signed by this file, 2 had before; 6 still to sign.').waitFor();
    await dialog().getByText('is nobody in the roster.').waitFor();
    const asked = await visit.during(async () => {
      await inDialog('Record 31 signatures').click();
      await page.getByText('31 people signed.').waitFor();
    });
    expect(asked.map(({ name }) => name)).toContain('importSignatures');
  });

  test('a check is bound to some and asks more, and a restriction is named, in one policy', async () => {
    await visit.open('/compliance-policy');
    await page.getByLabel('Disk space counts').check({ force: true });
    await button('Change whom Disk space binds and what it asks').click();
    await inDialog('Bind only some').click();
    await choose('Role', 'Teachers');
    await dialog().getByLabel('Least free space (%)').fill('101');
    await dialog().getByText('Between 0 and 100.').first().waitFor();
    expect(await inDialog('Apply').isDisabled()).toBe(true);
    await dialog().getByLabel('Least free space (%)').fill('10');
    await inDialog('Apply').click();
    await page.getByText('Teachers; least free space (%): 10').waitFor();
    await page.getByLabel('Restrict a device whose failure goes on after the grace').check({ force: true });
    await choose('By the profile', 'Students');
    await page.getByText('What a restricted person sees').waitFor();
    await page.getByLabel('Remind so many school days before the grace ends').fill('2');
    await button('Save').click();
    const asked = await visit.asked('saveCompliancePolicy', () => inDialog('Save the policy').click());
    expect(asked.body).toMatchObject({
      policy: {
        checks: [
          { check: 'disk-space', binds: [{ kind: 'role', role: 'teacher' }], parameters: { leastFreePercent: 10 } },
        ],
        steps: { remindDays: 2, restrict: { afterDays: 5 } },
      },
    });
  });

  test('a person’s page and a device’s page say that a device is restricted, why, and the way out', async () => {
    for (const path of ['/people/p3', '/devices/dev3']) {
      await visit.open(path);
      const notice = page.getByRole('alert').filter({ hasText: 'School sites only' });
      await notice.getByText('Firewall: off').waitFor();
      await notice.getByText('It is lifted at once').waitFor();
    }
    await page.getByRole('link', { name: 'Restricted' }).waitFor();
    expect(visit.errors).toEqual([]);
  });
});
