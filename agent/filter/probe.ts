import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';
import packet, { type Answer, type DecodedPacket, type RecordType } from 'dns-packet';
import type { Clock, Random } from '../../shared/clock.ts';
import type { ServerAddress } from './upstream/udp.ts';

/** What a program on this host gets for a name, measured. */
export interface ProbeResult {
  outcome: 'blocked' | 'rewritten' | 'no-such-name' | 'no-data' | 'answered' | 'failed' | 'silent';
  /** `0.0.0.0 with EDE 15`. */
  seen: string;
}

export interface ProbeOptions {
  clock: Clock;
  random: Random;
  timeoutMs?: number;
}

const defaultTimeoutMs = 1500;
const blockedCode = 15;
const unroutable = new Set(['0.0.0.0', '::']);

/** Asks a resolver over real UDP, as any program would. Never rejects: no answer is a result. */
export async function probeResolver(
  server: ServerAddress,
  name: string,
  type: RecordType,
  { clock, random, timeoutMs = defaultTimeoutMs }: ProbeOptions,
): Promise<ProbeResult> {
  const query = Buffer.from(encodeQuestion(name, type, random));
  const socket = createSocket(isIPv6(server.address) ? 'udp6' : 'udp4');
  const answer = await new Promise<Buffer | string>((resolve) => {
    const cancel = clock.after(timeoutMs, () => resolve(`no answer in ${timeoutMs} ms`));
    const finish = (result: Buffer | string) => {
      cancel();
      resolve(result);
    };
    socket.on('error', (error) => finish(error.message));
    socket.on('message', (bytes) => {
      if (bytes.length >= 12 && bytes.readUInt16BE(0) === query.readUInt16BE(0)) finish(bytes);
    });
    socket.connect(server.port, server.address, (error?: Error | null) => {
      if (error) finish(error.message);
      else socket.send(query);
    });
  });
  socket.close();
  return typeof answer === 'string' ? { outcome: 'silent', seen: answer } : readAnswer(answer);
}

/**
 * Asks through the system's own resolver (getaddrinfo), which is what programs on this host really use. `no-such-name` is
 * a resolver's word (EAI_NONAME, EAI_NODATA); `failed` is every other error, a resolver that cannot be reached among them.
 */
export async function probeSystem(
  name: string,
  { clock, timeoutMs = defaultTimeoutMs }: ProbeOptions,
): Promise<ProbeResult> {
  const asked = lookup(name, { all: true }).then(
    (found): ProbeResult => ({
      outcome: found.every(({ address }) => unroutable.has(address)) ? 'blocked' : 'answered',
      seen: found.map(({ address }) => address).join(', '),
    }),
    (error: NodeJS.ErrnoException): ProbeResult => ({
      outcome: error.code === 'ENOTFOUND' ? 'no-such-name' : 'failed',
      seen: error.code ?? error.message,
    }),
  );
  const late = new Promise<ProbeResult>((resolve) => {
    clock.after(timeoutMs, () => resolve({ outcome: 'silent', seen: `no answer in ${timeoutMs} ms` }));
  });
  return await Promise.race([asked, late]);
}

/** True when this host has an address beyond itself and its link: without one, systemd-resolved answers nothing at all. */
export function hasNetwork(): boolean {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return addresses.some(({ internal, address }) => !internal && !/^(fe80:|169\.254\.)/i.test(address));
}

/** What an answer says, in words. */
export function readAnswer(bytes: Buffer): ProbeResult {
  let answer: DecodedPacket;
  try {
    answer = packet.decode(bytes);
  } catch (error) {
    return { outcome: 'failed', seen: `an answer that cannot be read (${String(error)})` };
  }
  const error = extendedErrorOf(answer);
  const answers = answer.answers ?? [];
  const seen = `${contentOf(answer, answers)}${error === undefined ? '' : ` with EDE ${error}`}`;
  if (error === blockedCode) return { outcome: 'blocked', seen };
  const rcode = (bytes[3] ?? 0) & 0xf;
  if (answers.some(({ type }) => type === 'CNAME')) return { outcome: 'rewritten', seen };
  if (rcode === 3) return { outcome: 'no-such-name', seen };
  if (rcode !== 0) return { outcome: 'failed', seen };
  return { outcome: answers.length > 0 ? 'answered' : 'no-data', seen };
}

function encodeQuestion(name: string, type: RecordType, random: Random): Uint8Array {
  const [high = 0, low = 0] = random.bytes(2);
  return packet.encode({
    type: 'query',
    id: (high << 8) | low,
    flags: packet.RECURSION_DESIRED,
    questions: [{ name, type }],
    additionals: [
      {
        name: '.',
        type: 'OPT',
        udpPayloadSize: 1232,
        extendedRcode: 0,
        ednsVersion: 0,
        flags: 0,
        flag_do: false,
        options: [],
      },
    ],
  });
}

function contentOf(answer: DecodedPacket, answers: readonly Answer[]): string {
  const contents = answers.map((record) => ('data' in record ? String(record.data) : record.type));
  if (contents.length > 0) return contents.join(', ');
  return 'rcode' in answer && answer.rcode !== 'NOERROR' ? String(answer.rcode) : 'no records';
}

/** The library decodes only options it knows; this one it leaves as bytes under its code. */
function extendedErrorOf(answer: DecodedPacket): number | undefined {
  for (const record of answer.additionals ?? []) {
    if (record.type !== 'OPT') continue;
    for (const option of record.options as { code: unknown; data?: Uint8Array }[]) {
      if (option.code === blockedCode && option.data && option.data.length >= 2) {
        return ((option.data[0] ?? 0) << 8) | (option.data[1] ?? 0);
      }
    }
  }
  return undefined;
}
