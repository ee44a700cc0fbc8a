import { createSocket } from 'node:dgram';
import packet, { type RecordType } from 'dns-packet';

export interface DnsAnswer {
  /** NOERROR, NXDOMAIN, REFUSED … */
  code: string;
  /** Addresses and names, in order. */
  values: string[];
  /** Extended DNS Errors (RFC 8914), `15 text`. */
  reasons: string[];
}

const extendedError = 15;
const patienceMs = 3_000;

/** One question over UDP with EDNS, as a program on the device asks. Rejects when nothing answers. */
export async function askDns(port: number, name: string, type: RecordType = 'A'): Promise<DnsAnswer> {
  const query = packet.encode({
    type: 'query',
    id: 4711,
    flags: packet.RECURSION_DESIRED,
    questions: [{ type, name }],
    additionals: [{ type: 'OPT', name: '.', udpPayloadSize: 1232, flags: 0, options: [] } as never],
  });
  return decode(await exchange(port, query, name));
}

function exchange(port: number, query: Buffer, name: string): Promise<Buffer> {
  const socket = createSocket('udp4');
  return new Promise<Buffer>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer for ${name} from port ${port}`)), patienceMs);
    socket.once('message', (answer) => {
      clearTimeout(timer);
      resolve(answer);
    });
    socket.once('error', reject);
    socket.connect(port, '127.0.0.1', () => socket.send(query));
  }).finally(() => socket.close());
}

function decode(bytes: Buffer): DnsAnswer {
  const answer = packet.decode(bytes);
  // The library's types know no Extended DNS Errors; it leaves options it does not know as bytes under their code.
  const options = (answer.additionals ?? []).flatMap((record) =>
    record.type === 'OPT' ? (record.options as unknown as { code: number; data: Buffer }[]) : [],
  );
  return {
    code: 'rcode' in answer ? String(answer.rcode) : '',
    values: (answer.answers ?? []).map((record) => ('data' in record ? String(record.data) : '')),
    reasons: options
      .filter((option) => option.code === extendedError)
      .map(({ data }) => `${data.readUInt16BE(0)} ${data.subarray(2).toString('utf8')}`),
  };
}
