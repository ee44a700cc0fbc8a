import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ConsoleVisit, noConsole } from './console-visit.ts';
import { hookMs } from './managed-policies.ts';

describe.skipIf(noConsole)(`programs at the console ${noConsole ? `(skipped: ${noConsole})` : ''}`, () => {
  let visit: ConsoleVisit;
  let page: Page;

  const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true });
  const inDialog = (name: string) => page.getByRole('dialog').getByRole('button', { name, exact: true });

  beforeAll(async () => {
    visit = await ConsoleVisit.start();
    page = visit.page;
  }, hookMs);
  afterAll(async () => visit?.stop());

  test('an API token is made for what was ticked, and shown once', async () => {
    await visit.open('/api-tokens');
    await button('New API token').click();
    await page.getByLabel('Name').fill('dashboard');
    await page.getByRole('checkbox', { name: 'Read' }).uncheck();
    expect(await inDialog('Make the token').isDisabled()).toBe(true);
    await page.getByRole('checkbox', { name: 'Help desk' }).check();
    const asked = await visit.asked('createApiToken', () => inDialog('Make the token').click());
    expect(asked.body).toEqual({ name: 'dashboard', scopes: ['helpdesk:write'], expiresInDays: 90 });
    await page.getByText(/^rct_/).waitFor();
    await inDialog('I have copied it').click();
    await page.getByText(/^rct_/).waitFor({ state: 'detached' });
    await page.getByRole('table').getByText('dashboard', { exact: true }).waitFor();
  });

  test('a name that is taken is said beside it', async () => {
    await visit.open('/api-tokens');
    await button('New API token').click();
    await page.getByLabel('Name').fill('pipeline');
    await inDialog('Make the token').click();
    await page.getByText('There is a token called pipeline.').waitFor();
  });

  test('an API token is revoked', async () => {
    await visit.open('/api-tokens');
    await button('Revoke pipeline').click();
    const asked = await visit.asked('revokeApiToken', () => inDialog('Revoke it').click());
    expect(asked.params).toEqual({ id: 'at1' });
  });

  test('a webhook is made; an address that is refused is said beside it', async () => {
    await visit.open('/webhooks');
    await button('New webhook').click();
    await page.getByLabel('Name').fill('Chat');
    await page.getByLabel('Address').fill('http://chat.example/x');
    await page.getByLabel('Tampering').check();
    await inDialog('Make the webhook').click();
    await page.getByText('The address begins with http://.').waitFor();
    await page.getByLabel('Address').fill('https://chat.example/x');
    const asked = await visit.asked('createWebhook', () => inDialog('Make the webhook').click());
    const events = ['unblock-request', 'tamper'];
    expect(asked.body).toEqual({ name: 'Chat', url: 'https://chat.example/x', events, active: true });
    await page.getByText(/^whsec_/).waitFor();
  });

  test('what was given up is found and sent again', async () => {
    await visit.open('/webhooks/wh1');
    await page.getByText('Given up', { exact: true }).first().click();
    await page.getByText('It did not answer within 10 seconds.').waitFor();
    const asked = await visit.asked('redeliver', () => button(/^Send again: An unblock request, msg_3$/).click());
    expect(asked.params).toEqual({ id: 'msg_3' });
  });

  test('a webhook gets another secret, which is shown once', async () => {
    await visit.open('/webhooks/wh1');
    await button('New secret…').click();
    await visit.asked('rotateWebhookSecret', () => inDialog('Make it').click());
    await page.getByText(/^whsec_/).waitFor();
    await inDialog('I have copied it').click();
    await page.getByText('Secret of before signs until').waitFor();
  });
});
