import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Asker, Forwarder } from '../../agent/filter/forwarder.ts';
import { Resolver } from '../../agent/filter/resolver.ts';
import { openUpstream } from '../../agent/filter/upstream/open.ts';
import type { Upstream } from '../../agent/filter/upstream/upstream.ts';
import { systemRandom } from '../../agent/platform/clock.ts';
import { preparePolicy } from '../../shared/filter/decide.ts';
import { FakeClock } from '../fakes/clock.ts';
import { askDns, type DnsAnswer } from '../fakes/dns-question.ts';
import { FakeLog } from '../fakes/log.ts';
import { FakeUpstream, type Misbehaviour } from '../fakes/upstream.ts';

const address = (name: string, data: string) => ({ type: 'A' as const, name, ttl: 60, data });
const runOutMs = 400_000;
/** Programs give up after five seconds (resolv.conf(5)). */
const patienceMs = 5000;
const stale = expect.stringMatching(/^3 /);

/** Answers later, by the machine's clock. */
class SlowUpstream extends FakeUpstream {
  delayMs = 0;

  override respond(bytes: Buffer, reply: (answer: Buffer) => void, limit: number): void {
    setTimeout(() => super.respond(bytes, reply, limit), this.delayMs);
  }
}

describe('the resolver while its upstream', () => {
  let clock: FakeClock;
  let log: FakeLog;
  let first: SlowUpstream;
  let second: SlowUpstream;
  let resolver: Resolver;
  let port: number;

  beforeEach(async () => {
    clock = new FakeClock();
    log = new FakeLog();
    first = await new SlowUpstream({ 'school.test A': [address('school.test', '192.0.2.1')] }).start();
    second = await new SlowUpstream().start();
    await use(first.port);
  });
  afterEach(async () => {
    expect(log.errors).toEqual([]);
    await resolver.stop();
    await first.stop();
    await second.stop();
  });

  async function use(...ports: number[]): Promise<void> {
    await resolver?.stop();
    const servers = ports.map((server) => `127.0.0.1:${server}`);
    const options = { clock, random: systemRandom, systemServers: [], self: undefined };
    const policy = {
      filter: preparePolicy({ settings: { blockedDomains: ['bad.test'] } }, []),
      blockAnswer: 'address' as const,
      contact: '',
      upstream: await openUpstream({ kind: 'plain', servers }, options),
    };
    resolver = new Resolver(policy, { clock, log });
    ({ port } = await resolver.start('127.0.0.1', 0));
  }

  const ask = (name: string) => askDns(port, name);
  /** On its way to the upstream; the answer, in a list lest it be awaited here, comes when the clock has moved. */
  async function asked(name: string): Promise<Promise<DnsAnswer>[]> {
    const before = first.asked.length;
    const answer = ask(name);
    await expect.poll(() => first.asked.length).toBeGreaterThan(before);
    return [answer];
  }
  async function blocksStill(): Promise<void> {
    expect(await ask('www.bad.test')).toMatchObject({ values: ['0.0.0.0'], reasons: [expect.stringMatching(/^15 /)] });
  }

  it('is dead gives what it knew, says that it is stale, and goes on blocking', async () => {
    expect(await ask('school.test')).toEqual({ code: 'NOERROR', values: ['192.0.2.1'], reasons: [] });
    clock.advance(runOutMs);
    await first.stop();
    for (let i = 0; i < 3; i++) {
      expect(await ask('school.test')).toEqual({ code: 'NOERROR', values: ['192.0.2.1'], reasons: [stale] });
    }
    expect(await ask('other.test')).toMatchObject({ code: 'SERVFAIL', reasons: [expect.stringMatching(/^23 /)] });
    await blocksStill();
  });

  it('is silent waits less than two seconds with what it knew, and then not at all', async () => {
    await ask('school.test');
    clock.advance(runOutMs);
    first.misbehaviour = 'silent';
    const [answer] = await asked('school.test');
    clock.advance(2000);
    expect(await answer).toEqual({ code: 'NOERROR', values: ['192.0.2.1'], reasons: [stale] });
    expect(await ask('school.test')).toMatchObject({ reasons: [stale] });
    await blocksStill();
  });

  it('is silent says so within the patience of programs', async () => {
    await use(first.port, second.port);
    first.misbehaviour = 'silent';
    second.misbehaviour = 'silent';
    const [answer] = await asked('school.test');
    clock.advance(patienceMs);
    expect(await answer).toMatchObject({ code: 'SERVFAIL', reasons: [expect.stringMatching(/^22 /)] });
    expect(resolver.upstreamState.reachable).toBe(false);
  });

  it('comes back has the new answer within a second question', async () => {
    await ask('school.test');
    clock.advance(runOutMs);
    const { port: before } = first;
    await first.stop();
    expect(await ask('school.test')).toMatchObject({ reasons: [stale] });
    first.records = { 'school.test A': [address('school.test', '192.0.2.9')] };
    await first.start('127.0.0.1', before);
    clock.advance(2000);
    await ask('school.test');
    await expect.poll(() => ask('school.test')).toEqual({ code: 'NOERROR', values: ['192.0.2.9'], reasons: [] });
    expect(resolver.upstreamState.reachable).toBe(true);
  });

  it('is dead asks the other, and comes back to it when it has rested', async () => {
    second.records = { 'school.test A': [address('school.test', '192.0.2.2')] };
    await use(first.port, second.port);
    const { port: before } = first;
    await first.stop();
    expect(await ask('school.test')).toMatchObject({ values: ['192.0.2.2'], reasons: [] });
    await first.start('127.0.0.1', before);
    clock.advance(runOutMs);
    expect(await ask('school.test')).toMatchObject({ values: ['192.0.2.1'], reasons: [] });
  });

  it('is slow asks it once for all who wait', async () => {
    first.delayMs = 300;
    const answers = await Promise.all(Array.from({ length: 30 }, () => ask('school.test')));
    expect(new Set(answers.map(({ values }) => values[0]))).toEqual(new Set(['192.0.2.1']));
    expect(first.asked).toEqual(['school.test A']);
  });

  const lies: Misbehaviour[] = ['garbage', 'wrong-id', 'wrong-question', 'not-a-response'];
  it.each(lies)('sends %s takes nothing of it, and the right answer when there is one', async (how) => {
    await ask('school.test');
    clock.advance(runOutMs);
    first.misbehaviour = how;
    const [known] = await asked('school.test');
    clock.advance(2000);
    expect(await known).toMatchObject({ values: ['192.0.2.1'], reasons: [stale] });
    const [unknown] = await asked('unknown.test');
    clock.advance(patienceMs);
    expect(await unknown).toMatchObject({ code: 'SERVFAIL', values: [] });
    first.misbehaviour = undefined;
    await ask('school.test');
    await expect.poll(() => ask('school.test')).toMatchObject({ values: ['192.0.2.1'], reasons: [] });
  });

  it.each(['servfail', 'refused'] as const)('says %s gives what it knew instead', async (how) => {
    await ask('school.test');
    clock.advance(runOutMs);
    first.misbehaviour = how;
    expect(await ask('school.test')).toMatchObject({ code: 'NOERROR', values: ['192.0.2.1'], reasons: [stale] });
    expect(await ask('other.test')).toMatchObject({ code: how.toUpperCase() });
  });

  it('has been dead for more than a day gives nothing old', async () => {
    await ask('school.test');
    clock.advance(25 * 3_600_000);
    await first.stop();
    expect(await ask('school.test')).toMatchObject({ code: 'SERVFAIL', values: [] });
  });
});

describe('a flood of questions for an upstream that never answers', () => {
  const answered: string[] = [];
  const silent: Upstream & { asked: number } = {
    asked: 0,
    words: 'nobody',
    ask: () => {
      silent.asked += 1;
    },
    close: () => undefined,
  };

  function asker(index: number): Asker {
    const packet = Buffer.from(`..flood question number ${String(index).padStart(6, '0')}`);
    const failed = (error: unknown) => answered.push((error as { failure: string }).failure);
    return { packet, id: 1, end: packet.length, stream: false, answered: () => answered.push('answer'), failed };
  }

  it.each([
    ['different names', (index: number) => index],
    ['one name', () => 0],
  ])('of %s is held up to a bound, and the rest is told at once', (_what, nameOf) => {
    answered.length = 0;
    silent.asked = 0;
    const forwarder = new Forwarder(silent, new FakeClock());
    for (let index = 0; index < 50_000; index++) forwarder.ask(asker(nameOf(index)));
    expect(answered.length).toBeGreaterThanOrEqual(48_000);
    expect(new Set(answered)).toEqual(new Set(['busy']));
    expect(silent.asked).toBeLessThanOrEqual(1000);
  });
});
