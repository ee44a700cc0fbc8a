/*
 * Run by web-filter.test.ts on a host of its own (own-host.ts): the whole product with its real ports, pointing that
 * host's DNS at the filter, holding it, writing its browser policies. Prints what Chromium and programs met.
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Answer } from 'dns-packet';
import type { BrowserContext, Page } from 'playwright-core';
import { until } from '../fakes/programs.ts';
import { filterProfile, succeeded, WholeDistrict } from '../fakes/whole-district.ts';
import { chromiumPath, flags, launchChromium } from './chromium.ts';
import { enrolByCodeApp } from './enrol.ts';

const ada = { name: 'Ada Byrne', email: 'ada@example.org', password: 'correct horse battery' };
const siteAddress = '127.0.0.3';
const unfilteredAddress = '127.0.0.4';
const filteredAddress = '127.0.0.5';
const screens = process.argv[2];
/** Chromium writes its history every ten seconds. */
const historySeconds = 16;

const a = (name: string, data: string): [string, Answer[]] => [`${name} A`, [{ type: 'A', name, ttl: 5, data }]];

/** Paths that were asked for. */
const requests: string[] = [];

/** A site that says who it is. */
async function site(address: string, title: string): Promise<Server> {
  const server = createServer((request, response) => {
    requests.push(request.url ?? '');
    response.setHeader('connection', 'close');
    response.setHeader('content-type', 'text/html');
    response.end(`<!doctype html><title>${title}</title><h1>${title}</h1>`);
  });
  await new Promise<void>((resolve) => server.listen(80, address, resolve));
  return server;
}

/** The title of a page opened for itself, or the browser's own error. */
async function visit(context: BrowserContext, address: string): Promise<string> {
  const page = await context.newPage();
  try {
    await page.goto(address);
    return await page.title();
  } catch (error) {
    return /ERR_[A-Z_]+/.exec(String(error))?.[0] ?? String(error);
  } finally {
    await page.close();
  }
}

async function picture(page: Page, name: string): Promise<void> {
  if (screens === undefined) return;
  mkdirSync(screens, { recursive: true });
  await page.screenshot({ path: join(screens, `${name}.png`) });
}

const sites = await Promise.all([
  site(siteAddress, 'Open site'),
  site(unfilteredAddress, 'Unfiltered results'),
  site(filteredAddress, 'Filtered results'),
]);
const district = new WholeDistrict('/');
district.upstream.records = Object.fromEntries([
  a('games.example', siteAddress),
  a('news.example', siteAddress),
  a('pixabay.com', unfilteredAddress),
  a('safesearch.pixabay.com', filteredAddress),
]);

const seen: Record<string, unknown> = {};
try {
  await district.upstream.start('127.0.0.2', 53);
  await district.serve();
  succeeded(await district.rollcall('import', 'oneroster', district.writeRoster()));
  succeeded(await district.rollcall('apply', '-f', district.writePolicy({ blockedUrls: ['forbidden.example'] })));
  await holdEverything();
  await district.enrol();
  district.runAgent();
  const landed = await district.landed(60_000);
  seen.sections = landed.sections.map(({ section, status }) => `${section} ${status}`);

  await using staff = await launchChromium({ ignoreHTTPSErrors: true });
  const desk = await staff.context.newPage();
  desk.setDefaultTimeout(15_000);
  await signUp(desk);

  await using student = await launchChromium();
  seen.open = await visit(student.context, 'http://news.example/');
  seen.blockedByBrowser = await visit(student.context, 'http://forbidden.example/');
  seen.safeSearch = await visit(student.context, 'http://pixabay.com/');
  const page = await student.context.newPage();
  page.setDefaultTimeout(15_000);
  seen.policies = await policiesOf(page);
  await page.goto('http://games.example/');
  seen.blockPage = await page.locator('body').innerText();
  await picture(page, 'blocked');
  await page.getByRole('textbox').fill('We play it in maths: fractions.');
  await page.getByRole('button', { name: 'Ask to open it' }).click();
  await page.getByRole('button', { name: 'Ask to open it' }).waitFor({ state: 'detached' });
  await picture(page, 'asked');
  await desk.goto(`${district.console.address}/requests`);
  await desk.getByText('games.example').first().waitFor();
  await picture(desk, 'request');
  await desk.getByRole('button', { name: /grant/i }).first().click();
  await desk.getByLabel(/reason/i).fill('Fine for this week.');
  await picture(desk, 'grant');
  const started = performance.now();
  await desk.getByRole('dialog').getByRole('button', { name: /grant/i }).click();
  await page.getByRole('heading', { name: 'Open site' }).waitFor();
  seen.grantedMs = Math.round(performance.now() - started);
  seen.afterGrant = await visit(student.context, 'http://games.example/');
  seen.ownPage = await visit(student.context, 'http://rollcall.internal/');
  await student.close();
  seen.privateWindow = await remembersPrivateVisit();
  await district.agent?.stop();
  succeeded(await district.device('unenroll'));
  seen.controlPrivateWindow = await remembersPrivateVisit();
} finally {
  await district[Symbol.asyncDispose]();
  for (const server of sites) server.close();
}
process.stdout.write(`\n${JSON.stringify(seen)}\n`);
process.exit(0);

/** The student profile with the block page, and DNS held. */
async function holdEverything(): Promise<void> {
  const { items } = await district.client.call('listProfiles');
  const id = items.find(({ name }) => name === filterProfile)?.id ?? '';
  const { content } = await district.client.call('readProfile', { params: { id } });
  const webFilter = {
    ...content.settings.webFilter,
    blockAnswer: 'page' as const,
    holdDns: true,
    upstream: { kind: 'system' as const },
  };
  const browser = { ...content.settings.browser, blockPrivateWindows: true };
  const settings = { ...content.settings, webFilter, browser };
  await district.client.call('applyProfile', {
    body: { name: filterProfile, description: '', content: { ...content, settings } },
  });
}

async function signUp(desk: Page): Promise<void> {
  await desk.goto(district.console.address);
  await desk.getByLabel('Set-up code').fill(district.console.setUpCode ?? '');
  await desk.getByLabel('Your name').fill(ada.name);
  await desk.getByLabel('E-mail address').fill(ada.email);
  await desk.getByLabel(/^Password( \*)?$/).fill(ada.password);
  await desk.getByLabel('Password again').fill(ada.password);
  await desk.getByRole('button', { name: 'Make the administrator' }).click();
  await enrolByCodeApp(desk);
  await desk.getByRole('navigation', { name: 'Main' }).waitFor();
}

/** What the browser itself says of policies: name → value and whether it obeys. */
async function policiesOf(page: Page): Promise<Record<string, string>> {
  await page.goto('chrome://policy');
  const rows = page.locator('.policy.row');
  await until('policies', 10_000, async () => (await rows.count()) > 1);
  const texts = (await rows.allInnerTexts()).map((text) => text.replace(/\s+/g, ' ').trim());
  const asked = ['DnsOverHttpsMode', 'BuiltInDnsClientEnabled', 'IncognitoModeAvailability'];
  return Object.fromEntries(asked.map((name) => [name, texts.find((text) => text.startsWith(`${name} `)) ?? '']));
}

/**
 * Started as a private window, a browser that may have none opens an ordinary one, which keeps its history. Without the
 * debugger, whose pages are in no such window.
 */
async function remembersPrivateVisit(): Promise<boolean> {
  const profile = await mkdtemp(join(tmpdir(), 'rollcall-private-'));
  const visits = requests.length;
  const browser = spawn(
    chromiumPath,
    [...flags, '--incognito', `--user-data-dir=${profile}`, 'http://news.example/private'],
    {
      stdio: 'ignore',
    },
  );
  await until('the visit', 15_000, () => requests.slice(visits).includes('/private'));
  const isKept = () => readFileSync(join(profile, 'Default', 'History'), 'latin1').includes('news.example/private');
  for (let seconds = 0; seconds < historySeconds && !isKept(); seconds++) await wait(1000);
  const wasKept = isKept();
  browser.kill('SIGTERM');
  await once(browser, 'exit');
  await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  return wasKept;
}
