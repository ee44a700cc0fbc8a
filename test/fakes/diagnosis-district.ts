import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fastify from 'fastify';
import pino from 'pino';
import { WebSocket } from 'ws';
import type { AgentOptions } from '../../agent/agent-options.ts';
import type { StandIns } from '../../agent/diagnosis.ts';
import type { DiagnosisDesk, LookNotice } from '../../agent/diagnostics/session/desk.ts';
import type { OpenStream } from '../../agent/diagnostics/session/streams.ts';
import { enrol } from '../../agent/identity/enrol.ts';
import { readIdentity, writeIdentity } from '../../agent/identity/identity-files.ts';
import { operatorStanding } from '../../server/access/standing.ts';
import { createAgentListeners } from '../../server/agent-listeners.ts';
import type { Guard } from '../../server/api/guard.ts';
import { LiveConsole } from '../../server/api/live.ts';
import { LiveSight } from '../../server/api/live-sight.ts';
import { LiveTickets } from '../../server/api/live-tickets.ts';
import { systemClock, systemRandom } from '../../server/clock.ts';
import { loadConfig } from '../../server/config.ts';
import { type RunningServices, startServices } from '../../server/main.ts';
import type { StaffPerson } from '../../server/services.ts';
import type { LiveEvent, LiveRequest } from '../../shared/api/live.ts';
import { decodeToken } from '../../shared/protocol/token.ts';
import { AgentHome } from './agent-home.ts';
import { FakeClock } from './clock.ts';
import { until } from './programs.ts';

const waitMs = 20_000;
const impatient = { unit: () => 0, bytes: (length: number) => new Uint8Array(length), uuid: () => 'spool-1' };

export const kim: StaffPerson = { id: 'staff-kim', actor: 'staff:Kim Ortiz' };
export const lee: StaffPerson = { id: 'staff-lee', actor: 'staff:Lee Park' };

/** The real server with its listeners for agents and the live socket of the console, in this process. */
export class DiagnosisDistrict implements AsyncDisposable {
  readonly home = mkdtempSync(join(tmpdir(), 'rollcall-diagnosis-'));
  /** Tabs that do not live are cut off by this one. */
  readonly tabClock = new FakeClock();
  readonly #devices: LookedAt[] = [];
  readonly #tabs: Tab[] = [];
  #stop: () => Promise<void> = async () => undefined;
  #open: (staffId: string) => WebSocket = () => {
    throw new Error('not started');
  };
  running: RunningServices | undefined;
  live: LiveConsole | undefined;

  static async start(): Promise<DiagnosisDistrict> {
    const district = new DiagnosisDistrict();
    await district.serve();
    return district;
  }

  /** Starts the server; the second time on the same home and ports. */
  async serve(): Promise<void> {
    const ports = this.live ? {} : { consolePort: 0, agentPort: 0 };
    const config = loadConfig({ home: this.home, listen: '127.0.0.1', demo: false, ...ports });
    const running = await startServices(config, pino({ level: 'silent' }), systemClock);
    const listeners = createAgentListeners(running, running.services);
    await running.services.gateway.start();
    for (const listener of listeners) await listener.start();
    const tickets = new LiveTickets(systemClock, systemRandom);
    const sessions = { ofSession: async (id: string) => ({ id }) } as unknown as ConstructorParameters<
      typeof LiveConsole
    >[3];
    const all = { ofStaff: async () => operatorStanding(), placesOf: async () => [], holds: async () => true };
    const sight = new LiveSight(all);
    const live = new LiveConsole(running.bus, running.services.diagnoses, tickets, sessions, this.tabClock, sight);
    const app = fastify();
    await live.register(app, { demandOrigin: () => undefined } as unknown as Guard);
    const address = await app.listen({ host: '127.0.0.1', port: 0 });
    live.start();
    [this.running, this.live] = [running, live];
    this.#open = (staffId) =>
      new WebSocket(`${address.replace('http', 'ws')}/api/live?ticket=${tickets.issue(staffId)}`);
    this.#stop = async () => {
      await running.services.gateway.stop();
      for (const listener of listeners) await listener.stop();
      live.stop();
      for (const client of app.websocketServer.clients) client.terminate();
      await app.close();
      await running.stop();
    };
  }

  async stopServer(): Promise<void> {
    await this.#stop();
    this.#stop = async () => undefined;
  }

  get services(): RunningServices['services'] {
    if (!this.running) throw new Error('not started');
    return this.running.services;
  }

  async enrol(name: string, change: Partial<AgentOptions> = {}): Promise<LookedAt> {
    const body = { maxUses: 1, expiresInSeconds: 3600 };
    const { token } = await this.services.tokens.create(body, 'command line');
    const device = new LookedAt(name);
    this.#devices.push(device);
    await device.enrolWith(token);
    await device.connect(change);
    await this.connected(device);
    return device;
  }

  async connected(device: LookedAt): Promise<void> {
    await until(`${device.name} is connected`, waitMs, () => this.services.gateway.isConnected(device.id));
  }

  async ticket(device: LookedAt): Promise<string> {
    const input = { subject: 'The laptop is slow', category: 'slow', deviceId: device.id } as const;
    return (await this.services.tickets.create(input, { actor: kim.actor, staffId: kim.id })).id;
  }

  /** Opens a look that its device allows. */
  async look(device: LookedAt, by = kim): Promise<string> {
    const wanted = { reason: 'It is slow since Monday.', minutes: 15 };
    const { id } = await this.services.diagnoses.open(await this.ticket(device), wanted, by);
    await this.stands(id, 'running');
    return id;
  }

  async stands(id: string, state: string) {
    return await until(`${id} is ${state}`, waitMs, async () => {
      const view = await this.services.diagnoses.read(id);
      return view.state === state ? view : undefined;
    });
  }

  async tab(staffId = kim.id): Promise<Tab> {
    const tab = new Tab(this.#open(staffId));
    this.#tabs.push(tab);
    await tab.opened;
    return tab;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const tab of this.#tabs) tab.socket.terminate();
    for (const device of this.#devices) await device.dispose();
    await this.stopServer();
    rmSync(this.home, { recursive: true });
  }
}

/** A browser's side of the live socket. */
export class Tab {
  readonly socket: WebSocket;
  readonly opened: Promise<unknown>;
  readonly heard: LiveEvent[] = [];
  closed: number | undefined;

  constructor(socket: WebSocket) {
    this.socket = socket;
    this.opened = new Promise((resolve) => socket.once('open', resolve));
    socket.on('error', () => undefined);
    socket.on('close', (code) => {
      this.closed = code;
    });
    socket.on('message', (frame: Buffer) => this.heard.push(JSON.parse(String(frame)) as LiveEvent));
  }

  ask(request: LiveRequest): void {
    this.socket.send(JSON.stringify(request));
  }

  watch(diagnosisId: string, stream: Extract<LiveRequest, { type: 'watch' }>['stream'] = 'live'): void {
    this.ask({ type: 'watch', diagnosisId, stream });
  }

  samples(diagnosisId: string): number {
    return this.heard.filter((event) => event.type === 'sample' && event.diagnosisId === diagnosisId).length;
  }

  async hears<T extends LiveEvent['type']>(type: T): Promise<Extract<LiveEvent, { type: T }>> {
    const found = () => this.heard.find((event): event is Extract<LiveEvent, { type: T }> => event.type === type);
    return await until(`a ${type}`, waitMs, found);
  }
}

/** A real agent whose person allows what they are asked; its streams and examination may be replaced. */
export class LookedAt extends AgentHome {
  readonly name: string;
  readonly notices: LookNotice['kind'][] = [];
  desk: DiagnosisDesk | undefined;
  /** What runs for streams. */
  running = 0;
  /** What the person does when they are asked. */
  answer: boolean | undefined = true;

  constructor(name: string) {
    super();
    this.name = name;
  }

  get id(): string {
    return readIdentity(this.home)?.deviceId ?? '';
  }

  get #hardware() {
    return { id: createHash('sha256').update(this.name).digest('hex') };
  }

  async enrolWith(token: string): Promise<void> {
    const os = { name: 'Debian', version: '12' };
    const about = { agentVersion: '0.1.0', platform: 'linux', os, hostname: this.name } as const;
    writeIdentity(this.home, await enrol(decodeToken(token), { ...about, hardware: this.#hardware }));
  }

  async connect(change: Partial<AgentOptions> = {}): Promise<void> {
    const diagnosed = this.standIns();
    await this.start({
      ...{ random: impatient, hardware: async () => this.#hardware, localSocket: false, name: this.name, diagnosed },
      ...change,
    });
  }

  standIns(openStream: OpenStream = this.#counted(ticking)): StandIns {
    return {
      openStream,
      examine: async () => ({ at: 1, tookMs: 1, conclusions: [], probes: [] }),
      personAt: 'http://127.82.67.1/',
      notified: ({ kind }, desk) => {
        this.desk = desk;
        this.notices.push(kind);
        const { now } = desk;
        if (now && this.answer !== undefined && kind === 'asked') desk.answer(now.id, this.answer);
        if (now && this.answer !== undefined && kind === 'bundle') void desk.sendBundle(now.id, this.answer);
        return true;
      },
    };
  }

  #counted(openStream: OpenStream): OpenStream {
    return async (request) => {
      const source = await openStream(request);
      this.running += 1;
      return {
        stop: () => {
          this.running -= 1;
          source.stop();
        },
      };
    };
  }
}

const everyMs = 100;
const words = 'x'.repeat(900);

/** Ten samples of twenty kilobytes a second: many times what a real stream says, and less than is flooding. */
const ticking: OpenStream = async ({ kind, emit }) => {
  const lines = Array.from({ length: 20 }, () => ({ at: 1, level: 'info' as const, unit: 'a.service', words }));
  const live = {
    at: 1,
    cpuPercent: 1,
    coresPercent: [1],
    memoryUsedPercent: 1,
    memoryUsedBytes: 1,
    memoryTotalBytes: 2,
  };
  const sample =
    kind === 'live'
      ? { ...live, receivedBytesPerSecond: 0, sentBytesPerSecond: 0, processes: [] }
      : ({ kind: 'logs', lines, dropped: 0 } as const);
  const timer = setInterval(() => emit(sample), everyMs);
  return { stop: () => clearInterval(timer) };
};
