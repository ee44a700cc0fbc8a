import type { LiveSample } from '../../shared/protocol/health.ts';

export type ProcessUse = LiveSample['processes'][number];

const shown = 30;

/** The thirty that matter most: by CPU, then by memory. Names only, without control characters. */
export function busiest(processes: readonly ProcessUse[]): ProcessUse[] {
  return [...processes]
    .sort((a, b) => b.cpuPercent - a.cpuPercent || b.memoryBytes - a.memoryBytes || a.pid - b.pid)
    .slice(0, shown)
    .map((process) => ({
      ...process,
      name: plainName(process.name),
      cpuPercent: Math.round(process.cpuPercent * 10) / 10,
    }));
}

/** A process may call itself anything. */
export function plainName(name: string): string {
  const plain = name.replace(/[\p{Cc}\p{Cf}]+/gu, ' ').trim();
  return plain.slice(0, 100) || '(no name)';
}
