import { setTimeout as delay } from 'node:timers/promises';
import { bench } from './bench.ts';
import type { Fleet } from './load/fleet.ts';
import { credentialsFor, crowdSizes, openFloor, openStage } from './load/stage.ts';
import { cpuSpentOn, type Memory, settled } from './process-use.ts';
import { Scope } from './scope.ts';

/** The first tenth warms up what holds the connections; memory is taken before and after the rest. */
const warmUpShare = 10;
const beatSeconds = 5;

interface Held {
  each: number;
  all: Memory;
  /** Processor milliseconds of 1,000 heartbeats. */
  heartbeats: number;
}

export const connections = bench({
  summary:
    'memory of an idle agent, all of the server included, and what its heartbeats cost, against bare TLS sockets',
  sizes: { ...crowdSizes, rounds: { default: 3, words: 'heartbeats of each agent that are measured' } },
  async run({ rounds, ...sizes }, report, scope) {
    const credentials = await credentialsFor(scope, report, sizes.agents);
    const floorScope = new Scope();
    scope.defer(() => floorScope.close());
    const floor = await openFloor(floorScope, credentials, sizes);
    const bare = await hold(floor.fleet, () => [floor.program.pid], rounds);
    await floorScope.close();

    const { server, fleet } = await openStage(scope, credentials, sizes);
    const alone = await settled(server.pids);
    const ours = await hold(fleet, () => server.pids, rounds);

    report.compare('resident memory of a connection', ours.each, 'KB', 'bare TLS', bare.each);
    report.figure('the server without agents, resident', alone.resident, 'MB');
    report.figure(`with ${sizes.agents} agents, resident`, ours.all.resident, 'MB');
    report.figure('– all included, of each agent', (ours.all.resident * 1024) / sizes.agents, 'KB');
    report.compare('processor for 1,000 heartbeats', ours.heartbeats, 'ms', 'bare TLS', bare.heartbeats);
    const { failures, errors } = await fleet.stats();
    report.note(`  connections that failed: ${JSON.stringify(failures)}; errors told: ${JSON.stringify(errors)}`);
  },
});

async function hold(fleet: Fleet, pids: () => number[], rounds: number): Promise<Held> {
  await fleet.join(warmUpShare);
  await fleet.until(({ connected, agents }) => connected >= Math.floor(agents / warmUpShare));
  const before = { connected: (await fleet.stats()).connected, memory: await settled(pids()) };
  const { connected } = await fleet.joined();
  const after = await settled(pids());
  const each = ((after.resident - before.memory.resident) * 1024) / (connected - before.connected);
  const idle = await cpuSpentOn(pids(), () => delay(beatSeconds * 1_000));
  const { pings } = await fleet.stats();
  const from = performance.now();
  const spent = await cpuSpentOn(pids(), async () => {
    for (let round = 0; round < rounds; round++) await fleet.beat(beatSeconds);
  });
  const meanwhile = (idle * (performance.now() - from)) / (beatSeconds * 1_000);
  const heartbeats = ((spent - meanwhile) * 1_000) / ((await fleet.stats()).pings - pings);
  return { each, all: after, heartbeats };
}
