import { createVerify, X509Certificate } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { decode, encode } from '../../shared/protocol/codec.ts';
import {
  type Address,
  agentPaths,
  deltaFromHeader,
  deltaType,
  enrolmentPaths,
  renewalProof,
} from '../../shared/protocol/enrolment.ts';
import { type Body, closeCodes, type Message, type MessageType } from '../../shared/protocol/messages.ts';
import { encodeToken } from '../../shared/protocol/token.ts';
import { subprotocol } from '../../shared/protocol/version.ts';
import { FakeDistrict } from './district.ts';

type Report = Body<'report'>;
type ReportRecord = Report['records'][number];

const secret = 'A'.repeat(43);

/**
 * A control server for tests of the agent, over real TLS on 127.0.0.1. It keeps what agents say and does what it is
 * told: acknowledge or not, refuse, replay. It shares only the codec and the schemas with the product.
 */
export class FakeControlServer {
  readonly district: FakeDistrict;
  /** Every report frame, resends included. */
  readonly reports: Report[] = [];
  readonly hellos: Body<'hello'>[] = [];
  readonly heard: Message[] = [];
  readonly artifacts = new Map<string, Buffer>();
  /** `FROM-TO` → delta. */
  readonly deltas = new Map<string, Buffer>();
  /** Answers for artefacts break off after so many bytes. */
  cutArtifactsAt: number | undefined;
  /** `bytes=…` of each request for an artefact; empty without. */
  readonly ranges: string[] = [];
  /** Reports are acknowledged at once. */
  acknowledges = true;
  /** The state sent after each welcome. */
  state: ReturnType<FakeDistrict['state']> | undefined;
  /** Instead of a welcome the session is closed with this code. */
  closeWith: number | undefined;
  heartbeatSeconds = 30;
  /** What it tells devices of the time, and of the address they come from. */
  serverTime = () => Date.now();
  seenFrom: string | undefined;
  /** Answers of the enrolment listener are replaced by this error. */
  enrolmentError: { code: string; message: string } | undefined;
  /** Certificates it hands out begin this long ago. */
  issuedAgoMs = 0;
  renewals = 0;
  readonly #committed = new Map<string, Report>();
  #sockets = new Set<WebSocket>();
  #connections = new Set<Socket>();
  #agents: Server | undefined;
  #enrolment: Server | undefined;
  #frames = 0;
  #waiting: (() => void)[] = [];

  constructor(district = new FakeDistrict()) {
    this.district = district;
  }

  async start(port = 0): Promise<void> {
    const { key, certificate } = this.district.server;
    const tls = { key, cert: certificate, minVersion: 'TLSv1.3' as const };
    const agents = createServer(
      { ...tls, ca: [this.district.root, this.district.issuing], requestCert: true, rejectUnauthorized: true },
      (request, response) => this.#artifact(request, response),
    );
    const sockets = new WebSocketServer({ server: agents, path: agentPaths.session, perMessageDeflate: false });
    sockets.on('connection', (socket) => this.#session(socket));
    this.#agents = await this.#listen(agents, port);
    this.#enrolment ??= await this.#listen(
      createServer(tls, (request, response) => void this.#enrol(request, response)),
      0,
    );
  }

  async stop(): Promise<void> {
    await this.stopAgents();
    await close(this.#enrolment);
  }

  /** The listener of agents goes away; enrolment stays. */
  async stopAgents(): Promise<void> {
    for (const socket of this.#sockets) socket.terminate();
    for (const connection of this.#connections) connection.destroy();
    await close(this.#agents);
  }

  get address(): Address {
    return { host: '127.0.0.1', port: portOf(this.#agents) };
  }

  get enrolmentAddress(): Address {
    return { host: '127.0.0.1', port: portOf(this.#enrolment) };
  }

  /** An enrolment token for this server. */
  token(change: { ca?: string; addresses?: Address[] } = {}): string {
    const addresses = [this.enrolmentAddress];
    return encodeToken({ addresses, ca: this.district.fingerprint, secret, expiresAt: 4_000_000_000_000, ...change });
  }

  get connected(): number {
    return this.#sockets.size;
  }

  /** Records counted as the real server counts: each report once. */
  get records(): ReportRecord[] {
    return [...this.#committed.values()].flatMap((report) => report.records);
  }

  /** The last that was reported of a section. */
  reported(section: string) {
    return this.records.filter((item) => item.kind === 'reported').findLast((item) => item.section === section);
  }

  send<T extends MessageType>(type: T, body: Body<T>): void {
    this.#frames += 1;
    this.sendRaw(encode(type, `s${this.#frames}`, body));
  }

  sendRaw(frame: string | Buffer): void {
    for (const socket of this.#sockets) socket.send(frame);
  }

  /** Nothing is read or answered any more, although the connections stand. */
  fallSilent(): void {
    for (const socket of this.#sockets) socket.pause();
  }

  /** Closes every session. */
  cut(code?: number): void {
    for (const socket of this.#sockets) code === undefined ? socket.terminate() : socket.close(code);
  }

  /** Resolves once the condition holds; it is looked at after everything that happens here. */
  async until(condition: () => boolean, what: string, ms = 25_000): Promise<void> {
    const deadline = Date.now() + ms;
    while (!condition()) {
      if (Date.now() > deadline) throw new Error(`It never came to this: ${what}`);
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
        setTimeout(resolve, 20);
      });
    }
  }

  #session(socket: WebSocket): void {
    if (socket.protocol !== subprotocol) socket.close(closeCodes.badFrame);
    this.#sockets.add(socket);
    socket.on('close', () => {
      this.#sockets.delete(socket);
      this.#happened();
    });
    socket.on('message', (bytes: Buffer) => {
      const decoded = decode(bytes, 'agent');
      if (decoded.ok) {
        this.heard.push(decoded.message);
        this.#answer(socket, decoded.message);
      } else socket.close(closeCodes.badFrame, decoded.words.slice(0, 100));
      this.#happened();
    });
  }

  #answer(socket: WebSocket, message: Message): void {
    const say = <T extends MessageType>(type: T, body: Body<T>) =>
      socket.send(encode(type, `s${++this.#frames}`, body));
    if (message.type === 'hello') this.#welcome(socket, message.body, say);
    if (message.type === 'want')
      for (const hash of message.body.hashes) say('section', { hash, content: this.state?.contents.get(hash) ?? '' });
    if (message.type === 'report') {
      const { epoch, sequence } = message.body;
      this.reports.push(message.body);
      if (!this.acknowledges) return;
      this.#committed.set(`${epoch} ${sequence}`, message.body);
      say('ack', { epoch, sequence });
    }
  }

  #welcome(
    socket: WebSocket,
    hello: Body<'hello'>,
    say: <T extends MessageType>(type: T, body: Body<T>) => void,
  ): void {
    this.hellos.push(hello);
    if (this.closeWith !== undefined) {
      socket.close(this.closeWith);
      return;
    }
    const held = [...this.#committed.values()].filter((report) => report.epoch === hello.spool.epoch);
    const acknowledged = Math.max(0, ...held.map((report) => report.sequence));
    const heartbeatSeconds = this.heartbeatSeconds;
    const seenFrom = this.seenFrom === undefined ? {} : { seenFrom: this.seenFrom };
    say('welcome', {
      deviceId: 'device-1',
      serverTime: this.serverTime(),
      heartbeatSeconds,
      acknowledged,
      ...seenFrom,
    });
    const statements = this.district.statements.slice((hello.trustVersion ?? 1) - 1);
    if (statements.length > 0) say('trust', { statements });
    if (this.state) say('desired', this.state.signed);
  }

  #artifact(request: IncomingMessage, response: ServerResponse): void {
    const [hash = '', held = ''] = (request.url?.split('/').at(-1) ?? '').split('?from=');
    const from = held.split(',').find((one) => this.deltas.has(`${one}-${hash}`));
    if (from !== undefined) response.setHeader('content-type', deltaType).setHeader(deltaFromHeader, from);
    const bytes = this.deltas.get(`${from}-${hash}`) ?? this.artifacts.get(hash);
    if (!bytes) {
      response.writeHead(404).end();
      return;
    }
    const range = request.headers.range ?? '';
    this.ranges.push(range);
    const start = Number(/^bytes=(\d+)-$/.exec(range)?.[1] ?? 0);
    if (start >= bytes.length && start > 0) {
      response.writeHead(416).end();
      return;
    }
    const headers = start > 0 ? { 'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` } : {};
    response.writeHead(start > 0 ? 206 : 200, headers);
    const cut = this.cutArtifactsAt;
    if (cut === undefined || bytes.length - start <= cut) response.end(bytes.subarray(start));
    else response.write(bytes.subarray(start, start + cut), () => response.destroy());
  }

  async #enrol(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const body = parts.length > 0 ? JSON.parse(Buffer.concat(parts).toString()) : {};
    const error = this.enrolmentError;
    if (error && request.url !== enrolmentPaths.trust) {
      response.writeHead(403).end(JSON.stringify({ error: { ...error, details: [] } }));
      return;
    }
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(this.#enrolmentAnswer(request.url ?? '', body)));
    this.#happened();
  }

  #enrolmentAnswer(path: string, body: Record<string, string>): unknown {
    const { trust } = this.district;
    const validity = { from: Date.now() - this.issuedAgoMs - 60_000 };
    const answer = () => ({
      certificateChain: this.district.issueFor(body.csr ?? '', validity),
      trust,
      agents: [this.address],
    });
    if (path === enrolmentPaths.trust) return { root: this.district.root };
    if (path === enrolmentPaths.enroll) {
      if (body.secret !== secret) throw new Error('another secret');
      return { deviceId: 'device-1', ...answer() };
    }
    if (path === enrolmentPaths.challenge) return { challenge: 'challenge-1' };
    const proof = renewalProof('challenge-1', body.csr ?? '');
    const key = new X509Certificate(body.certificate ?? '').publicKey;
    if (
      !createVerify('sha256')
        .update(proof)
        .verify(key, body.signature ?? '', 'base64')
    )
      throw new Error('bad proof');
    this.renewals += 1;
    this.issuedAgoMs = 0;
    return answer();
  }

  #happened(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }

  async #listen(server: Server, port: number): Promise<Server> {
    server.on('tlsClientError', () => this.#happened());
    server.on('connection', (socket: Socket) => {
      this.#connections.add(socket);
      socket.on('close', () => this.#connections.delete(socket));
    });
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    return server;
  }
}

function portOf(server: Server | undefined): number {
  const address = server?.address() as AddressInfo | null | undefined;
  if (!address) throw new Error('The fake control server is not listening.');
  return address.port;
}

async function close(server: Server | undefined): Promise<void> {
  if (!server?.listening) return;
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
