import { createSocket } from 'node:dgram';
import { existsSync, rmdirSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { decodeToken } from '../../shared/protocol/token.ts';
import { hostPlatform } from '../agent-options.ts';
import { type AgentConfig, isHost, remember } from '../config.ts';
import { readAboutHost } from '../identity/about-host.ts';
import { enrol } from '../identity/enrol.ts';
import { readHardware } from '../identity/hardware.ts';
import { type Identity, readIdentity, writeIdentity } from '../identity/identity-files.ts';
import { protectHome } from '../identity/protect-home.ts';
import { systemClock } from '../platform/clock.ts';
import { SystemCommands } from '../platform/commands.ts';
import { removeDurably } from '../store/durable-file.ts';
import { agentVersion } from '../version.ts';
import type { Command } from './command.ts';
import { exitCodes } from './exit-codes.ts';
import { CommandFailed } from './failure.ts';

/** `enroll TOKEN`: makes this home a device of the district. Leaves nothing behind when it fails. */
export const enroll: Command = async ({ config, positionals, output }) => {
  const [pasted] = positionals;
  if (!pasted || positionals.length > 1)
    throw new CommandFailed('usage', 'Give the token: rollcall-agent enroll TOKEN', exitCodes.usage);
  const token = decodeToken(pasted);
  refuseSecond(config);
  const chosen = { ...config, dnsPort: config.dnsPort || (await freePort(config.dnsAddress)) };
  const identity = await withHome(chosen, async () => await enrol(token, await aboutDevice(chosen)));
  output.line(`Enrolled as ${identity.deviceId} in ${identity.trust.name}.`);
  output.line(`Start the agent with: rollcall-agent run --home ${config.home.path}`);
  output.answer({
    deviceId: identity.deviceId,
    district: identity.trust.name,
    home: config.home.path,
    root: config.root,
    resolver: `${chosen.dnsAddress}:${chosen.dnsPort}`,
  });
  return exitCodes.ok;
};

function refuseSecond({ home }: AgentConfig): void {
  const enrolled = readIdentity(home);
  if (!enrolled) return;
  const words = `${home.path} is enrolled already, as ${enrolled.deviceId} in ${enrolled.trust.name}. Run "rollcall-agent unenroll" first.`;
  throw new CommandFailed('already-enrolled', words);
}

async function aboutDevice({ name }: AgentConfig) {
  const platform = hostPlatform();
  const { os, hostname } = await readAboutHost(platform, systemClock, name);
  return { agentVersion, platform, os, hostname, hardware: await readHardware(platform, new SystemCommands()) };
}

/** The home is made and written to before the token is used, so that a full or forbidden disk does not cost it. */
async function withHome(config: AgentConfig, enrolling: () => Promise<Identity>): Promise<Identity> {
  const { home } = config;
  const isNew = !existsSync(home.path);
  home.prepare();
  await protectHome(hostPlatform(), new SystemCommands(), home);
  if (!isHost(config.root)) await mkdir(config.root, { recursive: true });
  const hadConfig = existsSync(home.config);
  remember(config);
  try {
    const identity = await enrolling();
    writeIdentity(home, identity);
    return identity;
  } catch (error) {
    if (!hadConfig) removeDurably(home.config);
    if (isNew) rmdirSync(home.path);
    throw error;
  }
}

/** A port that is free for UDP and TCP now; remembered, so that the resolver stays where people look for it. */
async function freePort(address: string): Promise<number> {
  for (let tries = 0; tries < 20; tries += 1) {
    const port = await freeTcpPort(address);
    if (await isFreeUdpPort(address, port)) return port;
  }
  throw new CommandFailed('no-port', `There is no free port at ${address}. Name one with --dns-port.`);
}

async function freeTcpPort(address: string): Promise<number> {
  const server = createServer();
  return await new Promise((resolve, reject) => {
    server.once('error', reject).listen(0, address, () => {
      const bound = server.address();
      server.close(() => resolve(typeof bound === 'object' && bound ? bound.port : 0));
    });
  });
}

async function isFreeUdpPort(address: string, port: number): Promise<boolean> {
  const socket = createSocket('udp4');
  return await new Promise((resolve) => {
    socket.once('error', () => socket.close(() => resolve(false)));
    socket.bind(port, address, () => socket.close(() => resolve(true)));
  });
}
