import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** About what a log holds before it begins anew: from then on nothing but bytes changes on disk. */
const logBytes = 8_388_608;

export interface DiskRun {
  reports: number;
  /** Reports a second. */
  rate: number;
  bytesEach: number;
}

/**
 * The floor under an answer that is given when the disk has it: as many bytes at the same pace, whatever is due written and
 * brought to disk together. Milliseconds from when each was due to when it was held.
 */
export async function straightToDisk(folder: string, { reports, rate, bytesEach }: DiskRun): Promise<number[]> {
  const file = await open(join(folder, 'log'), 'w');
  try {
    await file.write(Buffer.alloc(logBytes, 1), 0, logBytes, 0);
    await file.datasync();
    const begun = performance.now();
    const waits: number[] = [];
    while (waits.length < reports) {
      const due = Math.min(reports, Math.floor(((performance.now() - begun) * rate) / 1000));
      if (due === waits.length) await delay(1);
      else await hold(file, waits.length * bytesEach, (due - waits.length) * bytesEach);
      const held = performance.now();
      while (waits.length < due) waits.push(held - begun - ((waits.length + 1) * 1000) / rate);
    }
    return waits;
  } finally {
    await file.close();
  }
}

async function hold(file: FileHandle, from: number, bytes: number): Promise<void> {
  const length = Math.min(Math.ceil(bytes), logBytes);
  await file.write(Buffer.alloc(length, 2), 0, length, Math.floor(from) % (logBytes - length + 1));
  await file.datasync();
}
