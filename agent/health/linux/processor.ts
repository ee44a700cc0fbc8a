import { percent } from '../collector.ts';

/** Ticks of one processor since the start, from /proc/stat. */
export interface Ticks {
  busy: number;
  total: number;
}

export interface ProcessorTicks {
  all: Ticks;
  cores: Ticks[];
}

/** The `cpu` lines of /proc/stat (proc_stat(5)); undefined when there is no usable first line. */
export function parseProcessorTicks(stat: string | undefined): ProcessorTicks | undefined {
  const lines = (stat ?? '').split('\n').filter((line) => line.startsWith('cpu'));
  const all = lines.find((line) => line.startsWith('cpu '));
  const ticks = all === undefined ? undefined : ticksOf(all);
  if (!ticks) return undefined;
  const cores = lines.filter((line) => /^cpu\d/.test(line)).map((line) => ticksOf(line) ?? { busy: 0, total: 0 });
  return { all: ticks, cores };
}

/** Per cent busy between two readings; 0 when no time passed or the counters went back. */
export function busyPercent(before: Ticks | undefined, after: Ticks): number {
  const total = after.total - (before?.total ?? after.total);
  const busy = after.busy - (before?.busy ?? after.busy);
  return total > 0 ? (percent((100 * busy) / total) ?? 0) : 0;
}

/** user nice system idle iowait irq softirq steal; guest time is already within user. */
function ticksOf(line: string): Ticks | undefined {
  const fields = line.trim().split(/\s+/).slice(1, 9).map(Number);
  if (fields.length < 4 || fields.some((field) => !Number.isFinite(field))) return undefined;
  const total = fields.reduce((sum, field) => sum + field, 0);
  return { busy: total - (fields[3] ?? 0) - (fields[4] ?? 0), total };
}
