import { existsSync } from 'node:fs';
import type { Page } from 'playwright-core';
import type { RouteName } from '../../shared/api/routes.ts';
import { type ConsoleApi, startConsoleApi } from '../fakes/console-api.ts';
import { type LaunchedChromium, launchChromium, noChromium } from './chromium.ts';
import { holdNoPolicies } from './managed-policies.ts';

const unbuilt = existsSync('server/console/dist/index.html') ? undefined : 'the console is not built: npm run setup';

/** Why the built console cannot be visited here; undefined when it can. */
export const noConsole = noChromium ?? unbuilt;

/** The built console in Chromium, signed in, before a stand-in for the server. */
export class ConsoleVisit {
  readonly api: ConsoleApi;
  readonly page: Page;
  /** What the page complained of. */
  readonly errors: string[] = [];
  readonly #browser: LaunchedChromium;
  readonly #policies: Awaited<ReturnType<typeof holdNoPolicies>>;

  private constructor(
    api: ConsoleApi,
    browser: LaunchedChromium,
    page: Page,
    policies: Awaited<ReturnType<typeof holdNoPolicies>>,
  ) {
    this.api = api;
    this.page = page;
    this.#browser = browser;
    this.#policies = policies;
  }

  static async start(): Promise<ConsoleVisit> {
    const policies = await holdNoPolicies();
    const api = await startConsoleApi();
    const browser = await launchChromium();
    const page = browser.context.pages()[0] ?? (await browser.context.newPage());
    const visit = new ConsoleVisit(api, browser, page, policies);
    page.setDefaultTimeout(20_000);
    page.on('pageerror', (error) => visit.errors.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') visit.errors.push(message.text());
    });
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.setViewportSize({ width: 1280, height: 900 });
    await visit.#signIn();
    return visit;
  }

  async stop(): Promise<void> {
    await this.#browser.close();
    await this.#policies.release();
    await this.api.stop();
  }

  /** Loads a page anew. */
  async open(path: string): Promise<void> {
    this.errors.length = 0;
    await this.page.goto(this.api.url + path, { waitUntil: 'commit' });
    await this.page.getByRole('heading', { level: 1 }).first().waitFor();
    await this.page.locator('main [aria-busy="true"]').first().waitFor({ state: 'detached' });
  }

  /** Does something and returns what of it reached the server, by route and order. */
  async during(does: () => Promise<unknown>): Promise<ConsoleApi['acts']> {
    const before = this.api.acts.length;
    await does();
    return this.api.acts.slice(before);
  }

  /** Waits for the next call of a route, and returns its parameters and body. */
  async asked(name: RouteName, does: () => Promise<unknown>): Promise<{ params: unknown; body: unknown }> {
    const before = this.api.acts.length;
    await does();
    const deadline = Date.now() + 20_000;
    while (Date.now() < deadline) {
      const act = this.api.acts.slice(before).find((one) => one.name === name);
      if (act) return { params: act.params, body: act.body };
      await this.page.waitForTimeout(20);
    }
    throw new Error(`the console did not ask for ${name}`);
  }

  /** What a page asks is answered with this instead, until `answerAgain` or what is returned is called. */
  async answer(path: string, status: number, body: unknown): Promise<() => Promise<void>> {
    const isAsked = ({ pathname }: URL) => pathname === path;
    const json = JSON.stringify(body);
    await this.page.route(isAsked, (route) => route.fulfill({ status, contentType: 'application/json', body: json }));
    return () => this.page.unroute(isAsked);
  }

  async answerAgain(): Promise<void> {
    await this.page.unrouteAll();
  }

  async #signIn(): Promise<void> {
    await this.page.goto(`${this.api.url}/events`);
    await this.page.getByLabel('E-mail address').fill('ada@example.org');
    await this.page.locator('input[type="password"]').fill('a long enough password');
    await this.page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await this.page.getByLabel('Code from your app').fill('123456');
    await this.page.getByRole('button', { name: 'Go on' }).click();
    await this.page.getByRole('heading', { level: 1, name: 'Events' }).waitFor();
  }
}
