import type { Clock } from '../../../shared/clock.ts';
import { type HealthValue, known, type Read, share } from '../collector.ts';
import { parseMemory } from './memory.ts';
import { busyPercent, type ProcessorTicks, parseProcessorTicks } from './processor.ts';
import type { KernelFiles } from './tree.ts';

const firstMeasureMs = 1000;

/** CPU since the last reading (the first one measures for a second) and memory now. */
export function readLoad(files: KernelFiles, clock: Clock): Read<HealthValue<'load'>> {
  let before: ProcessorTicks | undefined;
  const ticks = async () => parseProcessorTicks(await files.text('/proc/stat'));
  return async () => {
    if (!before) {
      before = await ticks();
      await new Promise<void>((resolve) => clock.after(firstMeasureMs, resolve));
    }
    const [after, memory] = [await ticks(), parseMemory(await files.text('/proc/meminfo'))];
    if (!after || !memory) return undefined;
    const cpuPercent = busyPercent(before?.all, after.all);
    before = after;
    return known({
      cpuPercent,
      memoryUsedPercent: share(memory.usedBytes, memory.totalBytes) ?? 0,
      swapUsedPercent: share(memory.swapUsedBytes, memory.swapTotalBytes),
    });
  };
}
