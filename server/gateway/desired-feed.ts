import { setImmediate } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Clock } from '../../shared/clock.ts';
import { encode } from '../../shared/protocol/codec.ts';
import type { SignedManifest } from '../../shared/protocol/messages.ts';
import { sectionsOf } from '../devices/manifest-sections.ts';
import type { Metrics } from '../metrics.ts';
import type { StateKeys } from '../pki/state-signer.ts';
import type { DesiredStates } from '../services.ts';
import type { AgentSession, Held } from './agent-session.ts';
import { FrameCache } from './frame-cache.ts';

/** A state as it goes out: encoded once for all devices that share it. */
interface Outgoing {
  frame: Buffer;
  sections: Held['sections'];
  hashes: ReadonlySet<string>;
}

/** A `want` that is to be answered. */
interface Want {
  session: AgentSession;
  hashes: readonly string[];
  about: string;
  since: number;
  settle: (answered: Promise<void>) => void;
}

/** States asked for together, and wants answered together. */
const together = 500;
/** At work between two looks at the sockets. */
const sliceMs = 50;
/** So long `want`s are heard before the next slice while states wait: to read one takes longer than to give a state. */
const hearingMs = 10;
/** States go out before sections, but no want waits longer than this and the look for states that is under way. */
const wantMs = 5_000;
const statesKept = 200;
const sectionBytesKept = 33_554_432;

export interface FeedParts {
  desired: DesiredStates;
  stateKeys: Pick<StateKeys, 'version' | 'statementsAfter'>;
  metrics: Pick<Metrics, 'statesSent'>;
  /** Whoever waited for a state was given it. */
  onAllGiven?: () => void;
  clock: Pick<Clock, 'monotonic'>;
  log: Pick<Logger, 'error'>;
}

/**
 * Gives every connected device the state it should hold, when it does not hold it already: the states of all first, then the
 * sections they ask for, so that all know soon. A session waits for its state at most once. The sockets are looked at after each
 * slice of time; while states wait, wants end that look after some milliseconds.
 */
export class DesiredFeed {
  readonly #parts: FeedParts;
  readonly #queue = new Set<AgentSession>();
  /** The first to come first. */
  readonly #wants = new Set<Want>();
  readonly #states = new Map<string, Outgoing>();
  readonly #sections = new FrameCache(sectionBytesKept);
  /** Sections that are being read, each once for all who wait for it. */
  readonly #reading = new Map<string, Promise<Buffer | undefined>>();
  #isRunning = false;
  /** While states wait and the sockets are looked at: ends that. */
  #goOn: (() => void) | undefined;
  #hearingUntil = Number.NEGATIVE_INFINITY;

  constructor(parts: FeedParts) {
    this.#parts = parts;
  }

  /** Looks at this session soon. */
  enqueue(session: AgentSession): void {
    this.#queue.add(session);
    this.#begin();
  }

  /**
   * Answers a `want` in order, one section at a time, after the states that wait. Only sections of the device's own state are
   * given out.
   */
  async sections(session: AgentSession, hashes: readonly string[], about: string): Promise<void> {
    if (!session.maySend(hashes.length)) return;
    if (!this.#isWaitedFor) return await this.#answer({ session, hashes, about });
    const since = this.#parts.clock.monotonic();
    const { promise, resolve: settle } = Promise.withResolvers<void>();
    this.#wants.add({ session, hashes, about, since, settle });
    if (since >= this.#hearingUntil) this.#goOn?.();
    this.#begin();
    await promise;
  }

  get #isWaitedFor(): boolean {
    return this.#queue.size + this.#wants.size > 0;
  }

  #begin(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#run().catch((error: unknown) => this.#parts.log.error({ err: error }, 'the desired feed stopped'));
  }

  async #answer({ session, hashes, about }: Pick<Want, 'session' | 'hashes' | 'about'>): Promise<void> {
    for (const hash of hashes) {
      if (!session.isLive) return;
      const isOwn = session.allowed.some((known) => known.has(hash));
      const frame = isOwn ? await this.#section(hash) : undefined;
      if (frame) await session.sendFrame(frame);
      else session.send('error', { code: 'not-found', message: `no section ${hash} for this device`, about });
    }
  }

  async #run(): Promise<void> {
    const { clock } = this.#parts;
    try {
      while (this.#isWaitedFor) {
        const end = clock.monotonic() + sliceMs;
        while (this.#isWaitedFor && clock.monotonic() < end) await this.#next();
        await (this.#queue.size > 0 ? this.#hear() : setImmediate());
      }
    } finally {
      this.#isRunning = false;
    }
  }

  /**
   * One look at all sockets, or `hearingMs` of it: the first devices ask as soon as they have their states, and all that have
   * asked are read in one look.
   */
  async #hear(): Promise<void> {
    this.#hearingUntil = this.#parts.clock.monotonic() + hearingMs;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#goOn = resolve;
    await Promise.race([promise, setImmediate()]);
    this.#goOn = undefined;
  }

  /** One group of what comes first. */
  async #next(): Promise<void> {
    const now = this.#parts.clock.monotonic();
    const [oldest] = this.#wants;
    const isOverdue = oldest !== undefined && oldest.since + wantMs <= now;
    if (this.#queue.size > 0 && !isOverdue) {
      await this.#feed(taken(this.#queue).filter((session) => session.isLive));
      if (this.#queue.size === 0) this.#parts.onAllGiven?.();
    } else for (const want of taken(this.#wants)) want.settle(this.#answer(want));
  }

  /** A device whose state cannot be made keeps the one it has, and holds up no other; the next change or connection tries again. */
  async #feed(sessions: readonly AgentSession[]): Promise<void> {
    try {
      await this.#give(sessions);
    } catch (error) {
      const [first] = sessions;
      if (sessions.length > 1) for (const session of sessions) await this.#feed([session]);
      else this.#parts.log.error({ err: error, deviceId: first?.deviceId }, 'no desired state could be made');
    }
  }

  async #give(sessions: readonly AgentSession[]): Promise<void> {
    const held = new Map(sessions.map((session) => [session.deviceId, session.held.generation]));
    const states = await this.#parts.desired.forDevices(held);
    for (const session of sessions) {
      const state = states.get(session.deviceId);
      if (!state || !session.isLive) continue;
      this.#introduceKey(session);
      this.#offer(session, state.generation, this.#outgoing(state.generation, state.signed));
    }
  }

  /** Before the state, and after it was made: a state never comes ahead of the statement for its key. */
  #introduceKey(session: AgentSession): void {
    const { stateKeys } = this.#parts;
    const { trustVersion = stateKeys.version } = session;
    const statements = stateKeys.statementsAfter(trustVersion);
    if (statements.length === 0) return;
    session.trustVersion = stateKeys.version;
    session.send('trust', { statements });
  }

  #offer(session: AgentSession, generation: number, state: Outgoing): void {
    if (session.allowed[0] !== state.hashes) session.allowed = [state.hashes, session.allowed[0]];
    if (session.held.generation === generation && isSame(session.held.sections, state.sections)) return;
    session.held = { generation, sections: state.sections };
    session.post(state.frame);
    this.#parts.metrics.statesSent.inc();
  }

  #outgoing(generation: number, signed: SignedManifest): Outgoing {
    const kept = this.#states.get(signed.signature);
    if (kept) return kept;
    const sections = sectionsOf(signed);
    const frame = Buffer.from(encode('desired', `g${generation}`, signed), 'utf8');
    const state = { frame, sections, hashes: new Set(Object.values(sections)) };
    this.#states.set(signed.signature, state);
    const oldest = this.#states.keys().next().value;
    if (this.#states.size > statesKept && oldest !== undefined) this.#states.delete(oldest);
    return state;
  }

  #section(hash: string): Buffer | Promise<Buffer | undefined> {
    const kept = this.#sections.get(hash) ?? this.#reading.get(hash);
    if (kept) return kept;
    const reading = this.#read(hash);
    this.#reading.set(hash, reading);
    return reading;
  }

  async #read(hash: string): Promise<Buffer | undefined> {
    try {
      const content = await this.#parts.desired.section(hash);
      if (content === undefined) return undefined;
      const frame = Buffer.from(encode('section', hash, { hash, content }), 'utf8');
      this.#sections.set(hash, frame);
      return frame;
    } finally {
      this.#reading.delete(hash);
    }
  }
}

/** The first of these, which wait no more. */
function taken<T>(waiting: Set<T>): T[] {
  const first = [...waiting.values().take(together)];
  for (const one of first) waiting.delete(one);
  return first;
}

function isSame(a: Held['sections'], b: Held['sections']): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}
