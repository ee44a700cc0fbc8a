import { encode } from '../../shared/protocol/codec.ts';
import type { Manifest } from '../../shared/protocol/messages.ts';
import { bench } from './bench.ts';
import type { Fleet } from './load/fleet.ts';
import { nowMs, type Timed } from './load/moments.ts';
import { credentialsFor, crowdSizes, openFloor, openStage } from './load/stage.ts';
import { percentile } from './report.ts';
import { Scope } from './scope.ts';

const floorName = 'bare TLS';
const shares = { p50: 0.5, p99: 0.99, last: 1 };
/** As many bytes as our frame has: a manifest of a few sections with its signature. */
const frameBytes = 600;

/** From the call that publishes: resolution and signing are in it. Agents apply by saying so, and report it. */
export const push = bench({
  summary: 'from publishing a policy until every connected agent has the manifest, its sections, and has reported it',
  sizes: { ...crowdSizes, rounds: { default: 5, words: 'edits published' } },
  async run({ rounds, ...sizes }, report, scope) {
    const credentials = await credentialsFor(scope, report, sizes.agents);
    const floorScope = new Scope();
    scope.defer(() => floorScope.close());
    const floor = await openFloor(floorScope, credentials, sizes);
    await floor.fleet.joined();
    const bare: number[] = [];
    for (let round = 0; round <= rounds; round++) {
      const frame = fillerFrame(round + 1);
      const { manifest } = await timed(floor.fleet, 'manifest', () => void floor.program.child.send(frame));
      if (round > 0) bare.push(...manifest);
    }
    await floorScope.close();

    const { server, fleet } = await openStage(scope, credentials, sizes);
    const publish = (round: number) => server.publish({ webFilter: { blockedDomains: [`round-${round}.example`] } });
    await fleet.joined(900);
    await timed(fleet, 'reported', () => publish(0));
    await server.atRest();
    await server.loopDelay();
    const { bytes } = await fleet.stats();
    const all: Record<'manifest' | 'applied' | 'reported', number[]> = { manifest: [], applied: [], reported: [] };
    for (let round = 1; round <= rounds; round++) {
      const times = await timed(fleet, 'reported', () => publish(round));
      for (const what of ['manifest', 'applied', 'reported'] as const) all[what].push(...times[what]);
    }

    for (const [words, share] of Object.entries(shares))
      report.compare(
        ...([`manifest received, ${words}`, percentile(all.manifest, share), 'ms'] as const),
        ...([floorName, percentile(bare, share)] as const),
      );
    for (const [words, share] of Object.entries(shares))
      report.figure(`sections fetched and applied, ${words}`, percentile(all.applied, share), 'ms');
    for (const [words, share] of Object.entries(shares))
      report.figure(`reported and acknowledged, ${words}`, percentile(all.reported, share), 'ms');
    const received = (await fleet.stats()).bytes - bytes;
    report.figure('sent to each agent for each edit', received / sizes.agents / rounds, 'bytes');
    report.figure('the server’s loop was late by, p99', await server.loopDelay(), 'ms');
  },
});

/** Milliseconds from the start until each agent had got so far. */
async function timed(fleet: Fleet, last: 'manifest' | 'reported', start: () => unknown): Promise<Timed> {
  const counter = last === 'manifest' ? 'manifests' : 'acknowledged';
  await fleet.take();
  const before = await fleet.stats();
  const from = nowMs();
  await start();
  await fleet.until((stats) => stats[counter] >= before[counter] + before.connected);
  await fleet.quiet();
  const times = await fleet.take();
  const since = (moments: readonly number[]) => moments.map((at) => at - from);
  return {
    ...times,
    ...{ manifest: since(times.manifest), applied: since(times.applied), reported: since(times.reported) },
  };
}

function fillerFrame(generation: number): string {
  const manifest: Manifest = { format: 1, audience: 'a'.repeat(64), generation, issuedAt: Date.now(), sections: {} };
  const text = JSON.stringify(manifest);
  return encode('desired', 'bare', { manifest: text.padEnd(frameBytes - 150), signature: 'A'.repeat(86), keyId: 'k' });
}
