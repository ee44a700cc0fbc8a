import os from 'node:os';
import type { MemoryFacts, ProcessorFacts, ProgramUse } from '../../../shared/diagnostics/judge/load.ts';
import { share } from '../../health/collector.ts';
import { parseMemory } from '../../health/linux/memory.ts';
import type { KernelFiles } from '../../health/linux/tree.ts';
import { type Look, pause } from '../look.ts';
import { ProcFolder } from '../proc-folder.ts';
import type { ProcessUse } from '../processes.ts';
import { processName, systemProgram } from '../program-names.ts';

const sampleMs = 2_000;
const shown = 5;

/** What ran in two seconds, by processor time; this process, which looks, is left out. */
export async function lookAtProcessor(look: Look): Promise<ProcessorFacts | undefined> {
  if (look.platform !== 'linux') return await elsewhere(look);
  const { clock, files } = look;
  const proc = new ProcFolder(look.root);
  const read = () => ({ at: clock.monotonic(), ticks: parseStat(proc.text('stat')), processes: proc.processes() });
  const before = read();
  await pause(look, sampleMs);
  const after = read();
  if (!before.ticks || !after.ticks) return undefined;
  const seconds = Math.max(0.001, (after.at - before.at) / 1000);
  const total = after.ticks.total - before.ticks.total;
  return {
    busyPercent:
      share(total - (after.ticks.idle - before.ticks.idle) - (after.ticks.waiting - before.ticks.waiting), total) ?? 0,
    waitingPercent: share(after.ticks.waiting - before.ticks.waiting, total) ?? 0,
    programs: await named(files, proc.usage(before.processes, after.processes, seconds), 'cpuPercent'),
  };
}

/** The first line of proc_stat(5): user nice system idle iowait irq softirq steal. */
export function parseStat(stat: string | undefined): { total: number; idle: number; waiting: number } | undefined {
  const fields = /^cpu +(.+)$/m
    .exec(stat ?? '')?.[1]
    ?.split(' ')
    .slice(0, 8)
    .map(Number);
  if (!fields || fields.length < 5 || !fields.every(Number.isFinite)) return undefined;
  return { total: fields.reduce((sum, field) => sum + field, 0), idle: fields[3] ?? 0, waiting: fields[4] ?? 0 };
}

/** How much memory is left, and whether programs wait for it. */
export async function lookAtMemory(look: Look): Promise<MemoryFacts | undefined> {
  if (look.platform !== 'linux') return await memoryElsewhere(look);
  const { files, root } = look;
  const memory = parseMemory(await files.text('/proc/meminfo'));
  if (!memory) return undefined;
  const killed = Number(/^oom_kill (\d{1,12})$/m.exec((await files.text('/proc/vmstat')) ?? '')?.[1] ?? 0);
  const pressure = parsePressure(await files.text('/proc/pressure/memory'));
  const proc = new ProcFolder(root);
  const processes = proc.processes();
  return {
    totalBytes: memory.totalBytes,
    availableBytes: memory.totalBytes - memory.usedBytes,
    swapTotalBytes: memory.swapTotalBytes,
    swapUsedBytes: memory.swapUsedBytes,
    killed,
    ...(pressure && { pressure }),
    programs: await named(files, proc.usage(processes, processes, 1), 'memoryBytes'),
  };
}

/** `some avg10=1.23 avg60=…` and `full avg10=…`; kernel: Documentation/accounting/psi.rst. */
export function parsePressure(text: string | undefined): { some: number; full: number } | undefined {
  const of = (name: string) => new RegExp(`^${name} avg10=(\\d{1,3}\\.\\d\\d)`, 'm').exec(text ?? '')?.[1];
  const [some, full] = [of('some'), of('full')];
  return some === undefined ? undefined : { some: Number(some), full: Number(full ?? 0) };
}

async function named(files: KernelFiles, use: ProcessUse[], by: 'cpuPercent' | 'memoryBytes'): Promise<ProgramUse[]> {
  const most = use
    .filter(({ pid }) => pid !== process.pid)
    .sort((a, b) => b[by] - a[by])
    .slice(0, shown);
  return await Promise.all(
    most.map(async ({ pid, name, cpuPercent, memoryBytes }) => {
      const known = await processName(files, pid, name);
      return { ...(known !== undefined && { name: known }), cpuPercent, memoryBytes };
    }),
  );
}

/** Windows and macOS: systeminformation counts between two calls of its own. */
async function elsewhere(look: Look): Promise<ProcessorFacts | undefined> {
  const si = await import('systeminformation');
  await si.currentLoad();
  await pause(look, sampleMs);
  const { currentLoad } = await si.currentLoad();
  return { busyPercent: currentLoad, waitingPercent: 0, programs: (await programsElsewhere(look)).byProcessor };
}

async function memoryElsewhere(look: Look): Promise<MemoryFacts> {
  const memory = await (await import('systeminformation')).mem();
  return {
    totalBytes: memory.total,
    availableBytes: memory.available,
    swapTotalBytes: memory.swaptotal,
    swapUsedBytes: memory.swapused,
    programs: (await programsElsewhere(look)).byMemory,
  };
}

async function programsElsewhere({ platform }: Look): Promise<Record<'byProcessor' | 'byMemory', ProgramUse[]>> {
  const { list } = await (await import('systeminformation')).processes();
  return mapPrograms(list, platform, platform === 'win32' ? os.availableParallelism() : 1);
}

interface ListedProcess {
  pid: number;
  name: string;
  /** On Windows of the file, on macOS of its folder. */
  path: string;
  cpu: number;
  memRss: number;
}

/** Ours is processor time of one core: on Windows the library tells a share of them all. Its names and commands are left. */
export function mapPrograms(
  list: readonly ListedProcess[],
  platform: Look['platform'],
  cores: number,
): Record<'byProcessor' | 'byMemory', ProgramUse[]> {
  const programs = list
    .filter(({ pid }) => pid > 0 && pid !== process.pid)
    .map(({ name, path, cpu, memRss }): ProgramUse => {
      const known = systemProgram(platform === 'win32' ? path : `${path}/${name}`, platform);
      return {
        ...(known !== undefined && { name: known }),
        cpuPercent: Math.max(0, cpu * cores),
        memoryBytes: memRss * 1024,
      };
    });
  const most = (by: 'cpuPercent' | 'memoryBytes') => [...programs].sort((a, b) => b[by] - a[by]).slice(0, shown);
  return { byProcessor: most('cpuPercent'), byMemory: most('memoryBytes') };
}
