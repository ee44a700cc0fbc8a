import {
  appendFileSync,
  closeSync,
  copyFileSync,
  existsSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import type { Dice } from '../../server/demo/dice.ts';

/** https://www.sqlite.org/fileformat2.html#walformat */
const walHeader = 32;
const frameHeader = 24;
const pageBytes = 4096;
const frameBytes = frameHeader + pageBytes;
const backfilled = 96;

export interface Copy {
  wal: string;
  /** Bytes of it that no cut takes away. */
  safe: number;
}

/** What a power cut may leave of a log that was being written. */
export interface Cut {
  words: string;
  /** True: nothing that was written is missing. */
  isWhole: boolean;
  apply(wal: string): void;
}

/**
 * A database with its log as they lie on the disk at this moment, copied while somebody writes: the copy is made again until
 * the database did not change meanwhile and the log only grew, so that it is one moment of both. The shared memory, which
 * does not outlive a machine, is left behind.
 */
export function copyAsByPowerCut(from: string, to: string): Copy {
  for (;;) {
    const [before, safe] = [stateOf(from), safeBytes(from)];
    for (const part of ['', '-wal', '-shm']) rmSync(to + part, { force: true });
    copyFileSync(from, to);
    if (existsSync(`${from}-wal`)) copyFileSync(`${from}-wal`, `${to}-wal`);
    if (stateOf(from) === before) return { wal: `${to}-wal`, safe: Math.max(safe, safeBytes(from)) };
  }
}

function stateOf(path: string): string {
  const { mtimeMs, size } = statSync(path);
  return JSON.stringify([mtimeMs, size, existsSync(`${path}-wal`) ? headerOf(`${path}-wal`) : '']);
}

function headerOf(path: string): string {
  const bytes = Buffer.alloc(walHeader);
  const file = openSync(path, 'r');
  try {
    readSync(file, bytes, 0, walHeader, 0);
  } finally {
    closeSync(file);
  }
  return bytes.toString('hex');
}

/**
 * How much of the log has been written into the database already: a disk that does so has the log, so no cut takes it away.
 * The shared memory says it (https://www.sqlite.org/walformat.html, "nBackfill"); where there is none, whoever writes does
 * so whole and at once, and the next write begins the log anew.
 */
function safeBytes(path: string): number {
  if (!existsSync(`${path}-shm`))
    return statSync(path).mtimeMs >= statSync(`${path}-wal`).mtimeMs ? statSync(`${path}-wal`).size : 0;
  const frames = readFileSync(`${path}-shm`).readUInt32LE(backfilled);
  return frames === 0 ? 0 : walHeader + frames * frameBytes;
}

/** A cut at each kind of boundary, at places chosen by the dice; those that no disk can leave are not among them. */
export function cutsOf({ wal, safe }: Copy, dice: Dice): Cut[] {
  const bytes = statSync(wal).size;
  const frames = Math.max(0, Math.floor((bytes - Math.max(safe, walHeader)) / frameBytes));
  const frame = Math.max(safe, walHeader) + Math.floor(dice.unit() * frames) * frameBytes;
  const at = (words: string, wished: number): Cut => {
    const offset = Math.min(Math.max(wished, safe), bytes);
    return {
      words: `${words} (${offset} of ${bytes} bytes)`,
      isWhole: offset === bytes,
      apply: (path) => truncateSync(path, offset),
    };
  };
  return [
    { words: 'whole', isWhole: true, apply: () => undefined },
    at('empty', 0),
    at('one byte', 1),
    at('within its header', walHeader - 1),
    at('its header alone', walHeader),
    at('at a frame', frame),
    at('one byte before a frame', Math.max(0, frame - 1)),
    at('one byte after a frame', frame + 1),
    at("within a frame's header", frame + frameHeader - 1),
    at("after a frame's header", frame + frameHeader),
    at('within a page', frame + frameHeader + Math.floor(dice.unit() * pageBytes)),
    at('anywhere', Math.floor(dice.unit() * bytes)),
    at('the last byte missing', bytes - 1),
    torn(frame, bytes),
    {
      words: 'zeros after it, as a file system leaves that grew the file first',
      isWhole: true,
      apply: (path) => appendFileSync(path, Buffer.alloc(frameBytes * 2)),
    },
    {
      words: 'refuse after it',
      isWhole: true,
      apply: (path) => appendFileSync(path, Buffer.from(Array.from({ length: frameBytes }, () => dice.unit() * 256))),
    },
    {
      words: 'refuse as shared memory',
      isWhole: true,
      apply: (path) => writeFileSync(path.replace(/-wal$/, '-shm'), Buffer.alloc(32_768, 0xa5)),
    },
  ];
}

/** A page of which half its sectors were written. */
function torn(frame: number, bytes: number): Cut {
  const start = frame + frameHeader;
  return {
    words: `half a page at ${start} of ${bytes} bytes`,
    isWhole: start + pageBytes > bytes,
    apply: (path) => {
      const all = readFileSync(path);
      all.fill(0, Math.min(start + 512, all.length), Math.min(start + pageBytes, all.length));
      writeFileSync(path, all);
    },
  };
}

/** Turns bytes over in every page of the middle third of a file, or of all of it. */
export function flipBytes(path: string, dice: Dice, { everywhere = false, bytesEach = 64 } = {}): void {
  const all = readFileSync(path);
  const pages = Math.floor(all.length / pageBytes);
  const [first, end] = everywhere ? [0, pages] : [Math.ceil(pages / 3), Math.ceil((pages * 2) / 3)];
  for (let page = first; page < end; page += 1)
    for (let count = 0; count < bytesEach; count += 1) {
      const at = page * pageBytes + Math.floor(dice.unit() * pageBytes);
      all[at] = ~(all[at] ?? 0) & 0xff;
    }
  if (everywhere) all.fill(0xa5, 0, 16);
  writeFileSync(path, all);
}
