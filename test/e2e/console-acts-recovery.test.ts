import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ConsoleVisit, noConsole } from './console-visit.ts';
import { hookMs } from './managed-policies.ts';

/** Two people and one recovery key, as far as the console goes. */
describe.skipIf(noConsole)(`recovery keys at the console ${noConsole ? `(skipped: ${noConsole})` : ''}`, () => {
  let visit: ConsoleVisit;
  let page: Page;

  const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true });
  const inDialog = (name: string) => page.getByRole('dialog').getByRole('button', { name, exact: true });
  const openRequests = () => page.getByRole('region', { name: 'Open requests' });

  beforeAll(async () => {
    visit = await ConsoleVisit.start();
    page = visit.page;
  }, hookMs);
  afterAll(async () => visit?.stop());

  test('a key is asked for on the page of its device, with a reason', async () => {
    await visit.open('/devices/dev0');
    await button('Ask for the key of backup_crypt').click();
    expect(await inDialog('Ask').isDisabled()).toBe(true);
    await page.getByLabel('Reason').fill('Ticket 4719: the lid broke.');
    const asked = await visit.asked('askForRecoveryKey', () => inDialog('Ask').click());
    expect([asked.params, asked.body]).toEqual([{ id: 'rk3' }, { reason: 'Ticket 4719: the lid broke.' }]);
  });

  test('somebody else’s request is approved with the passphrase; a wrong one is said beside it', async () => {
    await visit.open('/recovery');
    await button(/^Approve nvme0n1p3_crypt of/).click();
    expect(await inDialog('Approve').isDisabled()).toBe(true);
    await page.getByLabel('Approvers’ passphrase').fill('wrong');
    await inDialog('Approve').click();
    await page.getByText('The passphrase is wrong. The try has been recorded.').waitFor();
    await page.getByLabel('Approvers’ passphrase').fill('five words chosen by chance');
    const asked = await visit.asked('decideRecoveryRequest', () => inDialog('Approve').click());
    expect([asked.params, asked.body]).toEqual([
      { id: 'rr1' },
      { outcome: 'approved', passphrase: 'five words chosen by chance' },
    ]);
    await page.getByText('can see the key once.').waitFor();
  });

  test.each([
    ['/recovery', 'Replace…'],
    ['/devices/dev0', 'Ask for the key of backup_crypt'],
  ])('on %s, Escape closes what “%s” opened, and the focus is where it was', async (path, name) => {
    await visit.open(path);
    await button(name).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await expect.poll(() => button(name).evaluate((one) => one.matches(':focus'))).toBe(true);
  });

  test('one’s own request is not offered to be decided', async () => {
    await visit.open('/recovery');
    await openRequests().getByText('Another person decides.').waitFor();
    expect(
      await openRequests()
        .getByRole('button', { name: /backup_crypt/ })
        .count(),
    ).toBe(0);
  });

  test('an approved key is seen once, and is gone from the page when it is closed', async () => {
    await visit.open('/recovery');
    await button('See the key…').first().click();
    await page.getByText('It is shown once.').waitFor();
    const asked = await visit.asked('showRecoveryKey', () => inDialog('Show it').click());
    expect(asked.params).toEqual({ id: 'rr2' });
    expect(await page.getByLabel('The key', { exact: true }).textContent()).toContain('cbdefghi-jklnrtuv');
    await inDialog('Done').click();
    await expect.poll(() => page.getByText('cbdefghi-jklnrtuv').count()).toBe(0);
  });

  test('the escrow key is replaced with a passphrase typed twice, and what it opens is said', async () => {
    await visit.open('/recovery');
    await page.getByText('3 still need this passphrase').waitFor();
    await button('Replace…').click();
    await page.getByLabel('New passphrase').fill('too short');
    await page.getByText('7 characters more.').waitFor();
    await page.getByLabel('New passphrase').fill('another five words chosen by chance');
    await page.getByText('Strong, if the words were chosen by chance.').waitFor();
    await page.getByLabel('The same again').fill('another five words chosen');
    await page.getByText('This is not the same.').waitFor();
    expect(await inDialog('Replace').isDisabled()).toBe(true);
    await page.getByLabel('The same again').fill('another five words chosen by chance');
    await page.getByLabel('Earlier passphrase').fill('five words chosen by chance');
    const asked = await visit.asked('replaceEscrowKey', () => inDialog('Replace').click());
    expect(asked.body).toEqual({
      passphrase: 'another five words chosen by chance',
      earlierPassphrase: 'five words chosen by chance',
    });
    await page.getByText('41 keys were sealed again').waitFor();
  });
});
