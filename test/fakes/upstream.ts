import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { createSecureServer, type Http2SecureServer, type ServerHttp2Stream } from 'node:http2';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import packet, { type Answer, type DecodedPacket } from 'dns-packet';
import forge from 'node-forge';
import { Frames, framed } from '../../agent/filter/frames.ts';

/** What the fake server does with a query instead of answering it well. */
export type Misbehaviour =
  | 'silent'
  | 'servfail'
  | 'refused'
  | 'wrong-id'
  | 'wrong-question'
  | 'not-a-response'
  | 'garbage'
  | 'truncated'
  | 'malformed-records';

type Records = Record<string, Answer[]>;
type Reply = (answer: Buffer) => void;

/** An authoritative server for a table of `name TYPE` → records; NXDOMAIN for the rest. Speaks UDP and TCP. */
export class FakeUpstream {
  records: Records;
  misbehaviour: Misbehaviour | undefined;
  /** Packets sent before each right answer, made from it: forgeries. */
  forgeries: ((answer: Buffer) => Buffer)[] = [];
  /** `name TYPE` of every query that came. */
  readonly asked: string[] = [];
  readonly ids: number[] = [];
  readonly sourcePorts = new Set<number>();
  port = 0;
  #udp: UdpSocket | undefined;
  #tcp: Server | undefined;
  readonly #connections = new Set<Socket>();

  constructor(records: Records = {}) {
    this.records = records;
  }

  /** A free port of UDP may be taken on TCP by another test: then another one is tried. */
  async start(address = '127.0.0.1', port = 0, triesLeft = 5): Promise<this> {
    const udp = createSocket('udp4').bind(port, address);
    await once(udp, 'listening');
    const tcp = createServer((socket) => this.serveStream(socket)).listen(udp.address().port, address);
    try {
      await once(tcp, 'listening');
    } catch (error) {
      await new Promise<void>((resolve) => udp.close(() => resolve()));
      if (port !== 0 || triesLeft === 0) throw error;
      return await this.start(address, port, triesLeft - 1);
    }
    this.port = udp.address().port;
    this.#udp = udp;
    this.#tcp = tcp;
    udp.on('message', (query, from) => {
      this.sourcePorts.add(from.port);
      this.respond(query, (answer) => this.#udp?.send(answer, from.port, from.address), 512);
    });
    return this;
  }

  async stop(): Promise<void> {
    for (const connection of this.#connections) connection.destroy();
    if (this.#udp) await new Promise<void>((resolve) => this.#udp?.close(() => resolve()));
    if (this.#tcp) await new Promise<void>((resolve) => this.#tcp?.close(() => resolve()));
    this.#udp = undefined;
    this.#tcp = undefined;
  }

  /** Serves framed messages, for TCP and TLS. */
  serveStream(socket: Socket): void {
    this.#connections.add(socket);
    const frames = new Frames();
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk: Buffer) => {
      for (const query of frames.read(chunk)) this.respond(query, (answer) => socket.write(framed(answer)), 65_535);
    });
  }

  /** Answers one query, well or as `misbehaviour` says. */
  respond(bytes: Buffer, reply: Reply, limit: number): void {
    const query = packet.decode(bytes);
    const question = query.questions?.[0];
    this.asked.push(`${question?.name} ${question?.type}`);
    this.ids.push(query.id ?? 0);
    if (this.misbehaviour === 'silent') return;
    const answer = this.#answer(query, limit);
    for (const forge of this.forgeries) reply(forge(Buffer.from(answer)));
    reply(this.misbehaviour ? misbehave(this.misbehaviour, answer, query) : answer);
  }

  #answer(query: DecodedPacket, limit: number): Buffer {
    const question = query.questions?.[0];
    const name = question?.name.toLowerCase() ?? '';
    const answers = this.records[`${name} ${question?.type}`];
    const exists = Object.keys(this.records).some((key) => key.startsWith(`${name} `));
    const edns = query.additionals?.find((record) => record.type === 'OPT');
    const whole = packet.encode({
      type: 'response',
      id: query.id ?? 0,
      flags: packet.RECURSION_DESIRED | packet.RECURSION_AVAILABLE | (exists ? 0 : 3),
      questions: query.questions ?? [],
      answers: answers ?? [],
      ...(edns ? { additionals: [edns] } : {}),
    });
    const size = edns?.type === 'OPT' ? Math.max(limit, edns.udpPayloadSize) : limit;
    if (whole.length <= size) return whole;
    return packet.encode({
      type: 'response',
      id: query.id ?? 0,
      flags: packet.RECURSION_DESIRED | packet.TRUNCATED_RESPONSE,
      questions: query.questions ?? [],
    });
  }
}

function misbehave(how: Misbehaviour, answer: Buffer, query: DecodedPacket): Buffer {
  const header = { type: 'response', id: query.id ?? 0, questions: query.questions ?? [] } as const;
  const made: Record<Misbehaviour, () => Buffer> = {
    silent: () => answer,
    servfail: () => packet.encode({ ...header, flags: 2 }),
    refused: () => packet.encode({ ...header, flags: 5 }),
    'wrong-id': () => {
      answer.writeUInt16BE((answer.readUInt16BE(0) + 1) & 0xffff, 0);
      return answer;
    },
    'wrong-question': () =>
      packet.encode({ ...header, questions: [{ name: 'elsewhere.test', type: 'A' }], answers: [] }),
    'not-a-response': () => packet.encode({ ...header, type: 'query' }),
    garbage: () => Buffer.from([1, 2, 3]),
    truncated: () => packet.encode({ ...header, flags: packet.TRUNCATED_RESPONSE }),
    'malformed-records': () => {
      answer.writeUInt16BE(200, 6);
      return answer;
    },
  };
  return made[how]();
}

export interface Credentials {
  key: string;
  cert: string;
}

/** A self-signed certificate for a name, made on the spot. */
export function selfSigned(name: string): Credentials {
  const keys = forge.pki.rsa.generateKeyPair(2048);
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = keys.publicKey;
  certificate.serialNumber = '01';
  certificate.validity.notBefore = new Date(2020, 0, 1);
  certificate.validity.notAfter = new Date(2049, 0, 1);
  const subject = [{ name: 'commonName', value: name }];
  certificate.setSubject(subject);
  certificate.setIssuer(subject);
  certificate.setExtensions([
    { name: 'basicConstraints', cA: true },
    { name: 'subjectAltName', altNames: [{ type: 2, value: name }] },
  ]);
  certificate.sign(keys.privateKey, forge.md.sha256.create());
  return { key: forge.pki.privateKeyToPem(keys.privateKey), cert: forge.pki.certificateToPem(certificate) };
}

/** The same server behind TLS (RFC 7858). */
export class FakeDot {
  readonly upstream: FakeUpstream;
  connections = 0;
  port = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor(upstream: FakeUpstream, credentials: Credentials) {
    this.upstream = upstream;
    this.#server = createTlsServer(credentials, (socket) => {
      this.connections += 1;
      this.#sockets.add(socket);
      this.upstream.serveStream(socket);
    });
    this.#server.on('tlsClientError', (_error, socket: Socket) => socket.destroy());
  }

  async start(): Promise<this> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    this.port = (this.#server.address() as AddressInfo).port;
    return this;
  }

  /** Cuts every connection, as a server does when it is idle or restarted. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#sockets.clear();
  }

  async stop(): Promise<void> {
    this.cut();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}

/** The same server behind HTTPS (RFC 8484). */
export class FakeDoh {
  readonly upstream: FakeUpstream;
  sessions = 0;
  /** Answers with this status instead. */
  status = 200;
  contentType = 'application/dns-message';
  port = 0;
  readonly #server: Http2SecureServer;
  readonly #open = new Set<{ destroy(): void }>();

  constructor(upstream: FakeUpstream, credentials: Credentials) {
    this.upstream = upstream;
    this.#server = createSecureServer(credentials);
    this.#server.on('session', (session) => {
      this.sessions += 1;
      this.#open.add(session);
    });
    this.#server.on('stream', (stream) => this.#serve(stream));
  }

  async start(): Promise<this> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    this.port = (this.#server.address() as AddressInfo).port;
    return this;
  }

  async stop(): Promise<void> {
    for (const session of this.#open) session.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #serve(stream: ServerHttp2Stream): void {
    const chunks: Buffer[] = [];
    stream.on('error', () => stream.destroy());
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', () => {
      const reply = (answer: Buffer) => {
        stream.respond({ ':status': this.status, 'content-type': this.contentType });
        stream.end(answer);
      };
      this.upstream.respond(Buffer.concat(chunks), reply, 65_535);
    });
  }
}
