import type { Clock } from '../shared/clock.ts';
import type { Platform } from '../shared/profile/keywords.ts';
import type { Body, Hardware } from '../shared/protocol/messages.ts';
import type { BesideFilter } from './beside-filter.ts';
import type { CommandDesk } from './commands/desk.ts';
import type { Connection } from './connection/connection.ts';
import type { BootClock } from './context/boot-clock.ts';
import type { HostContext } from './context/context.ts';
import type { AboutHost } from './identity/about-host.ts';
import { expiryOf } from './identity/certificate.ts';
import type { IdentityKeeper } from './identity/identity-keeper.ts';
import type { Renewer } from './identity/renewer.ts';
import { LocalSocket, type Question, socketPath } from './local/socket.ts';
import type { AgentStatus } from './local/status.ts';
import type { Log } from './log.ts';
import type { DesiredInbox } from './reconcile/desired-inbox.ts';
import type { Reconciler } from './reconcile/reconciler.ts';
import type { Repairs } from './reconcile/repairs.ts';
import type { Home } from './store/home.ts';
import type { Store } from './store/open.ts';

/** Collects health and hands on what changed. */
export interface HealthReporter {
  start(): Promise<void>;
  /** Reads these, or everything, at once; resolves when what changed was emitted. */
  look?(names?: readonly string[]): Promise<void>;
  stop(): Promise<void>;
}

export interface Agent {
  /** Resolves when the last verified state is in force (or was tried for ten seconds) and the connection has begun. */
  start(): Promise<void>;
  /** Stops what lives in this process; what is set on the host stays. */
  stop(): Promise<void>;
  status(): AgentStatus;
}

export interface AgentParts {
  home: Home;
  root: string;
  dnsAddress: string;
  dnsPort: number;
  platform: Platform;
  agentVersion: string;
  localSocket?: boolean;
  onStopAsked?: () => void;
  hardware: () => Promise<Hardware>;
  aboutHost: () => Promise<AboutHost>;
  health: HealthReporter;
  keeper: IdentityKeeper;
  store: Store;
  inbox: DesiredInbox;
  reconciler: Reconciler;
  repairs: Pick<Repairs, 'start' | 'stop'>;
  connection: Connection;
  renewer: Renewer;
  besideFilter: Pick<BesideFilter, 'start' | 'stop' | 'status'>;
  desk: Pick<CommandDesk, 'start' | 'stop'>;
  context: HostContext;
  boot: BootClock;
  clock: Clock;
  log: Log;
}

const enforceFirstMs = 10_000;

/** The life of one agent: enforce from disk, then connect, then everything else. */
export class RunningAgent implements Agent {
  readonly #parts: AgentParts;
  readonly #socket: LocalSocket;
  readonly #startedAt: number;
  #facts: { hardware: Hardware; about: AboutHost } | undefined;
  #healthStart: Promise<void> = Promise.resolve();
  #isStopping = false;

  constructor(parts: AgentParts) {
    this.#parts = parts;
    this.#startedAt = parts.clock.now();
    this.#socket = new LocalSocket(socketPath(parts.home.path), (question) => this.#answer(question));
  }

  async start(): Promise<void> {
    const { hardware, aboutHost, connection, renewer, health, log, localSocket = true } = this.#parts;
    this.#parts.store.runs.begin(this.bootId(), this.#startedAt);
    this.#parts.context.start();
    this.#parts.repairs.start();
    if (localSocket) await this.#openSocket();
    await this.#enforceFromDisk();
    await this.#parts.besideFilter.start();
    this.#facts = { hardware: await hardware(), about: await aboutHost() };
    if (this.#isStopping) return;
    this.#parts.desk.start();
    connection.start();
    renewer.start();
    this.#healthStart = health.start().catch((error: unknown) => {
      log.error({ err: error }, 'Health could not be started; everything else goes on.');
    });
  }

  /** Where the system has no id of the boot: the minute it happened. */
  bootId(): string {
    const { boot, clock } = this.#parts;
    return boot.bootId() ?? `boot-${Math.round((clock.now() - boot.elapsed()) / 60_000)}`;
  }

  /** Without it `status` cannot ask this process; enforcement must not wait for that. */
  async #openSocket(): Promise<void> {
    try {
      await this.#socket.start();
    } catch (error) {
      this.#parts.log.error(
        { err: error },
        'The local socket could not be opened: status and unenroll cannot reach this agent.',
      );
    }
  }

  async stop(): Promise<void> {
    if (this.#isStopping) return;
    this.#isStopping = true;
    const { connection, renewer, health, reconciler, context, store } = this.#parts;
    renewer.stop();
    this.#parts.desk.stop();
    await this.#healthStart;
    await health.stop();
    await connection.stop();
    await reconciler.stop();
    await this.#parts.besideFilter.stop();
    this.#parts.repairs.stop();
    await this.#socket.stop();
    context.stop();
    store.runs.end();
    store.close();
  }

  /** What people call the device; undefined before the agent has started. */
  get name(): string | undefined {
    return this.#facts?.about.hostname;
  }

  /** The first message of a session. */
  hello(): Body<'hello'> {
    const { platform, agentVersion, keeper, inbox, store } = this.#parts;
    if (!this.#facts) throw new Error('The agent has not been started.');
    const { hardware, about } = this.#facts;
    const spool = { epoch: store.spool.epoch, next: store.spool.next };
    const trustVersion = keeper.identity.trust.version;
    return { agentVersion, platform, ...about, hardware, ...inbox.held, spool, trustVersion };
  }

  status(): AgentStatus {
    const { agentVersion, keeper, connection, inbox, store, home, root, dnsAddress, dnsPort } = this.#parts;
    const { identity, credential } = keeper;
    const { connected, since, why } = connection.state;
    return {
      running: true,
      agentVersion,
      deviceId: identity.deviceId,
      district: identity.trust.name,
      pid: process.pid,
      startedAt: this.#startedAt,
      connected,
      ...(connected && since !== undefined ? { connectedSince: since } : {}),
      ...(why === undefined ? {} : { whyNotConnected: why }),
      servers: identity.agents.map(({ host, port }) => `${host}:${port}`),
      generation: inbox.held.generation,
      sections: store.reports.sections(),
      resolver: `${dnsAddress}:${dnsPort}`,
      ...this.#parts.besideFilter.status(),
      spooled: store.spool.length,
      certificateExpiresAt: expiryOf(credential.certificateChain),
      home: home.path,
      root,
    };
  }

  /** The network comes after: a device that is offline, or whose server is gone, is enforced all the same. */
  async #enforceFromDisk(): Promise<void> {
    const { inbox, reconciler, clock } = this.#parts;
    const state = inbox.load();
    if (!state) return;
    reconciler.enforce(state);
    const deadline = Promise.withResolvers<void>();
    const cancel = clock.after(enforceFirstMs, deadline.resolve);
    await Promise.race([reconciler.idle(), deadline.promise]);
    cancel();
  }

  #answer(question: Question): unknown {
    if (question === 'status') return this.status();
    this.#parts.onStopAsked?.();
    return { stopping: true };
  }
}
