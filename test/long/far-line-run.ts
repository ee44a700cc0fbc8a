// Run by far-line.test.ts in a network namespace of its own: a server here, an agent at the far end of a bad line. Arguments:
// which line, the seed. Prints what was seen as JSON.
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type AgentServer, startAgentServer } from '../fakes/agent-server.ts';
import { ConnectedAgent } from '../fakes/connected-agent.ts';
import { until } from '../fakes/programs.ts';
import type { Standing } from './far-agent.ts';
import { FarLine, nearAddress, type Quality } from './far-line.ts';

const [which = '', seed = '0'] = process.argv.slice(2);
const script = fileURLToPath(new URL('far-agent.ts', import.meta.url));
const kilobits = 1_000 / 8;
const qualities: Record<string, Quality> = {
  lossy: { latencyMs: 2_000, loss: 0.3 },
  slow: { latencyMs: 50, bytesPerSecond: 64 * kilobits },
  vanishing: { latencyMs: 20 },
};
/** On the slow line a section takes longer than two and a half of them. */
const heartbeatSeconds = { vanishing: 4, slow: 30 }[which] ?? 60;
const artifactBytes = which === 'slow' ? 1_000_000 : 40_000;
const sectionBytes = which === 'slow' ? 990_000 : 40_000;
const enoughMs = 1_000_000;

process.on('disconnect', () => process.exit());
const folder = mkdtempSync(join(tmpdir(), 'rollcall-far-'));
const artifact = randomBytes(artifactBytes);
const hash = createHash('sha256').update(artifact).digest('hex');
writeFileSync(join(folder, hash), artifact);
const line = await FarLine.open(Number(seed));
line.quality = qualities[which] ?? {};
const server = await startAgentServer({ heartbeatSeconds, host: '0.0.0.0', artifacts: { [hash]: join(folder, hash) } });
const agent = await ConnectedAgent.enrol(server, 'far', server.agentPort, nearAddress);
const far = line.start(script, agent.home.path, hash);
// Also when the test is killed and this process learns of it by its channel alone.
process.on('exit', () => {
  for (const made of [folder, agent.folder, server.home]) rmSync(made, { recursive: true, force: true });
});
let standing: Standing | undefined;
far.on('message', (said: Standing) => {
  standing = said;
});
const stands = (what: string, test: (standing: Standing) => boolean) =>
  until(what, enoughMs, () => standing !== undefined && test(standing) && standing);

try {
  process.stdout.write(JSON.stringify(await (which === 'vanishing' ? vanish() : endure(server))));
} finally {
  far.kill('SIGKILL');
  await line.close();
  await agent.dispose();
  await server.stop();
}
process.exit();

async function told(count: number): Promise<void> {
  const before = standing?.emitted ?? 0;
  far.send(count);
  await stands('events emitted', ({ emitted }) => emitted === before + count);
}

/** Everything arrives: a large section, an artefact, reports. */
async function endure({ desired, bus }: AgentServer) {
  const began = performance.now();
  const seconds = () => Math.round((performance.now() - began) / 1_000);
  await stands('a connection', ({ connected }) => connected);
  const connectedAfter = seconds();
  await told(50);
  const url = 'a'.repeat(sectionBytes / 2_000 - 18);
  const urls = Array.from({ length: 1_000 }, (_, n) => `${1_000 + n}.example/${url}`);
  desired.set(JSON.stringify({ blockedUrls: urls, allowedUrls: urls }), agent.deviceId, 'browser');
  bus.publish('desired-changed', { deviceIds: [agent.deviceId] });
  await stands('the section in force', ({ verified }) => verified === 1);
  await told(50);
  await stands('the artefact', (seen) => seen.artifact);
  const { ends, tries, emitted } = await stands('everything acknowledged', ({ spooled }) => spooled === 0);
  return {
    connectedAfter,
    seconds: seconds(),
    ends,
    tries,
    emitted,
    held: await agent.held(server),
    packets: line.packets,
  };
}

/** All packets are lost from one moment to the next: both sides find out, and it goes on when the line is back. */
async function vanish() {
  await stands('a connection', ({ connected }) => connected);
  await told(20);
  await stands('everything acknowledged', ({ spooled }) => spooled === 0);
  await told(20);
  line.quality = { loss: 1 };
  const began = performance.now();
  await told(20);
  const since = () => (performance.now() - began) / 1_000 / heartbeatSeconds;
  const noticed = { agent: 0, server: 0 };
  await Promise.all([
    stands('the agent notices', ({ connected }) => !connected).then(() => {
      noticed.agent = since();
    }),
    until('the server notices', 60_000, () => !server.gateway.isConnected(agent.deviceId)).then(() => {
      noticed.server = since();
    }),
  ]);
  line.quality = qualities.vanishing ?? {};
  await stands('a connection again', ({ connected }) => connected);
  await told(20);
  const { emitted, ends } = await stands('everything acknowledged', ({ spooled }) => spooled === 0);
  const connected = server.gateway.connectedCount();
  return { noticed, ends, emitted, held: await agent.held(server), connected };
}
