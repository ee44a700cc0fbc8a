import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CommandResult, type Commands, SystemCommands } from '../../../agent/platform/commands.ts';

const cryptsetup = '/usr/sbin/cryptsetup';
const cheap = ['--pbkdf', 'pbkdf2', '--pbkdf-force-iterations', '1000'];

/** Why these tests are skipped here; undefined when they can run. A header on a plain file needs no device mapper. */
export function noCryptsetup(): string | undefined {
  try {
    const version = /(\d+)\.(\d+)/.exec(execFileSync(cryptsetup, ['--version'], { encoding: 'utf8' }));
    const [major, minor] = [Number(version?.[1]), Number(version?.[2])];
    return major > 2 || (major === 2 && minor >= 4) ? undefined : 'needs cryptsetup 2.4 or later';
  } catch (error) {
    return `needs cryptsetup: ${String(error).slice(0, 200)}`;
  }
}

/** A host below a folder of its own with one LUKS2 volume on a plain file, opened by a key file that crypttab names. */
export class LuksHost {
  readonly root = mkdtempSync(join(tmpdir(), 'rollcall-luks-'));
  readonly image = join(this.root, 'disk.img');
  readonly keyFile = join(this.root, 'etc/disk.key');

  constructor(format: 'luks1' | 'luks2' = 'luks2') {
    mkdirSync(join(this.root, 'etc'));
    writeFileSync(this.image, '');
    truncateSync(this.image, 20 * 1024 * 1024);
    writeFileSync(this.keyFile, Buffer.alloc(64, 'a real key file would be random '), { mode: 0o600 });
    execFileSync(cryptsetup, [
      ...['luksFormat', '--batch-mode', '--type', format, ...cheap],
      ...['--key-file', this.keyFile, this.image],
    ]);
    this.crypttab('/etc/disk.key luks');
  }

  crypttab(rest: string): void {
    writeFileSync(join(this.root, 'etc/crypttab'), `# <name> <device> <key> <options>\nsda3_crypt /disk.img ${rest}\n`);
  }

  /** Slots, tokens and what protects the data. */
  header(): { keyslots: object; tokens: Record<string, { type: string; keyslots: string[] }>; digests: object } {
    return JSON.parse(execFileSync(cryptsetup, ['luksDump', '--dump-json-metadata', this.image], { encoding: 'utf8' }));
  }

  get slots(): string[] {
    return Object.keys(this.header().keyslots);
  }

  /** Whether the key unlocks the volume. */
  opens(key: string): boolean {
    try {
      execFileSync(cryptsetup, ['open', '--test-passphrase', '--key-file', '-', this.image], {
        input: key,
        stdio: ['pipe', 'pipe', 'pipe'],
      });
      return true;
    } catch {
      return false;
    }
  }

  /** Somebody else adds a key of their own. */
  addKey(key: string): void {
    const args = ['luksAddKey', '--batch-mode', ...cheap, '--key-file', this.keyFile, this.image, '-'];
    execFileSync(cryptsetup, args, { input: key });
  }

  killSlot(slot: string): void {
    execFileSync(cryptsetup, ['luksKillSlot', '--batch-mode', this.image, slot]);
  }

  clean(): void {
    rmSync(this.root, { recursive: true });
  }
}

/** The real programs, with everything that went to their command lines, and a power cut after so many of them. */
export class WatchedCommands implements Commands {
  readonly lines: string[] = [];
  readonly #real = new SystemCommands();
  /** The first call whose arguments begin so, and every one after it, is never made: the power is gone. */
  cutAt: string | undefined;
  #isCut = false;

  async run(...[path, args, options]: Parameters<Commands['run']>): Promise<CommandResult> {
    this.lines.push([path, ...args].join(' '));
    this.#isCut ||= this.cutAt !== undefined && args.join(' ').startsWith(this.cutAt);
    if (this.#isCut) throw new PowerCut();
    return await this.#real.run(path, args, options);
  }
}

export class PowerCut extends Error {}
