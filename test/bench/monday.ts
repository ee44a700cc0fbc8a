import { setTimeout as delay } from 'node:timers/promises';
import { bench } from './bench.ts';
import type { Credentials } from './load/credentials.ts';
import type { Fleet } from './load/fleet.ts';
import { Prober } from './load/prober.ts';
import { bunching, type Recovery, recover, tell, tellMeanwhile } from './load/recovery.ts';
import { type CrowdSizes, credentialsFor, crowdSizes, openFloor, openStage } from './load/stage.ts';
import { cpuMsOf } from './process-use.ts';
import type { Report } from './report.ts';
import { Scope } from './scope.ts';
import type { BenchServer } from './server.ts';

/** A fleet is cut off in three ways; its agents come back by their own back-off rules, and nothing else. */
export const monday = bench({
  summary: 'the whole fleet at once: all connections cut, a planned restart, kill -9; time until all are back',
  sizes: { ...crowdSizes, echo: { default: 20, words: 'seconds to listen for an echo afterwards' } },
  async run({ echo, ...sizes }, report, scope) {
    const credentials = await credentialsFor(scope, report, sizes.agents);
    const bare = await floorOf(scope, credentials, sizes);
    const { server, fleet } = await openStage(scope, credentials, sizes);
    await server.publish({ webFilter: { blockedDomains: ['monday.example'] } });
    const watched = { fleet, cpu: () => server.pids.reduce((sum, pid) => sum + cpuMsOf(pid), 0) };
    const joined = await recover(watched, () => fleet.join());
    report.note('The first time, as fast as the clients can');
    report.compare('welcomed in a second', joined.perSecond, '/s', 'bare TLS', bare.joined.perSecond);
    report.compare('processor of the server for each', joined.cpuEach, 'ms', 'bare TLS', bare.joined.cpuEach);

    const prober = new Prober(server);
    scope.defer(() => prober.stop());
    const phase = async (words: string, disturb: () => Promise<void>) => {
      await fleet.quiet();
      await server.atRest();
      await server.loopDelay();
      prober.take();
      const recovery = await recover(watched, disturb);
      report.note(words);
      await tell(report, recovery, server, prober);
      return recovery;
    };
    const cut = await phase('All connections cut at once', () => fleet.cut());
    report.compare('welcomed in a second, until 99 in 100 were', cut.perSecond, '/s', 'bare TLS', bare.cut.perSecond);
    report.compare('processor of the server for each', cut.cpuEach, 'ms', 'bare TLS', bare.cut.cpuEach);
    report.compare('processor of the server', cut.busy.server, '%', 'bare TLS', bare.cut.busy.server);
    report.compare('processor of the agents’ own', cut.busy.clients, '%', 'bare TLS', bare.cut.busy.clients);
    await phase('Planned restart', () => server.restart());
    await phase('kill -9', () => killed(server));
    await listen({ seconds: echo, fleet, server, prober, report });
  },
});

/** The same clients at bare TLS: joining, and coming back when all are cut. */
async function floorOf(scope: Scope, credentials: Credentials, sizes: CrowdSizes) {
  const floorScope = new Scope();
  scope.defer(() => floorScope.close());
  const { fleet, program } = await openFloor(floorScope, credentials, sizes);
  const watched = { fleet, cpu: () => cpuMsOf(program.pid) };
  const joined: Recovery = await recover(watched, () => fleet.join());
  const cut: Recovery = await recover(watched, () => fleet.cut());
  await floorScope.close();
  return { joined, cut };
}

async function killed(server: BenchServer): Promise<void> {
  await server.kill();
  await server.serve();
}

interface Listening {
  seconds: number;
  fleet: Fleet;
  server: BenchServer;
  prober: Prober;
  report: Report;
}

/** A second wave would be connections that end again, or heartbeats that all come at once. */
async function listen({ seconds, fleet, server, prober, report }: Listening): Promise<void> {
  const before = await fleet.stats();
  await fleet.take();
  await delay(seconds * 1_000);
  const after = await fleet.stats();
  const { most, mean } = bunching(await fleet.take());
  report.note(`The ${seconds} s after that`);
  report.figure('connections that ended again', after.tried - before.tried, '');
  report.compare('heartbeats in the busiest second', most, '', 'mean', mean);
  await tellMeanwhile(report, server, prober);
}
