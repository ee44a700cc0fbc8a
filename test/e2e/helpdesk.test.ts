import { createHash, generateKeyPairSync, verify } from 'node:crypto';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { PasskeyAssertion } from '../../shared/api/schemas.ts';
import { ConsoleVisit, noConsole } from './console-visit.ts';
import { faintTexts } from './faint-texts.ts';
import { hookMs } from './managed-policies.ts';

const empty = { items: [], total: 0, nextCursor: null };
const failure = { error: { code: 'internal', message: 'Something went wrong on the server.', details: [] } };

/** What a technician does, by keyboard where it is told so, and what of it reaches the server. */
describe.skipIf(noConsole)(`the helpdesk ${noConsole ? `(skipped: ${noConsole})` : ''}`, () => {
  let visit: ConsoleVisit;
  let page: Page;

  const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true });
  const inDialog = (name: string) => page.getByRole('dialog').getByRole('button', { name, exact: true });
  const press = (key: string) => page.keyboard.press(key);
  const row = (words: string) =>
    page.getByRole('table', { name: 'Tickets' }).getByRole('row').filter({ hasText: words });

  beforeAll(async () => {
    visit = await ConsoleVisit.start();
    page = visit.page;
  }, hookMs);
  afterEach(async () => visit.answerAgain());
  afterAll(async () => visit?.stop());

  test('the queue says in words what is late, and its views narrow it', async () => {
    await visit.open('/tickets');
    await row('Chromium closes by itself').getByText('Late by 2 hours 20 minutes').waitFor();
    await row('Left shift key').getByText('Stands at 12 hours').waitFor();
    const whose = page.getByRole('radiogroup', { name: 'Whose tickets' });
    await whose.getByText('Late').click();
    await row('Left shift key').waitFor({ state: 'detached' });
    expect(await page.getByRole('table', { name: 'Tickets' }).locator('tbody tr').count()).toBe(2);
    await whose.getByText('Unassigned').click();
    await row('Wi-Fi drops').waitFor();
    expect(new URL(page.url()).search).toBe('?assignee=nobody');
    await page.getByRole('link', { name: 'Tickets' }).getByLabel('2 late tickets').waitFor();
  });

  test('j and k walk the queue, / searches, c takes a ticket down, ? tells the keys', async () => {
    await visit.open('/tickets');
    for (const key of ['j', 'j', 'j', 'k']) await press(key);
    await page
      .getByRole('link', { name: '1209 Wi-Fi drops in the gym, nowhere else' })
      .and(page.locator(':focus'))
      .waitFor();
    await press('?');
    await page.getByRole('dialog', { name: 'Keys of this page' }).getByText('Next ticket').waitFor();
    await press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await press('c');
    await page.getByLabel('What is it about').and(page.locator(':focus')).waitFor();
    await page.keyboard.type('Screen flickers');
    expect(await inDialog('Open the ticket').isDisabled()).toBe(true);
    await page.getByRole('combobox', { name: 'For whom' }).fill('Bao');
    await page.getByRole('option').first().click();
    const asked = await visit.asked('createTicket', () => inDialog('Open the ticket').click());
    expect(asked.body).toMatchObject({ subject: 'Screen flickers', category: 'slow', priority: 'normal' });
    await page.getByRole('heading', { level: 1, name: '1300 Screen flickers' }).waitFor();
  });

  test('a slow laptop is solved by keyboard alone, without leaving the page', async () => {
    await visit.open('/tickets/t1213');
    await page.getByLabel('Health').getByText('3 security updates waiting').waitFor();
    await press('l');
    await page.getByLabel('Reason, as it is shown on the device').and(page.locator(':focus')).waitFor();
    const opened = await visit.asked('openDiagnosis', () => press('Enter'));
    expect(opened).toEqual({
      params: { id: 't1213' },
      body: { reason: 'Ticket 1213: Laptop is slow since Monday', minutes: 15 },
    });
    await page.getByRole('timer').waitFor();
    await page.getByText(/^\d+ %; [\d.]+ GB of 16\.6 GB$/).waitFor();
    await visit.asked('examine', () => press('d'));
    const first = page.getByRole('list', { name: 'Conclusions' }).getByRole('listitem').first();
    expect(await first.innerText()).toMatch(/The disk is full[\s\S]*How to fix it: Empty the package cache/);
    expect(await page.getByText('a home folder: 171 GB').isVisible()).toBe(false);
    await giveByMenu('Clear the browser cache…');
    await inDialog('Clear the browser cache').and(page.locator(':enabled')).waitFor();
    const given = await visit.asked('createCommand', () => press('Control+Enter'));
    expect(given.body).toMatchObject({
      action: { kind: 'clear-browser-cache' },
      deviceIds: ['dev1'],
      ticketId: 't1213',
    });
    await page.getByRole('tab', { name: 'Commands', selected: true }).waitFor();
    await press('x');
    await page
      .getByRole('menuitem', { name: /^The disk was full/ })
      .and(page.locator(':not([data-hidden])'))
      .focus();
    await press('Enter');
    await page.getByLabel('Words to the person').and(page.locator(':focus')).waitFor();
    const sent = await visit.asked('noteTicket', () => press('Control+Enter'));
    expect(sent.body).toMatchObject({ isToPerson: true, fixId: 'fix-disk' });
    await button('Open again').waitFor();
    await page.getByRole('textbox', { name: 'Note for staff' }).or(page.getByLabel('Words to the person')).blur();
    await visit.asked('endDiagnosis', () => press('e'));
    await page.getByText('Ada Byrne stopped looking.').waitFor();
    expect(new URL(page.url()).pathname).toBe('/tickets/t1213');
    expect(visit.errors).toEqual([]);
  });

  /** An item of the device's menu, by keyboard. */
  async function giveByMenu(item: string): Promise<void> {
    await press('m');
    const found = page.getByRole('menuitem', { name: item });
    await found.waitFor();
    await found.focus();
    await press('Enter');
    await page.getByRole('dialog').waitFor();
  }

  test('while the person is asked nothing is shown, and a refusal is said in words', async () => {
    await visit.open('/tickets/t1204');
    await button('Look at this device').click();
    await page.getByText('The person is asked', { exact: true }).waitFor();
    expect(await button('What is wrong?').count()).toBe(0);
    await button('Stop looking').click();
    await visit.open('/tickets/t1207');
    await button('Look at this device').click();
    await page.getByText('The person at the device said no.').waitFor();
    await button('Look at this device').waitFor();
  });

  test('a change of somebody else meanwhile is not overwritten', async () => {
    await visit.open('/tickets/t1209');
    await visit.answer('/api/tickets/t1209', 409, {
      error: { code: 'conflict', message: 'Somebody changed the ticket meanwhile.', details: [] },
    });
    await page.getByRole('textbox', { name: 'Priority' }).or(page.getByLabel('Priority')).first().click();
    await page.getByRole('option', { name: 'Urgent' }).click();
    await page.getByText('Somebody changed the ticket meanwhile.').waitFor();
  });

  test('a ticket is given to somebody by two keys', async () => {
    await visit.open('/tickets/t1211');
    await press('a');
    await page.getByRole('option').nth(1).waitFor();
    await press('ArrowDown');
    const asked = await visit.asked('changeTicket', () => press('Enter'));
    expect(asked).toMatchObject({ params: { id: 't1211' }, body: { version: 1, assigneeId: expect.any(String) } });
  });

  test('what the page shows follows the server without being asked', async () => {
    await visit.open('/tickets/t1198');
    await visit.answer('/api/tickets/t1198', 200, { ...(await read('/api/tickets/t1198')), status: 'closed' });
    await visit.api.tell('ticket');
    await button('Open again').waitFor();
  });

  test('a page that could not listen from the beginning is read again once it does', async () => {
    const listen = await visit.answer('/api/live-ticket', 500, {});
    await visit.open('/tickets/t1198');
    await visit.answer('/api/tickets/t1198', 200, { ...(await read('/api/tickets/t1198')), status: 'closed' });
    await listen();
    await button('Open again').waitFor();
  });

  test('a dangerous command says before who must sign it, and none goes out without', async () => {
    await visit.open('/tickets/t1213');
    await giveByMenu('Wipe…');
    await page.getByText('2 approvers must sign it with their passkeys').waitFor();
    await page.getByRole('dialog').getByLabel('Reason').fill('');
    expect(await inDialog('Wipe').or(inDialog('Ask for the signatures')).isDisabled()).toBe(true);
    await page.getByRole('dialog').getByLabel('Reason').fill('It was stolen');
    const asked = await visit.asked('createCommand', () => inDialog('Ask for the signatures').click());
    expect(asked.body).toMatchObject({ action: { kind: 'wipe' }, reason: 'It was stolen' });
    await page.getByText('Waits for signatures').first().waitFor();
  });

  test('chosen devices are told together', async () => {
    await visit.open('/devices');
    await page.getByLabel('Choose lap-1001').check();
    await page.getByLabel('Choose lap-1002').check();
    await page.getByText('2 devices chosen').waitFor();
    await button('Tell them to…').click();
    await page.getByRole('menuitem', { name: 'Check again…' }).click();
    await page.getByRole('dialog').getByLabel('Reason').fill('After the outage');
    const asked = await visit.asked('createCommand', () => inDialog('Check again').click());
    expect(asked.body).toMatchObject({ deviceIds: ['dev1', 'dev2'], action: { kind: 'check-again' } });
    await page.getByRole('heading', { level: 1, name: 'Check again' }).waitFor();
  });

  test('a passkey signs the digest that this browser worked out of the shown text', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    await using _passkey = await holdPasskey(privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64'));
    await visit.answer('/api/session', 200, { ...(await read('/api/session')), passkeyHost: 'localhost' });
    // A passkey is for a name: browsers take none for an address.
    const named = visit.api.url.replace('127.0.0.1', 'localhost');
    await page.context().addCookies([{ name: 'signed', value: 'in', url: named }]);
    await page.goto(`${named}/approvals/ap1`);
    const text = (await page.locator('pre').textContent()) ?? '';
    await page.getByLabel('I read the text above, and this is what I want').check();
    const { body } = await visit.asked('signApproval', () => button('Sign with your passkey').click());
    const { assertion } = body as { assertion: PasskeyAssertion };
    const bytes = (part: string) => Buffer.from(part, 'base64url');
    const clientData = JSON.parse(bytes(assertion.clientData).toString()) as { challenge: string };
    expect(clientData.challenge).toBe(createHash('sha256').update(text).digest('base64url'));
    const signed = Buffer.concat([
      bytes(assertion.authenticatorData),
      createHash('sha256').update(bytes(assertion.clientData)).digest(),
    ]);
    expect(verify('sha256', signed, publicKey, bytes(assertion.signature))).toBe(true);
    await page.getByText('2 of 2 signed').waitFor();
  });

  const read = async (path: string) =>
    (await (await fetch(visit.api.url + path, { headers: { cookie: 'signed=in' } })).json()) as object;

  /** Chromium's own authenticator with one passkey for `localhost`, and with somebody who always agrees. */
  async function holdPasskey(privateKey: string): Promise<AsyncDisposable> {
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('WebAuthn.enable');
    const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        ...{ protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true },
        ...{ isUserVerified: true, automaticPresenceSimulation: true },
      },
    });
    await devtools.send('WebAuthn.addCredential', {
      authenticatorId,
      credential: {
        ...{ credentialId: Buffer.from('approver').toString('base64'), isResidentCredential: true, rpId: 'localhost' },
        ...{ privateKey, userHandle: Buffer.from('ada').toString('base64'), signCount: 0 },
      },
    });
    return {
      [Symbol.asyncDispose]: async () => {
        await devtools.send('WebAuthn.disable');
        await devtools.detach();
      },
    };
  }

  test('the exact text, its digest and its values stand on the approval, and rejecting asks why', async () => {
    await visit.open('/approvals/ap2');
    const shown = await page.locator('pre').textContent();
    const digest = createHash('sha256')
      .update(shown ?? '')
      .digest('hex');
    await page.getByText(digest.replace(/(..)(?=.)/g, '$1 ')).waitFor();
    await page.getByText('Join the printer', { exact: true }).first().waitFor();
    expect(await button('Sign with your passkey').count()).toBe(0);
    await button('Take it back…').click();
    expect(await inDialog('Take it back').isDisabled()).toBe(true);
    await page.getByRole('dialog').getByLabel('Reason').fill('Not wanted any more.');
    const asked = await visit.asked('rejectApproval', () => inDialog('Take it back').click());
    expect(asked).toEqual({ params: { id: 'ap2' }, body: { reason: 'Not wanted any more.' } });
    await page.getByText('Withdrawn', { exact: true }).waitFor();
  });

  test('another roster is proposed with a reason, of two at least', async () => {
    await visit.answer('/api/approvers', 200, { ...(await read('/api/approvers')), pending: null });
    await visit.open('/approvers');
    await page.getByRole('table', { name: 'Approvers' }).getByText('Security key, Phone').waitFor();
    await button('Propose others…').click();
    await page.getByRole('dialog').getByLabel('Approvers').fill('Emil');
    await page.getByRole('option', { name: /^Emil/ }).click();
    await page.getByRole('dialog').getByLabel('Reason').fill('Tomás leaves in June');
    await visit.answerAgain();
    const asked = await visit.asked('proposeApprovers', () => inDialog('Propose them').click());
    expect(asked.body).toMatchObject({ staffIds: ['staff1', 'staff2', 'staff3', 'staff5'] });
  });

  test('a script is written with parameters, and published only by signatures', async () => {
    await visit.open('/scripts/new');
    await page.getByLabel('Name').fill('Clean up');
    await page.getByRole('textbox', { name: 'Script' }).fill('echo "$DAYS"');
    await button('Add a parameter').click();
    await button('1 thing to put right').waitFor();
    await page.getByRole('group', { name: 'Parameter 1' }).getByLabel('Name').fill('days');
    const made = await visit.asked('createScript', () => button('Save').click());
    expect(made.body).toMatchObject({ name: 'Clean up', parameters: [{ name: 'DAYS', kind: 'text', required: true }] });
    await page.getByRole('heading', { level: 1, name: 'Clean up' }).waitFor();
    await button('Publish…').click();
    await page.getByRole('dialog').getByLabel('Reason').fill('Asked for by three schools');
    await visit.asked('publishScript', () => inDialog('Ask for the signatures').click());
    await page.getByText('The draft waits for two approvers', { exact: true }).waitFor();
  });

  test('the settings are saved as a whole, and what is wrong is named with its place', async () => {
    await visit.open('/helpdesk-settings');
    await page.getByLabel('High: first reply within').fill('20');
    await button('1 thing to put right').click();
    await page.getByText('High: The solution is promised before the reply.').waitFor();
    await page.getByLabel('High: first reply within').fill('2');
    expect(await button('Send a test to myself').isDisabled()).toBe(true);
    const asked = await visit.asked('saveHelpdeskSettings', () => button('Save').click());
    expect(asked.body).toMatchObject({ version: 3, serviceLevel: { high: { firstReplyMinutes: 120 } } });
    expect(asked.body).not.toHaveProperty('mail.password');
    await visit.asked('testHelpdeskMail', () => button('Send a test to myself').click());
  });

  test.each([
    ['/tickets', '/api/tickets', empty, 'Nothing needs work'],
    ['/commands', '/api/commands', empty, 'No device has been told to do anything yet'],
    ['/approvals', '/api/approvals', empty, 'Nothing waits for a signature'],
    ['/scripts', '/api/scripts', { items: [] }, 'The library is empty'],
  ])('%s, with nothing from %s, says what is missing', async (path, route, nothing, words) => {
    await visit.answer(route, 200, nothing);
    await visit.open(path);
    await page.getByText(words).waitFor();
  });

  test.each([
    ['/tickets/t1213', '/api/tickets/t1213'],
    ['/commands/cmd8', '/api/commands/cmd8/devices'],
    ['/approvals/ap1', '/api/approvals/ap1'],
    ['/helpdesk-settings', '/api/helpdesk/settings'],
  ])('%s says why %s cannot be read, and reads it on another try', async (path, route) => {
    await visit.answer(route, 500, failure);
    await visit.open(path);
    await page.getByRole('alert').getByText('Something went wrong on the server.').waitFor();
    await visit.answerAgain();
    await button('Try again').click();
    await button('Try again').waitFor({ state: 'detached' });
  });

  test.each(['light', 'dark'] as const)(
    'every text of the ticket is readable in the %s scheme',
    async (colorScheme) => {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await visit.open('/tickets/t1213');
      await page.getByRole('tab', { name: 'Timeline' }).click();
      await page.getByRole('list', { name: 'Timeline' }).waitFor();
      const faint = ((await page.evaluate(faintTexts)) as string[]).filter((words) => !letPass.has(words));
      expect(faint).toEqual([]);
      await page.emulateMedia({ colorScheme: null, reducedMotion: 'reduce' });
    },
  );
  /** What is disabled may be faint; the link of the page one is on stands on a ground that lets another through. */
  const letPass = new Set(['Keep the note', 'Tickets']);
});
