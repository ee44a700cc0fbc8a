import type { Clock } from '../../shared/clock.ts';
import { closeCodes } from '../../shared/protocol/close-codes.ts';
import type { LifeCycle } from '../services.ts';
import type { Identity } from '../store/certificates.ts';
import type { AgentSocket, SocketTaker } from './agent-socket.ts';
import { Budgets } from './budget.ts';
import { Connection, type ConnectionListener } from './connection.ts';

/** Whoever gives meaning to what connections say. `L`: what it makes of each. */
export interface ConnectionOwner<L extends ConnectionListener> {
  /** Nothing more is taken from those who spoke until `Connections.resume`. */
  readonly isFull?: boolean;
  /** Whoever waits may be heard again; unless given, while the owner is not full. */
  readonly mayGoOn?: boolean;
  open(connection: Connection, identity: Identity, address: string | undefined): L;
  /** Once a minute: those that let themselves be heard since the last time. */
  heard(listeners: readonly L[]): void;
}

export interface ConnectionsParts<L extends ConnectionListener> {
  owner: ConnectionOwner<L>;
  clock: Clock;
  /** Between an agent's heartbeats; two and a half missed ones end its connection. */
  heartbeatSeconds: number;
}

const lookEveryMs = 5_000;
/** As in `tls.ts`. */
const helloWithinMs = 30_000;
const heardEveryMs = 60_000;
const resumedAtOnce = 200;
const silentBeats = 2.5;
/** Generous for a device that was off line for weeks, ruinous for nobody. */
const frames = { burst: 600, perSecond: 50 };
const bytes = { burst: 16_777_216, perSecond: 524_288 };

/**
 * The connections that one process holds, with one timer for all: ends the silent and those that never say hello, and
 * keeps what each device may send over all of them, so that it gains nothing by connecting again.
 */
export class Connections<L extends ConnectionListener = ConnectionListener>
  implements LifeCycle, SocketTaker<Identity>
{
  readonly clock: Clock;
  readonly #parts: ConnectionsParts<L>;
  readonly #open = new Set<Connection>();
  readonly #held = new Set<Connection>();
  readonly #frames: Budgets;
  readonly #bytes: Budgets;
  #heardAt = 0;
  #cancel: (() => void) | undefined;

  constructor(parts: ConnectionsParts<L>) {
    this.clock = parts.clock;
    this.#parts = parts;
    this.#frames = new Budgets(parts.clock, frames);
    this.#bytes = new Budgets(parts.clock, bytes);
  }

  async start(): Promise<void> {
    this.#heardAt = this.clock.monotonic();
    this.#schedule();
  }

  async stop(): Promise<void> {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  open(socket: AgentSocket, identity: Identity, address: string | undefined): void {
    const connection = new Connection(socket, identity.deviceId, this);
    this.#open.add(connection);
    connection.listener = this.#parts.owner.open(connection, identity, address);
    connection.start();
  }

  remove(connection: Connection): void {
    this.#open.delete(connection);
    this.#held.delete(connection);
  }

  mayPing(deviceId: string): boolean {
    return this.#frames.take(deviceId, 1);
  }

  maySay(deviceId: string, length: number): boolean {
    return this.#frames.take(deviceId, 1) && this.#bytes.take(deviceId, length);
  }

  /** Whoever speaks while the owner is full waits: nobody else does. */
  hold(connection: Connection): void {
    if (this.#parts.owner.isFull) this.wait(connection);
  }

  wait(connection: Connection): void {
    this.#held.add(connection);
    connection.pause();
  }

  /** The owner has room again. What they said meanwhile is read at once, so they go on some at a time. */
  resume(): void {
    for (const connection of this.#held.values().take(resumedAtOnce)) {
      this.#held.delete(connection);
      connection.resume();
    }
    if (this.#held.size > 0) setImmediate(() => this.#mayGoOn && this.resume());
  }

  get #mayGoOn(): boolean {
    const { owner } = this.#parts;
    return owner.mayGoOn ?? !owner.isFull;
  }

  #schedule(): void {
    this.#cancel = this.clock.after(lookEveryMs, () => {
      this.#schedule();
      this.#look();
    });
  }

  #look(): void {
    const now = this.clock.monotonic();
    const isDue = now - this.#heardAt >= heardEveryMs;
    const silentMs = this.#parts.heartbeatSeconds * 1000 * silentBeats;
    const heard: L[] = [];
    for (const connection of this.#open) {
      if (now - connection.lastHeard > silentMs && !this.#held.has(connection)) connection.terminate();
      else if (!connection.hasSpoken && now - connection.openedAt > helloWithinMs)
        connection.close(closeCodes.notAllowed, 'no hello');
      else if (isDue && connection.lastHeard > this.#heardAt) heard.push(connection.listener as L);
    }
    if (!isDue) return;
    this.#heardAt = now;
    this.#parts.owner.heard(heard);
  }
}
