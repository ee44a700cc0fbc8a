import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { clientFrame, FrameReader, opcodes } from '../../../bench/load/framing.ts';

/** As a server writes it: RFC 6455 section 5.7 has the examples. */
function serverFrame(first: number, payload: string): Buffer {
  const body = Buffer.from(payload);
  const length =
    body.length < 126 ? Buffer.from([body.length]) : Buffer.from([126, body.length >> 8, body.length & 255]);
  return Buffer.concat([Buffer.from([first]), length, body]);
}

function messagesOf(chunks: readonly Buffer[]): [number, string][] {
  const reader = new FrameReader();
  const messages: [number, string][] = [];
  for (const chunk of chunks) reader.read(chunk, (opcode, payload) => messages.push([opcode, payload.toString()]));
  return messages;
}

const whole = Buffer.concat([
  serverFrame(0x81, 'Hello'),
  serverFrame(0x01, 'in '),
  serverFrame(0x8a, ''),
  serverFrame(0x80, 'parts'),
  serverFrame(0x81, 'x'.repeat(300)),
]);
const expected = [
  [opcodes.text, 'Hello'],
  [opcodes.pong, ''],
  [opcodes.text, 'in parts'],
  [opcodes.text, 'x'.repeat(300)],
];

describe('frames of a server', () => {
  it.each([1, 2, 3, 7, whole.length])('are the same messages when they come in pieces of %i bytes', (size) => {
    const pieces = Array.from({ length: Math.ceil(whole.length / size) }, (_, at) =>
      whole.subarray(at * size, (at + 1) * size),
    );
    expect(messagesOf(pieces)).toEqual(expected);
  });

  it.each([
    ['masked', Buffer.from([0x81, 0x80, 0, 0, 0, 0])],
    ['compressed', Buffer.from([0xc1, 0x01, 0x61])],
    ['of a terabyte', Buffer.from([0x82, 0x7f, 0, 0, 1, 0, 0, 0, 0, 0])],
  ])('that are %s are refused', (_words, bytes) => {
    expect(() => messagesOf([bytes])).toThrow('The server sent a frame');
  });
});

describe('frames of the client', () => {
  it.each([0, 1, 125, 126, 65_535, 65_536])('of %i bytes are understood by a real server', async (length) => {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    await once(server, 'listening');
    try {
      const heard = new Promise<string>((resolve) => {
        server.on('connection', (socket) => socket.on('message', (message) => resolve(String(message))));
      });
      const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
      const head = [
        'GET / HTTP/1.1',
        'Host: x',
        'Connection: Upgrade',
        'Upgrade: websocket',
        'Sec-WebSocket-Version: 13',
      ];
      client.write([...head, 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==', '\r\n'].join('\r\n'));
      const text = 'é'.repeat(length / 2) + 'x'.repeat(length % 2);
      client.write(clientFrame(opcodes.text, Buffer.from(text)));
      expect(await heard).toBe(text);
      client.destroy();
    } finally {
      server.close();
    }
  });
});
