import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { HealthParts } from '../../agent/agent-options.ts';
import { Dice } from '../../server/demo/dice.ts';
import type { ReportRecord } from '../../shared/protocol/messages.ts';
import { AgentHome } from '../fakes/agent-home.ts';
import { FakeClock, SeededRandom } from '../fakes/clock.ts';
import { FakeControlServer } from '../fakes/control-server.ts';
import { show, until } from '../fakes/programs.ts';

const seed = Number(process.env.ROLLCALL_SEED ?? Date.now() % 1_000_000);
const hour = 3_600_000;
const weeks = 6;
const hours = weeks * 7 * 24;
const mostSpooled = 20_000;

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc') as () => void;

let server: FakeControlServer;
let device: AgentHome;
beforeEach(async () => {
  server = new FakeControlServer();
  await server.start();
  device = new AgentHome();
  device.enrolAt(server);
});
afterEach(async () => {
  await device.dispose();
  await server.stop();
});

it(`a device ${weeks} weeks without its server enforces, keeps within bounds, and tells all of it once (ROLLCALL_SEED=${seed})`, {
  timeout: 600_000,
}, async () => {
  const began = performance.now();
  const [clock, dice] = [new FakeClock(), new Dice(seed)];
  const said = new Saying();
  server.serverTime = () => clock.now();
  server.state = server.district.state(1, { browser: { homePage: 'https://school.example/' } });
  const agent = await device.start({ clock, random: new SeededRandom(seed), health: (parts) => said.through(parts) });
  const isVerified = () => server.reported('browser')?.status === 'verified';
  await until('the state verified', 30_000, async () => (await turn(clock)) && isVerified());
  await until('an empty spool', 30_000, async () => (await turn(clock)) && agent.status().spooled === 0);
  const { port } = server.address;
  await server.stopAgents();
  const heap: number[] = [];
  let drifts = 0;
  for (let at = 1; at <= hours; at += 1) {
    for (let quarter = 0; quarter < 4; quarter += 1) {
      said.quarter(clock.now(), dice);
      clock.advance(hour / 4);
      await wait(0);
    }
    if (at % 12 === 0) drifts += await drift(clock);
    if (at % 24 === 0) heap.push(heapAfterCollection());
    expect(agent.status().spooled).toBeLessThanOrEqual(mostSpooled + 1);
  }
  expect(agent.status()).toMatchObject({ connected: false, generation: 1 });
  expect(statSync(device.home.database).size).toBeLessThan(40_000_000);
  const [third, last] = [mean(heap.slice(-21, -14)), mean(heap.slice(-7))];
  show(`heap in the third last week ${third.toFixed(1)} MB, in the last ${last.toFixed(1)} MB; ${drifts} drifts`);
  expect(last).toBeLessThan(third * 1.15 + 2);
  await server.start(port);
  await until('everything delivered', 120_000, async () => (await turn(clock)) && agent.status().spooled === 0);
  expectOnce(said.emitted);
  show(`${hours / 24} days, ${said.emitted} events took ${Math.round((performance.now() - began) / 1000)} s`);
});

/** A moment of both clocks. */
async function turn(clock: FakeClock): Promise<true> {
  clock.advance(1_000);
  await wait(5);
  return true;
}

/** Somebody changes the setting; it must be put back, which is true. */
async function drift(clock: FakeClock): Promise<1> {
  const path = join(device.root, 'etc/fake/policies/settings.json');
  const content = readFileSync(path, 'utf8');
  writeFileSync(path, '{}');
  await until('what was changed put back', 30_000, async () => {
    await turn(clock);
    return readFileSync(path, 'utf8') === content;
  });
  return 1;
}

/** What the collectors of a device say, and how much of it. */
class Saying {
  emitted = 0;
  #emit: (record: ReportRecord) => void = () => undefined;

  through({ emit }: HealthParts) {
    this.#emit = emit;
    return { start: async () => undefined, stop: async () => undefined };
  }

  /** Of a quarter of an hour: far more than an honest device, so that the spool must drop. */
  quarter(at: number, dice: Dice): void {
    for (let count = 0; count < 5; count += 1) {
      this.emitted += 1;
      this.#emit({ kind: 'event', at, code: 'numbered', detail: `event ${this.emitted}` });
    }
    const counts = { asked: 100, blocked: 3, categories: [{ category: 'gambling', blocked: 3 }] };
    const name = {
      name: `n${Math.floor(dice.unit() * 1e6)}.example`,
      outcome: 'passed',
      count: 9,
      lastAt: at,
    } as const;
    this.#emit({ kind: 'activity', at, from: at - 1, place: 'off-campus', level: 'full', ...counts, names: [name] });
  }
}

/** Each event arrived once, in order, or is among those that were said to be dropped. */
function expectOnce(emitted: number): void {
  const events = server.records.filter((record) => record.kind === 'event');
  const numbers = events.flatMap(({ detail }) => /^event (\d+)$/.exec(detail ?? '')?.[1] ?? []).map(Number);
  expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
  expect(numbers.at(-1)).toBe(emitted);
  const dropped = events
    .filter(({ code }) => code === 'spool-dropped')
    .reduce((sum, { detail }) => sum + Number(/(\d+) of the oldest/.exec(detail ?? '')?.[1] ?? 0), 0);
  expect(dropped).toBeGreaterThan(0);
  // Drift is told by events too, and those of the first weeks are dropped with the others.
  expect(emitted - numbers.length).toBeLessThanOrEqual(dropped);
}

const mean = (numbers: readonly number[]) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;

function heapAfterCollection(): number {
  gc();
  return process.memoryUsage().heapUsed / 1e6;
}
