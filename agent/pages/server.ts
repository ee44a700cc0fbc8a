import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Log } from '../log.ts';
import { createServer } from '../platform/http.ts';
import { type Answer, empty } from './answer.ts';
import { type Asked, readHead } from './request-head.ts';

export interface PageServerOptions {
  address: string;
  /** 0: any free one. */
  port: number;
  answer: (asked: Asked, body: string) => Promise<Answer>;
  log: Log;
}

const patienceMs = 5_000;
const mostConnections = 64;
/** 500 characters of any script, as a form writes them (nine bytes each at most), and the rest of the form. */
const longestBody = 8_192;
const longestHead = 8_192;

/** HTTP/1.1 on one loopback address: limits, time-outs, bodies. What is answered is somebody else's. */
export class PageServer {
  readonly #options: PageServerOptions;
  readonly #server: Server;

  constructor(options: PageServerOptions) {
    this.#options = options;
    const limits = {
      maxHeaderSize: longestHead,
      headersTimeout: patienceMs,
      requestTimeout: patienceMs,
      connectionsCheckingInterval: 1_000,
    };
    this.#server = createServer(limits, (request, response) => void this.#serve(request, response));
    this.#server.maxConnections = mostConnections;
    this.#server.setTimeout(patienceMs);
    this.#server.on('clientError', (error: NodeJS.ErrnoException, socket) => refuse(error, socket as Socket));
  }

  /** Rejects with the system's error (EADDRINUSE, EACCES, EADDRNOTAVAIL). */
  async start(): Promise<number> {
    const { address, port } = this.#options;
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject).listen(port, address, () => {
        this.#server.off('error', reject).on('error', (error) => {
          this.#options.log.warn({ error: error.message }, 'A socket of the own pages failed.');
        });
        resolve();
      });
    });
    this.#server.unref();
    return (this.#server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  /** A bug costs one answer, not the agent. */
  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      send(response, await this.#answer(request));
    } catch (error) {
      if (!request.destroyed)
        this.#options.log.error({ place: placeOf(error) }, 'An own page failed: a fault of the agent.');
      send(response, empty(500));
    }
  }

  async #answer(request: IncomingMessage): Promise<Answer> {
    const verdict = readHead(request, this.#options.address);
    if (!verdict.ok) return empty(verdict.status, verdict.status === 405 ? { allow: 'GET, HEAD, POST' } : {});
    const { asked } = verdict;
    if (asked.method !== 'POST') return await this.#options.answer(asked, '');
    if (request.headers['content-type']?.split(';')[0]?.trim() !== 'application/x-www-form-urlencoded')
      return empty(415);
    const body = await readBody(request);
    return body === undefined ? empty(413) : await this.#options.answer(asked, body);
  }
}

/** Undefined when it is longer than a form of ours can be. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > longestBody) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  if (response.headersSent || response.destroyed) return;
  const bytes = Buffer.from(body);
  response.writeHead(status, { ...headers, 'content-length': bytes.length }).end(bytes);
}

/** What Node's parser refuses never becomes a request. Whoever goes on sending is not listened to. */
function refuse({ code }: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable) return void socket.destroy();
  const status = code === 'HPE_HEADER_OVERFLOW' ? '431 Request Header Fields Too Large' : '400 Bad Request';
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy());
}

/** Without the words of the error, which could hold a name somebody asked for. */
function placeOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const [frame = ''] = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return `${error.name} ${frame.trim()}`;
}
