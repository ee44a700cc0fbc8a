// The agent's resolver by itself. Arguments: a compiled list, how many names are on it, port of the upstream.
import { readFileSync } from 'node:fs';
import { Resolver } from '../../../agent/filter/resolver.ts';
import { openUpstream } from '../../../agent/filter/upstream/open.ts';
import { systemClock as clock, systemRandom as random } from '../../../agent/platform/clock.ts';
import { compileHotCode as onSurge } from '../../../agent/platform/hot-code.ts';
import { openCompiled } from '../../../shared/filter/compiled.ts';
import { decideName, preparePolicy } from '../../../shared/filter/decide.ts';
import { listedName } from '../dns-names.ts';

export interface ResolverReady {
  port: number;
  listBytes: number;
  openMs: number;
}

/** Of one decision about a name below a listed one, microseconds of processor time. Answered to any message. */
export interface DecisionTime {
  decisionUs: number;
}

const decisions = 200_000;
const [, , list = '', ...numbers] = process.argv;
const [count = 0, upstreamPort = 0] = numbers.map(Number);
const openedAt = performance.now();
const names = openCompiled(readFileSync(list));
const openMs = performance.now() - openedAt;
const filter = preparePolicy({ settings: { blockedCategories: ['bench'] } }, [{ id: 'bench', title: 'Bench', names }]);

function decisionUs(): number {
  const asked = Array.from({ length: 1000 }, (_, index) => `www.${listedName((index * 7919) % Math.max(1, count))}`);
  const started = process.cpuUsage();
  for (let index = 0; index < decisions; index++) decideName(asked[index % asked.length] ?? '', filter);
  return process.cpuUsage(started).user / decisions;
}

const log = { debug: () => undefined, info: () => undefined, warn: console.error, error: console.error };
const upstream = await openUpstream(
  { kind: 'plain', servers: [`127.0.0.1:${upstreamPort}`] },
  { clock, random, systemServers: [], self: undefined },
);
// What a device's programs may ask is bounded; here the resolver itself is measured.
const rate = { perSecond: Number.POSITIVE_INFINITY, burst: Number.POSITIVE_INFINITY };
const resolver = new Resolver(
  { filter, blockAnswer: 'address', contact: 'IT', upstream },
  { clock, log, rate, onSurge },
);
const { port } = await resolver.start('127.0.0.1', 0);
const ready: ResolverReady = { port, listBytes: names.bytes, openMs };
process.on('message', () => process.send?.({ decisionUs: decisionUs() } satisfies DecisionTime));
process.send?.(ready);
