import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { connect } from 'node:tls';
import SqliteDatabase from 'better-sqlite3';
import { Secret, TOTP } from 'otpauth';
import type { CDPSession, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { client, OpenIdProvider } from '../fakes/openid-provider.ts';
import { TestServer } from '../fakes/running-server.ts';
import { type LaunchedChromium, launchChromium } from './chromium.ts';
import { noConsole } from './console-visit.ts';
import { holdNoPolicies, hookMs } from './managed-policies.ts';

const ada = { name: 'Ada Byrne', email: 'ada@maple.example', password: 'correct horse battery' };
const passwordField = /^Password( \*)?$/;
const stepMs = 30_000;

/** Two browsers of one person: one at localhost, where passkeys work, and one at the address, where they do not. */
describe.skipIf(noConsole)(`signing in, in a real Chromium ${noConsole ? `(skipped: ${noConsole})` : ''}`, () => {
  let policies: Awaited<ReturnType<typeof holdNoPolicies>>;
  let provider: OpenIdProvider;
  let server: TestServer;
  let browser: LaunchedChromium;
  let desk: Page;
  let elsewhere: Page;
  let authenticator: { session: CDPSession; id: string };
  let recoveryCodes: string[];
  let key: string;
  /** The newest step a code was given of: each is good once. */
  let usedStep = 0;

  beforeAll(async () => {
    policies = await holdNoPolicies();
    provider = await OpenIdProvider.start();
    process.env.ROLLCALL_PROVIDER_SECRET_MAPLE = client.secret;
    server = await TestServer.start({
      config: { providers: [{ id: 'maple', name: 'Maple ID', issuer: provider.issuer, clientId: client.id }] },
    });
    provider.serve(server.origin, atAddress());
    provider.account = { sub: 'ada-1', claims: { email: ada.email, email_verified: true } };
    browser = await launchChromium({
      arguments: [`--ignore-certificate-errors-spki-list=${await keyHash(server)}`, '--disable-features=HttpsUpgrades'],
    });
    [desk, elsewhere] = [await browser.context.newPage(), await browser.context.newPage()];
    for (const page of [desk, elsewhere]) page.setDefaultTimeout(15_000);
    authenticator = await addAuthenticator(desk);
  }, hookMs);

  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    await provider?.stop();
    await policies?.release();
  });

  const atAddress = () => server.origin.replace('localhost', '127.0.0.1');
  const click = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true }).click();
  /** Passkeys are for the tab in front. */
  async function withPasskey(name: string): Promise<void> {
    await desk.bringToFront();
    await click(desk, name);
  }
  const isIn = (page: Page) => page.getByRole('navigation', { name: 'Main' }).waitFor();

  async function givePassword(page: Page, password: string): Promise<void> {
    await page.getByLabel('E-mail address').fill(ada.email);
    await page.getByLabel(passwordField).fill(password);
    await click(page, 'Sign in');
  }

  async function signOut(page: Page): Promise<void> {
    await page.getByRole('button', { name: `Signed in as ${ada.name}` }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  }

  /** A code that was not given yet, of a step the server takes: at most one ahead, else of the next when it comes. */
  async function freshCode(page: Page): Promise<string> {
    while (usedStep > Math.floor(Date.now() / stepMs)) await page.waitForTimeout(500);
    usedStep = Math.max(usedStep + 1, Math.floor(Date.now() / stepMs));
    const app = new TOTP({ secret: Secret.fromBase32(key), algorithm: 'SHA1', digits: 6, period: 30 });
    return app.generate({ timestamp: usedStep * stepMs });
  }

  it('sets up with the one-time code, and goes no further than a first factor', async () => {
    await desk.goto(server.origin);
    await desk.getByLabel('Set-up code').fill(server.server.setUpCode ?? '');
    await desk.getByLabel('Your name').fill(ada.name);
    await desk.getByLabel('E-mail address').fill(ada.email);
    await desk.getByLabel(passwordField).fill(ada.password);
    await desk.getByLabel('Password again').fill(ada.password);
    await click(desk, 'Make the administrator');
    await desk.getByRole('heading', { name: 'Protect your account' }).waitFor();
    await desk.goto(`${server.origin}/people`);
    await desk.getByRole('heading', { name: 'Protect your account' }).waitFor();
  });

  it('makes a passkey, shows recovery codes once, and is in', async () => {
    await desk.getByLabel('Name of the passkey').fill('Work laptop');
    await withPasskey('Make a passkey');
    await desk.getByRole('heading', { name: 'Keep your recovery codes' }).waitFor();
    recoveryCodes = await desk.getByRole('main').getByRole('listitem').allInnerTexts();
    expect(new Set(recoveryCodes).size).toBe(10);
    await click(desk, 'I have kept them');
    await isIn(desk);
    await desk.goto(`${server.origin}/set-up`);
    await isIn(desk);
  });

  it('signs in with the passkey, which is the second factor as well', async () => {
    await signOut(desk);
    await withPasskey('Sign in with a passkey');
    await isIn(desk);
  });

  it('is refused by the passkey of an authenticator that does not know the person', async () => {
    await signOut(desk);
    await authenticator.session.send('WebAuthn.setUserVerified', {
      authenticatorId: authenticator.id,
      isUserVerified: false,
    });
    await withPasskey('Sign in with a passkey');
    await desk.getByText('No passkey was given.').waitFor();
    await authenticator.session.send('WebAuthn.setUserVerified', {
      authenticatorId: authenticator.id,
      isUserVerified: true,
    });
    await withPasskey('Sign in with a passkey');
    await isIn(desk);
  });

  it('adds a code app', async () => {
    await desk.goto(`${server.origin}/security`);
    await click(desk, 'Add a code app');
    await desk.getByAltText('The key as a square code').waitFor();
    key = (await desk.getByLabel('Key of the code app').innerText()).replaceAll(' ', '');
    await desk.getByLabel('The code it shows').fill(await freshCode(desk));
    await click(desk, 'Use this code app');
    await desk.getByRole('button', { name: 'Remove the code app' }).waitFor();
  });

  it('signs in elsewhere with password and code, where no passkey is offered', async () => {
    await elsewhere.goto(`${atAddress()}/security`);
    await elsewhere.getByLabel('E-mail address').waitFor();
    expect(await elsewhere.getByRole('button', { name: 'Sign in with a passkey' }).count()).toBe(0);
    await givePassword(elsewhere, ada.password);
    await elsewhere.getByLabel('Code from your app').fill('000000');
    await click(elsewhere, 'Go on');
    await elsewhere.getByText('The code is wrong, or was used already.').waitFor();
    await elsewhere.getByLabel('Code from your app').fill(await freshCode(elsewhere));
    await click(elsewhere, 'Go on');
    await elsewhere.getByRole('heading', { name: 'My security' }).waitFor();
  }, 60_000);

  it('ends that session from here, and its page is signed out at once', async () => {
    await desk.goto(`${server.origin}/security`);
    const sessions = desk.getByRole('table', { name: 'Sessions' }).getByRole('row');
    await sessions
      .filter({ hasText: 'password' })
      .getByRole('button', { name: /^End the session/ })
      .click();
    await elsewhere.getByLabel('E-mail address').waitFor();
    expect((await elsewhere.context().cookies(atAddress())).length).toBeGreaterThan(0);
    await elsewhere.goto(`${atAddress()}/people`);
    await elsewhere.getByLabel('E-mail address').waitFor();
  });

  it('signs in through the provider, with a recovery code for the second factor', async () => {
    await click(elsewhere, 'Sign in with Maple ID');
    await elsewhere.getByRole('heading', { name: 'Second factor' }).waitFor();
    await elsewhere.getByLabel('Code from your app').fill(recoveryCodes[0] ?? '');
    await click(elsewhere, 'Go on');
    await elsewhere.getByRole('heading', { name: 'People' }).waitFor();
    await signOut(elsewhere);
  });

  it('says why the provider’s account lets nobody in', async () => {
    // As whom the browser is signed in at the provider is the provider’s business.
    await elsewhere.context().clearCookies({ name: /^_(session|interaction|resume)/ });
    provider.account = { sub: 'eve-1', claims: { email: 'eve@maple.example', email_verified: true } };
    await click(elsewhere, 'Sign in with Maple ID');
    await elsewhere.getByText('Nobody has given you an account here. Ask an owner.').waitFor();
    await click(elsewhere, 'Back to the sign-in page');
  });

  it('does not end in this tab what somebody else began elsewhere', async () => {
    await elsewhere.goto(`${atAddress()}/sign-in/provider?code=made-up&state=made-up`);
    await elsewhere.getByText('This did not begin in this tab.').waitFor();
    await click(elsewhere, 'Back to the sign-in page');
  });

  it('locks out whoever guesses, for a minute at first, and not the one with the passkey', async () => {
    for (let n = 0; n < 5; n++) {
      const answered = elsewhere.waitForResponse((answer) => answer.request().method() === 'POST');
      await givePassword(elsewhere, `wrong guess ${n}`);
      expect((await answered).status()).toBe(401);
    }
    await givePassword(elsewhere, ada.password);
    await elsewhere.getByText('Too many wrong tries. Wait a minute.').waitFor();
    await signOut(desk);
    await withPasskey('Sign in with a passkey');
    await isIn(desk);
  }, 60_000);

  it('asks to show again who it is before something dangerous, and then does it', async () => {
    await desk.goto(`${server.origin}/security`);
    await desk.getByRole('button', { name: 'Make new ones' }).waitFor();
    longAgo();
    await click(desk, 'Make new ones');
    await click(desk, 'Make them');
    const proof = desk.getByRole('dialog', { name: 'Show once more that it is you' });
    await desk.bringToFront();
    await proof.getByRole('button', { name: 'Use a passkey' }).click();
    const shown = desk.getByRole('dialog', { name: 'Your new recovery codes' });
    await shown.waitFor();
    expect(await shown.getByRole('listitem').allInnerTexts()).not.toContain(recoveryCodes[1]);
    await shown.getByRole('button', { name: 'I have kept them' }).click();
    longAgo();
    await click(desk, 'Make new ones');
    await click(desk, 'Make them');
    await proof.waitFor();
    await desk.keyboard.press('Escape');
    await proof.waitFor({ state: 'hidden' });
    const asked = desk.getByRole('dialog', { name: 'Make new recovery codes' });
    await asked.getByText('Show once more that it is you.').waitFor();
  });

  /** Nobody has shown who they are for long. */
  function longAgo(): void {
    const database = new SqliteDatabase(join(server.home, 'rollcall.db'));
    database.exec('update staff_session set proven_at = 0');
    database.close();
  }
});

/** Of the server’s own certificate: Chromium takes no passkeys where it was told to overlook every wrong one. */
async function keyHash(server: TestServer): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port: server.server.ports.console, rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const key = socket.getPeerX509Certificate()?.publicKey.export({ type: 'spki', format: 'der' }) ?? '';
  socket.destroy();
  return createHash('sha256').update(key).digest('base64');
}

/** One inside the computer that makes discoverable passkeys and knows whose finger it is. */
async function addAuthenticator(page: Page): Promise<{ session: CDPSession; id: string }> {
  const session = await page.context().newCDPSession(page);
  await session.send('WebAuthn.enable');
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      ...{ protocol: 'ctap2', transport: 'internal', automaticPresenceSimulation: true },
      ...{ hasResidentKey: true, hasUserVerification: true, isUserVerified: true },
    },
  });
  return { session, id: authenticatorId };
}
