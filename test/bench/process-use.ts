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

/** The process and all it has started, from /proc/PID/task/TID/children (proc(5)). */
export function familyOf(pid: number): number[] {
  const started = readdirSync(`/proc/${pid}/task`).flatMap((id) =>
    readFileSync(`/proc/${pid}/task/${id}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  );
  return [pid, ...started.flatMap(familyOf)];
}

/** Of several processes together. */
export function memoryOfAll(pids: readonly number[]): Memory {
  const all = pids.map(memoryOf);
  const sum = (of: keyof Memory) => all.reduce((total, memory) => total + memory[of], 0);
  return { resident: sum('resident'), proportional: sum('proportional'), private: sum('private') };
}

/** Processor time of a process's living threads, milliseconds, from /proc/PID/task/TID/schedstat (nanoseconds). */
export function cpuMsOf(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`);
  const nanoseconds = threads.map((id) =>
    Number(readFileSync(`/proc/${pid}/task/${id}/schedstat`, 'utf8').split(' ')[0]),
  );
  return nanoseconds.reduce((sum, time) => sum + time, 0) / 1e6;
}

/** Waits until processes have taken less than a tenth of a core for two seconds in a row, at most `seconds`. */
export async function atRest(pids: () => readonly number[], seconds = 120): Promise<void> {
  const spent = () => pids().reduce((sum, pid) => sum + cpuMsOf(pid), 0);
  let calm = 0;
  for (let before = spent(), second = 0; calm < 2 && second < seconds; second++) {
    await delay(1000);
    const now = spent();
    calm = now - before < 100 ? calm + 1 : 0;
    before = now;
  }
}

/** How often the living threads of a process gave up the processor by themselves: each time something wakes them again. */
export function wakeUpsOf(pid: number): number {
  return readdirSync(`/proc/${pid}/task`).reduce((sum, id) => {
    const status = readFileSync(`/proc/${pid}/task/${id}/status`, 'utf8');
    return sum + Number(/^voluntary_ctxt_switches:\s+(\d+)/m.exec(status)?.[1] ?? 0);
  }, 0);
}

/** Waits until resident memory has stopped moving by more than one part in a hundred a second, at most `seconds`. */
export async function settled(pids: number | readonly number[], seconds = 10): Promise<Memory> {
  const all = typeof pids === 'number' ? [pids] : pids;
  let before = memoryOfAll(all);
  for (let second = 0; second < seconds; second++) {
    await delay(1000);
    const now = memoryOfAll(all);
    if (Math.abs(now.resident - before.resident) < before.resident / 100) return now;
    before = now;
  }
  return before;
}

/** Processor milliseconds that processes spend on `work`. */
export async function cpuSpentOn(pids: number | readonly number[], work: () => Promise<void>): Promise<number> {
  const all = typeof pids === 'number' ? [pids] : pids;
  const spent = () => all.reduce((sum, pid) => sum + cpuMsOf(pid), 0);
  const before = spent();
  await work();
  return spent() - before;
}
