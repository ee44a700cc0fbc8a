import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RolloutView } from '../../shared/api/schemas.ts';
import { publishingDefaults } from '../../shared/api/schemas.ts';
import { until } from '../fakes/programs.ts';
import { TestServer } from '../fakes/running-server.ts';
import { SmallFleet, sectionHash } from '../fakes/small-fleet.ts';
import { browserCookie, signIn } from '../fakes/staff.ts';
import { type LaunchedChromium, launchChromium } from './chromium.ts';
import { noConsole } from './console-visit.ts';
import { holdNoPolicies, hookMs } from './managed-policies.ts';

const ada = { name: 'Ada Admin', email: 'ada@example.org', password: 'correct horse battery' };
const ben = { name: 'Ben Second', email: 'ben@example.org', password: 'correct horse battery' };
const lockAfter = (idleMinutes: number) => sectionHash({ idleMinutes, mode: 'enforce' });
const devices = 12;
/** The server looks every minute at the latest; a loaded machine takes longer. */
const patienceMs = 120_000;
/** A third first, watched for longer than this test lasts; three that fail are enough to halt it. */
const settings = {
  ...publishingDefaults,
  ...{ approvalLeast: 1, fewDevices: 0 },
  plan: {
    ...publishingDefaults.plan,
    rings: [
      { kind: 'percent', percent: 34, soakHours: 7 },
      { kind: 'percent', percent: 100, soakHours: 7 },
    ],
    enough: 3,
  },
};

/** One person at a browser of their own. */
interface Seat {
  browser: LaunchedChromium;
  page: Page;
}

describe.skipIf(noConsole)(`a change goes out in rings ${noConsole ? `(skipped: ${noConsole})` : ''}`, () => {
  let policies: Awaited<ReturnType<typeof holdNoPolicies>>;
  let server: TestServer;
  let fleet: SmallFleet;
  let first: Seat;
  let second: Seat;
  let profileId: string;
  const complaints: string[] = [];

  beforeAll(async () => {
    policies = await holdNoPolicies();
    server = await TestServer.start();
    await server.setUp();
    await server.operate('/api/staff', { method: 'POST', body: ben });
    const { version } = await server.operate<{ version: number }>('/api/publishing');
    await server.operate('/api/publishing', { method: 'PUT', body: { settings, version } });
    profileId = await publishedProfile();
    fleet = await SmallFleet.join(
      server,
      Array.from({ length: devices }, (_, place) => `cart-${place}`),
    );
    await until(
      'every device to hold what is published',
      30_000,
      () => fleet.holding('screenLock', lockAfter(10)) === devices,
    );
    first = await seat(ada);
    second = await seat(ben);
  }, hookMs);

  afterAll(async () => {
    await first?.browser.close();
    await second?.browser.close();
    await fleet?.stop();
    await server?.stop();
    await policies?.release();
  });

  /** Screens lock after ten minutes, everywhere: nobody has a device yet, so that it is published at once. */
  async function publishedProfile(): Promise<string> {
    const call = <T>(path: string, method: 'POST' | 'PUT', body: object) => server.operate<T>(path, { method, body });
    const created = await call<{ profile: { id: string }; version: number }>('/api/profiles', 'POST', {
      name: 'Locks',
      description: '',
    });
    const { id } = created.profile;
    const { version } = await call<{ version: number }>(`/api/profiles/${id}/draft`, 'PUT', {
      content: {
        settings: { screenLock: { mode: 'enforce', idleMinutes: 10 } },
        assignments: [{ to: { kind: 'everyone' }, priority: 100 }],
      },
      version: created.version,
    });
    const { change } = await call<{ change: { id: string } }>('/api/changes', 'POST', {
      ...{ title: 'Locks', note: '', items: [{ kind: 'profile', id, version }], plan: null },
    });
    await call(`/api/changes/${change.id}/publish`, 'POST', {});
    return id;
  }

  async function seat({ email, password }: typeof ada): Promise<Seat> {
    const browser = await launchChromium({ ignoreHTTPSErrors: true });
    const page = browser.context.pages()[0] ?? (await browser.context.newPage());
    page.on('pageerror', (error) => complaints.push(error.message));
    page.setDefaultTimeout(20_000);
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
    await page.setViewportSize({ width: 1440, height: 900 });
    await browser.context.addCookies([browserCookie(server, await signIn(server, email, password))]);
    await page.goto(server.origin);
    await page.getByRole('navigation', { name: 'Main' }).waitFor();
    return { browser, page };
  }

  const rolloutOf = async ({ page }: Seat): Promise<RolloutView> =>
    await server.operate(`/api/rollouts/${new URL(page.url()).pathname.split('/').at(-1)}`);

  test('an edit is previewed on every device before anything changes, and proposed', async () => {
    const { page } = first;
    await page.goto(`${server.origin}/profiles/${profileId}?part=screenLock`);
    await page.getByRole('textbox', { name: 'Minutes until the screen locks' }).fill('5');
    await page.getByRole('button', { name: 'Preview and propose' }).click();
    await page.getByText(`${devices} devices get stricter settings for Screen lock.`).waitFor();
    const changes = page.getByRole('table', { name: 'Settings that change' });
    expect(await changes.innerText()).toMatch(/10[\s\S]*→[\s\S]*5/);
    await page
      .getByRole('table', { name: 'Devices that change' })
      .getByRole('link', { name: 'cart-0', exact: true })
      .waitFor();
    await page.getByLabel('Title').fill('Screens lock sooner');
    await page.getByRole('button', { name: 'Propose' }).click();
    await page.getByRole('heading', { level: 1, name: 'Screens lock sooner' }).waitFor();
    await page.getByText('A second person has not approved yet').waitFor();
    expect(await page.getByRole('button', { name: 'Publish now…' }).isDisabled()).toBe(true);
    expect(await page.getByRole('button', { name: 'Approve…' }).count()).toBe(0);
    expect(fleet.holding('screenLock', lockAfter(5))).toBe(0);
  });

  test('somebody else finds it on their overview and approves it, which its author sees', async () => {
    const { page } = second;
    await page.getByRole('link', { name: 'A change waits for your approval' }).click();
    await page.getByRole('link', { name: 'Screens lock sooner' }).click();
    await page.getByRole('button', { name: 'Approve…' }).click();
    await page.getByLabel('What you looked at').fill('Tried on my own laptop.');
    await page.getByRole('button', { name: 'Approve', exact: true }).click();
    await first.page.getByText('Tried on my own laptop.').waitFor();
    await first.page.getByText(`approved: ${ben.name}`).waitFor();
  });

  test(
    'it is published, halts by itself when its first ring fails, and the ring goes back',
    async () => {
      fleet.broken = lockAfter(5);
      const stopIsSeen = Promise.withResolvers<void>();
      fleet.mayReport = stopIsSeen.promise;
      const { page } = first;
      await page.getByRole('button', { name: 'Publish now…' }).click();
      await page.getByRole('button', { name: 'Publish', exact: true }).click();
      await page.getByRole('button', { name: 'Stop', exact: true }).waitFor();
      stopIsSeen.resolve();
      const { rings, rollout } = await rolloutOf(first);
      expect(rollout).toMatchObject({ rings: 2, devices });
      expect(rings[0]?.devices).toBeGreaterThanOrEqual(3);
      expect(rings[0]?.devices).toBeLessThan(devices);

      const alert = page.getByRole('alert').filter({ hasText: 'It is halted: nobody else is given it' });
      await alert.waitFor({ timeout: patienceMs });
      expect(
        await page
          .getByRole('table', { name: 'Gates' })
          .getByRole('row', { name: /Settings that fail Bad/ })
          .count(),
      ).toBe(1);
      await until(
        'every device to hold the earlier one',
        30_000,
        () => fleet.holding('screenLock', lockAfter(10)) === devices,
      );
      const { decisions } = await rolloutOf(first);
      expect(decisions[0]).toMatchObject({ from: 'running', to: 'halted', by: 'server' });
      expect(decisions[0]?.gates[0]).toMatchObject({
        gate: 'failed-sections',
        worsened: rings[0]?.devices,
        verdict: 'bad',
      });
    },
    2 * patienceMs,
  );

  test('it is rolled back for good, and the earlier revision is what is published', async () => {
    const { page } = first;
    await page.getByRole('button', { name: 'Return to the earlier one…' }).click();
    await page.getByLabel('Reason').fill('The image of the carts refuses it.');
    await page.getByRole('button', { name: 'Return to the earlier one', exact: true }).click();
    await page.getByText('Rolled back', { exact: true }).first().waitFor();
    const { profile } = await server.operate<{ profile: object }>(`/api/profiles/${profileId}`);
    expect(profile).toMatchObject({ publishedRevision: 1 });
    expect(fleet.holding('screenLock', lockAfter(5))).toBe(0);
    expect(complaints).toEqual([]);
  });
});
