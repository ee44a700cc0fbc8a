/** Figures as a technician reads them. */

export const percentWords = (value: number) => `${Math.round(value)} %`;

/** 1 kB is 1000 bytes, as makers of disks count. */
export function bytesWords(bytes: number): string {
  const [size, unit] = (
    [
      [1e12, 'TB'],
      [1e9, 'GB'],
      [1e6, 'MB'],
      [1e3, 'kB'],
    ] as const
  ).find(([least]) => bytes >= least) ?? [1, 'bytes'];
  const amount = bytes / size;
  return `${amount < 10 && unit !== 'bytes' ? amount.toFixed(1) : Math.round(amount)} ${unit}`;
}

export const msWords = (ms: number) => (ms < 10_000 ? `${Math.round(ms)} ms` : `${Math.round(ms / 1000)} s`);

/** `3 minutes`, `2 days`: one unit, rounded down, at least a second. */
export function spanWords(ms: number): string {
  const [size, unit] = (
    [
      [86_400_000, 'day'],
      [3_600_000, 'hour'],
      [60_000, 'minute'],
      [1000, 'second'],
    ] as const
  ).find(([least]) => ms >= least) ?? [1000, 'second'];
  return counted(Math.max(1, Math.floor(ms / size)), unit);
}

export const counted = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** `2026-11-22 20:05 UTC`; a clock can be so wrong that no calendar has its date. */
export function momentWords(at: number): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? `${at} ms` : `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

export const dayWords = (at: number) => momentWords(at).slice(0, 10);
