import type { Ending } from '../../../agent/connection/backoff.ts';
import { firstBeat, nextBeat } from '../../../agent/connection/session.ts';
import { Dice } from '../../../server/demo/dice.ts';
import { encode } from '../../../shared/protocol/codec.ts';
import type { Body, Message } from '../../../shared/protocol/messages.ts';
import { Comeback, isRefusal } from './comeback.ts';
import type { Credential } from './credentials.ts';
import type { Crowd } from './crowd.ts';
import { described, hardwareIdOf, nameOf } from './district.ts';
import { healthDelta } from './health-delta.ts';
import { HeldState } from './held-state.ts';
import { Looks } from './looks.ts';
import { nowMs } from './moments.ts';
import { Outbox } from './outbox.ts';
import { type Acknowledged, count } from './stats.ts';
import { Wire, type WireEnd, type WireUser } from './wire.ts';

/** As `agent/connection/session.ts` and `connection.ts` have them. */
const openTimeoutMs = 45_000;
const welcomeTimeoutMs = 120_000;
const silentBeats = 2.5;
/** Written by `encode`, so the head of a frame is enough to know what it is. */
const headOf = /^\{"v":\d+,"type":"([a-z-]+)","id":"([A-Za-z0-9_-]+)"/;
const headBytes = 160;

/** What agents of a crowd share. */
export interface Company
  extends Pick<Crowd, 'behaviour' | 'stats' | 'moments' | 'joinNext' | 'after' | 'addressOf' | 'manifestOf'> {
  contexts: Pick<Crowd['contexts'], 'of'>;
}

/** One device as the server sees it: connects, applies what it is told by saying so, reports, comes back by back-off. */
export class SimulatedAgent implements WireUser {
  readonly index: number;
  readonly #crowd: Company;
  readonly #credential: Credential;
  readonly #dice: Dice;
  readonly #outbox: Outbox;
  readonly #state = new HeldState();
  readonly #comeback = new Comeback();
  #wire: Wire | undefined;
  #looks: Looks | undefined;
  #cancel: () => void = () => undefined;
  #cancelReport: () => void = () => undefined;
  #isRunning = false;
  #hasJoined = false;
  #ending: Ending = { kind: 'lost' };
  #openedAt = 0;
  #welcomedAt: number | undefined;
  #lastHeard = 0;
  #sent = 0;

  constructor(crowd: Company, index: number, credential: Credential) {
    this.index = index;
    this.#crowd = crowd;
    this.#credential = credential;
    const { seed, events } = crowd.behaviour;
    this.#dice = new Dice(Math.imul(seed + 1, 0x9e3779b1) ^ index);
    this.#outbox = new Outbox(`load-${seed}`, events);
  }

  get acknowledged(): Acknowledged[] {
    const { epoch, acknowledged: sequence } = this.#outbox;
    return sequence > 0 ? [{ deviceId: this.#credential.deviceId, epoch, sequence }] : [];
  }

  get isConnected(): boolean {
    return this.#welcomedAt !== undefined;
  }

  get isBusy(): boolean {
    return this.isConnected && (!this.#state.isComplete || this.#outbox.isUnderWay);
  }

  /** Bytes of the connection that is open. */
  get received(): number {
    return this.#wire?.received ?? 0;
  }

  /** From now on it has things to report, connected or not. False: it had begun. */
  begin(): boolean {
    if (this.#isRunning) return false;
    this.#isRunning = true;
    const { reportEverySeconds } = this.#crowd.behaviour;
    if (reportEverySeconds > 0) this.#reportAfter(this.#dice.unit() * reportEverySeconds * 1_000);
    return true;
  }

  openWithin(seconds: number): void {
    this.#cancel = this.#crowd.after(this.#dice.unit() * seconds * 1_000, () => this.open());
  }

  open(): void {
    if (!this.#isRunning) return;
    const crowd = this.#crowd;
    this.#ending = { kind: 'lost' };
    this.#openedAt = nowMs();
    crowd.stats.tried += 1;
    this.#wire = new Wire(
      crowd.behaviour.farEnd,
      crowd.contexts.of(this.#credential),
      crowd.addressOf(this.index),
      this,
    );
    this.#giveUpAfter(openTimeoutMs, 'no answer from the server');
  }

  end(): void {
    this.#isRunning = false;
    this.#cancel();
    this.#cancelReport();
    this.#wire?.cut();
  }

  /** Breaks the connection; the agent notices and comes back. */
  cut(): void {
    this.#wire?.cut();
  }

  pause(): void {
    this.#wire?.pause();
  }

  resume(): void {
    this.#wire?.resume();
  }

  /** So many events to report, each in a report of its own. */
  report(events: number): void {
    this.#outbox.addEvents(events);
    this.#sendReport();
  }

  pingWithin(seconds: number): void {
    this.#crowd.after(this.#dice.unit() * seconds * 1_000, () => this.isConnected && this.#ping());
  }

  opened(): void {
    const { farEnd, bareHeartbeatSeconds } = this.#crowd.behaviour;
    if (farEnd.speaks === 'bare') this.#nowWelcome(bareHeartbeatSeconds);
    else {
      this.#giveUpAfter(welcomeTimeoutMs - openTimeoutMs, 'no welcome from the server');
      this.#send('hello', this.#hello());
    }
  }

  #giveUpAfter(ms: number, why: string): void {
    this.#cancel();
    this.#cancel = this.#crowd.after(ms, () => this.#wire?.cut(why));
  }

  ponged(): void {
    this.#lastHeard = nowMs();
    this.#crowd.stats.pongs += 1;
  }

  message(frame: Buffer): void {
    this.#lastHeard = nowMs();
    const [, type, id = ''] = headOf.exec(frame.toString('latin1', 0, headBytes)) ?? [];
    if (type === 'section') this.#received(id);
    else this.#hear(JSON.parse(frame.toString('utf8')) as Message);
  }

  #hear(message: Message): void {
    if (message.type === 'ack') this.#acknowledged(message.body);
    else if (message.type === 'welcome') this.#welcomed(message.body);
    else if (message.type === 'desired') this.#desired(message.body);
    else if (message.type === 'restarting') this.#ending = { kind: 'restarting', ...message.body };
    else if (message.type === 'error') count(this.#crowd.stats.errors, message.body.code);
    else this.#looksOf().hear(message);
  }

  ended({ code, reason }: WireEnd): void {
    const { stats, moments } = this.#crowd;
    this.#cancel();
    this.#looks?.stop();
    stats.bytes += this.#wire?.received ?? 0;
    this.#wire = undefined;
    this.#state.forgetNext();
    const lasted = this.#welcomedAt === undefined ? undefined : nowMs() - this.#welcomedAt;
    if (lasted === undefined) count(stats.failures, code === 1006 ? reason : String(code));
    else {
      stats.connected -= 1;
      count(stats.ends, String(code));
      moments.add('ended', nowMs());
    }
    this.#welcomedAt = undefined;
    this.#outbox.disconnected();
    if (this.#isRunning) this.#comeBack(isRefusal(code), lasted);
    this.#joined();
  }

  #comeBack(isRefused: boolean, lasted: number | undefined): void {
    if (isRefused) this.#crowd.stats.refused += 1;
    const ending: Ending = isRefused ? { kind: 'refused' } : this.#ending;
    const delay = this.#comeback.delay(ending, lasted, this.#dice.unit());
    this.#cancel = this.#crowd.after(delay, () => this.open());
  }

  #joined(): void {
    if (this.#hasJoined) return;
    this.#hasJoined = true;
    this.#crowd.joinNext();
  }

  #welcomed({ heartbeatSeconds, acknowledged }: Body<'welcome'>): void {
    this.#nowWelcome(heartbeatSeconds);
    this.#crowd.stats.acknowledged += this.#outbox.connected(acknowledged);
    this.#sendReport();
  }

  #nowWelcome(heartbeatSeconds: number): void {
    const { stats, moments } = this.#crowd;
    const now = nowMs();
    this.#cancel();
    this.#welcomedAt = now;
    this.#lastHeard = now;
    stats.welcomed += 1;
    stats.connected += 1;
    moments.add('welcomed', now);
    moments.add('connectMs', now - this.#openedAt);
    const interval = heartbeatSeconds * 1_000;
    this.#beat(interval, interval * firstBeat(this.#dice));
    this.#joined();
  }

  #beat(interval: number, wait: number): void {
    this.#cancel = this.#crowd.after(wait, () => {
      const left = this.#lastHeard + silentBeats * interval - nowMs();
      if (left <= 0) this.#wire?.cut('the server is silent');
      else this.#beatOn(interval, left);
    });
  }

  #beatOn(interval: number, left: number): void {
    this.#ping();
    this.#beat(interval, Math.min(left, interval * nextBeat(this.#dice)));
  }

  #ping(): void {
    this.#wire?.ping();
    this.#crowd.stats.pings += 1;
    this.#crowd.moments.pinged();
  }

  #desired(body: Body<'desired'>): void {
    const lacking = this.#state.lackingOf(this.#crowd.manifestOf(body.manifest));
    if (!lacking) return;
    this.#crowd.stats.manifests += 1;
    this.#crowd.moments.add('manifest', nowMs());
    if (lacking.length > 0) this.#send('want', { hashes: lacking });
    else this.#apply();
  }

  #received(hash: string): void {
    this.#crowd.stats.sections += 1;
    if (this.#state.got(hash)) this.#apply();
  }

  #apply(): void {
    this.#crowd.moments.add('applied', nowMs());
    for (const record of this.#state.apply()) this.#outbox.add(record);
    this.#sendReport();
  }

  #reportAfter(ms: number): void {
    this.#cancelReport = this.#crowd.after(ms, () => {
      this.#outbox.add(healthDelta(this.#dice));
      this.#sendReport();
      this.#reportAfter((0.5 + this.#dice.unit()) * this.#crowd.behaviour.reportEverySeconds * 1_000);
    });
  }

  #sendReport(): void {
    const report = this.isConnected ? this.#outbox.next(nowMs()) : undefined;
    if (!report) return;
    this.#crowd.stats.reports += 1;
    this.#send('report', report);
  }

  #acknowledged({ epoch, sequence }: Body<'ack'>): void {
    const sentAt = this.#outbox.acknowledge(epoch, sequence);
    if (sentAt === undefined) return;
    const now = nowMs();
    this.#crowd.stats.acknowledged += 1;
    this.#crowd.moments.add('acknowledgeMs', now - sentAt);
    this.#crowd.moments.add('reported', now);
    this.#sendReport();
  }

  #looksOf(): Looks {
    this.#looks ??= new Looks({
      send: (type, body) => this.#send(type, body),
      after: (ms, work) => this.#crowd.after(ms, work),
      sampled: () => {
        this.#crowd.stats.samples += 1;
      },
    });
    return this.#looks;
  }

  #send<T extends Parameters<typeof encode>[0]>(type: T, body: Body<T>): void {
    this.#sent += 1;
    this.#wire?.send(encode(type, `a${this.#sent}`, body));
  }

  #hello(): Body<'hello'> {
    const { osName, osVersion, agentVersion, maker, model } = described;
    const { deviceId } = this.#credential;
    const { generation, sections } = this.#state;
    return {
      ...{ agentVersion, platform: 'linux', os: { name: osName, version: osVersion }, hostname: nameOf(this.index) },
      hardware: { id: hardwareIdOf(deviceId), serial: `SN-${this.index}`, maker, model },
      ...{ bootId: 'boot-1', generation, sections, spool: this.#outbox.spool },
    };
  }
}
