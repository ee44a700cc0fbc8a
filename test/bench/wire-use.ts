import { spawnSync } from 'node:child_process';

/** What a process has sent and received over TCP since its connections began: the payload, TLS included, and segments. */
export interface WireUse {
  bytes: number;
  segments: number;
}

/** Headers of IPv4 and of TCP with time stamps (RFC 791, RFC 9293, RFC 7323). */
const headerBytes = 52;
/** A line for each connection of this machine. */
const maxBuffer = 256 * 1024 * 1024;

/** From `ss` (iproute2), which asks the kernel for its `tcp_info`; undefined where there is none. */
export function wireUseOf(pid: number): WireUse | undefined {
  const { status, stdout } = spawnSync('ss', ['-tinpOH', 'state', 'established'], { encoding: 'utf8', maxBuffer });
  if (status !== 0) return undefined;
  const own = stdout.split('\n').filter((line) => line.includes(`pid=${pid},`));
  const sum = (field: string) =>
    own.reduce((total, line) => total + Number(new RegExp(`\\b${field}:(\\d+)`).exec(line)?.[1] ?? 0), 0);
  return { bytes: sum('bytes_sent') + sum('bytes_received'), segments: sum('segs_out') + sum('segs_in') };
}

/** With the headers of each packet, as they pass a school's line. */
export function bytesOnTheLine({ bytes, segments }: WireUse): number {
  return bytes + segments * headerBytes;
}
