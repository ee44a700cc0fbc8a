import { setImmediate } from 'node:timers/promises';
import type { Logger } from 'pino';
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

/** Given between two looks at the sockets. */
const together = 500;
const statesKept = 200;
const sectionBytesKept = 33_554_432;

export interface FeedParts {
  desired: DesiredStates;
  stateKeys: Pick<StateKeys, 'version' | 'statementsAfter'>;
  metrics: Pick<Metrics, 'statesSent'>;
  log: Pick<Logger, 'error'>;
}

/**
 * Gives every connected device the state it should hold, when it does not hold it already. A session waits in the queue
 * at most once, and the loop is yielded between groups, so a push to all never starves the rest of the server.
 */
export class DesiredFeed {
  readonly #parts: FeedParts;
  readonly #queue = new Set<AgentSession>();
  readonly #states = new Map<string, Outgoing>();
  readonly #sections = new FrameCache(sectionBytesKept);
  #isRunning = false;

  constructor(parts: FeedParts) {
    this.#parts = parts;
  }

  /** Looks at this session soon. */
  enqueue(session: AgentSession): void {
    this.#queue.add(session);
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#run().catch((error: unknown) => this.#parts.log.error({ err: error }, 'the desired feed stopped'));
  }

  /** Answers a `want` in order, one section at a time. Only sections of the device's own state are given out. */
  async sections(session: AgentSession, hashes: readonly string[], about: string): Promise<void> {
    if (!session.maySend(hashes.length)) return;
    for (const hash of hashes) {
      const isOwn = session.allowed.some((known) => known.has(hash));
      const frame = isOwn ? await this.#section(hash) : undefined;
      if (frame) await session.sendFrame(frame);
      else session.send('error', { code: 'not-found', message: `no section ${hash} for this device`, about });
    }
  }

  async #run(): Promise<void> {
    try {
      while (this.#queue.size > 0) {
        const group = [...this.#queue.values().take(together)];
        for (const session of group) this.#queue.delete(session);
        await this.#feed(group.filter((session) => session.isLive));
        await setImmediate();
      }
    } finally {
      this.#isRunning = false;
    }
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
    void session.sendFrame(state.frame);
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

  async #section(hash: string): Promise<Buffer | undefined> {
    const kept = this.#sections.get(hash);
    if (kept) return kept;
    const content = await this.#parts.desired.section(hash);
    if (content === undefined) return undefined;
    const frame = Buffer.from(encode('section', hash, { hash, content }), 'utf8');
    this.#sections.set(hash, frame);
    return frame;
  }
}

function isSame(a: Held['sections'], b: Held['sections']): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}
