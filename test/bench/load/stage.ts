import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import serverEnvironment from '../../../installers/server-environment.json' with { type: 'json' };
import type { BareReady } from '../programs/bare-server.ts';
import { type Program, startProgram } from '../programs.ts';
import type { Report } from '../report.ts';
import type { Scope } from '../scope.ts';
import { BenchServer } from '../server.ts';
import { Credentials } from './credentials.ts';
import type { Behaviour } from './crowd.ts';
import { districtHome } from './district.ts';
import { Fleet } from './fleet.ts';

export const crowdSizes = {
  agents: { default: 2_000, words: 'connected agents' },
  processes: { default: 0, words: 'processes of the server that hold connections; 0: its own' },
  clients: { default: 0, words: 'processes of simulated agents; 0: as many as are needed' },
  seed: { default: 1, words: 'of all that is random in the agents' },
} as const;
export type CrowdSizes = Record<keyof typeof crowdSizes, number>;
type Conduct = Partial<Omit<Behaviour, 'farEnd' | 'seed'>>;

const bareServer = fileURLToPath(new URL('../programs/bare-server.ts', import.meta.url));
/** One process without ours around it; more than this would not fit into the files it may open. */
const mostAtTheFloor = 15_000;

/** What a floor is measured with. */
export interface Floor {
  program: Program<BareReady>;
  fleet: Fleet;
  agents: number;
}

/** Certificates for so many, made or found. */
export async function credentialsFor(scope: Scope, report: Report, agents: number): Promise<Credentials> {
  const credentials = new Credentials();
  const from = performance.now();
  let made = 0;
  await credentials.ensure(scope, agents, (missing) => {
    made = missing;
  });
  const seconds = ((performance.now() - from) / 1_000).toFixed(1);
  if (made > 0) report.note(`  (${made} certificates made in ${seconds} s, kept in ${credentials.folder})`);
  return credentials;
}

/** The server on a district of its own, and its agents, who have not joined yet. `prepare` sees its home before it starts. */
export async function openStage(
  scope: Scope,
  credentials: Credentials,
  { agents, processes, clients, seed }: CrowdSizes,
  conduct: Conduct = {},
  prepare: (home: string) => void = () => undefined,
): Promise<{ server: BenchServer; fleet: Fleet }> {
  const home = await districtHome(scope, credentials, agents);
  prepare(home);
  const server = await BenchServer.start(scope, { home, gatewayProcesses: processes });
  const farEnd = { host: '127.0.0.1', port: server.ports.agents, speaks: 'rollcall' as const };
  const among = clients > 0 ? { processes: clients } : {};
  const fleet = await Fleet.start(scope, { credentials, count: agents, farEnd, seed, ...among, ...conduct });
  return { server, fleet };
}

/** Bare TLS sockets, the same clients, and nothing else: what no server on Node can beat. */
export async function openFloor(
  scope: Scope,
  credentials: Credentials,
  { agents, clients, seed }: CrowdSizes,
  conduct: Conduct = {},
): Promise<Floor> {
  const count = Math.min(agents, mostAtTheFloor);
  const home = scope.folder('bare');
  cpSync(join(credentials.folder, 'pki'), join(home, 'pki'), { recursive: true });
  // In the server's environment, and not by the agent's flags, which bound its memory.
  const program = await startProgram<BareReady>(scope, 'bare-server', [bareServer, home], serverEnvironment);
  const farEnd = { host: '127.0.0.1', port: program.ready.port, speaks: 'bare' as const };
  const among = clients > 0 ? { processes: clients } : {};
  const fleet = await Fleet.start(scope, { credentials, count, farEnd, seed, ...among, ...conduct });
  return { program, fleet, agents: count };
}
