import { createSocket, type RemoteInfo, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, isIPv6, type Server, type Socket } from 'node:net';
import { Frames, framed } from './frames.ts';
import type { ServerAddress } from './upstream/udp.ts';

/** Answers one packet, or lets it drop. Never throws or rejects. */
export type Answer = (packet: Buffer, stream: boolean) => Buffer | undefined | Promise<Buffer | undefined>;

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
  readonly #answer: Answer;
  readonly #onError: (error: Error) => void;
  readonly #connections = new Set<Socket>();
  #udp: UdpSocket | undefined;
  #tcp: Server | undefined;

  constructor(answer: Answer, onError: (error: Error) => void) {
    this.#answer = answer;
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
    if (udp) await closeUdp(udp);
    if (tcp) await new Promise<void>((resolve) => tcp.close(() => resolve()));
  }

  #serve(udp: UdpSocket, tcp: Server): void {
    this.#udp = udp;
    this.#tcp = tcp;
    udp.on('error', this.#onError);
    udp.on('message', (packet, from) => this.#receive(udp, packet, from));
    tcp.on('error', this.#onError);
    tcp.on('connection', (socket) => this.#accept(socket));
  }

  #receive(udp: UdpSocket, packet: Buffer, from: RemoteInfo): void {
    if (from.port === 0) return;
    const answer = this.#answer(packet, false);
    if (answer instanceof Promise) {
      void answer.then((later) => {
        if (later && this.#udp === udp) udp.send(later, from.port, from.address);
      });
    } else if (answer !== undefined) udp.send(answer, from.port, from.address);
  }

  #accept(socket: Socket): void {
    this.#connections.add(socket);
    const frames = new Frames();
    let underWay = 0;
    let ended = false;
    const endWhenDone = () => {
      if (ended && underWay === 0) socket.end();
    };
    const answered = (answer: Buffer | undefined) => {
      underWay -= 1;
      if (underWay < mostPerConnection) socket.resume();
      if (answer && !socket.destroyed) socket.write(framed(answer));
      if (socket.writableLength > mostUnread) socket.destroy();
      endWhenDone();
    };
    socket.setNoDelay(true);
    socket.setTimeout(idleMs, () => socket.destroy());
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#connections.delete(socket));
    // A client may close its half after asking and still read the answers (RFC 7766).
    socket.on('end', () => {
      ended = true;
      endWhenDone();
    });
    socket.on('data', (chunk: Buffer) => {
      for (const packet of frames.read(chunk)) {
        underWay += 1;
        void Promise.resolve(this.#answer(packet, true)).then(answered);
      }
      if (underWay >= mostPerConnection) socket.pause();
    });
  }
}

async function bindUdp(address: string, port: number): Promise<UdpSocket> {
  const udp = createSocket({
    type: isIPv6(address) ? 'udp6' : 'udp4',
    recvBufferSize: receiveBytes,
    // Addresses need no look-up; Node's own would cost a turn of the loop for each answer.
    lookup: (host, _options, done) => done(null, host, isIPv6(host) ? 6 : 4),
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
