import type { Clock } from '../../shared/clock.ts';
import { type HealthValue, known, percent, type Read } from './collector.ts';

/** What the agent itself costs the device: memory now, CPU as a share of one core since the last reading. */
export function readFootprint(
  clock: Clock,
  version: string,
  spooled: () => number,
  crashedAt: () => number | undefined,
): Read<HealthValue<'agent'>> {
  const startedAt = clock.now();
  let before = { at: clock.monotonic(), cpu: process.cpuUsage() };
  return async () => {
    const used = process.cpuUsage(before.cpu);
    const elapsed = clock.monotonic() - before.at;
    before = { at: clock.monotonic(), cpu: process.cpuUsage() };
    return known<HealthValue<'agent'>>({
      version,
      residentBytes: process.memoryUsage.rss(),
      cpuPercent: percent((used.user + used.system) / 10 / Math.max(1, elapsed)) ?? 0,
      startedAt,
      crashedAt: crashedAt(),
      spooledRecords: spooled(),
    });
  };
}
