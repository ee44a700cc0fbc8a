import type { Clock } from '../../shared/clock.ts';
import type { LiveSample } from '../../shared/protocol/health.ts';
import { share } from '../health/collector.ts';
import { parseMemory } from '../health/linux/memory.ts';
import { busyPercent, parseProcessorTicks } from '../health/linux/processor.ts';
import type { Sampler } from './live.ts';
import { ProcFolder } from './proc-folder.ts';
import { busiest } from './processes.ts';
import { bytesPerSecond, parseTraffic } from './traffic.ts';

/**
 * Reads /proc directly and at once: a few hundred small reads that never wait for a device, far cheaper than the same
 * through a thread pool. The first reading is taken here, so that the first sample already has differences.
 */
export function linuxSampler(clock: Clock, root = '/'): Sampler {
  const proc = new ProcFolder(root);
  const read = () => ({
    at: clock.monotonic(),
    processor: parseProcessorTicks(proc.text('stat')),
    traffic: parseTraffic(proc.text('net/dev')),
    processes: proc.processes(),
  });
  let before = read();

  async function sample(): Promise<LiveSample | undefined> {
    const after = read();
    const memory = parseMemory(proc.text('meminfo'));
    const { processor } = after;
    if (!processor || !memory) return undefined;
    const seconds = Math.max(0.001, (after.at - before.at) / 1000);
    const traffic = bytesPerSecond(before.traffic, after.traffic, seconds);
    const cores = processor.cores.slice(0, 256);
    const taken: LiveSample = {
      at: clock.now(),
      cpuPercent: tenth(busyPercent(before.processor?.all, processor.all)),
      coresPercent: cores.map((core, index) => tenth(busyPercent(before.processor?.cores[index], core))),
      memoryUsedPercent: tenth(share(memory.usedBytes, memory.totalBytes) ?? 0),
      memoryUsedBytes: memory.usedBytes,
      memoryTotalBytes: memory.totalBytes,
      receivedBytesPerSecond: traffic.received,
      sentBytesPerSecond: traffic.sent,
      processes: busiest(proc.usage(before.processes, after.processes, seconds)),
    };
    before = after;
    return taken;
  }
  return { sample };
}

const tenth = (value: number) => Math.round(value * 10) / 10;
