import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pino from 'pino';
import { systemClock as clock, systemRandom as random } from '../../../server/clock.ts';
import { type Authority, openAuthority } from '../../../server/pki/authority.ts';
import { startProgram } from '../programs.ts';
import type { Scope } from '../scope.ts';

/** What a simulated device is and proves itself by. Its place in the crowd decides its id, so that any run finds it. */
export interface Credential {
  deviceId: string;
  serial: string;
  fingerprint: string;
  keyHash: string;
  notBefore: number;
  notAfter: number;
  /** PEM, without the issuing certificate, which all share. */
  certificate: string;
  /** PEM: P-256. */
  key: string;
}

/** Grows when what a file holds changes. */
const format = 1;
export const perFile = 1_000;
const makers = 2;
const leftAfterMs = 3_600_000;
const readMe = `Certificates and keys of devices that exist in benchmarks of Rollcall alone. Made once, because they take minutes for
100,000 devices; safe to delete at any time. Nothing real trusts them.
`;

export const deviceIdOf = (index: number) => `load-${String(index).padStart(6, '0')}`;

/** `$XDG_CACHE_HOME/rollcall-bench/FORMAT` (XDG Base Directory Specification). */
function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'rollcall-bench', String(format));
}

/**
 * An authority and certificates of many devices, kept between runs. Files are written once, whole, and never changed, so
 * runs beside each other do no harm: whoever comes second takes what the first has made.
 */
export class Credentials {
  readonly folder: string;

  constructor(folder = cacheFolder()) {
    this.folder = folder;
  }

  /** Makes what is missing for so many devices; `making` hears how many that are, before. */
  async ensure(scope: Scope, count: number, making: (missing: number) => void): Promise<void> {
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    chmodSync(this.folder, 0o700);
    this.#tidy();
    if (!existsSync(join(this.folder, 'pki'))) await this.#makeAuthority();
    const files = Math.ceil(count / perFile);
    const missing = Array.from({ length: files }, (_, file) => file).filter((file) => !existsSync(this.#path(file)));
    if (missing.length === 0) return;
    making(missing.length * perFile);
    const turns = Array.from({ length: makers }, (_, maker) => missing.filter((_file, at) => at % makers === maker));
    await Promise.all(turns.filter((turn) => turn.length > 0).map((turn) => this.#makeApart(scope, turn)));
  }

  /** Devices `from` to `to`, without the latter. */
  *read(from: number, to: number): Generator<[index: number, Credential]> {
    for (let file = Math.floor(from / perFile); file * perFile < to; file++) {
      const some = JSON.parse(readFileSync(this.#path(file), 'utf8')) as Credential[];
      for (const [at, credential] of some.entries()) {
        const index = file * perFile + at;
        if (index >= from && index < to) yield [index, credential];
      }
    }
  }

  /** The certificates of the district: what devices pin, and what they send after their own. */
  authority(): Promise<Authority> {
    return openAuthority({
      ...{ home: this.folder, district: 'Bench', hostNames: ['127.0.0.1'], clock, random },
      ...{ log: pino({ level: 'silent' }), deviceLifetimeMs: 4 * 365 * 86_400_000 },
    });
  }

  /** Keeps the file, unless another run has kept its own meanwhile. */
  keep(file: number, credentials: readonly Credential[]): void {
    const folder = mkdtempSync(join(this.folder, 'making-'));
    const made = join(folder, 'devices.json');
    writeFileSync(made, JSON.stringify(credentials), { mode: 0o600 });
    try {
      linkSync(made, this.#path(file));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    } finally {
      unlinkSync(made);
      rmSync(folder, { recursive: true });
    }
  }

  #path(file: number): string {
    return join(this.folder, `devices-${String(file).padStart(4, '0')}.json`);
  }

  /** What a run left that was cut off while it made something. */
  #tidy(): void {
    for (const name of readdirSync(this.folder).filter((left) => left.startsWith('making-'))) {
      const path = join(this.folder, name);
      const { mtimeMs = Date.now() } = statSync(path, { throwIfNoEntry: false }) ?? {};
      if (Date.now() - mtimeMs > leftAfterMs) rmSync(path, { recursive: true, force: true });
    }
  }

  async #makeAuthority(): Promise<void> {
    const folder = mkdtempSync(join(this.folder, 'making-'));
    try {
      (await new Credentials(folder).authority()).stop();
      writeFileSync(join(this.folder, 'README'), readMe);
      renameSync(join(folder, 'pki'), join(this.folder, 'pki'));
    } catch (error) {
      if (!['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  async #makeApart(scope: Scope, files: readonly number[]): Promise<void> {
    const path = fileURLToPath(new URL('./issue.ts', import.meta.url));
    const maker = await startProgram<{ done: true }>(scope, 'certificates', [path, this.folder, files.join()]);
    await maker.stop();
  }
}
