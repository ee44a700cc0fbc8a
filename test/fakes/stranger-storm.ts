/*
 * A process of strangers who knock at a TLS port as fast as it can, each in another bad way, until its input ends. Arguments:
 * port, source address, how many at once of each way, PEM file with a key and a certificate of another district. Prints what it did as JSON.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { agentServerName } from '../../shared/protocol/enrolment.ts';

const [port = '', localAddress = '', atOnce = '', pem = ''] = process.argv.slice(2);
const where = { port: Number(port), host: '127.0.0.1', localAddress };
const foreign = readFileSync(pem, 'utf8');
const tls = { ...where, servername: agentServerName, rejectUnauthorized: false };
const began = performance.now();
let isRunning = true;
let knocked = 0;
/** From so many on it is a storm, and says so. */
const blowing = 500;

const tries: (() => Socket)[] = [
  () => {
    const socket = connect(where, () => socket.destroy());
    return socket;
  },
  () => {
    const socket = connect(where, () => socket.write(randomBytes(64), () => socket.destroy()));
    return socket;
  },
  () => {
    const socket = connect(where, () => socket.resetAndDestroy());
    return socket;
  },
  () => connectTls(tls),
  () => connectTls({ ...tls, key: foreign, cert: foreign }),
];

/** Whoever waits at the door keeps nobody else from knocking: each goes on in its own way. */
function knock(kind: () => Socket): void {
  if (!isRunning) return;
  knocked += 1;
  if (knocked === blowing) process.stdout.write('{}\n');
  const socket = kind();
  socket.on('error', () => undefined);
  socket.setTimeout(10_000, () => socket.destroy());
  socket.on('secureConnect', () => socket.resume());
  socket.once('close', () => setImmediate(knock, kind));
}

process.stdin.resume().on('end', () => {
  isRunning = false;
  const seconds = (performance.now() - began) / 1000;
  process.stdout.write(`${JSON.stringify({ knocked, perSecond: Math.round(knocked / seconds) })}\n`, () =>
    process.exit(),
  );
});
for (let n = 0; n < Number(atOnce); n++) for (const kind of tries) knock(kind);
