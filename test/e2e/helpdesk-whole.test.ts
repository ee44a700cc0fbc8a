import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { OpenStream } from '../../agent/diagnostics/session/streams.ts';
import type { DiagnosisView, TicketView } from '../../shared/api/schemas.ts';
import { examination } from '../fakes/console-helpdesk-diagnoses.ts';
import { sampleOf } from '../fakes/console-samples.ts';
import { LookedAt } from '../fakes/diagnosis-district.ts';
import { until } from '../fakes/programs.ts';
import { TestServer } from '../fakes/running-server.ts';
import { type LaunchedChromium, launchChromium } from './chromium.ts';
import { noConsole } from './console-visit.ts';
import { holdNoPolicies, hookMs } from './managed-policies.ts';

/** A loaded machine takes its time to look at itself. */
const patienceMs = 90_000;

const everySecond: OpenStream = async ({ kind, emit }) => {
  const timer = setInterval(() => emit(sampleOf(kind, Date.now())), 1000);
  return { stop: () => clearInterval(timer) };
};

/** From “laptop is slow” to solved, at a real server with a real agent, by the keyboard alone. */
describe.skipIf(noConsole)(`a ticket from end to end ${noConsole ? `(skipped: ${noConsole})` : ''}`, () => {
  let policies: Awaited<ReturnType<typeof holdNoPolicies>>;
  let server: TestServer;
  let browser: LaunchedChromium;
  let page: Page;
  const laptop = new LookedAt('lap-7');
  const complaints: string[] = [];

  beforeAll(async () => {
    policies = await holdNoPolicies();
    server = await TestServer.start();
    const cookie = await server.setUp();
    const body = { maxUses: 1, expiresInSeconds: 600, label: 'desk' };
    const { token } = await server.operate<{ token: string }>('/api/tokens', { method: 'POST', body });
    await laptop.enrolWith(token);
    // Its person allows what they are asked; what it measures and finds is told to it, the rest is the whole way.
    await laptop.connect({ diagnosed: { ...laptop.standIns(everySecond), examine: async () => examination } });
    browser = await launchChromium({ ignoreHTTPSErrors: true });
    page = browser.context.pages()[0] ?? (await browser.context.newPage());
    page.on('pageerror', (error) => complaints.push(error.message));
    page.setDefaultTimeout(20_000);
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
    await page.setViewportSize({ width: 1440, height: 900 });
    const [name = '', value = ''] = cookie.split(/=(.*)/s);
    await browser.context.addCookies([{ name, value, url: server.origin }]);
  }, hookMs);

  afterAll(async () => {
    await browser?.close();
    await laptop.dispose();
    await server?.stop();
    await policies?.release();
  });

  const press = (key: string) => page.keyboard.press(key);
  const ticketId = () => new URL(page.url()).pathname.split('/').at(-1) ?? '';
  const looks = async () =>
    (await server.operate<{ items: DiagnosisView[] }>(`/api/tickets/${ticketId()}/diagnoses`)).items;

  test('it is taken down from the queue', async () => {
    await page.goto(`${server.origin}/tickets`);
    await page.getByText('Nothing needs work').waitFor();
    await press('c');
    await page.getByLabel('What is it about').and(page.locator(':focus')).waitFor();
    await page.keyboard.type('Laptop is slow');
    await page.getByRole('combobox', { name: 'Which device' }).focus();
    await page.keyboard.type('lap-7');
    await page.getByRole('option', { name: 'lap-7' }).waitFor();
    await press('ArrowDown');
    await press('Enter');
    await press('Control+Enter');
    await page.getByRole('heading', { level: 1, name: '1 Laptop is slow' }).waitFor();
  });

  test('the device is looked at once its person allows it, and shows itself second by second', async () => {
    await page.getByText('Connected', { exact: true }).waitFor();
    await press('l');
    await press('Enter');
    await page.getByText('Looking', { exact: true }).waitFor();
    await page.getByText(/^[\d.]+ %; [\d.]+ GB of [\d.]+ GB$/).waitFor();
    expect(laptop.notices).toContain('asked');
  });

  test(
    'it says what is wrong with itself, with evidence',
    async () => {
      await press('d');
      const first = page.getByRole('list', { name: 'Conclusions' }).getByRole('listitem').first();
      await first.getByText('The disk is full: 0.3 GB of 250 GB are free on /.').waitFor();
      const [look] = await looks();
      expect(look?.examination?.probes.map(({ probe }) => probe)).toContain('disk-space');
    },
    patienceMs,
  );

  test('a command of the menu is signed, obeyed and answered on the same page', async () => {
    await press('m');
    await page.getByRole('menuitem', { name: 'Check again…' }).focus();
    await press('Enter');
    await page.getByRole('dialog').getByText('Nobody has to sign it').waitFor();
    await press('Control+Enter');
    await page.getByRole('list', { name: 'Commands' }).getByText('Done', { exact: true }).first().waitFor();
  });

  test('the person is answered, the look ends on the device, and the ticket is solved', async () => {
    await press('w');
    await page.keyboard.type('It is quick again: the disk had been full.');
    await press('Control+Enter');
    await page.getByRole('list', { name: 'Conversation' }).getByText('It is quick again').waitFor();
    await press('Escape');
    await press('e');
    await until('an agent that shows nothing more', patienceMs, () => laptop.desk?.now === undefined);
    await press('r');
    await page.getByText('Resolved', { exact: true }).first().waitFor();
    const { status, notes } = await server.operate<TicketView>(`/api/tickets/${ticketId()}`);
    expect(status).toBe('resolved');
    expect(notes.at(-1)).toMatchObject({ isToPerson: true });
    expect((await looks()).map(({ state }) => state)).toEqual(['ended']);
    expect(complaints).toEqual([]);
  });
});
