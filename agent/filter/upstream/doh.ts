import { type ClientHttp2Session, type ClientHttp2Stream, connect as connectHttp2, constants } from 'node:http2';
import { isIP } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Clock } from '../../../shared/clock.ts';
import { answersQuestion, type Question, UpstreamError } from './upstream.ts';

const idleMs = 30_000;
const answerLimit = 65_535;
const mediaType = 'application/dns-message';

/**
 * DNS over HTTPS (RFC 8484) on HTTP/2 to a pinned address: the address is never asked for by name, while the certificate
 * must be that of the URL's host. The id on the wire is 0.
 */
export class DohServer {
  readonly #url: URL;
  readonly #address: string;
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  readonly #ca: string | undefined;
  #session: ClientHttp2Session | undefined;

  constructor(url: URL, address: string, clock: Clock, timeoutMs: number, ca?: string) {
    this.#url = url;
    this.#address = address;
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
    this.#ca = ca;
  }

  async ask(question: Question): Promise<Buffer> {
    const request = this.#open().request({
      [constants.HTTP2_HEADER_METHOD]: 'POST',
      [constants.HTTP2_HEADER_PATH]: this.#url.pathname + this.#url.search,
      [constants.HTTP2_HEADER_CONTENT_TYPE]: mediaType,
      [constants.HTTP2_HEADER_ACCEPT]: mediaType,
    });
    const cancel = this.#clock.after(this.#timeoutMs, () => {
      this.#session?.destroy();
      request.destroy(new UpstreamError('timed-out', `no answer in ${this.#timeoutMs} ms`));
    });
    try {
      const answer = await exchange(request, withId(Buffer.from(question.packet), 0));
      if (!answersQuestion(answer, question)) throw new UpstreamError('bad-answer', 'it answers another question');
      return withId(answer, question.id);
    } finally {
      cancel();
    }
  }

  close(): void {
    this.#session?.close();
    this.#session = undefined;
  }

  #open(): ClientHttp2Session {
    if (this.#session && !this.#session.closed && !this.#session.destroyed) return this.#session;
    const session = connectHttp2(this.#url.origin, { createConnection: () => this.#connect() });
    session.unref();
    session.setTimeout(idleMs, () => session.close());
    for (const event of ['error', 'goaway', 'close']) session.on(event, () => this.#forget(session));
    this.#session = session;
    return session;
  }

  #connect() {
    const host = this.#url.hostname.replace(/^\[|\]$/g, '');
    return connectTls({
      host: this.#address,
      port: Number(this.#url.port || 443),
      ALPNProtocols: ['h2'],
      ...(isIP(host) ? {} : { servername: host }),
      ...(this.#ca === undefined ? {} : { ca: this.#ca }),
    });
  }

  #forget(session: ClientHttp2Session): void {
    if (this.#session === session) this.#session = undefined;
  }
}

/** Sends a body and collects the answer's. */
function exchange(request: ClientHttp2Stream, body: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    let refusal = 'the connection closed without an answer';
    request.on('response', (headers) => {
      refusal = refusalOf(headers[':status'], headers['content-type']);
    });
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > answerLimit) request.destroy(new UpstreamError('bad-answer', 'it is longer than a DNS message'));
      else chunks.push(chunk);
    });
    request.on('error', (error) =>
      reject(error instanceof UpstreamError ? error : new UpstreamError('unreachable', error.message, error)),
    );
    request.on('close', () =>
      refusal === '' ? resolve(Buffer.concat(chunks)) : reject(new UpstreamError('bad-answer', refusal)),
    );
    request.end(body);
  });
}

function refusalOf(status: number | undefined, contentType: string | undefined): string {
  if (status !== 200) return `HTTP status ${status}`;
  return contentType === mediaType ? '' : 'the answer is not a DNS message';
}

function withId(packet: Buffer, id: number): Buffer {
  if (packet.length >= 2) packet.writeUInt16BE(id, 0);
  return packet;
}
