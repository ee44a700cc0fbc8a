import { setImmediate } from 'node:timers/promises';
import type { SignedHead } from '../../shared/api/schemas.ts';
import type { AuditStore } from '../store/audit.ts';
import type { Erasure } from './chain-check.ts';
import { ChainCheck, type CheckKey, erasureIndex } from './chain-check.ts';

export interface VerifyParts {
  store: Pick<AuditStore, 'rowsAfter'>;
  key: CheckKey;
  /** The server's own heads in the order they were written; undefined: a line that is none. */
  logged: AsyncIterable<SignedHead | undefined>;
  /** Heads that were kept elsewhere. */
  given: readonly SignedHead[];
  /** Rows up to this head are from before there was a key, and have no seal. */
  origin?: SignedHead | undefined;
}

const rowsAtOnce = 1000;

/** Goes over the whole log, a piece at a time with the sockets served between; rows that are added meanwhile included. */
export async function verifyChain({ store, key, logged, given, origin }: VerifyParts): Promise<ChainCheck> {
  const erasures: Erasure[] = [];
  let erasedBy = erasureIndex(erasures);
  const check = new ChainCheck(key, (id) => erasedBy(id), origin);
  const streams = [
    await HeadStream.open(check, logged[Symbol.asyncIterator]()),
    await HeadStream.open(check, inOrder(given)),
  ];
  let erasuresUpTo = 0;
  for (let more = true; more; ) {
    const found = await store.rowsAfter(check.lastId, rowsAtOnce, erasuresUpTo);
    if (found.erasures.length > 0) {
      erasures.push(...found.erasures);
      erasedBy = erasureIndex(erasures);
      erasuresUpTo = found.erasuresUpTo;
    }
    for (const row of found.rows) {
      check.row(row);
      for (const stream of streams) if (stream.isAt(row.id)) await stream.upTo(row.id);
    }
    more = found.rows.length === rowsAtOnce;
    await setImmediate();
  }
  for (const stream of streams) await stream.upTo(Number.POSITIVE_INFINITY);
  return check;
}

async function* inOrder(heads: readonly SignedHead[]): AsyncGenerator<SignedHead> {
  yield* heads.toSorted((a, b) => a.id - b.id);
}

/** Heads beside the rows they speak of. The signature of the last is always looked at, of others when they contradict. */
class HeadStream {
  readonly #check: ChainCheck;
  readonly #heads: AsyncIterator<SignedHead | undefined>;
  #next: SignedHead | undefined;
  #following: SignedHead | undefined;

  private constructor(check: ChainCheck, heads: AsyncIterator<SignedHead | undefined>) {
    this.#check = check;
    this.#heads = heads;
  }

  static async open(check: ChainCheck, heads: AsyncIterator<SignedHead | undefined>): Promise<HeadStream> {
    const stream = new HeadStream(check, heads);
    stream.#following = await stream.#read();
    await stream.#move();
    return stream;
  }

  isAt(id: number): boolean {
    return this.#next !== undefined && this.#next.id <= id;
  }

  async upTo(id: number): Promise<void> {
    while (this.#next && this.#next.id <= id) {
      this.#check.head(this.#next, this.#following !== undefined);
      await this.#move();
    }
  }

  async #move(): Promise<void> {
    this.#next = this.#following;
    this.#following = this.#next && (await this.#read());
  }

  /** The next line that is a head; others are on record as damage. */
  async #read(): Promise<SignedHead | undefined> {
    for (;;) {
      const { value, done } = await this.#heads.next();
      if (done) return undefined;
      if (value !== undefined) return value;
      this.#check.badLine();
    }
  }
}
