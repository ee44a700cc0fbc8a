import type { Decision } from '../../shared/filter/decision.ts';
import type { WebFilterSettings } from '../../shared/profile/web-filter.ts';
import { UpstreamError } from './upstream/upstream.ts';
import { classIn, rcodes, types } from './wire/constants.ts';
import { writeName } from './wire/name.ts';
import type { Query } from './wire/query.ts';
import { extendedError, type Reply } from './wire/reply.ts';

export type BlockAnswer = NonNullable<WebFilterSettings['blockAnswer']>;

/** Seconds a program may keep an answer of ours: short, so that allowing a name works at once. */
const ownTtl = 10;
/** Offset of the question's name, as a compression pointer. */
const questionPointer = 0xc00c;
/** RFC 8914 codes. */
const errorCodes = { other: 0, blocked: 15, noReachableAuthority: 22, networkError: 23 };

/** The words a blocked answer carries: which rule of whom, and who can be asked. */
export class BlockReasons {
  readonly #contact: string;
  readonly #titles: ReadonlyMap<string, string>;
  readonly #made = new Map<string, Buffer>();

  constructor(contact: string, categories: readonly { id: string; title: string }[]) {
    this.#contact = contact;
    this.#titles = new Map(categories.map(({ id, title }) => [id, title]));
  }

  /** The Extended DNS Error of a decision; the same object for the same category. */
  of(decision: Decision): Buffer {
    const key = decision.category ?? '';
    const made = this.#made.get(key) ?? extendedError(errorCodes.blocked, this.#words(decision));
    this.#made.set(key, made);
    return made;
  }

  #words({ category }: Decision): string {
    const why =
      category === undefined ? 'on the blocked domains' : `category ${this.#titles.get(category) ?? category}`;
    const contact = this.#contact === '' ? '' : ` Questions: ${this.#contact}`;
    return `Blocked by the web filter (${why}).${contact}`;
  }
}

const blockedA = record(types.a, Buffer.alloc(4));
const blockedAaaa = record(types.aaaa, Buffer.alloc(16));

/** The answer to a blocked name. Types other than A and AAAA, HTTPS among them, get an empty answer in address mode. */
export function blockedReply(query: Query, how: BlockAnswer, error: Buffer): Reply {
  if (how === 'nxdomain') return { rcode: rcodes.nxDomain, error };
  if (how === 'refused') return { rcode: rcodes.refused, error };
  const answers = query.type === types.a || query.type === types.any ? blockedA : undefined;
  const found = answers ?? (query.type === types.aaaa ? blockedAaaa : undefined);
  return { rcode: rcodes.noError, error, ...(found ? { answers: found, count: 1 } : {}) };
}

/** RFC 8482: a short true answer instead of everything. */
export const anyReply: Reply = {
  rcode: rcodes.noError,
  answers: record(13, Buffer.from([7, ...Buffer.from('RFC8482'), 0])),
  count: 1,
};

/** The question another name is asked instead, as a packet. */
export function questionFor(name: string, type: number): Buffer {
  const header = Buffer.from([0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
  return Buffer.concat([header, writeName(name), Buffer.from([type >> 8, type & 0xff, 0, classIn])]);
}

/** CNAME to the target with its addresses: what a rewritten name answers. */
export function rewrittenReply(query: Query, target: string, addresses: readonly Buffer[], rcode: number): Reply {
  const alias = record(types.cname, writeName(target));
  // The addresses belong to the target, whose name stands where the alias has its data.
  const owner = 0xc000 | (query.end + 12);
  const records = addresses.map((address) => record(query.type, address, owner));
  return { rcode, answers: Buffer.concat([alias, ...records]), count: 1 + records.length };
}

/** SERVFAIL with the reason (RFC 8914). */
export function failedReply(error: unknown): Reply {
  const failure = error instanceof UpstreamError ? error.failure : 'none';
  const code =
    failure === 'timed-out' || failure === 'none' ? errorCodes.noReachableAuthority : errorCodes.networkError;
  const words = failure === 'busy' ? 'too many queries under way' : 'the resolver behind the filter does not answer';
  return { rcode: rcodes.servFail, error: extendedError(code, words) };
}

/** A whole resource record. */
function record(type: number, content: Buffer, owner = questionPointer): Buffer {
  const head = Buffer.alloc(12);
  head.writeUInt16BE(owner, 0);
  head.writeUInt16BE(type, 2);
  head.writeUInt16BE(classIn, 4);
  head.writeUInt32BE(ownTtl, 6);
  head.writeUInt16BE(content.length, 10);
  return Buffer.concat([head, content]);
}
