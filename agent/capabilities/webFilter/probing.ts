import type { Clock } from '../../../shared/clock.ts';
import type { Evidence } from '../../../shared/protocol/messages.ts';
import type { ProbeResult } from '../../filter/probe.ts';

/** One probe of a name that must be blocked. */
export interface Probed {
  /** What the name stands for: `category gambling`. */
  item: string;
  name: string;
  result: ProbeResult;
  isBlocked: boolean;
  /** Milliseconds until the answer. */
  ms: number;
}

/** Asks and takes the time. */
export async function timed(
  clock: Clock,
  probe: () => Promise<ProbeResult>,
): Promise<{ result: ProbeResult; ms: number }> {
  const began = clock.monotonic();
  const result = await probe();
  return { result, ms: clock.monotonic() - began };
}

/** Works on all, some at once; results in their order. */
export async function inTurns<T, R>(items: readonly T[], atOnce: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const waiting = items.entries();
  const lane = async () => {
    for (const [index, item] of waiting) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return results;
}

/** How many were blocked, which leak, and how fast the answers came; nothing when nothing had to be blocked. */
export function summaryOf(item: string, probes: readonly Probed[]): Evidence[] {
  if (probes.length === 0) return [];
  const blocked = probes.filter(({ isBlocked }) => isBlocked).length;
  const leaks = probes.filter(({ result, isBlocked }) => !isBlocked && result.outcome === 'answered');
  const leaking = leaks.map(({ item: what, name, result }) => `${what} (${name}: ${result.seen})`).join(', ');
  const seen = [
    `${blocked} of ${probes.length} names blocked`,
    leaks.length === 0 ? 'no leaks' : `${leaks.length} ${leaks.length === 1 ? 'leak' : 'leaks'}: ${leaking}`,
    latencyWords(probes.map(({ ms }) => ms)),
  ];
  return [
    {
      item,
      expected: `${probes.length} of ${probes.length} names blocked, no leaks`,
      seen: seen.join(', ').slice(0, 500),
      ok: blocked === probes.length,
    },
  ];
}

const steps = [10, 50, 250, 1000];

/** The median in steps: evidence that differs from pass to pass would be sent again with each of them. */
function latencyWords(times: readonly number[]): string {
  const median = [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
  const step = steps.find((limit) => median < limit);
  return step === undefined ? 'median of 1000 ms or more' : `median under ${step} ms`;
}
