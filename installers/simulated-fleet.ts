// Simulated devices for `npm start`: real certificates, real sessions, the real protocol; only the laptops are not there.
// The server marks each of them as simulated, and their names begin with `sim-`.
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { enrol } from '../agent/identity/enrol.ts';
import { readIdentity, writeIdentity } from '../agent/identity/identity-files.ts';
import type { Log } from '../agent/log.ts';
import { systemClock as clock, systemRandom as random } from '../agent/platform/clock.ts';
import type { Agent } from '../agent/running-agent.ts';
import { Home } from '../agent/store/home.ts';
import { agentVersion } from '../agent/version.ts';
import { allPages, OperatorClient } from '../server/commands/client.ts';
import { decodeToken, type TokenContent } from '../shared/protocol/token.ts';
import { createSimulatedAgent } from './simulated-agent.ts';
import { isAway, type SimulatedDevice, simulatedHealth } from './simulated-health.ts';

const { values: flags } = parseArgs({
  options: {
    home: { type: 'string', default: '' },
    server: { type: 'string', default: '' },
    count: { type: 'string', default: '40' },
  },
});
const count = Math.min(200, Math.max(0, Number.parseInt(flags.count, 10) || 0));

const log: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: (fields, message) => console.error(`simulated devices: ${message}`, fields),
  error: (fields, message) => console.error(`simulated devices: ${message}`, fields),
};

interface Seat {
  seed: number;
  home: Home;
  device: SimulatedDevice;
}

const seats: Seat[] = Array.from({ length: count }, (_, seed) => ({
  seed,
  home: new Home(resolve(flags.home, String(seed).padStart(3, '0'))),
  device: simulatedHealth(seed, clock.now(), agentVersion),
}));

/** Enrols those that are not yet, and hands each to a person of the sample district, spread over all of them. */
async function enrolMissing(client: OperatorClient): Promise<void> {
  const missing = seats.filter(({ home }) => readIdentity(home) === undefined);
  if (missing.length === 0) return;
  const { token } = await client.call('createToken', {
    body: {
      maxUses: missing.length,
      expiresInSeconds: 3600,
      label: 'npm start: simulated devices',
      simulated: true,
      tags: ['simulated'],
    },
  });
  const people = await holdersOf(client, missing.length);
  for (const [index, seat] of missing.entries()) {
    const deviceId = await enrolOne(seat, decodeToken(token));
    const personId = people[index];
    if (personId) await client.call('openCustody', { params: { id: deviceId }, body: { personId, kind: 'primary' } });
  }
}

async function enrolOne({ home, device }: Seat, token: TokenContent): Promise<string> {
  const { platform, os, hostname, hardware } = device;
  home.prepare();
  const identity = await enrol(token, { agentVersion, platform, os, hostname, hardware });
  writeIdentity(home, identity);
  return identity.deviceId;
}

/** People of every school and role who hold nothing yet, evenly spaced through the roster. */
async function holdersOf(client: OperatorClient, wanted: number): Promise<string[]> {
  const free: string[] = [];
  const pages = allPages((cursor) =>
    client.call('listPeople', { query: { limit: 200, ...(cursor ? { cursor } : {}) } }),
  );
  for await (const person of pages) if (person.deviceCount === 0 && person.role !== 'guardian') free.push(person.id);
  const step = Math.max(1, Math.floor(free.length / wanted));
  return free.filter((_, index) => index % step === 0).slice(0, wanted);
}

const agents: Agent[] = [];

async function stop(): Promise<void> {
  await Promise.all(agents.map((agent) => agent.stop()));
  process.exit(0);
}

process.on('SIGTERM', () => void stop());
process.on('SIGINT', () => void stop());

const client = new OperatorClient(resolve(flags.server));
await enrolMissing(client);
await client.close();
for (const { seed, home, device } of seats) {
  if (isAway(seed)) continue;
  const agent = await createSimulatedAgent(home, device, { clock, random, log });
  agents.push(agent);
  await agent.start();
}
process.send?.({ ready: true });
// Timers of the agents do not keep a process alive; the channel to the parent does, and this where there is none.
setInterval(() => undefined, 1 << 30);
