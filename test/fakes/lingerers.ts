import { connect, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { Dice } from '../../server/demo/dice.ts';
import { agentPaths, agentServerName } from '../../shared/protocol/enrolment.ts';
import type { ClientTls } from './device.ts';

/** A port to linger at; `tls`: who a lingerer is there, where that helps. */
export interface Door {
  port: number;
  tls: ClientTls & { servername?: string };
  /** A request that is only begun. */
  request: string;
}

/** One way to hold a place for as long as the server bears it. */
export type Lingering = (door: Door, dice: Dice) => Socket;

const dripMs = 1_000;

/** The first half of a ClientHello of TLS 1.3: a record of 512 bytes of which so few come (RFC 8446 section 5.1). */
const halfHello = Buffer.concat([Buffer.from('16030102000100', 'hex'), Buffer.alloc(100, 1)]);

function tcp({ port }: Door, then: (socket: Socket) => void): Socket {
  const socket = connect(port, '127.0.0.1', () => then(socket));
  return settled(socket);
}

function tls({ port, tls: own }: Door, then: (socket: TLSSocket) => void): Socket {
  const options = { servername: agentServerName, ...own, port, host: '127.0.0.1', rejectUnauthorized: false };
  const socket = connectTls(options, () => then(socket));
  return settled(socket);
}

/** Whatever the server makes of it is seen by its end. */
function settled<S extends Socket>(socket: S): S {
  socket.on('error', () => undefined);
  return socket.resume();
}

function drip(socket: Socket, bytes: Buffer | string): void {
  let at = 0;
  const timer = setInterval(() => {
    if (socket.destroyed || at >= bytes.length) return clearInterval(timer);
    socket.write(bytes.slice(at, ++at));
  }, dripMs).unref();
}

const noise = (dice: Dice, length: number) => Buffer.from(Array.from({ length }, () => Math.floor(dice.unit() * 256)));

/** At every port. */
export const strangers: Record<string, Lingering> = {
  'who say nothing': (door) => tcp(door, () => undefined),
  'with half a ClientHello': (door) => tcp(door, (socket) => socket.write(halfHello)),
  'with a ClientHello a byte a second': (door) => tcp(door, (socket) => drip(socket, halfHello)),
  'with random bytes': (door, dice) => tcp(door, (socket) => socket.write(noise(dice, 300))),
  'silent after the handshake': (door) => tls(door, () => undefined),
  'with headers a byte a second': (door) => tls(door, (socket) => drip(socket, door.request)),
  'with random bytes after the handshake': (door, dice) => tls(door, (socket) => socket.write(noise(dice, 300))),
  'with a request that never ends': (door) =>
    tls(door, (socket) => {
      socket.write(`${door.request}content-type: application/json\r\ncontent-length: 1000\r\n\r\n{`);
      drip(socket, ' '.repeat(900));
    }),
};

const upgrade = `GET ${agentPaths.session} HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\nsec-websocket-protocol: rollcall.1\r\n\r\n`;

function session(door: Door, then: (socket: TLSSocket) => void): Socket {
  return tls(door, (socket) => {
    socket.once('data', () => then(socket));
    socket.write(upgrade);
  });
}

/** The head of a masked frame (RFC 6455 section 5.2): its first byte, and how long it says it is. */
function frameHead(first: number, length: bigint): Buffer {
  const head = Buffer.alloc(14);
  head.writeUInt8(first, 0);
  head.writeUInt8(0xff, 1);
  head.writeBigUInt64BE(length, 2);
  return head;
}

/** At the agents' port, with a certificate in order. */
export const devices: Record<string, Lingering> = {
  'upgraded, without a hello': (door) => session(door, () => undefined),
  'upgraded, with a frame a byte a second': (door) =>
    session(door, (socket) => {
      socket.write(frameHead(0x81, 16_000n));
      drip(socket, ' '.repeat(16_000));
    }),
  'upgraded, with a frame of a terabyte': (door) =>
    session(door, (socket) => socket.write(frameHead(0x81, 1_099_511_627_776n))),
  'upgraded, with a message in fragments without end': (door) =>
    session(door, (socket) => {
      const fragment = Buffer.concat([frameHead(0x00, 1n), Buffer.from('{')]);
      socket.write(Buffer.concat([frameHead(0x01, 1n), Buffer.from('{')]));
      socket.write(Buffer.concat(Array.from({ length: 20_000 }, () => fragment)));
    }),
  'upgraded, with random bytes': (door, dice) => session(door, (socket) => socket.write(noise(dice, 300))),
};
