import type { Logger } from 'pino';
import type { Clock, Random } from '../../shared/clock.ts';
import type { SignedCommand } from '../../shared/commands/command.ts';
import { encode } from '../../shared/protocol/codec.ts';
import { closeCodes } from '../../shared/protocol/messages.ts';
import type { Bus } from '../bus.ts';
import { RareEvents } from '../devices/rare-events.ts';
import type { Metrics } from '../metrics.ts';
import type { StateKeys } from '../pki/state-signer.ts';
import type { DesiredStates, DeviceVerdicts, DiagnosisOrder, EventLog, Gateway, LifeCycle } from '../services.ts';
import type { Identity } from '../store/certificates.ts';
import type { PresenceStore } from '../store/presence.ts';
import type { ReportStore } from '../store/reports.ts';
import type { StoreHealth } from '../store-health.ts';
import { AgentSession, type Offence, type SessionEvents } from './agent-session.ts';
import { Budgets } from './budget.ts';
import { Comings } from './comings.ts';
import type { SessionSocket } from './connection.ts';
import type { ConnectionOwner } from './connections.ts';
import { DesiredFeed } from './desired-feed.ts';
import { Greeter } from './greeter.ts';
import { HolderFeed, type HolderSource } from './holder-feed.ts';
import { Hush } from './hush.ts';
import { LastSeen } from './last-seen.ts';
import { LiveSessions } from './live-sessions.ts';
import { LiveViews, type Watched, type Watcher } from './live-views.ts';
import { type HandlerParts, MessageHandlers } from './message-handlers.ts';
import { OwedSessions } from './owed-sessions.ts';
import { ReportCommitter } from './report-committer.ts';
import { Room } from './room.ts';
import { VerdictFeed } from './verdict-feed.ts';
import { WelcomeRate } from './welcome-rate.ts';

export interface GatewayParts extends Pick<HandlerParts, 'heard' | 'notUnderstood'> {
  presence: PresenceStore;
  reports: ReportStore;
  /** Resolves when every report that was committed is on disk; without it each is at once. */
  reportsOnDisk?: () => Promise<void>;
  /** Without it whoever reports while the store fails is disconnected. */
  storeHealth?: StoreHealth;
  desired: DesiredStates;
  stateKeys: Pick<StateKeys, 'version' | 'statementsAfter'>;
  verdicts: DeviceVerdicts;
  /** By ids of tickets. */
  tickets: HolderSource<'tickets', readonly string[]>;
  /** By what somebody looked at. */
  recordReads: HolderSource<'record-reads', { kind: string; id: string }>;
  /** See `SeenPlaces`. */
  placeOf: (address: string | undefined) => string | null;
  events: EventLog;
  bus: Bus;
  clock: Clock;
  random: Random;
  metrics: Metrics;
  log: Pick<Logger, 'error' | 'warn' | 'info'>;
  /** Seconds between an agent's heartbeats; see `ConnectionsParts`. */
  heartbeatSeconds?: number;
  /** Of reports that wait for the store; see `reportBytes`. */
  reportBytes?: number;
}

/** 20,000 agents at this pace cost about one hundredth of a core. */
export const usualHeartbeatSeconds = 60;
/** Whose states go out in one look at them: what these say keeps nobody waiting. */
const manyDevices = 500;
/** A state has a handful of sections, of up to a megabyte each. */
const sections = { burst: 256, perSecond: 0.5 };
/** What one small server accepts without lagging. */
const handshakesPerSecond = 200;
const internalError = 1011;
/** Longer than whoever holds a connection waits for its peer. */
const endWithinMs = 10_000;
/** Reports that wait for the store, of all devices together, as they came; parsed they are a few times that. */
const reportBytes = 16_777_216;

/** The live sessions of all devices and what they are given and say. Connections come from `AgentsPort`. */
export class AgentGateway implements Gateway, LifeCycle, ConnectionOwner<AgentSession> {
  /** For what devices say and the store has not taken. */
  readonly room: Room;
  /** While a publication goes out. */
  readonly hush: Hush;
  readonly #parts: GatewayParts;
  readonly #sessions = new LiveSessions();
  readonly #views: LiveViews;
  readonly #feed: DesiredFeed;
  readonly #verdicts: VerdictFeed;
  readonly #holders: { start(): void; stop(): Promise<void> }[];
  readonly #committer: ReportCommitter;
  readonly #owed: OwedSessions | undefined;
  readonly #lastSeen: LastSeen;
  readonly #comings: Comings;
  readonly #welcomes: WelcomeRate;
  readonly #offences: RareEvents;
  readonly #handlers: SessionEvents;
  #unsubscribe: (() => void)[] = [];
  #isStopping = false;
  readonly #madeAt: number;
  /** What the parts took that start before it: the next start will keep devices out for about as long. */
  #awaySeconds = 0;
  #onLastEnded: () => void = () => undefined;

  constructor(parts: GatewayParts) {
    const { random, presence, clock, log, metrics } = parts;
    const heartbeatSeconds = parts.heartbeatSeconds ?? usualHeartbeatSeconds;
    this.#parts = parts;
    this.#madeAt = clock.monotonic();
    this.room = new Room(parts.reportBytes ?? reportBytes);
    this.#views = new LiveViews(this.#sessions, random);
    this.hush = new Hush(clock);
    this.#feed = new DesiredFeed({ ...parts, onAllGiven: () => this.hush.end() });
    this.#verdicts = new VerdictFeed({
      ...{ sessions: this.#sessions, verdicts: parts.verdicts, clock },
      onError: (error) => log.error({ err: error }, 'devices could not be told their verdicts; it is tried again'),
    });
    const feeding = {
      ...{ ...parts, sessions: this.#sessions },
      onError: (error: unknown) =>
        log.error({ err: error }, 'devices could not be told of their holders; it is tried again'),
    };
    this.#holders = [
      new HolderFeed({
        ...{ ...feeding, type: 'tickets', source: parts.tickets },
        follow: (bus, changed) => bus.subscribe('tickets-changed', ({ ticketIds }) => changed(ticketIds)),
      }),
      new HolderFeed({
        ...{ ...feeding, type: 'record-reads', source: parts.recordReads },
        follow: (bus, changed) => bus.subscribe('record-read', changed),
      }),
    ];
    this.#committer = new ReportCommitter({ ...parts, room: this.room, store: parts.reports });
    this.#owed = parts.storeHealth && new OwedSessions(parts.storeHealth, handshakesPerSecond);
    this.#lastSeen = new LastSeen({ presence, clock, log });
    this.#comings = new Comings(parts.bus);
    this.#welcomes = new WelcomeRate(clock);
    this.#offences = new RareEvents(parts.events, clock);
    const greeter = new Greeter({ ...parts, offences: this.#offences, heartbeatSeconds });
    const handlers = new MessageHandlers({
      ...{ feed: this.#feed, views: this.#views, committer: this.#committer, offences: this.#offences },
      ...{ heard: parts.heard, notUnderstood: parts.notUnderstood },
      ...{ clock, log, greet: (session, hello) => this.#greet(greeter, session, hello) },
    });
    this.#handlers = {
      sections: new Budgets(clock, sections),
      onMessage: (...said) => handlers.handle(...said),
      onOffence: (session, offence, words) => this.#noteOffence(session, offence, words),
      onEnd: (session) => this.#ended(session),
      onFailure: (session, error) => {
        if (this.#owed?.keeps(session, error)) return;
        log.error({ err: error, deviceId: session.deviceId }, 'a message could not be handled');
        session.close(internalError, 'internal');
      },
    };
    metrics.connectedAgents.set(0);
  }

  async start(): Promise<void> {
    const { bus, clock } = this.#parts;
    this.#awaySeconds = (clock.monotonic() - this.#madeAt) / 1_000;
    this.#owed?.start();
    this.#lastSeen.start();
    for (const feed of this.#holders) feed.start();
    this.#unsubscribe = [
      bus.subscribe('device-revoked', ({ deviceId }) => this.#cutOff(deviceId)),
      bus.subscribe('desired-changed', ({ deviceIds }) => this.#push(deviceIds)),
      bus.subscribe('campus-changed', () => this.#placeAnew()),
      bus.subscribe('device-welcomed', ({ deviceIds }) => this.#verdicts.look(deviceIds)),
      bus.subscribe('devices-judged', ({ deviceIds }) => this.#verdicts.look(deviceIds)),
      bus.subscribe('restrictions-changed', ({ deviceIds }) => this.#verdicts.look(deviceIds)),
      bus.subscribe('obligations-changed', ({ personIds }) => this.#verdicts.lookAtPeople(personIds)),
    ];
  }

  /** Asks every agent to come back within a window, closes, and waits until what they reported is on disk. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#owed?.stop();
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    this.hush.end();
    await this.#verdicts.stop();
    for (const feed of this.#holders) await feed.stop();
    const spreadSeconds = this.#welcomes.spreadOf(this.#sessions.liveCount, this.#awaySeconds);
    const goodbye = Buffer.from(encode('restarting', 'restarting', { spreadSeconds }), 'utf8');
    for (const session of this.#sessions.all()) {
      if (session.isLive) session.post(goodbye);
      session.close(closeCodes.restarting, 'restarting');
    }
    await this.#committer.drain();
    await this.#allEnded();
    this.#comings.tell();
    await this.#lastSeen.stop();
  }

  get isFull(): boolean {
    return this.room.isFull;
  }

  isConnected(deviceId: string): boolean {
    return this.#sessions.live(deviceId) !== undefined;
  }

  connectedCount(): number {
    return this.#sessions.liveCount;
  }

  connectedIds(): string[] {
    return this.#sessions.liveIds();
  }

  watch(watched: Watched, watcher: Watcher): () => void {
    return this.#views.watch(watched, watcher);
  }

  /** The frame carries the id of the look, so that an agent which does not know it says so about that. */
  order(deviceId: string, { type, body }: DiagnosisOrder): boolean {
    const session = this.#sessions.live(deviceId);
    session?.send(type, body, body.id);
    return session !== undefined;
  }

  endDiagnosis(diagnosisId: string, reason: string): void {
    this.#views.endDiagnosis(diagnosisId, reason);
  }

  /** False when the device is not connected. */
  command(deviceId: string, command: SignedCommand): boolean {
    const session = this.#sessions.live(deviceId);
    session?.send('command', command);
    return session !== undefined;
  }

  /** Takes over a connection whose certificate was accepted; `address` is the one it comes from. */
  open(socket: SessionSocket, identity: Identity, address: string | undefined): AgentSession {
    for (const surplus of this.#sessions.surplus(identity.deviceId)) surplus.terminate();
    const session = new AgentSession(socket, identity, address && plainAddress(address), this.#handlers);
    this.#sessions.add(session);
    if (this.#isStopping) session.close(closeCodes.restarting, 'restarting');
    return session;
  }

  heard(sessions: readonly AgentSession[]): void {
    for (const session of sessions) if (session.isLive) this.#lastSeen.heard(session.deviceId);
  }

  async #greet(greeter: Greeter, session: AgentSession, hello: Parameters<Greeter['greet']>[1]): Promise<void> {
    const welcome = await greeter.greet(session, hello);
    // What it says is acknowledged may have been read before it was on disk.
    await this.#parts.reportsOnDisk?.();
    if (!welcome || session.hasEnded) return;
    const before = this.#sessions.goLive(session);
    if (before) {
      this.#views.endDevice(session.deviceId, 'The device connected again.');
      before.close(closeCodes.replaced, 'the device connected again');
    }
    session.send('welcome', welcome);
    this.#lastSeen.touch(session.deviceId);
    this.#feed.enqueue(session);
    this.#parts.metrics.connectedAgents.set(this.#sessions.liveCount);
    if (!before) this.#comings.moved(session.deviceId, true);
    this.#comings.welcomed(session.deviceId);
    this.#welcomes.note();
  }

  /** Each session was closed, or is cut off shortly when its peer does not answer; a front that hangs is not waited for. */
  async #allEnded(): Promise<void> {
    if (this.#sessions.isEmpty) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#onLastEnded = resolve;
    const cancel = this.#parts.clock.after(endWithinMs, resolve);
    await promise;
    cancel();
  }

  #ended(session: AgentSession): void {
    const wasLive = this.#sessions.remove(session);
    this.#owed?.ended(session);
    if (this.#sessions.isEmpty) this.#onLastEnded();
    if (!wasLive) return;
    const { deviceId } = session;
    this.#lastSeen.touch(deviceId);
    this.#views.endDevice(deviceId, 'The device disconnected.');
    this.#parts.metrics.connectedAgents.set(this.#sessions.liveCount);
    this.#comings.moved(deviceId, false);
  }

  #cutOff(deviceId: string): void {
    for (const session of this.#sessions.ofDevice(deviceId)) session.close(closeCodes.revoked, 'device-revoked');
  }

  #push(deviceIds: readonly string[]): void {
    const sessions = deviceIds.flatMap((deviceId) => this.#sessions.live(deviceId) ?? []);
    if (sessions.length > manyDevices) this.hush.begin();
    for (const session of sessions) this.#feed.enqueue(session);
  }

  /** Who is connected stays so: it is where the server sees them that differs. */
  async #placeAnew(): Promise<void> {
    const { placeOf, presence, bus } = this.#parts;
    const placed = Map.groupBy(this.#sessions.liveIds(), (id) => placeOf(this.#sessions.live(id)?.seenFrom));
    for (const [place, ids] of placed) {
      const moved = await presence.place(ids, place);
      if (moved.length > 0) bus.publish('device-changed', { deviceIds: moved, only: 'place' });
    }
  }

  #noteOffence(session: AgentSession, offence: Offence, words: string): void {
    const { metrics, log } = this.#parts;
    const { deviceId } = session;
    metrics.framesRefused.inc({ problem: offence });
    const event = {
      actor: 'server',
      code: 'frame-refused',
      words: `A message of this device was refused (${offence}): ${words}`,
      subject: { kind: 'device', id: deviceId },
    } as const;
    this.#offences
      .add(`${offence} ${deviceId}`, event)
      .then((isListed) => isListed && log.warn({ deviceId, offence }, 'a frame was refused'))
      .catch((error: unknown) => log.error({ err: error }, 'an event could not be added'));
  }
}

/** A socket that listens on both families writes IPv4 as IPv6 (RFC 4291 section 2.5.5.2); a zone index is this host's own. */
function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
}
