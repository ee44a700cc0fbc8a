import { X509Certificate } from 'node:crypto';
import { connect, isIP, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls, type DetailedPeerCertificate, type TLSSocket } from 'node:tls';
import type { Clock } from '../../../shared/clock.ts';
import type { ChainFacts, PathFacts } from '../../../shared/diagnostics/judge/server.ts';
import { inTime, TooSlow } from '../in-time.ts';

export interface Destination {
  host: string;
  port: number;
  /** How the certificates met are judged; nothing is refused before they were seen. */
  tls: ConnectionOptions;
  isTrusted: (chain: X509Certificate[], socket: TLSSocket) => boolean;
  /** Asked once the connection stands: a path of HTTP; absent: the handshake is enough. */
  ask?: string;
}

export interface Walk extends PathFacts {
  /** The Date of the answer, and the clock of the device when it came. */
  date?: { server: number; machine: number };
}

interface Walking {
  clock: Clock;
  signal: AbortSignal;
  lookup: (name: string) => Promise<string[]>;
}

type Step = NonNullable<PathFacts['failure']>['step'];

const stepMs = 4_000;
const longestHead = 16_384;

/** Goes to a server step by step and times each; what fails is told, never thrown. Its sockets are closed at the end. */
export async function walkTo(destination: Destination, walking: Walking): Promise<Walk> {
  const { host, port, ask } = destination;
  const walk: Walk = { where: `${host}:${port}` };
  const sockets: Socket[] = [];
  let step: Step = 'lookup';
  const timed = async <T>(
    next: Step,
    key: 'lookupMs' | 'connectMs' | 'handshakeMs' | 'answerMs',
    work: () => Promise<T>,
  ) => {
    step = next;
    const began = walking.clock.monotonic();
    const result = await inTime(work(), stepMs, walking);
    walk[key] = Math.round(walking.clock.monotonic() - began);
    return result;
  };
  try {
    const address = isIP(host) ? host : await timed('lookup', 'lookupMs', () => firstOf(host, walking));
    const plain = await timed('connect', 'connectMs', () => connected({ host: address, port }, sockets));
    const secure = await timed('handshake', 'handshakeMs', () => secured(plain, destination.tls, sockets));
    walk.chain = chainOf(secure, destination);
    if (ask !== undefined) {
      const head = await timed('answer', 'answerMs', () => answered(secure, host, ask));
      const server = Date.parse(/^date: (.+)$/im.exec(head)?.[1] ?? '');
      if (!Number.isNaN(server)) walk.date = { server, machine: walking.clock.now() };
    }
  } catch (error) {
    walking.signal.throwIfAborted();
    walk.failure = { step, ...failureOf(error) };
  } finally {
    for (const socket of sockets) socket.destroy();
  }
  return walk;
}

function failureOf(error: unknown): { words: string; isTimeout?: boolean } {
  if (error instanceof TooSlow) return { words: error.message, isTimeout: true };
  const { code, message } = error as NodeJS.ErrnoException;
  return { words: code ?? message, ...(code === 'ETIMEDOUT' && { isTimeout: true }) };
}

async function firstOf(host: string, { lookup }: Walking): Promise<string> {
  const [address] = await lookup(host);
  if (address === undefined) throw new Error('no address');
  return address;
}

async function connected(where: { host: string; port: number }, sockets: Socket[]): Promise<Socket> {
  return await new Promise((resolve, reject) => {
    const socket = connect(where, () => resolve(socket));
    sockets.push(socket);
    socket.on('error', reject);
  });
}

async function secured(plain: Socket, tls: ConnectionOptions, sockets: Socket[]): Promise<TLSSocket> {
  return await new Promise((resolve, reject) => {
    const socket = connectTls({ ...tls, socket: plain, rejectUnauthorized: false }, () => resolve(socket));
    sockets.unshift(socket);
    socket.on('error', reject).on('close', () => reject(new Error('the connection was closed')));
  });
}

function chainOf(socket: TLSSocket, { isTrusted }: Destination): ChainFacts {
  const chain: X509Certificate[] = [];
  const seen = new Set<string>();
  let met: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true);
  while (met?.raw && !seen.has(met.fingerprint256)) {
    seen.add(met.fingerprint256);
    chain.push(new X509Certificate(met.raw));
    met = met.issuerCertificate;
  }
  const [leaf] = chain;
  if (!leaf) throw new Error('no certificate was shown');
  return {
    isTrusted: isTrusted(chain, socket),
    issuer: issuerOf(chain.at(-1)?.issuer ?? leaf.issuer),
    validFrom: leaf.validFromDate.getTime(),
    validUntil: leaf.validToDate.getTime(),
  };
}

/** Of `C=US\nO=Zscaler\nCN=…`: the name, or else the organisation. */
function issuerOf(issuer: string): string {
  return (/^CN=(.+)$/m.exec(issuer)?.[1] ?? /^O=(.+)$/m.exec(issuer)?.[1] ?? 'nobody it names').slice(0, 100);
}

/** The head of the answer. A server that ends instead (it refuses the certificate of the device) is a failure. */
async function answered(socket: TLSSocket, host: string, path: string): Promise<string> {
  return await new Promise((resolve, reject) => {
    let heard = '';
    socket.setEncoding('latin1').on('data', (part: string) => {
      heard += part;
      const end = heard.indexOf('\r\n\r\n');
      if (end >= 0) resolve(heard.slice(0, end).replaceAll('\r', ''));
      else if (heard.length > longestHead) reject(new Error('an answer that has no end'));
    });
    socket.on('error', reject).on('end', () => reject(new Error('the connection was closed')));
    socket.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
  });
}

/** Every certificate was issued by the next and the last by this root, for this name. Dates are judged apart. */
export function leadsTo(chain: readonly X509Certificate[], rootPem: string, name: string): boolean {
  const root = new X509Certificate(rootPem);
  const path = chain.filter(({ fingerprint256 }) => fingerprint256 !== root.fingerprint256);
  const [leaf] = path;
  if (!leaf || leaf.checkHost(name) === undefined) return false;
  return path.every((subject, index) => {
    const issuer = path[index + 1] ?? root;
    return subject.checkIssued(issuer) && subject.verify(issuer.publicKey);
  });
}
