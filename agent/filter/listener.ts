import { createSocket, type RemoteInfo, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, isIPv6, type Server, type Socket } from 'node:net';
import { Frames, framed } from './frames.ts';
import type { ServerAddress } from './upstream/udp.ts';

/** Who sent a packet, and takes its answer. */
export interface Client {
  /** Came over TCP. */
  readonly stream: boolean;
  /** To be called once; undefined: the packet is not worth an answer. */
  reply(answer: Buffer | undefined): void;
}

/** Takes one packet and replies, now or later. Never throws. */
export type Receive = (packet: Buffer, client: Client) => void;

const receiveBytes = 1_048_576;
const mostConnections = 100;
const idleMs = 10_000;
/** Queries of one connection under way; more are read when these have been answered. */
const mostPerConnection = 64;
/** A client that does not read its answers is cut off. */
const mostUnread = 1_048_576;
const portTries = 5;

/** The sockets of the resolver: UDP and TCP on the same address and port. */
export class Listener {
  readonly #receive: Receive;
  readonly #onError: (error: Error) => void;
  readonly #connections = new Set<Socket>();
  #udp: UdpPort | undefined;
  #tcp: Server | undefined;

  constructor(receive: Receive, onError: (error: Error) => void) {
    this.#receive = receive;
    this.#onError = onError;
  }

  /** Binds; port 0 takes any free one. Rejects with the system's error when it cannot. */
  async start(address: string, port: number): Promise<ServerAddress> {
    for (let tried = 1; ; tried++) {
      const udp = await bindUdp(address, port);
      try {
        const tcp = await bindTcp(address, udp.address().port);
        this.#serve(udp, tcp);
        return { address, port: udp.address().port };
      } catch (error) {
        await closeUdp(udp);
        if (port !== 0 || tried >= portTries) throw error;
      }
    }
  }

  async stop(): Promise<void> {
    const udp = this.#udp;
    const tcp = this.#tcp;
    this.#udp = undefined;
    this.#tcp = undefined;
    for (const connection of this.#connections) connection.destroy();
    await udp?.close();
    if (tcp) await new Promise<void>((resolve) => tcp.close(() => resolve()));
  }

  #serve(udp: UdpSocket, tcp: Server): void {
    const port = new UdpPort(udp);
    this.#udp = port;
    this.#tcp = tcp;
    udp.on('error', this.#onError);
    udp.on('message', (packet, from) => {
      if (from.port !== 0) this.#receive(packet, new UdpClient(port, from));
    });
    tcp.on('error', this.#onError);
    tcp.on('connection', (socket) => this.#accept(socket));
  }

  #accept(socket: Socket): void {
    this.#connections.add(socket);
    socket.on('close', () => this.#connections.delete(socket));
    new StreamClient(socket, this.#receive).start();
  }
}

/** The bound socket. What is sent after it was closed goes nowhere. */
class UdpPort {
  readonly #socket: UdpSocket;
  #open = true;

  constructor(socket: UdpSocket) {
    this.#socket = socket;
  }

  send(answer: Buffer, port: number, address: string): void {
    if (this.#open) this.#socket.send(answer, port, address);
  }

  async close(): Promise<void> {
    this.#open = false;
    await closeUdp(this.#socket);
  }
}

/** The sender of one datagram. */
class UdpClient implements Client {
  readonly stream = false;
  readonly #own: UdpPort;
  readonly #port: number;
  readonly #address: string;

  constructor(own: UdpPort, { port, address }: RemoteInfo) {
    this.#own = own;
    this.#port = port;
    this.#address = address;
  }

  reply(answer: Buffer | undefined): void {
    if (answer) this.#own.send(answer, this.#port, this.#address);
  }
}

/** The sender of all that comes on one connection. */
class StreamClient implements Client {
  readonly stream = true;
  readonly #socket: Socket;
  readonly #receive: Receive;
  readonly #frames = new Frames();
  #underWay = 0;
  #ended = false;

  constructor(socket: Socket, receive: Receive) {
    this.#socket = socket;
    this.#receive = receive;
  }

  start(): void {
    const socket = this.#socket;
    socket.setNoDelay(true);
    socket.setTimeout(idleMs, () => socket.destroy());
    socket.on('error', () => socket.destroy());
    // A client may close its half after asking and still read the answers (RFC 7766).
    socket.on('end', () => {
      this.#ended = true;
      this.#endWhenDone();
    });
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
  }

  reply(answer: Buffer | undefined): void {
    const socket = this.#socket;
    this.#underWay -= 1;
    if (this.#underWay < mostPerConnection) socket.resume();
    if (answer && !socket.destroyed) socket.write(framed(answer));
    if (socket.writableLength > mostUnread) socket.destroy();
    this.#endWhenDone();
  }

  #read(chunk: Buffer): void {
    for (const packet of this.#frames.read(chunk)) {
      this.#underWay += 1;
      this.#receive(packet, this);
    }
    if (this.#underWay >= mostPerConnection) this.#socket.pause();
  }

  #endWhenDone(): void {
    if (this.#ended && this.#underWay === 0) this.#socket.end();
  }
}

async function bindUdp(address: string, port: number): Promise<UdpSocket> {
  const family = isIPv6(address) ? 6 : 4;
  const udp = createSocket({
    type: `udp${family}`,
    recvBufferSize: receiveBytes,
    // Addresses need no look-up; Node's own would cost a turn of the loop for each answer.
    lookup: (host, _options, done) => done(null, host, family),
  });
  const listening = once(udp, 'listening');
  udp.bind(port, address);
  await listening;
  return udp;
}

async function bindTcp(address: string, port: number): Promise<Server> {
  const tcp = createServer({ allowHalfOpen: true });
  tcp.maxConnections = mostConnections;
  tcp.listen(port, address);
  await once(tcp, 'listening');
  return tcp;
}

async function closeUdp(udp: UdpSocket): Promise<void> {
  await new Promise<void>((resolve) => udp.close(() => resolve()));
}
