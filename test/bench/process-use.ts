import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** Memory of a process in MB (2^20 bytes), from /proc/PID/smaps_rollup (proc(5)). */
export interface Memory {
  resident: number;
  /** Shared pages counted in part: what the process costs beside others of its kind. */
  proportional: number;
  /** What no other process has. */
  private: number;
}

export function memoryOf(pid: number): Memory {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const field = (name: string) => Number(new RegExp(`^${name}: +(\\d+)`, 'm').exec(rollup)?.[1] ?? 0) / 1024;
  return {
    resident: field('Rss'),
    proportional: field('Pss'),
    private: field('Private_Clean') + field('Private_Dirty'),
  };
}

/** Processor time of a process's living threads, milliseconds, from /proc/PID/task/TID/schedstat (nanoseconds). */
export function cpuMsOf(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`);
  const nanoseconds = threads.map((id) =>
    Number(readFileSync(`/proc/${pid}/task/${id}/schedstat`, 'utf8').split(' ')[0]),
  );
  return nanoseconds.reduce((sum, time) => sum + time, 0) / 1e6;
}

/** Waits until resident memory has stopped moving by more than one part in a hundred a second, at most `seconds`. */
export async function settled(pid: number, seconds = 10): Promise<Memory> {
  let before = memoryOf(pid);
  for (let second = 0; second < seconds; second++) {
    await delay(1000);
    const now = memoryOf(pid);
    if (Math.abs(now.resident - before.resident) < before.resident / 100) return now;
    before = now;
  }
  return before;
}

/** Processor milliseconds a process spends on `work`. */
export async function cpuSpentOn(pid: number, work: () => Promise<void>): Promise<number> {
  const before = cpuMsOf(pid);
  await work();
  return cpuMsOf(pid) - before;
}
