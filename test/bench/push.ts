import type { RawData } from 'ws';
import type { Line } from '../fakes/device.ts';
import { Line as Connection } from '../fakes/device.ts';
import { bench } from './bench.ts';
import { enrolDevices, inTurn, joinAll } from './devices.ts';
import type { BareReady } from './programs/bare-server.ts';
import { startFloor } from './programs.ts';
import { percentile } from './report.ts';
import { BenchServer } from './server.ts';

const floorName = 'bare WebSockets';

/** From the call that publishes until each connected device has the new signed manifest: resolution and signing included. */
export const push = bench({
  summary: 'from publishing a policy until every connected agent has the new manifest',
  sizes: {
    agents: { default: 200, words: 'connected agents' },
    rounds: { default: 10, words: 'edits published' },
  },
  async run({ agents, rounds }, report, scope) {
    const server = await BenchServer.start(scope);
    const lines = await joinAll(server, await enrolDevices(server, agents));
    const publish = (round: number) => server.publish({ webFilter: { blockedDomains: [`round-${round}.example`] } });
    const warmUp = arrivals(lines);
    await publish(0);
    const frame = await warmUp.frame;
    await warmUp.all;

    const ours: number[][] = [];
    for (let round = 1; round <= rounds; round++) ours.push(await timed(lines, () => publish(round)));
    const bare = await startFloor<BareReady>(scope, 'bare-server', 'websocket', scope.folder('bare'));
    const { port, tls } = bare.ready;
    const bareLines = await inTurn(Array.from({ length: agents }), () => Connection.open(port, tls, []));
    const floor: number[][] = [];
    for (let round = 0; round <= rounds; round++) floor.push(await timed(bareLines, () => bare.child.send(frame)));
    floor.shift();

    report.figure('frame', frame.length, 'bytes');
    const rows = { p50: 0.5, p99: 0.99, last: 1 };
    for (const [what, share] of Object.entries(rows)) {
      const of = (times: number[][]) => percentile(times.flat(), share);
      report.compare(`publish → manifest at the agent, ${what}`, of(ours), 'ms', floorName, of(floor));
    }
  },
});

/** Milliseconds until each line has the next frame. */
async function timed(lines: readonly Line[], start: () => unknown): Promise<number[]> {
  const arrived = arrivals(lines);
  const from = performance.now();
  await start();
  return (await arrived.all).map((at) => at - from);
}

/** The next `desired` on each line: when it came, and what it was. */
function arrivals(lines: readonly Line[]): { all: Promise<number[]>; frame: Promise<string> } {
  const frame = Promise.withResolvers<string>();
  const all = lines.map(({ socket }) => {
    const arrived = Promise.withResolvers<number>();
    const onMessage = (bytes: RawData) => {
      const text = String(bytes);
      if (!text.includes('"type":"desired"')) return;
      arrived.resolve(performance.now());
      frame.resolve(text);
      socket.off('message', onMessage);
    };
    socket.on('message', onMessage);
    return arrived.promise;
  });
  return { all: Promise.all(all), frame: frame.promise };
}
