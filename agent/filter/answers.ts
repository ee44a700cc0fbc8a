import type { WebFilterSettings } from '../../shared/profile/web-filter.ts';
import { ownPagesName, specialUse } from './special-names.ts';
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
const errorCodes = { other: 0, noReachableAuthority: 22, networkError: 23 };

const blockedA = record(types.a, Buffer.alloc(4));
const blockedAaaa = record(types.aaaa, Buffer.alloc(16));
const localhostA = record(types.a, Buffer.from([127, 0, 0, 1]));
const localhostAaaa = record(types.aaaa, Buffer.from([...new Array(15).fill(0), 1]));
const nothing: Reply = { rcode: rcodes.noError };

/** The A record of an IPv4 address, to be used for any question. */
export function addressRecord(address: string): Buffer {
  return record(types.a, Buffer.from(address.split('.').map(Number)));
}

/**
 * The answer to a blocked name. `page` is the record of the device's own page, for `how` = `page`; without it that is as
 * `address`. Types that have no address to give, HTTPS among them, get an empty answer in these two modes.
 */
export function blockedReply(query: Query, how: BlockAnswer, error: Buffer, page?: Buffer): Reply {
  if (how === 'nxdomain') return { rcode: rcodes.nxDomain, error };
  if (how === 'refused') return { rcode: rcodes.refused, error };
  const shown = how === 'page' ? page : undefined;
  if (query.type === types.a || query.type === types.any) return { ...one(shown ?? blockedA), error };
  return query.type === types.aaaa && !shown ? { ...one(blockedAaaa), error } : { ...nothing, error };
}

/** Names that are answered here, whatever the policy; undefined: this is none of them. */
export function ownReply({ name, type }: Query, page: Buffer | undefined): Reply | undefined {
  if (page && name === ownPagesName) return type === types.a ? one(page) : nothing;
  const use = specialUse(name);
  if (use === 'nowhere') return { rcode: rcodes.nxDomain };
  if (use !== 'localhost') return undefined;
  if (type === types.a) return one(localhostA);
  return type === types.aaaa ? one(localhostAaaa) : nothing;
}

/** REFUSED, so that a client that has another resolver asks there. RFC 8914 has no code for it. */
export const tooManyReply: Reply = {
  rcode: rcodes.refused,
  error: extendedError(errorCodes.other, 'too many queries from this device; a program may be asking in a loop'),
};

function one(answers: Buffer): Reply {
  return { rcode: rcodes.noError, answers, count: 1 };
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
