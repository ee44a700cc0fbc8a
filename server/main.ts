import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Clock } from '../shared/clock.ts';
import { createAgentListeners, createEnrolment } from './agent-listeners.ts';
import { createConsoleApp } from './api/console-listener.ts';
import { openBase, type Undo } from './base.ts';
import { systemClock } from './clock.ts';
import type { Config } from './config.ts';
import { createConsole } from './console-parts.ts';
import { createServices, type WiredServices } from './create-services.ts';
import { seedDistrict, seedHelpdesk } from './demo/seed.ts';
import { prepareHome } from './home.ts';
import { type Ports, rememberPorts } from './ports.ts';
import { lockHome } from './store/home-lock.ts';

export interface RunningServer {
  ports: Ports;
  consoleAddress: string;
  /** The one-time code for the first administrator; undefined once there is one. */
  setUpCode: string | undefined;
  stop(): Promise<void>;
}

/** Opens the home, wires every part, and starts them from the store outwards; `stop` goes the other way. */
export async function startServer(config: Config, log: Logger): Promise<RunningServer> {
  return await withHome(config.home, (undo) => open(config, log, undo));
}

/** The services alone, by a clock of the caller’s, with nothing that listens: whoever comes later finds what they did. */
export async function startServices(config: Config, log: Logger, clock: Clock) {
  return await withHome(config.home, async (undo) => {
    const base = await openBase(config, log, undo, clock);
    const services = createServices(base);
    await startParts(services, undo);
    rememberPorts(config.home, base.ports);
    return { ...base, services, enrolment: createEnrolment(base, services) };
  });
}

export type RunningServices = Awaited<ReturnType<typeof startServices>>;

async function withHome<T>(home: string, opening: (undo: Undo) => Promise<T>): Promise<T & { stop(): Promise<void> }> {
  prepareHome(home);
  const undo: Undo = [lockHome(join(home, 'lock.db'))];
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    return { ...(await opening(undo)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function open(config: Config, log: Logger, undo: Undo): Promise<Omit<RunningServer, 'stop'>> {
  const base = await openBase(config, log, undo, systemClock);
  const { ports, stores, clock } = base;
  const services = createServices(base);
  const listeners = createAgentListeners(base, services);
  const { parts, live } = await createConsole(base, services);

  await startParts(services, undo);
  const sample = { ...services, people: stores.people, clock };
  if (config.demo && (await seedDistrict(sample))) await seedHelpdesk(sample, clock.now());
  const app = await createConsoleApp(parts);
  undo.push(() => app.close());
  await app.listen({ host: config.listen, port: ports.console });
  live.start();
  undo.push(() => live.stop());
  // The gateway hears of revocations before the first device can come, and says goodbye before its sockets go.
  await services.gateway.start();
  undo.push(async () => {
    await services.gateway.stop();
    for (const listener of listeners) await listener.stop();
  });
  for (const listener of listeners) await listener.start();
  rememberPorts(config.home, ports);
  log.info({ ports }, 'the server is ready');
  return {
    ports,
    consoleAddress: `https://${consoleHost(config)}:${ports.console}`,
    setUpCode: await services.access.setUp.open(),
  };
}

async function startParts(services: WiredServices, undo: Undo): Promise<void> {
  const { lists, filterSettings, overrides, requests, retention, recovery, desired, waivers, compliance } = services;
  const { restrictions, obligations, rollouts, changes, secrets } = services;
  const helpdesk = [
    services.approvals,
    services.commands,
    services.commandFeed,
    services.ticketClocks,
    services.helpRequests,
    services.automaticTickets,
    services.helpdeskMail,
  ];
  const follow = [lists, filterSettings, overrides, requests, retention, recovery];
  const inOrder = [
    // First, so that it stops last: its last head is of all that was done.
    services.auditHeads,
    services.auditRetention,
    secrets,
    services.index,
    services.places,
    ...follow,
    desired,
    services.classDays,
    services.diagnoses,
    waivers,
    compliance,
  ];
  for (const part of [...inOrder, restrictions, obligations, rollouts, changes, ...helpdesk, services.webhooks]) {
    await part.start();
    undo.push(() => part.stop());
  }
}

function consoleHost(config: Config): string {
  return config.hosts.every((host) => host === '127.0.0.1') ? 'localhost' : (config.hosts[0] ?? 'localhost');
}
