import { setTimeout as delay } from 'node:timers/promises';
import { type ConnectionOptions, connect } from 'node:tls';
import { agentServerName } from '../../shared/protocol/enrolment.ts';
import { bench } from './bench.ts';
import { enrolDevices, inTurn, joinAll } from './devices.ts';
import { settled } from './process-use.ts';
import type { BareReady } from './programs/bare-server.ts';
import { startFloor } from './programs.ts';
import { BenchServer } from './server.ts';

const warmUpShare = 5;

/** The first fifth of the connections warms both servers up; memory is taken before and after the rest. */
export const connections = bench({
  summary: 'memory of an idle agent connection, against a bare TLS socket',
  sizes: { agents: { default: 500, words: 'connections held at once' } },
  async run({ agents }, report, scope) {
    const server = await BenchServer.start(scope);
    const devices = await enrolDevices(server, agents);
    await server.restart();
    const first = Math.ceil(agents / warmUpShare);
    const rest = agents - first;

    await joinAll(server, devices.slice(0, first));
    const before = await settled(server.pid);
    const started = performance.now();
    await joinAll(server, devices.slice(first));
    const perSecond = (rest * 1000) / (performance.now() - started);
    const after = await settled(server.pid);

    const bare = await startFloor<BareReady>(scope, 'bare-server', 'tls', scope.folder('bare'));
    await connectBare(bare.ready, first);
    const bareBefore = await settled(bare.pid);
    await connectBare(bare.ready, rest);
    const bareAfter = await settled(bare.pid);

    const each = (grown: number) => (grown * 1024) / rest;
    report.compare(
      ...(['resident memory of a connection', each(after.resident - before.resident), 'KB'] as const),
      ...(['bare TLS', each(bareAfter.resident - bareBefore.resident)] as const),
    );
    report.compare('resident memory of the server', after.resident, 'MB', 'bare TLS', bareAfter.resident);
    report.figure('connected, with welcome', perSecond, 'agents/s');
  },
});

async function connectBare({ port, tls }: BareReady, count: number): Promise<void> {
  const options: ConnectionOptions = { host: '127.0.0.1', port, servername: agentServerName, ...tls };
  await inTurn(Array.from({ length: count }), () => openBare(options));
  await delay(100);
}

function openBare(options: ConnectionOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(options, resolve);
    socket.on('error', reject);
  });
}
