import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Agent, request } from 'undici';
import type { ErrorAnswer, Params, Query, RequestBody, Response, Route } from '../../shared/api/contract.ts';
import { type RouteName, type Routes, routes } from '../../shared/api/routes.ts';
import { CodedError, type ErrorCode, errorCodes } from '../../shared/errors/catalogue.ts';
import { readRemembered } from '../ports.ts';

type Parts<R extends Route> = {
  params?: Params<R>;
  query?: Query<R>;
  body?: RequestBody<R>;
  /** Raw bytes of an upload with their media type. */
  upload?: { bytes: Uint8Array; type: string };
};

/** A server elsewhere, called with an API token. */
export interface Remote {
  /** `https://rollcall.example:8443` */
  server: string;
  tokenFile: string;
  /** PEM of what vouches for the server; absent: what this machine trusts anyway. */
  ca: string | undefined;
}

/**
 * Calls the same routes as the console: of the running server of a home as its operator, with the key from
 * HOME/operator.key; or of a server elsewhere with an API token.
 */
export class OperatorClient {
  readonly #home: string;
  readonly #remote: Remote | undefined;
  readonly #agent: Agent;

  constructor(home: string, remote?: Remote) {
    this.#home = home;
    this.#remote = remote;
    this.#agent = new Agent({
      connect: remote ? trustOf(remote) : ownTrust(home),
      headersTimeout: 300_000,
      bodyTimeout: 300_000,
    });
  }

  async call<K extends RouteName>(name: K, parts: Parts<Routes[K]> = {}): Promise<Response<Routes[K]>> {
    const route: Route = routes[name];
    const { origin, bearer } = this.#remote ? remoteAccess(this.#remote) : ownAccess(this.#home);
    const url = new URL(pathOf(route, parts.params), origin);
    for (const [field, value] of Object.entries(parts.query ?? {})) url.searchParams.set(field, String(value));
    const answer = await request(url, {
      method: route.method,
      dispatcher: this.#agent,
      headers: { authorization: `Bearer ${bearer}`, ...contentType(parts) },
      body: parts.upload
        ? Buffer.from(parts.upload.bytes)
        : parts.body === undefined
          ? null
          : JSON.stringify(parts.body),
    }).catch((error: unknown) => {
      throw this.#remote ? unreachable(this.#remote, error) : notRunning(this.#home, error);
    });
    if (route.download && answer.statusCode < 400) {
      const bytes = new Uint8Array(await answer.body.arrayBuffer());
      const [, file = 'download'] = /filename="([^"]+)"/.exec(String(answer.headers['content-disposition'])) ?? [];
      return { name: file, type: String(answer.headers['content-type']), bytes } as Response<Routes[K]>;
    }
    const body: unknown = await answer.body.json();
    if (answer.statusCode >= 400) throw fromAnswer(body as ErrorAnswer);
    return body as Response<Routes[K]>;
  }

  async close(): Promise<void> {
    await this.#agent.close();
  }
}

interface Access {
  origin: string;
  bearer: string;
}

function ownAccess(home: string): Access {
  const ports = readRemembered(home);
  const key = readIfThere(join(home, 'operator.key'));
  if (!ports || !key) throw notRunning(home);
  return { origin: `https://localhost:${ports.console}`, bearer: key.trim() };
}

function remoteAccess({ server, tokenFile }: Remote): Access {
  if (URL.parse(server)?.protocol !== 'https:')
    throw new CodedError('bad-request', `--server ${server}: write an address such as https://rollcall.example:8443.`);
  const bearer = readGiven('--token-file', tokenFile).trim();
  if (!/^rct_[\w-]+$/.test(bearer))
    throw new CodedError('bad-file', `--token-file ${tokenFile}: there is no API token in it, which begins with rct_.`);
  return { origin: server, bearer };
}

/** The file holds what this very server presents or its own root, and nothing else: that is the check, not a name. */
function ownTrust(home: string) {
  const ca = readIfThere(join(home, 'console-ca.pem'));
  return { ca, allowPartialTrustChain: true, checkServerIdentity: () => undefined };
}

function trustOf({ ca }: Remote) {
  return ca === undefined ? {} : { ca: readGiven('--ca', ca), allowPartialTrustChain: true };
}

function readGiven(flag: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new CodedError('bad-file', `${flag} ${path}: the file cannot be read.`, [], error);
  }
}

/** Every item of a paged route, page by page. */
export async function* allPages<T>(
  load: (cursor: string | undefined) => Promise<{ items: T[]; nextCursor: string | null }>,
) {
  let cursor: string | undefined;
  do {
    const found = await load(cursor);
    yield* found.items;
    cursor = found.nextCursor ?? undefined;
  } while (cursor !== undefined);
}

function contentType(parts: { upload?: { type: string }; body?: unknown }): Record<string, string> {
  if (parts.upload) return { 'content-type': parts.upload.type };
  return parts.body === undefined ? {} : { 'content-type': 'application/json' };
}

function pathOf(route: Route, params: unknown): string {
  return route.path.replace(/:(\w+)/g, (_, name: string) =>
    encodeURIComponent(String((params as Record<string, unknown>)[name])),
  );
}

function readIfThere(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

function notRunning(home: string, cause?: unknown): CodedError {
  const words = `No server answers for ${home}. Start it with: rollcall serve --home ${home}`;
  return new CodedError('unavailable', words, [], cause);
}

function unreachable({ server }: Remote, cause: unknown): CodedError {
  const { message, code } = cause as NodeJS.ErrnoException;
  return new CodedError('unavailable', `${server} cannot be called: ${code ?? message}.`, [], cause);
}

function fromAnswer(answer: ErrorAnswer): CodedError {
  const code = (errorCodes as string[]).includes(answer.error.code) ? (answer.error.code as ErrorCode) : 'internal';
  return new CodedError(code, answer.error.message, answer.error.details);
}
