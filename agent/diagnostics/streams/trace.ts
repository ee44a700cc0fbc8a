import { isIP } from 'node:net';
import { inRange } from '../../../shared/filter/range.ts';
import type { Platform } from '../../../shared/profile/keywords.ts';
import type { CommandResult } from '../../platform/commands.ts';
import type { RedactionContext } from '../redact.ts';
import type { SampleOf, StreamParts, StreamSource } from './stream-parts.ts';

type Sample = SampleOf<'trace'>;
type Hop = Sample['hops'][number];

/** `address` undefined: no answer came. */
export interface RawHop {
  hop: number;
  address: string | undefined;
  ms: number | undefined;
}

interface Tracer {
  path: string;
  args: (host: string) => string[];
  parse: (line: string) => RawHop | undefined;
}

const mostHops = '30';
/** The first that is installed. traceroute(8), tracepath(8), https://learn.microsoft.com/windows-server/administration/windows-commands/tracert */
const tracers: Record<Platform, Tracer[]> = {
  linux: [
    {
      path: '/usr/bin/traceroute',
      args: (host) => ['-n', '-q', '1', '-w', '2', '-m', mostHops, '--', host],
      parse: parseTraceroute,
    },
    { path: '/usr/bin/tracepath', args: (host) => ['-n', '-m', mostHops, host], parse: parseTracepath },
  ],
  darwin: [
    {
      path: '/usr/sbin/traceroute',
      args: (host) => ['-n', '-q', '1', '-w', '2', '-m', mostHops, host],
      parse: parseTraceroute,
    },
  ],
  win32: [
    {
      path: 'C:\\Windows\\System32\\tracert.exe',
      args: (host) => ['-d', '-w', '2000', '-h', mostHops, host],
      parse: parseTracert,
    },
  ],
};

/** A host of the agent's own configuration; it never begins as an option would. */
const hostName = /^[A-Za-z0-9][A-Za-z0-9.:-]{0,252}$/;

/** The way to the district's own server, hop by hop as they answer; then it ends. */
export function traceSource({ platform, follower, server, context }: StreamParts): StreamSource<Sample> {
  const { host } = server().address;
  const hops = new Map<number, Hop>();
  let isDone = !hostName.test(host);
  let running: { stop(): void } | undefined;
  const start = ([tracer, ...others]: readonly Tracer[]) => {
    if (!tracer) {
      isDone = true;
      return;
    }
    const ended = ({ failure }: CommandResult) => {
      if (failure === 'missing') start(others);
      else isDone = true;
    };
    const line = (text: string) => {
      const raw = tracer.parse(text);
      if (raw && raw.hop >= 1 && raw.hop <= 64) hops.set(raw.hop, toldHop(raw, host, context));
    };
    running = follower.follow(tracer.path, tracer.args(host), { line, ended });
  };
  if (!isDone) start(tracers[platform]);
  return {
    take: async () => {
      const sample: Sample = { kind: 'trace', hops: [...hops.values()].sort((a, b) => a.hop - b.hop), isDone };
      return { sample, isLast: isDone };
    },
    stop: () => running?.stop(),
  };
}

/** An address is told when it is the server's or within the district's networks: others are somebody else's. */
export function toldHop({ hop, address, ms }: RawHop, host: string, context: RedactionContext): Hop {
  const isTold =
    address !== undefined && (address === host || context.networks.some((range) => inRange(address, range)));
  const words = address === undefined ? 'no answer' : isTold ? address : 'another network';
  return { hop, address: words, ...(ms !== undefined && { ms }) };
}

/** ` 3  10.20.0.1  1.234 ms`, ` 4  *` */
export function parseTraceroute(line: string): RawHop | undefined {
  const found = /^\s*(\d{1,3})\s+(?:(\S+)\s+(\d+(?:\.\d+)?) ms|\*)/.exec(line);
  return found ? rawHop(found[1], found[2], found[3]) : undefined;
}

/** ` 1:  10.20.0.1   1.234ms pmtu 1500`, ` 2:  no reply`; `1?: [LOCALHOST]` is the device itself. */
export function parseTracepath(line: string): RawHop | undefined {
  const found = /^\s*(\d{1,3}):\s+(?:(\S+)\s+(\d+(?:\.\d+)?)ms|no reply)/.exec(line);
  return found ? rawHop(found[1], found[2], found[3]) : undefined;
}

/** `  1    <1 ms    <1 ms     1 ms  10.20.0.1`, `  2     *        *        *     Request timed out.` */
export function parseTracert(line: string): RawHop | undefined {
  const found = /^\s*(\d{1,3})((?:\s+(?:<?\d+ ms|\*)){3})\s+(.+?)\s*$/.exec(line);
  if (!found) return undefined;
  const times = [...(found[2] ?? '').matchAll(/<?(\d+) ms/g)].map(([, ms]) => Number(ms));
  const address = isIP(found[3] ?? '') ? found[3] : undefined;
  return rawHop(found[1], address, times.length > 0 ? String(Math.min(...times)) : undefined);
}

function rawHop(hop: string | undefined, address: string | undefined, ms: string | undefined): RawHop {
  return { hop: Number(hop), address, ms: ms === undefined ? undefined : Number(ms) };
}
