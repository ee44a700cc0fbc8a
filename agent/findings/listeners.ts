import { resolvedStubs } from '../capabilities/webFilter/linux-files.ts';
import type { ServerAddress } from '../filter/upstream/udp.ts';

/** A socket that waits for packets or connections. */
export interface Listener extends ServerAddress {
  protocol: 'TCP' | 'UDP';
}

/** Where resolvers that people install for themselves usually listen: 53 and the ports of well-known forwarders. */
const resolverPorts = new Set([53, 853, 5053, 5300, 5335, 5353, 5354, 5453]);

/**
 * Resolvers on this device beside the filter, by which programs could ask somebody else. A resolver of containers listens on a
 * bridge, and mDNS on every address: neither is meant.
 */
export function judgeListeners(listeners: readonly Listener[], filter: ServerAddress | undefined): string {
  const others = listeners.filter(
    (listener) => isSuspicious(listener) && !isSame(listener, filter) && !isStub(listener),
  );
  const places = others.map(({ address, port, protocol }) => `${address} port ${port} (${protocol})`);
  return places.length === 0 ? '' : `Another resolver listens on ${[...new Set(places)].sort().join(', ')}.`;
}

function isSuspicious({ address, port }: Listener): boolean {
  if (/^(127\.|::1$|::ffff:127\.)/.test(address)) return resolverPorts.has(port);
  return port === 53 && (address === '0.0.0.0' || address === '::');
}

function isSame(one: ServerAddress, other: ServerAddress | undefined): boolean {
  return one.address === other?.address && one.port === other.port;
}

function isStub({ address, port }: Listener): boolean {
  return port === 53 && resolvedStubs.has(address);
}

/** TCP sockets that listen and UDP sockets that are bound; proc(5), /proc/net/tcp. */
const listening = { TCP: '0A', UDP: '07' } as const;

/** Reads `/proc/net/{tcp,tcp6,udp,udp6}`. */
export function parseProcNet(content: string, protocol: Listener['protocol']): Listener[] {
  const rows = content.matchAll(
    /^ *\d+: ([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4}) [0-9A-F]+:[0-9A-F]{4} ([0-9A-F]{2}) /gm,
  );
  return [...rows]
    .filter(([, , , state]) => state === listening[protocol])
    .map(([, address = '', port = '']) => ({
      address: readAddress(address),
      port: Number.parseInt(port, 16),
      protocol,
    }));
}

/** The kernel prints words of four bytes in its own order, little-endian on every platform the agent has. */
function readAddress(hex: string): string {
  const bytes = Buffer.from(hex, 'hex');
  bytes.swap32();
  if (bytes.length === 4) return bytes.join('.');
  if (bytes.every((byte) => byte === 0)) return '::';
  if (bytes.subarray(0, 15).every((byte) => byte === 0) && bytes[15] === 1) return '::1';
  const isMapped = bytes.subarray(0, 10).every((byte) => byte === 0) && bytes.readUInt16BE(10) === 0xffff;
  return isMapped ? `::ffff:${bytes.subarray(12).join('.')}` : bytes.toString('hex').replace(/....(?=.)/g, '$&:');
}

/** Reads `netstat -an -p udp` or `tcp` of macOS: `udp4  0  0  127.0.0.1.5053  *.*`; a star is every address. */
export function parseNetstat(output: string, protocol: Listener['protocol']): Listener[] {
  const rows = output.matchAll(/^(?:tcp|udp)(4|6|46)\s+\d+\s+\d+\s+(\S+)\.(\d+)\s+\*\.\*(.*)$/gm);
  return [...rows]
    .filter(([, , , , state = '']) => protocol === 'UDP' || state.includes('LISTEN'))
    .map(([, family = '', address = '', port = '']) => {
      const any = family === '6' ? '::' : '0.0.0.0';
      return { address: address === '*' ? any : address, port: Number(port), protocol };
    });
}
