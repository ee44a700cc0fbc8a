import { createHash } from 'node:crypto';
import type { Route } from '../../shared/api/contract.ts';
import type { Clock } from '../../shared/clock.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import type { IdempotencyRow, IdempotencyStore } from '../store/idempotency.ts';
import type { Caller } from './guard.ts';

/** A request as it is compared with a later one of the same key. */
export interface KeyedRequest {
  /** The header as it came. */
  key: string;
  caller: Caller;
  /** Path and query. */
  url: string;
  body: unknown;
  bytes: Uint8Array;
}

/** The text of the answer, and whether it is that of an earlier request. */
export interface KeyedAnswer {
  text: string;
  isReplayed: boolean;
}

const dayMs = 86_400_000;
const atMost = 5_000;
const longestAnswer = 65_536;
/** Stands for an answer that is not kept: it holds a secret or is too long. */
const notKept = '';

/**
 * `Idempotency-Key` on POST (draft-ietf-httpapi-idempotency-key-header-07): a request that comes again is not done again,
 * and gets the same answer. Only what was done is kept: a request that failed changed nothing and may come again.
 */
export class Idempotency {
  readonly #store: IdempotencyStore;
  readonly #clock: Clock;
  readonly #atWork = new Set<string>();

  constructor(store: IdempotencyStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  async once(route: Route, request: KeyedRequest, work: () => Promise<string>): Promise<KeyedAnswer> {
    const [caller, key] = [callerOf(request.caller), parseKey(request.key)];
    const both = JSON.stringify([caller, key]);
    if (this.#atWork.has(both)) throw new CodedError('conflict', 'A request with this Idempotency-Key is being done.');
    this.#atWork.add(both);
    try {
      const row = { caller, key, request_hash: hashOf(route, request), at: this.#clock.now() };
      const earlier = await this.#store.begin(row, { keptSince: row.at - dayMs, atMost });
      if (earlier) return { text: replayed(earlier, row.request_hash), isReplayed: true };
      return { text: await this.#done(route, caller, key, work), isReplayed: false };
    } finally {
      this.#atWork.delete(both);
    }
  }

  async #done(route: Route, caller: string, key: string, work: () => Promise<string>): Promise<string> {
    const text = await work().catch(async (error: unknown) => {
      await this.#store.forget(caller, key);
      throw error;
    });
    await this.#store.finish(caller, key, route.secret || text.length > longestAnswer ? notKept : text);
    return text;
  }
}

function replayed(earlier: IdempotencyRow, requestHash: string): string {
  if (earlier.request_hash !== requestHash) throw new CodedError('idempotency-key-reused');
  if (earlier.status === 0)
    throw new CodedError(
      'conflict',
      'The server stopped while it did this request. See whether it was done, and take a new Idempotency-Key if not.',
    );
  if (earlier.answer === notKept)
    throw new CodedError(
      'conflict',
      'This was done before. Its answer was not kept, for it holds a secret or is long.',
    );
  return earlier.answer;
}

/** Keys of one caller mean nothing to another. */
function callerOf({ staff, token }: Caller): string {
  if (token) return `token ${token.id}`;
  return staff ? `staff ${staff.id}` : 'operator';
}

/** The draft writes a string in quotation marks; many clients leave them out. */
function parseKey(header: string): string {
  const [, quoted, bare] =
    /^(?:"([\x21\x23-\x5b\x5d-\x7e]{1,200})"|([\x21\x23-\x5b\x5d-\x7e]{1,200}))$/.exec(header) ?? [];
  const key = quoted ?? bare;
  if (key === undefined)
    throw new CodedError('bad-request', 'Idempotency-Key: write 1 to 200 visible characters, such as a UUID.');
  return key;
}

/** Of a request with a secret only the address: not even a hash of the secret is kept. */
function hashOf(route: Route, { url, body, bytes }: KeyedRequest): string {
  const hash = createHash('sha256').update(`${route.method} ${url}\n`);
  if (!route.secret) hash.update(route.upload ? bytes : JSON.stringify(body));
  return hash.digest('hex');
}
