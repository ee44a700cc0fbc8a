/*
 * Run by namespace.test.ts on a host of its own, whose programs ask 127.0.0.2: puts one resolver after the other there and
 * prints what the measurement through getaddrinfo makes of each, for each way to answer a blocked name.
 */
import { measurementsOf } from '../../../agent/capabilities/webFilter/measure.ts';
import { measureSystem } from '../../../agent/capabilities/webFilter/measure-system.ts';
import { Resolver } from '../../../agent/filter/resolver.ts';
import { openUpstream } from '../../../agent/filter/upstream/open.ts';
import { systemClock as clock, systemRandom as random } from '../../../agent/platform/clock.ts';
import { preparePolicy } from '../../../shared/filter/decide.ts';
import { FakeUpstream, type Misbehaviour } from '../../fakes/upstream.ts';

type Way = 'address' | 'nxdomain' | 'refused';
type Stop = () => Promise<void>;

const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const ways: Way[] = ['address', 'nxdomain', 'refused'];
const settings = { blockedDomains: ['bad.test'] };
const filter = preparePolicy({ settings }, []);
const real = Object.fromEntries(
  ['bad.test', 'use-application-dns.net'].map((name) => [
    `${name} A`,
    [{ type: 'A' as const, name, ttl: 60, data: '192.0.2.1' }],
  ]),
);

async function startFilter(blockAnswer: Way): Promise<Stop> {
  const upstream = await openUpstream({ kind: 'system' }, { clock, random, systemServers: [], self: undefined });
  const resolver = new Resolver({ filter, blockAnswer, contact: '', upstream }, { clock, log });
  await resolver.start('127.0.0.2', 53);
  return () => resolver.stop();
}

async function startOther(records: typeof real, misbehaviour?: Misbehaviour): Promise<Stop> {
  const other = new FakeUpstream(records);
  other.misbehaviour = misbehaviour;
  await other.start('127.0.0.2', 53);
  return () => other.stop();
}

const resolvers: Record<string, (way: Way) => Promise<Stop>> = {
  'the filter': startFilter,
  'one that answers real addresses': () => startOther(real),
  'one that knows no name': () => startOther({}),
  'one that fails': () => startOther({}, 'servfail'),
  'one that refuses everything': () => startOther({}, 'refused'),
  'none at all': async () => async () => undefined,
  'one that is silent': () => startOther({}, 'silent'),
};

const oks: Record<string, Record<string, boolean[]>> = {};
const words: Record<string, Record<string, string[]>> = {};
for (const [name, start] of Object.entries(resolvers)) {
  oks[name] = {};
  words[name] = {};
  for (const way of ways) {
    const stop = await start(way);
    const section = { settings: { ...settings, blockAnswer: way }, lists: [], contact: '' };
    const evidence = await measureSystem(measurementsOf(section, filter), {
      clock,
      random,
      timeoutMs: 4000,
      blockAnswer: way,
    });
    await stop();
    oks[name][way] = evidence.map(({ ok }) => ok);
    words[name][way] = evidence.map(({ item, expected, seen }) => `${item}: expected ${expected}, seen ${seen}`);
  }
}
process.stdout.write(JSON.stringify({ oks, words }));
