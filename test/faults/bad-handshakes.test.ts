import { existsSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { show, until } from '../fakes/programs.ts';
import { Storm } from '../fakes/storm.ts';

const stormMs = process.env.ROLLCALL_LONG === '1' ? 60_000 : 2_500;
const growthMegabytes = 400;

describe.skipIf(!existsSync('/proc/self/status'))('strangers who knock as often as they can (needs Linux)', () => {
  let storm: Storm;
  let before: { events: number; memory: number; logged: number };

  const events = async () => (await storm.district.client.call('listEvents', { query: { limit: 200 } })).items;

  beforeAll(async () => {
    storm = await Storm.before(2);
    const strange = (await events()).filter(({ actor }) => !actor.startsWith('device:'));
    before = { events: strange.length, memory: storm.memory().now, logged: storm.logged };
  }, 60_000);
  afterAll(async () => await storm?.[Symbol.asyncDispose]());

  it('keep nobody out: who is in stays and is served, and who comes gets in', async () => {
    const sent = storm.reporters.map((reporter) => reporter.sent);
    await storm.begin('127.0.0.66', 50);
    await wait(stormMs / 2);
    const began = performance.now();
    await storm.join('newcomer');
    show(`a newcomer got in within ${Math.round(performance.now() - began)} ms, enrolment included`);
    await wait(stormMs / 2);
    await until('reports acknowledged meanwhile', 60_000, () =>
      sent.every((count, n) => (storm.reporters[n]?.sent ?? 0) > count + 1),
    );
    await storm.end();
    await Promise.all(storm.reporters.map((reporter) => reporter.stop()));
    for (const { line } of storm.reporters) expect(line.socket.readyState).toBe(1);
  }, 240_000);

  it('leave no trail in the log and the audit, and no memory', async () => {
    const { now, most } = storm.memory();
    show(`the server held ${before.memory} MB before, ${most} MB at most, ${now} MB after`);
    expect(most - before.memory).toBeLessThan(growthMegabytes);
    const strange = (await events()).filter(
      ({ actor, code }) => !actor.startsWith('device:') && code !== 'device-enrolled',
    );
    expect(strange.length - before.events).toBeLessThanOrEqual(5);
    expect(storm.logged - before.logged).toBeLessThanOrEqual(5);
  });

  it('are counted', async () => {
    const key = await storm.district.client.call('listDevices');
    expect(key.items.map(({ name }) => name).sort()).toEqual(['good-0', 'good-1', 'newcomer']);
  });
});
