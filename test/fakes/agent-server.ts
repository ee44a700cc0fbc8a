import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino, { type Logger } from 'pino';
import { StoredEventLog } from '../../server/audit/event-log.ts';
import { Bus } from '../../server/bus.ts';
import { systemClock, systemRandom } from '../../server/clock.ts';
import { frontEnvironment } from '../../server/config.ts';
import { Challenges } from '../../server/devices/challenges.ts';
import { DeviceService } from '../../server/devices/devices.ts';
import { Enrolment } from '../../server/devices/enrolment.ts';
import { RareEvents } from '../../server/devices/rare-events.ts';
import { Renewal } from '../../server/devices/renewal.ts';
import { TokenService } from '../../server/devices/tokens.ts';
import { AgentGateway, type GatewayParts, usualHeartbeatSeconds } from '../../server/gateway/agent-gateway.ts';
import { agentsPort } from '../../server/gateway/agents-port.ts';
import { EnrolmentListener } from '../../server/gateway/enrolment-listener.ts';
import type { HandlerParts } from '../../server/gateway/message-handlers.ts';
import { createMetrics } from '../../server/metrics.ts';
import { openAuthority } from '../../server/pki/authority.ts';
import { StateKeys, type StateSigner } from '../../server/pki/state-signer.ts';
import type { Custodies, DesiredStates, DeviceVerdicts } from '../../server/services.ts';
import { CertificateStore } from '../../server/store/certificates.ts';
import { DeviceStore } from '../../server/store/devices.ts';
import { EventStore } from '../../server/store/events.ts';
import { LateSync } from '../../server/store/late-sync.ts';
import { openStore } from '../../server/store/open.ts';
import { PresenceStore } from '../../server/store/presence.ts';
import { ReportStore } from '../../server/store/reports.ts';
import { TokenStore } from '../../server/store/tokens.ts';
import type { CustodyView } from '../../shared/api/schemas.ts';
import type { Clock } from '../../shared/clock.ts';
import type { VerdictMessage } from '../../shared/protocol/messages.ts';

export interface AgentServerOptions {
  clock?: Clock;
  /** Where the agents' port listens; without it on loopback alone. */
  host?: string;
  /** A database file; without it everything is in memory. */
  database?: string;
  /** What brings the log of that file to disk; without it each commit does. */
  disk?: ConstructorParameters<typeof LateSync>[1];
  /** Where devices are seen; without it that cannot be said. */
  placeOf?: (address: string | undefined) => string | null;
  /** What devices are told of tickets; without it nothing. */
  tickets?: GatewayParts['tickets'];
  deviceLifetimeMs?: number;
  heartbeatSeconds?: number;
  /** See `GatewayParts`. */
  reportBytes?: number;
  perMinute?: number;
  artifacts?: Record<string, string>;
  /** Hears what devices say of looks at them. */
  heard?: HandlerParts['heard'];
  /** Silent without it. */
  log?: Logger;
  /** Front processes that hold the connections; without it none. */
  processes?: number;
}

export type AgentServer = Awaited<ReturnType<typeof startAgentServer>>;

/** The agents' half of the server on loopback, with its own CA: real TLS, real store, made-up policy. */
export async function startAgentServer(options: AgentServerOptions = {}) {
  const home = await mkdtemp(join(tmpdir(), 'rollcall-agents-'));
  const log = options.log ?? pino({ level: 'silent' });
  const random = systemRandom;
  const clock = options.clock ?? systemClock;
  const failures: unknown[] = [];
  const bus = new Bus((error) => failures.push(error));
  const db = await openStore(options.database ?? ':memory:');
  const { deviceLifetimeMs } = options;
  const authority = await openAuthority({
    ...{ home, district: 'Test district', hostNames: ['127.0.0.1'], clock, random, log },
    ...(deviceLifetimeMs === undefined ? {} : { deviceLifetimeMs }),
  });
  const stateKeys = await StateKeys.open(home);
  const events = new StoredEventLog(new EventStore(db), bus, clock);
  const refusals = new RareEvents(events, clock);
  const certificates = new CertificateStore(db);
  const lateSync = options.disk && new LateSync(db, options.disk);
  const reports = new ReportStore(db, undefined, lateSync);
  const custodies = new FakeCustodies();
  const desired = new FakeDesired(authority.district, stateKeys);
  const verdicts = new FakeVerdicts();
  const metrics = createMetrics();
  const gateway = new AgentGateway({
    ...{
      presence: new PresenceStore(db),
      placeOf: options.placeOf ?? (() => null),
      reports,
      ...(lateSync && { reportsOnDisk: () => lateSync.settled() }),
      desired,
      stateKeys,
      verdicts,
      recordReads: { of: async () => new Map(), devicesOf: async () => [] },
      tickets: options.tickets ?? { of: async () => new Map(), devicesOf: async () => [] },
      events,
      bus,
      clock,
      random,
      metrics,
      log,
      heard: options.heard ?? (async () => undefined),
      notUnderstood: () => undefined,
    },
    ...(options.heartbeatSeconds === undefined ? {} : { heartbeatSeconds: options.heartbeatSeconds }),
    ...(options.reportBytes !== undefined && { reportBytes: options.reportBytes }),
  });
  const isConnected = (deviceId: string) => gateway.isConnected(deviceId);
  const enrolment = new Enrolment({
    ...{ store: certificates, authority, custodies, events, refusals, bus, clock, random, log, isConnected },
  });
  const challenges = new Challenges(clock, random);
  const renewal = new Renewal({ store: certificates, authority, challenges, events, refusals, clock });
  const lists = {
    artifactPath: async (hash: string) => options.artifacts?.[hash],
    deltaPath: async (from: string, to: string) => options.artifacts?.[`${from}-${to}`],
  };
  const agents = agentsPort({
    processes: options.processes ?? 0,
    environment: frontEnvironment(),
    heartbeatSeconds: options.heartbeatSeconds ?? usualHeartbeatSeconds,
    authority,
    certificates,
    gateway,
    lists,
    clock,
    scripts: { sourceOf: async () => undefined },
    metrics,
    log,
    host: options.host ?? '127.0.0.1',
    port: 0,
  });
  const enrolling = new EnrolmentListener({
    ...{ authority, enrolment, renewal, metrics, clock, log, host: '127.0.0.1', port: 0 },
    trust: () => ({
      ...{ district: authority.district, name: 'Test district', root: authority.rootPem },
      ...stateKeys.pinned,
    }),
    agentAddresses: () => [{ host: '127.0.0.1', port: agents.port }],
    ...(options.perMinute === undefined ? {} : { perMinute: options.perMinute }),
  });
  await gateway.start();
  await agents.start();
  await enrolling.start();
  const tokens = new TokenService({
    ...{ store: new TokenStore(db), events, bus, clock, random, district: authority.district },
    enrolmentAddresses: () => [{ host: '127.0.0.1', port: enrolling.port }],
  });
  const devices = new DeviceService({ store: new DeviceStore(db), events, bus, clock });
  return {
    ...{
      home,
      db,
      bus,
      authority,
      gateway,
      tokens,
      devices,
      enrolment,
      renewal,
      custodies,
      desired,
      verdicts,
      reports,
      metrics,
    },
    failures,
    agentPort: agents.port,
    /** Of the fronts that run. */
    frontPids: () => (agents.pids ?? []).filter((pid) => pid !== undefined),
    enrolmentPort: enrolling.port,
    async token(changes: Partial<Parameters<typeof tokens.create>[0]> = {}): Promise<string> {
      const wanted = { maxUses: 100, expiresInSeconds: 3600, ...changes };
      return (await tokens.create(wanted, 'command line')).token;
    },
    async eventCodes(deviceId?: string): Promise<string[]> {
      const rows = await db.selectFrom('event').select(['code', 'subject_id']).orderBy('id').execute();
      return rows.filter((row) => deviceId === undefined || row.subject_id === deviceId).map((row) => row.code);
    },
    async stop(): Promise<void> {
      await gateway.stop();
      await agents.stop();
      await enrolling.stop();
      authority.stop();
      await db.destroy();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** Remembers who was given what; `refuse` makes the next opening fail. */
class FakeCustodies implements Custodies {
  readonly opened: { deviceId: string; personId: string }[] = [];
  refuse: Error | undefined;

  async open(deviceId: string, personId: string): Promise<CustodyView> {
    if (this.refuse) throw this.refuse;
    this.opened.push({ deviceId, personId });
    return {} as CustodyView;
  }

  async close(): Promise<CustodyView> {
    throw new Error('not asked for');
  }

  async ofDevice(): Promise<CustodyView[]> {
    return [];
  }

  async ofPerson(): Promise<CustodyView[]> {
    return [];
  }
}

/** The same state for all devices, signed once per change, unless a device has one of its own. */
class FakeDesired implements DesiredStates {
  readonly contents = new Map<string, string>();
  readonly #district: string;
  readonly #signer: StateSigner;
  #generation = 1;
  #sections: Record<string, string> = {};
  readonly #own = new Map<string, Record<string, string>>();

  constructor(district: string, signer: StateSigner) {
    this.#district = district;
    this.#signer = signer;
  }

  /** Replaces the state of everybody, or of one device, by one section; returns the hash of the content. */
  set(content: string, deviceId?: string, section = 'webFilter'): string {
    const hash = createHash('sha256').update(content).digest('hex');
    this.contents.set(hash, content);
    this.#generation += 1;
    if (deviceId === undefined) this.#sections = { [section]: hash };
    else this.#own.set(deviceId, { [section]: hash });
    return hash;
  }

  async forDevice(deviceId: string) {
    const sections = this.#own.get(deviceId) ?? this.#sections;
    const content = { format: 1, audience: this.#district, generation: this.#generation, issuedAt: 0, sections };
    const manifest = JSON.stringify(content);
    const signature = this.#signer.sign(manifest);
    return { generation: this.#generation, signed: { manifest, signature, keyId: this.#signer.keyId } };
  }

  async forDevices(held: ReadonlyMap<string, number>) {
    return new Map(await Promise.all(held.keys().map(async (id) => [id, await this.forDevice(id)] as const)));
  }

  async section(hash: string): Promise<string | undefined> {
    return this.contents.get(hash);
  }
}

/** Devices without a verdict are told nothing. */
class FakeVerdicts implements DeviceVerdicts {
  readonly known = new Map<string, VerdictMessage>();
  readonly holders = new Map<string, string>();
  /** The devices asked about, call by call. */
  readonly asked: (readonly string[])[] = [];
  failure: Error | undefined;

  async of(deviceIds: readonly string[]): Promise<Map<string, VerdictMessage>> {
    this.asked.push(deviceIds);
    const { failure } = this;
    this.failure = undefined;
    if (failure) throw failure;
    return new Map(
      deviceIds.flatMap((id) => {
        const verdict = this.known.get(id);
        return verdict ? [[id, verdict] as const] : [];
      }),
    );
  }

  async devicesOf(personIds: readonly string[]): Promise<string[]> {
    return personIds.flatMap((id) => this.holders.get(id) ?? []);
  }
}
