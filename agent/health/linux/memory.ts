export interface Memory {
  totalBytes: number;
  usedBytes: number;
  swapTotalBytes: number;
  swapUsedBytes: number;
}

/** /proc/meminfo (proc_meminfo(5)). Used is what programs could not get: total less MemAvailable. */
export function parseMemory(meminfo: string | undefined): Memory | undefined {
  const bytes = new Map<string, number>();
  for (const [, name, kibibytes] of (meminfo ?? '').matchAll(/^(\w+):\s+(\d{1,13}) kB$/gm))
    if (name !== undefined) bytes.set(name, Number(kibibytes) * 1024);
  const total = bytes.get('MemTotal');
  if (!total) return undefined;
  const of = (name: string) => bytes.get(name) ?? 0;
  const available = bytes.get('MemAvailable') ?? of('MemFree') + of('Buffers') + of('Cached');
  return {
    totalBytes: total,
    usedBytes: Math.max(0, total - available),
    swapTotalBytes: of('SwapTotal'),
    swapUsedBytes: Math.max(0, of('SwapTotal') - of('SwapFree')),
  };
}
