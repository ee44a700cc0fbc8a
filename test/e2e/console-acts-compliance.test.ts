import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { devices } from '../fakes/console-district.ts';
import { ConsoleVisit, noConsole } from './console-visit.ts';
import { hookMs } from './managed-policies.ts';

/** What the district decides about compliance, and what of it reaches the server. */
describe.skipIf(noConsole)(`decisions on compliance ${noConsole ? `(skipped: ${noConsole})` : ''}`, () => {
  let visit: ConsoleVisit;
  let page: Page;

  const dialog = () => page.getByRole('dialog');
  const button = (name: string | RegExp) => page.getByRole('button', { name });
  const inDialog = (name: string) => dialog().getByRole('button', { name, exact: true });
  const choose = async (label: string, option: string) => {
    await page.getByRole('combobox', { name: label, exact: true }).click();
    await page.getByRole('option', { name: option, exact: true }).click();
  };
  const withVerdict = (state: string) => {
    const found = devices.find((one) => one.verdict.state === state && one.status === 'active');
    if (!found?.custodian) throw new Error(`no device is ${state}`);
    return { id: found.id, name: found.name, custodian: found.custodian };
  };

  beforeAll(async () => {
    visit = await ConsoleVisit.start();
    page = visit.page;
  }, hookMs);
  afterAll(async () => visit?.stop());

  test('a failing check is waived for a device until the end of a day, with a reason', async () => {
    const device = withVerdict('noncompliant');
    await visit.open(`/devices/${device.id}`);
    await button('Waive Disk is encrypted').click();
    expect(await inDialog('Waive').isDisabled()).toBe(true);
    await page.getByLabel('Reason').fill('The part is on order.');
    await page.getByLabel('Until the end of').fill('2020-01-01');
    await dialog().getByText('It ends tomorrow at the earliest.').waitFor();
    expect(await inDialog('Waive').isDisabled()).toBe(true);
    const soon = new Date(Date.now() + 10 * 86_400_000);
    const local = new Date(soon.getTime() - soon.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
    await page.getByLabel('Until the end of').fill(local);
    const asked = await visit.asked('createWaiver', () => inDialog('Waive').click());
    const until = new Date(soon.getFullYear(), soon.getMonth(), soon.getDate() + 1).toISOString();
    expect(asked.body).toEqual({
      check: 'disk-encrypted',
      target: { kind: 'device', id: device.id },
      reason: 'The part is on order.',
      until,
    });
    await page.getByText('is waived until').waitFor();
  });

  test('every check is waived for a person from their own page', async () => {
    const { custodian } = withVerdict('noncompliant');
    await visit.open(`/people/${custodian.id}`);
    await button('Waive Disk is encrypted').first().click();
    await choose('What', 'Every check');
    await page.getByLabel('Reason').fill('Works abroad this term.');
    const asked = await visit.asked('createWaiver', () => inDialog('Waive').click());
    expect(asked.body).toMatchObject({ check: null, target: { kind: 'person', id: custodian.id } });
  });

  test('what is waived or in grace says until when, and is not offered to be waived again', async () => {
    const waived = withVerdict('waived');
    await visit.open(`/devices/${waived.id}`);
    await page.getByText('Waived until Mon 7 Dec 2026 by Ada Byrne', { exact: true }).waitFor();
    expect(await button('Waive Disk is encrypted').count()).toBe(0);
    await visit.open(`/devices/${withVerdict('in-grace').id}`);
    await page.getByText('In grace until Mon 7 Dec 2026', { exact: true }).waitFor();
    await page
      .getByText(/^In grace until \w{3} \d+ \w{3}/)
      .first()
      .waitFor();
    expect(await button('Waive Disk is encrypted').count()).toBe(1);
  });

  test('a waiver is ended, after it was asked whether to', async () => {
    await visit.open('/waivers');
    await button('End now: Disk encryption for lap-1003').click();
    const asked = await visit.asked('endWaiver', () => inDialog('End it').click());
    expect(asked.params).toEqual({ id: 'w1' });
    await page.getByText('The waiver is ended.').waitFor();
    await page.getByText('Past', { exact: true }).click();
    await page.getByText('Ended early').first().waitFor();
  });

  test('the policy is changed by check, and what is as the library has it is not sent', async () => {
    await visit.open('/compliance-policy');
    expect(await button('Save').isDisabled()).toBe(true);
    await page.getByRole('switch', { name: 'Battery counts' }).press('Space');
    await page.getByLabel('School days for Battery').fill('15');
    await choose('Weight of Disk encryption', 'Major');
    await choose('Weight of Firewall', 'Major');
    await choose('Weight of Firewall', 'Critical');
    await page.getByLabel('School days to put a failure right').fill('3');
    await page.getByText('6 people would stand differently.').waitFor();
    await button('Save').click();
    await dialog().getByText('6 people would stand differently.').waitFor();
    const asked = await visit.asked('saveCompliancePolicy', () => inDialog('Save the policy').click());
    expect(asked.body).toEqual({
      version: 1,
      policy: {
        graceDays: 3,
        checks: [
          { check: 'battery-worn', counts: true, graceDays: 15, severity: null },
          { check: 'disk-encrypted', counts: true, graceDays: null, severity: 'major' },
        ],
      },
    });
    await page.getByText('The policy is saved.').waitFor();
  });

  test('numbers that the server would refuse are not sent', async () => {
    await visit.open('/compliance-policy');
    await page.getByLabel('School days to put a failure right').fill('61');
    await page.getByText('Between 0 and 60.').waitFor();
    expect(await button('Save').isDisabled()).toBe(true);
    expect(visit.errors).toEqual([]);
  });
});
