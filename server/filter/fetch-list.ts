import { createHash } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { Agent, type Dispatcher, request } from 'undici';
import { CodedError } from '../../shared/errors/catalogue.ts';
import { type Digest, digestsOf } from './list-digest.ts';
import { type AddressRule, checkedLookup, refuseAddress } from './public-address.ts';

/** What was heard from a source before. */
export interface Validators {
  etag: string | null;
  lastModified: string | null;
}

export type Fetched = { changed: false } | ({ changed: true; content: Uint8Array } & Validators);

/** Fetches a list; `list-unreachable` or `bad-list` in one sentence. */
export type FetchList = (url: string, known: Validators) => Promise<Fetched>;

export interface FetchLimits {
  /** Addresses of the own machine and network are refused unless this is set. */
  allowPrivate: boolean;
  /** Of the list as text, and of what travels. */
  maxBytes: number;
  /** For all of it, and between two pieces of it. */
  totalMs: number;
  idleMs: number;
  maxRedirects: number;
}

export const usualFetchLimits: FetchLimits = {
  allowPrivate: false,
  maxBytes: 134_217_728,
  totalMs: 300_000,
  idleMs: 30_000,
  maxRedirects: 5,
};

type Answer = Dispatcher.ResponseData;

/**
 * Fetches lists over HTTP(S). A name is resolved and its addresses checked as the connection is made, so that it cannot
 * mean one address when it is checked and another when it is used.
 */
export function listFetcher(limits: FetchLimits = usualFetchLimits): FetchList {
  return async (url, known) => {
    const { digest, address } = digestsOf(parseUrl(url));
    const dispatcher = new Agent({
      connect: { lookup: checkedLookup(ruleOf(limits)), timeout: limits.idleMs },
      headersTimeout: limits.idleMs,
      bodyTimeout: limits.idleMs,
    });
    try {
      const answer = await follow(address, known, dispatcher, limits);
      if (answer.statusCode === 304) return { changed: false };
      const content = await readBody(answer, digest, limits);
      return {
        changed: true,
        content,
        etag: headerOf(answer, 'etag'),
        lastModified: headerOf(answer, 'last-modified'),
      };
    } catch (error) {
      throw error instanceof CodedError ? error : unreachable(wordsOf(error, limits), error);
    } finally {
      await dispatcher.destroy();
    }
  };
}

async function follow(url: URL, known: Validators, dispatcher: Dispatcher, limits: FetchLimits): Promise<Answer> {
  const signal = AbortSignal.timeout(limits.totalMs);
  let address = url;
  for (let hop = 0; hop <= limits.maxRedirects; hop++) {
    refuseAddress(address, ruleOf(limits));
    const answer = await request(address, { dispatcher, signal, headers: headersFor(known) });
    if (answer.statusCode === 200 || answer.statusCode === 304) return answer;
    await answer.body.dump({ limit: 65_536 });
    if (![301, 302, 303, 307, 308].includes(answer.statusCode)) {
      throw unreachable(`${address.host} answered with status ${answer.statusCode}`);
    }
    const next = headerOf(answer, 'location') ?? '';
    if (!URL.canParse(next, address.href)) throw unreachable(`${address.host} sends on to no address`);
    const target = parseUrl(new URL(next, address.href).href);
    if (address.protocol === 'https:' && target.protocol === 'http:') {
      throw unreachable(`${address.host} sends on to an address that is not encrypted`);
    }
    address = target;
  }
  throw unreachable(`${url.host} sends on more than ${limits.maxRedirects} times`);
}

function headersFor({ etag, lastModified }: Validators): Record<string, string> {
  return {
    'user-agent': 'Rollcall',
    accept: 'text/plain, */*;q=0.5',
    'accept-encoding': 'gzip',
    ...(etag === null ? {} : { 'if-none-match': etag }),
    ...(lastModified === null ? {} : { 'if-modified-since': lastModified }),
  };
}

/** What travels and what comes out of it are both bounded while they come, so a small file cannot become a large one. */
async function readBody(answer: Answer, wanted: Digest[], { maxBytes }: FetchLimits): Promise<Uint8Array> {
  const coding = headerOf(answer, 'content-encoding')?.toLowerCase() ?? 'identity';
  if (!['identity', 'gzip', 'x-gzip'].includes(coding))
    throw unreachable(`it comes in the coding “${coding.slice(0, 20)}”`);
  const travelled = createHash('sha256');
  const pieces: Buffer[] = [];
  const counted = (limit: number, see: (piece: Buffer) => void) =>
    async function* (source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
      let length = 0;
      for await (const piece of source) {
        length += piece.length;
        if (length > limit) throw unreachable(`it is larger than ${Math.floor(limit / 1_048_576)} MB`);
        see(piece);
        yield piece;
      }
    };
  const arriving = counted(maxBytes, (piece) => travelled.update(piece));
  const keep = async (source: AsyncIterable<Buffer>) => {
    for await (const _piece of counted(maxBytes, (piece) => pieces.push(piece))(source));
  };
  if (coding === 'identity') await pipeline(answer.body, arriving, keep);
  else await pipeline(answer.body, arriving, createGunzip(), keep);
  const content = Buffer.concat(pieces);
  demandDigests([...wanted, ...headerDigests(answer)], travelled.digest('hex'), content);
  return content;
}

function demandDigests(digests: readonly Digest[], travelled: string, content: Uint8Array): void {
  const whole = createHash('sha256').update(content).digest('hex');
  for (const { of, sha256, from } of digests) {
    if (sha256 === (of === 'content' ? whole : travelled)) continue;
    throw new CodedError(
      'bad-list',
      `The list does not have the checksum ${from} gives. It was changed or cut short. The earlier one stays in force.`,
    );
  }
}

/** `Repr-Digest` (RFC 9530) and `Digest` (RFC 3230) are about the bytes as they travel. */
function headerDigests(answer: Answer): Digest[] {
  return (['repr-digest', 'digest'] as const).flatMap((name) => {
    const value = /(?:^|,)\s*sha-256=:?([A-Za-z0-9+/]{43}=):?/i.exec(headerOf(answer, name) ?? '')?.[1];
    if (value === undefined) return [];
    return [{ of: 'travelled', sha256: Buffer.from(value, 'base64').toString('hex'), from: 'its server' } as const];
  });
}

function parseUrl(text: string): URL {
  const url = URL.parse(text);
  if (!url || !['http:', 'https:'].includes(url.protocol)) throw unreachable('its address is not one of http or https');
  if (url.username !== '' || url.password !== '') throw unreachable('its address holds a name or password');
  return url;
}

function ruleOf({ allowPrivate }: FetchLimits): AddressRule {
  return { allowPrivate, refusal: privateAddress };
}

function privateAddress(host: string): CodedError {
  return unreachable(`${host} is an address of this network. Set privateListSources in config.yaml to allow that`);
}

function wordsOf(error: unknown, { totalMs }: FetchLimits): string {
  const { name = '', code = '', message = '' } = error as Partial<NodeJS.ErrnoException>;
  if (name === 'TimeoutError') return `it took longer than ${Math.round(totalMs / 1000)} seconds`;
  if (/TIMEOUT/.test(code)) return 'its server is silent';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'the name of its server is not known';
  if (/^Z_/.test(code)) return 'its compression is damaged';
  return message.slice(0, 200) || 'the connection failed';
}

function unreachable(why: string, cause?: unknown): CodedError {
  return new CodedError(
    'list-unreachable',
    `The list could not be fetched: ${why}. The earlier one stays in force.`,
    [],
    cause,
  );
}

/** The first value, when it is short enough to keep. */
function headerOf(answer: Answer, name: string): string | null {
  const value = answer.headers[name];
  const first = Array.isArray(value) ? value[0] : value;
  return first !== undefined && first.length <= 1_000 ? first : null;
}
