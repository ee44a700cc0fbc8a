import { request } from 'node:https';
import { type Address, agentPaths, measuredBytes } from '../../../shared/protocol/enrolment.ts';
import { type TlsTrust, tlsOptions } from '../../identity/https.ts';
import type { SampleOf, StreamParts, StreamSource } from './stream-parts.ts';

type Sample = SampleOf<'throughput'>;

/** Each direction takes no longer: a slow line is not kept busy. */
const longestMs = 8_000;
const piece = Buffer.alloc(65_536);

interface Progress {
  direction: Sample['direction'];
  bytes: number;
  startedAt: number;
}

/** Down, then up: a bounded number of bytes between this device and the district's own server, over its own connection. */
export function throughputSource({ clock, server }: StreamParts): StreamSource<Sample> {
  const stopping = new AbortController();
  let now: Progress = { direction: 'download', bytes: 0, startedAt: clock.monotonic() };
  let endedAt: number | undefined;
  let failed = false;
  const transfer = async () => {
    await measure(server(), 'download', stopping.signal, (bytes) => {
      now.bytes += bytes;
    });
    now = { direction: 'upload', bytes: 0, startedAt: clock.monotonic() };
    await measure(server(), 'upload', stopping.signal, (bytes) => {
      now.bytes += bytes;
    });
  };
  const work = transfer()
    .catch(() => {
      failed = true;
    })
    .finally(() => {
      endedAt = clock.monotonic();
    });
  return {
    take: async () => {
      await Promise.race([work, Promise.resolve()]);
      const isDone = endedAt !== undefined;
      if (isDone && failed && now.bytes === 0) return { sample: undefined, isLast: true };
      const seconds = Math.max(0.001, ((endedAt ?? clock.monotonic()) - now.startedAt) / 1_000);
      const bytesPerSecond = Math.round(now.bytes / seconds);
      return { sample: { kind: 'throughput', direction: now.direction, bytesPerSecond, isDone }, isLast: isDone };
    },
    stop: () => stopping.abort(),
  };
}

/** Ends when all went over, or the time is over; rejects when the server does not take part. */
async function measure(
  { address, trust }: { address: Address; trust: TlsTrust },
  direction: Sample['direction'],
  stopping: AbortSignal,
  moved: (bytes: number) => void,
): Promise<void> {
  const late = AbortSignal.timeout(longestMs);
  const isUp = direction === 'upload';
  const headers = isUp ? { 'content-type': 'application/octet-stream', 'content-length': measuredBytes.upload } : {};
  await new Promise<void>((resolve, reject) => {
    const asked = request(
      {
        ...{ ...tlsOptions(trust), host: address.host, port: address.port, path: agentPaths.throughput },
        ...{ method: isUp ? 'POST' : 'GET', headers, agent: false, signal: AbortSignal.any([late, stopping]) },
      },
      (response) => {
        response.on('data', (part: Buffer) => isUp || moved(part.length));
        response.on('end', () => (isGood(response.statusCode) ? resolve() : reject(new Error('refused'))));
        response.on('error', (error) => (late.aborted ? resolve() : reject(error)));
      },
    );
    asked.on('error', (error) => (late.aborted && !stopping.aborted ? resolve() : reject(error)));
    if (isUp) sendPieces(asked, moved);
    else asked.end();
  });
}

function isGood(status: number | undefined): boolean {
  return status !== undefined && status >= 200 && status < 300;
}

/** Piece by piece, as the line takes them. */
function sendPieces(asked: ReturnType<typeof request>, moved: (bytes: number) => void): void {
  let left: number = measuredBytes.upload;
  const next = () => {
    if (asked.destroyed) return;
    if (left === 0) {
      asked.end();
      return;
    }
    const part = piece.subarray(0, Math.min(left, piece.length));
    left -= part.length;
    asked.write(part, () => {
      moved(part.length);
      next();
    });
  };
  next();
}
