import type { Answer } from 'dns-packet';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Resolver, type ResolverOptions, type ResolverPolicy } from '../../../agent/filter/resolver.ts';
import { openUpstream } from '../../../agent/filter/upstream/open.ts';
import type { Upstream } from '../../../agent/filter/upstream/upstream.ts';
import { systemClock, systemRandom } from '../../../agent/platform/clock.ts';
import { preparePolicy } from '../../../shared/filter/decide.ts';
import { FakeClock } from '../../fakes/clock.ts';
import { askDns } from '../../fakes/dns-question.ts';
import { FakeUpstream } from '../../fakes/upstream.ts';

const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const a = (name: string, data: string): Record<string, Answer[]> => ({
  [`${name} A`]: [{ type: 'A', name, ttl: 60, data }],
});
const alias = (name: string, data: string): Record<string, Answer[]> => {
  return { [`${name} A`]: [{ type: 'CNAME', name, ttl: 60, data }] };
};

describe('where the resolver asks, and what it tells', () => {
  const upstream = new FakeUpstream({
    ...a('school.test', '192.0.2.1'),
    ...a('campus.test', '192.0.2.2'),
    ...alias('cloak.test', 'bad.test'),
    ...a('printer.local', '192.0.2.3'),
    ...a('captive.apple.com', '192.0.2.4'),
  });
  const campus = new FakeUpstream({ ...a('campus.test', '10.20.0.1'), ...a('captive.apple.com', '10.20.0.4') });
  const lab = new FakeUpstream(a('campus.test', '10.30.0.1'));
  const opened: Upstream[] = [];
  let resolver: Resolver;
  let port: number;

  beforeEach(async () => {
    for (const server of [upstream, campus, lab]) {
      await server.start();
      server.asked.length = 0;
      server.misbehaviour = undefined;
    }
  });
  afterEach(async () => {
    await resolver.stop();
    for (const own of opened.splice(0)) own.close();
    for (const server of [upstream, campus, lab]) await server.stop();
  });

  async function asking(server: FakeUpstream): Promise<Upstream> {
    const options = { clock: systemClock, random: systemRandom, systemServers: [], self: undefined, timeoutMs: 100 };
    const own = await openUpstream({ kind: 'plain', servers: [`127.0.0.1:${server.port}`] }, options);
    opened.push(own);
    return own;
  }

  async function start(policy: Partial<ResolverPolicy>, more: Partial<ResolverOptions> = {}) {
    const filter = preparePolicy({ settings: { blockedDomains: ['bad.test'], safeSearch: true } }, []);
    const whole = { filter, blockAnswer: 'address' as const, contact: '', upstream: await asking(upstream), ...policy };
    resolver = new Resolver(whole, { clock: systemClock, log: quiet, ...more });
    ({ port } = await resolver.start('127.0.0.1', 0));
    return whole;
  }
  const campusAnswer = async () => (await askDns(port, 'campus.test')).values;

  it('asks other servers as soon as a domain has them, not what it remembers of the earlier ones', async () => {
    const policy = await start({});
    expect(await campusAnswer()).toEqual(['192.0.2.2']);
    const split = { domain: 'campus.test', upstream: await asking(campus) };
    resolver.use({ ...policy, splitDomains: [split] });
    expect(await campusAnswer()).toEqual(['10.20.0.1']);
    resolver.use({ ...policy, splitDomains: [{ domain: 'campus.test', upstream: await asking(lab) }] });
    expect(await campusAnswer()).toEqual(['10.30.0.1']);
    resolver.use(policy);
    expect(await campusAnswer()).toEqual(['192.0.2.2']);
  });

  it('remembers answers over a change of policy that keeps the servers', async () => {
    const policy = await start({ splitDomains: [{ domain: 'campus.test', upstream: await asking(campus) }] });
    await campusAnswer();
    resolver.use({ ...policy, contact: 'it@school.test', splitDomains: [...(policy.splitDomains ?? [])] });
    await campusAnswer();
    expect(campus.asked).toEqual(['campus.test A']);
  });

  it('does not hold dead servers of a split domain against the others', async () => {
    campus.misbehaviour = 'silent';
    await start({ splitDomains: [{ domain: 'campus.test', upstream: await asking(campus) }] });
    await askDns(port, 'school.test');
    expect((await askDns(port, 'campus.test')).code).toBe('SERVFAIL');
    expect(resolver.upstreamState.reachable).toBe(true);
  });

  it('asks other servers for captive-portal checks, too, when they have changed', async () => {
    const policy = await start({});
    expect((await askDns(port, 'captive.apple.com')).values).toEqual(['192.0.2.4']);
    resolver.use({ ...policy, upstream: await asking(campus) });
    expect((await askDns(port, 'captive.apple.com')).values).toEqual(['10.20.0.4']);
    const gone = new FakeUpstream();
    await gone.start();
    await gone.stop();
    resolver.use({ ...policy, upstream: await asking(gone), network: await asking(upstream) });
    expect((await askDns(port, 'captive.apple.com')).values).toEqual(['192.0.2.4']);
  });

  it('says once that a program asks so much that being fast is worth memory', async () => {
    let told = 0;
    await start({}, { clock: new FakeClock(), onSurge: () => told++ });
    const ask = async (times: number) => {
      for (let i = 0; i < times; i++) await askDns(port, 'bad.test');
    };
    await ask(999);
    expect(told).toBe(0);
    await ask(1);
    expect(told).toBe(1);
    await ask(1000);
    expect(told).toBe(1);
  });

  it('asks one set of servers for both when the network is what is asked anyhow', async () => {
    const network = await asking(upstream);
    await start({ upstream: network, network });
    expect((await askDns(port, 'printer.local')).values).toEqual(['192.0.2.3']);
  });

  it('forgets the network once none is known', async () => {
    const policy = await start({ network: await asking(upstream) });
    expect((await askDns(port, 'printer.local')).values).toEqual(['192.0.2.3']);
    const { network, ...rest } = policy as ResolverPolicy;
    expect(network).toBeDefined();
    resolver.use(rest);
    expect((await askDns(port, 'printer.local')).code).toBe('NXDOMAIN');
  });

  it('tells the observer once of each query that was decided, and how it ended', async () => {
    const heard: string[] = [];
    const observer = {
      decided: (name: string, { action, layer }: { action: string; layer: string }) => {
        heard.push(`${name} ${action} ${layer}`);
      },
    };
    await start({ observer, pageAddress: '127.82.67.1' });
    const names = ['school.test', 'bad.test', 'www.bing.com', 'cloak.test', 'nowhere.test', 'mask.icloud.com', 'x.lan'];
    for (const name of names) await askDns(port, name);
    await askDns(port, 'school.test');
    for (const name of ['localhost', 'rollcall.internal', 'x.onion']) await askDns(port, name);
    upstream.misbehaviour = 'garbage';
    await askDns(port, 'late.test');
    expect(heard).toEqual([
      'school.test pass default',
      'bad.test block district-block',
      'www.bing.com rewrite safe-search',
      'cloak.test block district-block',
      'nowhere.test pass default',
      'mask.icloud.com nxdomain canary',
      'x.lan pass default',
      'school.test pass default',
      'late.test pass default',
    ]);
  });

  it('refuses what is asked in a loop, with the reason, and goes on afterwards', async () => {
    const clock = new FakeClock();
    await start({}, { clock, rate: { perSecond: 20, burst: 3 } });
    const codes = [];
    for (let i = 0; i < 4; i++) codes.push(await askDns(port, 'bad.test'));
    expect(codes.map(({ code }) => code)).toEqual(['NOERROR', 'NOERROR', 'NOERROR', 'REFUSED']);
    expect(codes[3]?.reasons).toEqual(['0 too many queries from this device; a program may be asking in a loop']);
    expect(resolver.counts.limited).toBe(1);
    clock.advance(50);
    expect((await askDns(port, 'bad.test')).code).toBe('NOERROR');
  });
});
