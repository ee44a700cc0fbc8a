import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** What a receiver answers; `hang`: nothing at all. */
export type Reaction = number | 'hang' | { status: number; headers?: Record<string, string>; body?: string };

/** A program that webhooks are sent to, on loopback. */
export class WebhookReceiver {
  readonly received: Received[] = [];
  /** Answers to give, one after the other; the last one for ever. */
  reactions: Reaction[] = [204];
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<WebhookReceiver> {
    const server = createServer();
    const receiver = new WebhookReceiver(server);
    server.on('request', (request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (part: string) => {
        body += part;
      });
      request.on('end', () => {
        receiver.received.push({ path: request.url ?? '', headers: request.headers, body });
        const [first = 204, ...more] = receiver.reactions;
        if (more.length > 0) receiver.reactions = more;
        if (first === 'hang') return;
        const { status, headers = {}, body: answer = '' } = typeof first === 'number' ? { status: first } : first;
        response
          .on('error', () => undefined)
          .writeHead(status, headers)
          .end(answer);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/hook`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** By the words of the specification, without our code: which of the signatures fit the secret. */
export function fits({ headers, body }: Received, secret: string): boolean[] {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
  const expected = `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
  return String(headers['webhook-signature'])
    .split(' ')
    .map((signature) => signature === expected);
}
