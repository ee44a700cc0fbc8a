// A floor: Node's UDP sockets and nothing behind them. `echo` sends each packet back; `answer` is an upstream that has
// the address 192.0.2.1 for every name.
import { createSocket } from 'node:dgram';
import { compileHotCode } from '../../../agent/platform/hot-code.ts';

export interface EchoReady {
  port: number;
}

const headerBytes = 12;
const questionTail = 5;
const responseBit = 0x80;
/** Pointer to the question's name, A, IN, 300 seconds, 192.0.2.1 (RFC 1035 section 4.1.3). */
const record = Buffer.from('c00c000100010000012c0004c0000201', 'hex');

/** The question with one answer; whatever followed the question is left out. */
function answered(query: Buffer): Buffer {
  const end = query.indexOf(0, headerBytes) + questionTail;
  const answer = Buffer.allocUnsafe(end + record.length);
  query.copy(answer, 0, 0, end);
  record.copy(answer, end);
  answer.writeUInt16BE(0x8180, 2);
  answer.writeUInt16BE(1, 6);
  answer.writeUInt16BE(0, 10);
  return answer;
}

/** The question as an answer, or the asking program would go on waiting. */
function echoed(query: Buffer): Buffer {
  query[2] = (query[2] ?? 0) | responseBit;
  return query;
}

// As the agent's resolver does when it is asked much.
compileHotCode();
const respond = process.argv[2] === 'answer' ? answered : echoed;
const socket = createSocket({
  type: 'udp4',
  recvBufferSize: 1_048_576,
  lookup: (host, _options, done) => done(null, host, 4),
});
socket.on('message', (packet, from) => socket.send(respond(packet), from.port, from.address));
socket.bind(0, '127.0.0.1', () => {
  const ready: EchoReady = { port: socket.address().port };
  process.send?.(ready);
});
