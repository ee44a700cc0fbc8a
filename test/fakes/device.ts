import { createHash, sign } from 'node:crypto';
import { request } from 'node:https';
import { type ClientOptions, WebSocket } from 'ws';
import { decode, encode } from '../../shared/protocol/codec.ts';
import {
  agentPaths,
  agentServerName,
  type EnrolmentAnswer,
  enrolmentPaths,
  type RenewalAnswer,
  renewalProof,
} from '../../shared/protocol/enrolment.ts';
import type { Body, Message, MessageType, ReportRecord } from '../../shared/protocol/messages.ts';
import { decodeToken } from '../../shared/protocol/token.ts';
import { subprotocol } from '../../shared/protocol/version.ts';
import { type DeviceKey, makeDeviceKey } from './device-keys.ts';

const host = '127.0.0.1';

export interface Answer<T> {
  status: number;
  body: T & { error?: { code: string; message: string } };
  headers: NodeJS.Dict<string | string[]>;
}

export interface ClientTls {
  ca?: string | undefined;
  cert?: string | undefined;
  key?: string | undefined;
}

/** One HTTPS request as an agent makes it: the server must be `agentServerName` of the pinned root. */
export function ask<T = Record<string, never>>(
  port: number,
  path: string,
  options: ClientTls & { body?: unknown; headers?: Record<string, string> } = {},
): Promise<Answer<T> & { text: string }> {
  const { body, headers, ...tls } = options;
  const text = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const asked = request(
      {
        ...{ host, port, path, agent: false, servername: agentServerName, ...tls },
        method: text === undefined ? 'GET' : 'POST',
        headers: { ...headers, ...(text === undefined ? {} : { 'content-type': 'application/json' }) },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const raw = Buffer.concat(chunks).toString('utf8');
          const isJson = String(response.headers['content-type']).includes('json');
          const parsed = isJson ? JSON.parse(raw) : {};
          resolve({ status: response.statusCode ?? 0, body: parsed, text: raw, headers: response.headers });
        });
      },
    );
    asked.on('error', reject);
    asked.end(text);
  });
}

export const hardwareId = (name: string) => createHash('sha256').update(name).digest('hex');

/** A device as the server sees it: speaks the protocol, applies nothing. */
export class FakeDevice {
  readonly name: string;
  hardware: string;
  key: DeviceKey;
  root = '';
  chain = '';
  deviceId = '';
  platform: 'linux' | 'darwin' | 'win32' = 'linux';
  spool = { epoch: 'epoch-1', next: 1 };
  holds: { generation: number; sections: Record<string, string> } = { generation: 0, sections: {} };

  constructor(name: string, key: DeviceKey) {
    this.name = name;
    this.hardware = hardwareId(name);
    this.key = key;
  }

  static async make(name: string): Promise<FakeDevice> {
    return new FakeDevice(name, await makeDeviceKey());
  }

  /** One that is let in by this token. */
  static async enrolled(name: string, port: number, token: string): Promise<FakeDevice> {
    const device = await FakeDevice.make(name);
    const { status, body } = await device.enroll(port, token);
    if (status !== 200) throw new Error(`${name} was not enrolled: ${status} ${JSON.stringify(body)}`);
    return device;
  }

  get tls(): ClientTls {
    return { ca: this.root, cert: this.chain, key: this.key.pem };
  }

  get certificate(): string {
    return this.chain.slice(0, this.chain.indexOf('-----END CERTIFICATE-----') + 26);
  }

  /** Enrols and keeps what it was given; a refusal comes back as the answer. */
  async enroll(port: number, token: string, changes: Record<string, unknown> = {}): Promise<Answer<EnrolmentAnswer>> {
    const answer = await ask<EnrolmentAnswer>(port, enrolmentPaths.enroll, {
      ca: await this.#pin(port),
      body: { ...this.#claim(decodeToken(token).secret), ...changes },
    });
    if (answer.status === 200) {
      this.deviceId = answer.body.deviceId;
      this.chain = answer.body.certificateChain;
    }
    return answer;
  }

  async challenge(port: number): Promise<string> {
    const answer = await ask<{ challenge: string }>(port, enrolmentPaths.challenge, { ca: this.root, body: {} });
    return answer.body.challenge;
  }

  proof(challenge: string, csr: string): string {
    return sign('sha256', Buffer.from(renewalProof(challenge, csr), 'utf8'), this.key.key).toString('base64');
  }

  /** Asks for a new certificate with `next` as the new key; `use` takes it over. */
  async renew(port: number, next: DeviceKey, changes: Record<string, unknown> = {}): Promise<Answer<RenewalAnswer>> {
    const challenge = await this.challenge(port);
    const body = {
      certificate: this.certificate,
      csr: next.csr,
      challenge,
      signature: this.proof(challenge, next.csr),
    };
    return await ask<RenewalAnswer>(port, enrolmentPaths.renew, { ca: this.root, body: { ...body, ...changes } });
  }

  use(chain: string, key: DeviceKey): void {
    this.chain = chain;
    this.key = key;
  }

  async connect(port: number, changes: ClientTls & { protocols?: string[] } = {}): Promise<Line> {
    const { protocols, ...tls } = changes;
    return await Line.open(port, { ...this.tls, ...tls }, protocols);
  }

  hello(changes: Partial<Body<'hello'>> = {}): Body<'hello'> {
    const { hardware, ...claim } = this.#claim('');
    return {
      agentVersion: claim.agentVersion,
      platform: this.platform,
      os: claim.os,
      hostname: claim.hostname,
      hardware,
      bootId: 'boot-1',
      ...this.holds,
      spool: this.spool,
      ...changes,
    };
  }

  /** Connects and says hello; resolves with the line once the welcome is there. */
  async join(port: number, changes: Partial<Body<'hello'>> = {}): Promise<Line & { welcome: Body<'welcome'> }> {
    const line = await this.connect(port);
    line.send('hello', this.hello(changes));
    const { body } = await line.next('welcome');
    return Object.assign(line, { welcome: body });
  }

  /** The next batch of its spool. */
  report(...records: ReportRecord[]): Body<'report'> {
    const { epoch } = this.spool;
    const sequence = this.spool.next;
    this.spool = { epoch, next: sequence + 1 };
    return { epoch, sequence, records };
  }

  #claim(secret: string) {
    return {
      secret,
      csr: this.key.csr,
      agentVersion: '0.1.0',
      platform: this.platform,
      os: { name: 'Debian', version: '12' },
      hostname: this.name,
      hardware: { id: this.hardware, serial: `SN-${this.name}` },
    };
  }

  /** As an agent does: the root is fetched without trust, and only compared. */
  async #pin(port: number): Promise<string> {
    if (!this.root) {
      const unverified = { rejectUnauthorized: false } as ClientTls;
      this.root = (await ask<{ root: string }>(port, enrolmentPaths.trust, unverified)).body.root;
    }
    return this.root;
  }
}

export interface End {
  code: number;
  reason: string;
}

/** One WebSocket to the agents' port. */
export class Line {
  readonly socket: WebSocket;
  readonly received: Message[] = [];
  readonly ended: Promise<End>;
  #waiting: (() => void)[] = [];
  #sent = 0;

  constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (frame) => {
      const decoded = decode(frame as Buffer, 'server');
      if (!decoded.ok) throw new Error(`the server sent a bad frame: ${decoded.words}`);
      this.received.push(decoded.message);
      this.#wake();
    });
    this.ended = new Promise((resolve) => {
      socket.on('close', (code, reason) => {
        resolve({ code, reason: reason.toString('utf8') });
        this.#wake();
      });
    });
  }

  /** Rejects when TLS or the upgrade is refused; the message names the HTTP status or the TLS error. */
  static open(port: number, tls: ClientTls, protocols: string[] = [subprotocol]): Promise<Line> {
    const options: ClientOptions & { servername: string } = {
      ...{ ...tls, servername: agentServerName, perMessageDeflate: false },
    };
    const socket = new WebSocket(`wss://${host}:${port}${agentPaths.session}`, protocols, options);
    const line = new Line(socket);
    return new Promise((resolve, reject) => {
      socket.once('open', () => resolve(line));
      socket.once('error', reject);
      socket.once('close', () => reject(new Error('the connection was closed')));
    });
  }

  send<T extends MessageType>(type: T, body: Body<T>): void {
    this.#sent += 1;
    this.sendRaw(encode(type, `d${this.#sent}`, body));
  }

  sendRaw(frame: string | Buffer): void {
    this.socket.send(frame, { binary: false });
  }

  /** The next message of a type, taken out of what was received. Rejects when none comes, at once when the connection has ended. */
  async next<T extends MessageType>(type: T, withinMs = 20_000): Promise<Extract<Message, { type: T }>> {
    const deadline = AbortSignal.timeout(withinMs);
    for (;;) {
      const index = this.received.findIndex((message) => message.type === type);
      if (index >= 0) return this.received.splice(index, 1)[0] as Extract<Message, { type: T }>;
      if (this.socket.readyState === this.socket.CLOSED) throw new Error(`no ${type} came before the end`);
      await new Promise<void>((resolve, reject) => {
        this.#waiting.push(resolve);
        deadline.addEventListener('abort', () => reject(new Error(`no ${type} came`)), { once: true });
      });
    }
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }

  /** Breaks the connection as a power cut does, and waits until it is gone. */
  async cut(): Promise<void> {
    this.socket.terminate();
    await this.ended;
  }
}
