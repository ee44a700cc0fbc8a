import os from 'node:os';
import type { Systeminformation as Si } from 'systeminformation';
import type { Clock } from '../../shared/clock.ts';
import type { LiveSample } from '../../shared/protocol/health.ts';
import { percent, share } from '../health/collector.ts';
import type { Sampler } from './live.ts';
import { busiest, type ProcessUse } from './processes.ts';

/** Listing processes starts a program (on Windows PowerShell, about a second of CPU), so it is done less often. */
const processesEveryMs = { darwin: 2_000, win32: 5_000 } as const;

/** Windows and macOS: systeminformation, loaded at the first sample. */
export function portableSampler(platform: 'darwin' | 'win32', clock: Clock): Sampler {
  let processes: ProcessUse[] = [];
  let listedAt = Number.NEGATIVE_INFINITY;
  return {
    sample: async () => {
      const si = await import('systeminformation');
      if (clock.monotonic() - listedAt >= processesEveryMs[platform]) {
        processes = mapProcesses((await si.processes()).list, platform === 'win32' ? os.availableParallelism() : 1);
        listedAt = clock.monotonic();
      }
      const memory = await si.mem();
      const load = await si.currentLoad();
      return mapSample(clock.now(), load, memory, await si.networkStats(), processes);
    },
  };
}

export function mapSample(
  at: number,
  load: { currentLoad: number; cpus: readonly Pick<Si.CurrentLoadCpuData, 'load'>[] },
  memory: Pick<Si.MemData, 'total' | 'available'>,
  network: readonly Pick<Si.NetworkStatsData, 'rx_sec' | 'tx_sec'>[],
  processes: ProcessUse[],
): LiveSample {
  const used = Math.max(0, memory.total - memory.available);
  const rate = (name: 'rx_sec' | 'tx_sec') =>
    Math.max(0, Math.round(network.reduce((sum, one) => sum + (one[name] || 0), 0)));
  return {
    at,
    cpuPercent: percent(load.currentLoad) ?? 0,
    coresPercent: load.cpus.slice(0, 256).map((core) => percent(core.load) ?? 0),
    memoryUsedPercent: share(used, memory.total) ?? 0,
    memoryUsedBytes: used,
    memoryTotalBytes: memory.total,
    receivedBytesPerSecond: rate('rx_sec'),
    sentBytesPerSecond: rate('tx_sec'),
    processes,
  };
}

/**
 * Names only; systeminformation also knows users, paths and command lines. Ours is CPU of one processor: on Windows the
 * library tells a share of them all (`cores` of them), on macOS what ps tells.
 */
export function mapProcesses(
  list: readonly Pick<Si.ProcessesProcessData, 'pid' | 'name' | 'cpu' | 'memRss'>[],
  cores: number,
): ProcessUse[] {
  return busiest(
    list
      .filter(({ pid }) => Number.isInteger(pid) && pid >= 0)
      .map(({ pid, name, cpu, memRss }) => ({
        pid,
        name: name.split(/[\\/]/).at(-1) ?? name,
        cpuPercent: Number.isFinite(cpu) ? Math.max(0, cpu * cores) : 0,
        memoryBytes: Number.isFinite(memRss) ? Math.max(0, memRss * 1024) : 0,
      })),
  );
}
