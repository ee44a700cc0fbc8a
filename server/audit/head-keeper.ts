import type { SignedHead } from '../../shared/api/schemas.ts';
import type { Clock } from '../../shared/clock.ts';
import type { LifeCycle } from '../services.ts';
import type { AuditStore } from '../store/audit.ts';
import type { ChainHead } from '../store/event-chain.ts';
import type { AuditKey } from './audit-key.ts';
import type { HeadLog } from './heads.ts';

export interface HeadKeeperParts {
  store: AuditStore;
  key: AuditKey;
  log: HeadLog;
  /** Beside the key: one head, of the last row from before the log was sealed. */
  origin: HeadLog;
  /** SHA-256 of the root certificate. */
  district: string;
  clock: Clock;
  /** A head of the day was stored for webhooks. */
  onDaily: () => void;
  onError: (error: unknown) => void;
}

const everyMs = 60_000;

/**
 * Writes a signed head each minute in which the log grew, at the start and at the end: what is taken away from the log
 * afterwards is missed. The first head of each day (UTC) is also sent to webhooks.
 */
export class HeadKeeper implements LifeCycle {
  readonly #parts: HeadKeeperParts;
  #running: Promise<void> = Promise.resolve();
  #cancel: (() => void) | undefined;
  #stopped = false;
  /** Where the log ended when a head was last written. */
  #written = -1;

  constructor(parts: HeadKeeperParts) {
    this.#parts = parts;
  }

  async start(): Promise<void> {
    await this.#begin();
    this.#again();
    await this.#running;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancel?.();
    await this.#running;
    await this.#write();
  }

  /** The end of the log at this moment. */
  async head(): Promise<SignedHead> {
    return this.#signed(await this.#parts.store.head());
  }

  /** Where the rows begin that must be sealed: after this one. Undefined: all must be. */
  async origin(): Promise<SignedHead | undefined> {
    return (await Array.fromAsync(this.#parts.origin.read()))[0];
  }

  /** Heads that were sent elsewhere, newest first. */
  async daily(limit: number): Promise<SignedHead[]> {
    return await this.#parts.store.dailyHeads(limit);
  }

  /** Once in the life of a key. */
  async #begin(): Promise<void> {
    if (await this.origin()) return;
    await this.#parts.origin.add(this.#signed(await this.#parts.store.lastUnsealed()));
  }

  #signed({ id, hash }: ChainHead): SignedHead {
    const { key, district, clock } = this.#parts;
    return key.signHead({ district, id, hash, at: new Date(clock.now()).toISOString() });
  }

  #again(): void {
    this.#running = this.#write()
      .catch((error: unknown) => this.#parts.onError(error))
      .then(() => {
        if (!this.#stopped) this.#cancel = this.#parts.clock.after(everyMs, () => this.#again());
      });
  }

  async #write(): Promise<void> {
    const head = await this.head();
    if (head.id === this.#written || head.id === 0) return;
    await this.#parts.log.add(head);
    this.#written = head.id;
    await this.#writeDaily(head);
  }

  async #writeDaily(head: SignedHead): Promise<void> {
    const { store, onDaily } = this.#parts;
    const [last] = await store.dailyHeads(1);
    if (last && dayOf(last) === dayOf(head)) return;
    await store.addDailyHead(head);
    onDaily();
  }
}

/** UTC, as `2026-11-22`. */
const dayOf = ({ at }: SignedHead) => at.slice(0, 10);
