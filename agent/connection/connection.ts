import type { Clock, Random } from '../../shared/clock.ts';
import type { Address } from '../../shared/protocol/enrolment.ts';
import { type Body, closeCodes } from '../../shared/protocol/messages.ts';
import type { TlsTrust } from '../identity/https.ts';
import type { Log } from '../log.ts';
import { type Ending, reconnectDelay, stableAfter } from './backoff.ts';
import { dispatch, type Handlers } from './dispatch.ts';
import { Session, type SessionEnd } from './session.ts';

const refusals: readonly number[] = [closeCodes.revoked, closeCodes.notAllowed, closeCodes.clone];

/** A server that is for ever about to restart is a broken one. */
const restartsBelieved = 5;

export interface ConnectionOptions {
  addresses: () => readonly Address[];
  trust: () => TlsTrust;
  hello: () => Body<'hello'>;
  handlers: Omit<Handlers, 'restarting'>;
  /** The connection ended, or could not be made; `refused` when the server turned this certificate away. */
  onEnd: (refused: boolean) => void;
  clock: Clock;
  random: Random;
  log: Log;
}

/** How the device stands with the server, in words for `status`. */
export interface ConnectionState {
  connected: boolean;
  /** Since when it is so, milliseconds since 1970; absent when it never was connected since the agent started. */
  since?: number;
  /** Why it is not connected. */
  why?: string;
}

/** Keeps one session open: reconnects with back-off, through all addresses in turn. */
export class Connection {
  readonly #options: ConnectionOptions;
  #session: Session | undefined;
  #ending: Ending = { kind: 'lost' };
  #failures = 0;
  /** Planned ones in a row, none of which led to a lasting session. */
  #restarts = 0;
  /** Which of the addresses; moves on when one fails. */
  #next = 0;
  #welcomedAt: number | undefined;
  #state: ConnectionState = { connected: false, why: 'not tried yet' };
  #cancel: (() => void) | undefined;
  #onStopped: (() => void) | undefined;
  #isRunning = false;

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  /** The server that is connected, or tried next. */
  get address(): Address {
    const all = this.#options.addresses();
    const address = all[this.#next % all.length];
    if (!address) throw new Error('There is no address to connect to.');
    return address;
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** The session once it was welcomed. */
  get session(): Session | undefined {
    return this.#state.connected ? this.#session : undefined;
  }

  start(): void {
    this.#isRunning = true;
    this.#open();
  }

  /** Ends when the connection is closed. */
  async stop(): Promise<void> {
    this.#isRunning = false;
    this.#cancel?.();
    if (!this.#session) return;
    const stopped = new Promise<void>((resolve) => {
      this.#onStopped = resolve;
    });
    this.#session.close(1001, 'the agent stops');
    await stopped;
  }

  /** Opens the session anew, for example with another certificate. */
  reopen(): void {
    this.#session?.close(1000, 'the agent reconnects');
  }

  #open(): void {
    const { trust, hello, handlers, clock, random, log } = this.#options;
    const { address } = this;
    this.#ending = { kind: 'lost' };
    const heard: Handlers = {
      ...handlers,
      welcome: (body, session) => this.#welcomed(body, session),
      restarting: ({ spreadSeconds }) => {
        this.#ending = { kind: 'restarting', spreadSeconds };
      },
    };
    try {
      this.#session = new Session({
        address,
        trust: trust(),
        hello: hello(),
        hear: (bytes, session) => dispatch(bytes, session, heard, log),
        onEnd: (end) => this.#ended(end, address),
        clock,
        random,
      });
    } catch (error) {
      // An address or a certificate that cannot even be tried; the next may.
      this.#ended({ code: 1006, reason: (error as Error).message, handshakeRefused: true }, address);
    }
  }

  #welcomed(body: Body<'welcome'>, session: Session): void {
    const { clock, handlers, log } = this.#options;
    this.#welcomedAt = clock.monotonic();
    this.#state = { connected: true, since: clock.now() };
    session.startHeartbeat(body.heartbeatSeconds);
    log.info({ deviceId: body.deviceId }, 'Connected to the server.');
    handlers.welcome(body, session);
  }

  #ended({ code, reason, handshakeRefused }: SessionEnd, address: Address): void {
    const { clock, random, log, onEnd } = this.#options;
    if (!this.#state.connected) this.#next += 1;
    const isPlanned = this.#ending.kind === 'restarting';
    const wasStable = this.#welcomedAt !== undefined && clock.monotonic() - this.#welcomedAt >= stableAfter;
    this.#welcomedAt = undefined;
    this.#session = undefined;
    const refused = refusals.includes(code);
    const why = refused ? `the server refused this device: ${reason || code}` : reason || `closed with code ${code}`;
    const since = this.#state.connected ? clock.now() : this.#state.since;
    this.#state = { connected: false, why, ...(since === undefined ? {} : { since }) };
    onEnd(refused || handshakeRefused);
    this.#onStopped?.();
    if (!this.#isRunning) return;
    this.#restarts = wasStable ? 0 : this.#restarts + Number(isPlanned);
    if (wasStable || isPlanned) this.#failures = Math.max(0, this.#restarts - restartsBelieved);
    else this.#failures += 1;
    if (refused) this.#ending = { kind: 'refused' };
    const delay = reconnectDelay(this.#ending, this.#failures, random.unit());
    log.info({ address, code, why, retryInMs: Math.round(delay) }, 'Not connected to the server.');
    this.#cancel = clock.after(delay, () => this.#open());
  }
}
