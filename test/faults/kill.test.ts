import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Dice } from '../../server/demo/dice.ts';
import { readRemembered } from '../../server/ports.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import { show, until } from '../fakes/programs.ts';
import { ReportPump } from '../fakes/report-pump.ts';
import { browserPolicy, succeeded, WholeDistrict } from '../fakes/whole-district.ts';

const seed = Number(process.env.ROLLCALL_SEED ?? Date.now() % 1_000_000);
const rounds = 6;
const both = [['agent'], ['agent', 'server'], ['agent']] as const;
/** So that a file is large enough to be caught half-written. */
const domainsEach = 300;
const domainsOf = (number: number) => Array.from({ length: domainsEach }, (_, index) => `n${number}-${index}.example`);

describe(`kill -9 of either half at random points (ROLLCALL_SEED=${seed})`, () => {
  const dice = new Dice(seed);
  let district: WholeDistrict;
  let pump: ReportPump;
  /** Number of the last publication that was tried, and of the last the server said was done. */
  const published = { tried: 0, done: 0 };

  beforeAll(async () => {
    district = await WholeDistrict.verified();
    const token = succeeded(await district.rollcall('token', 'create', '--simulated')).stdout.trim();
    const ports = readRemembered(district.serverHome);
    if (!ports) throw new Error('the server remembers no ports');
    pump = await ReportPump.enrol('pump', token, ports);
    pump.start();
  }, 60_000);
  afterAll(async () => {
    await district?.[Symbol.asyncDispose]();
  });

  async function publishNext(): Promise<void> {
    published.tried += 1;
    try {
      await district.publish({
        blockedDomains: domainsOf(published.tried),
        blockedUrls: domainsOf(published.tried),
      });
      published.done = published.tried;
    } catch (error) {
      if (!isInterruption(error)) throw error;
    }
  }

  /** Publishes one after the other until told to stop. */
  function publishing(): { stop(): Promise<void> } {
    let isRunning = true;
    const loop = (async () => {
      while (isRunning) {
        await publishNext();
        await wait(60);
      }
    })();
    return {
      stop: async () => {
        isRunning = false;
        await loop;
      },
    };
  }

  async function kill(victims: readonly ('server' | 'agent')[]): Promise<void> {
    await Promise.all(victims.map((victim) => district[victim]?.kill()));
    if (victims.includes('agent')) expectWholeFiles(district);
    await wait(dice.unit() * 300);
    if (victims.includes('agent')) district.runAgent();
    if (victims.includes('server')) await district.serve();
  }

  it.each(Array.from({ length: rounds }, (_, round) => [round + 1]))(
    'survives round %i',
    async (round) => {
      // Every other time the agent too: one whose server goes again and again waits ever longer, as it should.
      const victims = round % 2 === 0 ? dice.pick(both) : (['server'] as const);
      const load = publishing();
      await wait(200 + dice.unit() * 1_300);
      await kill(victims);
      await load.stop();
      const detail = await district.landed(45_000);
      const last = numberIn(detail.settings.find(({ setting }) => setting === 'blockedDomains')?.value);
      // What was said to be done is done; what was cut off may have been done or not.
      expect(last).toBeGreaterThanOrEqual(published.done);
      expect(last).toBeLessThanOrEqual(published.tried);
      expect((await district.ask(`n${last}-${domainsEach - 1}.example`)).values).toEqual(['0.0.0.0']);
      expect((await district.ask(`n${last + 1}-0.example`)).code).toBe('NXDOMAIN');
      expectWholeFiles(district);
      show(
        `round ${round}: ${victims.join(' and ')} killed, publication ${last} verified, ${pump.acknowledged} reports acknowledged`,
      );
    },
    60_000,
  );

  it('holds everything that was acknowledged, once', async () => {
    await pump.stop();
    expect(pump.acknowledged).toBeGreaterThan(rounds);
    const { items } = await district.client.call('listDevices');
    const id = items.find(({ name }) => name === 'pump')?.id ?? '';
    const events = (await district.eventsOf(id)).filter(({ code }) => code === 'pumped').map(({ words }) => words);
    expect(events).toEqual(Array.from({ length: pump.sent }, (_, index) => `event ${index + 1}`));
  });

  it('has nothing stuck in the agent, and no finding', async () => {
    await until('an empty spool', 30_000, async () => (await district.status()).spooled === 0);
    expect((await district.detail())?.findings).toEqual([]);
    expect((await district.events()).map(({ code }) => code)).toEqual(['device-enrolled', 'custody-opened']);
    expect(await district.agent?.stop()).toBe(0);
    expect(await district.server?.stop()).toBe(0);
  });
});

/** Of the domains of one publication; fails when those of two are mixed. */
function numberIn(domains: unknown): number {
  const numbers = new Set((domains as string[]).map((domain) => Number(/^n(\d+)-/.exec(domain)?.[1] ?? 0)));
  expect(numbers.size).toBe(1);
  return [...numbers][0] ?? 0;
}

/** Every file of the agent that is read again is the old one or the new one, never half of one. */
function expectWholeFiles({ agentHome, root }: WholeDistrict): void {
  for (const name of ['desired.json', 'identity.json', 'config.json'])
    expect(() => JSON.parse(readFileSync(join(agentHome, name), 'utf8'))).not.toThrow();
  for (const name of readdirSync(join(agentHome, 'originals')).filter((item) => item.endsWith('.json')))
    expect(() => JSON.parse(readFileSync(join(agentHome, 'originals', name), 'utf8'))).not.toThrow();
  const policy = JSON.parse(readFileSync(join(root, browserPolicy), 'utf8')) as { URLBlocklist: string[] };
  const blocked = policy.URLBlocklist.filter((url) => url !== 'blocked.example');
  if (blocked.length > 0) numberIn(blocked);
  expect([0, domainsEach]).toContain(blocked.length);
  expect(readFileSync(join(root, 'etc/resolv.conf'), 'utf8')).toMatch(/^nameserver 127\.0\.0\.1$/m);
}

/** What a caller of a server gets that is killed meanwhile. */
function isInterruption(error: unknown): boolean {
  if (error instanceof CodedError) return error.code === 'unavailable';
  return (
    error instanceof Error && /other side closed|terminated|ECONN|socket|aborted/i.test(String(error.cause ?? error))
  );
}
