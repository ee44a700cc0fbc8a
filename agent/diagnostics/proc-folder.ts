import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import { endianness } from 'node:os';
import { join } from 'node:path';
import type { ProcessUse } from './processes.ts';

/** A process at one instant: CPU ticks since its start, resident pages. */
export interface ProcessState {
  name: string;
  ticks: number;
  pages: number;
  /** Told with the pid it names one process for good: pids are used again. */
  started: string;
}

/** /proc read synchronously through one buffer. A process may end at any instant: what is gone is left out. */
export class ProcFolder {
  readonly #root: string;
  readonly #buffer = Buffer.allocUnsafe(262_144);
  readonly #ticksPerSecond: number;
  readonly #pageBytes: number;

  constructor(root: string) {
    this.#root = join(root, 'proc');
    const length = this.#fill('self/auxv');
    const constants = parseAuxiliary(this.#buffer.subarray(0, Math.max(0, length)));
    this.#ticksPerSecond = constants.ticksPerSecond;
    this.#pageBytes = constants.pageBytes;
  }

  text(name: string): string | undefined {
    const length = this.#fill(name);
    return length < 0 ? undefined : this.#buffer.toString('utf8', 0, length);
  }

  /** pid → state of every process that can be read. */
  processes(): Map<number, ProcessState> {
    const states = new Map<number, ProcessState>();
    for (const entry of this.#entries()) {
      const state = /^\d{1,9}$/.test(entry) ? parseProcess(this.text(`${entry}/stat`)) : undefined;
      if (state) states.set(Number(entry), state);
    }
    return states;
  }

  /** CPU in per cent of one processor over the seconds between two looks. */
  usage(before: Map<number, ProcessState>, after: Map<number, ProcessState>, seconds: number): ProcessUse[] {
    return [...after].map(([pid, state]) => {
      const earlier = before.get(pid);
      const ticks = earlier?.started === state.started ? state.ticks - earlier.ticks : 0;
      const cpuPercent = Math.max(0, (100 * ticks) / this.#ticksPerSecond / seconds);
      return { pid, name: state.name, cpuPercent, memoryBytes: state.pages * this.#pageBytes };
    });
  }

  #entries(): string[] {
    try {
      return readdirSync(this.#root);
    } catch (error) {
      return this.#gone(error, []);
    }
  }

  /** Reads a file into the buffer; its length, or -1 when it cannot be read. */
  #fill(name: string): number {
    let file: number | undefined;
    try {
      file = openSync(`${this.#root}/${name}`, 'r');
      let length = 0;
      for (let read = -1; read !== 0 && length < this.#buffer.length; length += read)
        read = readSync(file, this.#buffer, length, this.#buffer.length - length, null);
      return length;
    } catch (error) {
      return this.#gone(error, -1);
    } finally {
      if (file !== undefined) closeSync(file);
    }
  }

  #gone<T>(error: unknown, instead: T): T {
    const { code } = error as NodeJS.ErrnoException;
    if (code && ['ENOENT', 'ESRCH', 'EACCES', 'EPERM', 'ENOTDIR', 'EISDIR', 'EINVAL', 'EIO'].includes(code))
      return instead;
    throw error;
  }
}

/** proc_pid_stat(5). The name stands in brackets and may itself hold brackets and blanks. */
export function parseProcess(stat: string | undefined): ProcessState | undefined {
  if (stat === undefined) return undefined;
  const [from, to] = [stat.indexOf('('), stat.lastIndexOf(')')];
  if (from < 0 || to < from) return undefined;
  // After the name come state (field 3) and so on: utime 14, stime 15, starttime 22, rss 24.
  const fields = stat.slice(to + 2).split(' ');
  const [user, system, pages] = [Number(fields[11]), Number(fields[12]), Number(fields[21])];
  if (![user, system, pages].every((value) => Number.isFinite(value) && value >= 0)) return undefined;
  return { name: stat.slice(from + 1, to), ticks: user + system, pages, started: fields[19] ?? '' };
}

/** The auxiliary vector (getauxval(3)): pairs of 64-bit words; 6 is the page size, 17 the clock ticks per second. */
export function parseAuxiliary(vector: Buffer): { pageBytes: number; ticksPerSecond: number } {
  const found = new Map<number, number>();
  const word = (at: number) => Number(endianness() === 'LE' ? vector.readBigUInt64LE(at) : vector.readBigUInt64BE(at));
  for (let at = 0; at + 16 <= vector.length; at += 16) found.set(word(at), word(at + 8));
  return { pageBytes: found.get(6) || 4096, ticksPerSecond: found.get(17) || 100 };
}
