import type { CommandResult, Commands } from '../../platform/commands.ts';
import { refused } from '../baseline/baseline.ts';
import { type LuksHeader, parseHeader } from './luks-header.ts';
import { readRecoveryKey } from './recovery-key.ts';

const programs = ['/usr/sbin/cryptsetup', '/sbin/cryptsetup'];
const enroll = '/usr/bin/systemd-cryptenroll';
const timeoutMs = 60_000;
/**
 * As systemd-cryptenroll does: a key of 256 random bits needs no slow hash.
 * https://github.com/systemd/systemd (src/shared/cryptsetup-util.c, cryptsetup_set_minimal_pbkdf)
 */
const cheapHash = ['--pbkdf', 'pbkdf2', '--pbkdf-force-iterations', '1000'];

/** A key file, and which part of it is the key. */
export interface KeyFile {
  path: string;
  offset: string | undefined;
  size: string | undefined;
}

/** cryptsetup(8) on one device. Keys go over standard input, never on a command line; nothing waits for a person. */
export class Cryptsetup {
  readonly #commands: Commands;
  readonly device: string;

  constructor(commands: Commands, device: string) {
    this.#commands = commands;
    this.device = device;
  }

  /** Undefined: no LUKS2 header, or a cryptsetup older than 2.4. */
  async header(): Promise<LuksHeader | undefined> {
    const result = await this.#run(['luksDump', '--dump-json-metadata', this.device]);
    return result.code === 0 ? parseHeader(result.stdout) : undefined;
  }

  /** Adds a key to a free slot; a slot that was taken meanwhile is refused by cryptsetup. */
  async addKey(key: Uint8Array, slot: number, { path, offset, size }: KeyFile): Promise<void> {
    const part = [
      ...(offset === undefined ? [] : ['--keyfile-offset', offset]),
      ...(size === undefined ? [] : ['--keyfile-size', size]),
    ];
    const args = ['luksAddKey', '--batch-mode', '--key-slot', String(slot), ...cheapHash, '--key-file', path, ...part];
    await this.#must('A recovery key could not be added', [...args, this.device, '-'], key);
  }

  /** Lets systemd unlock by TPM2 and add a key of its own making; undefined when it printed none. */
  async enrollByTpm2(): Promise<Buffer | undefined> {
    const args = ['--recovery-key', '--unlock-tpm2-device=auto', this.device];
    const result = await this.#commands.run(enroll, args, { timeoutMs });
    if (result.code === 0) return readRecoveryKey(result.stdout);
    throw this.#refused('A recovery key could not be added by TPM2', result);
  }

  async importToken(tokenId: number, text: string): Promise<void> {
    const args = ['token', 'import', '--token-id', String(tokenId), '--json-file', '-', this.device];
    await this.#must('The header could not be written', args, Buffer.from(text));
  }

  async removeToken(tokenId: number): Promise<void> {
    await this.#must('The header could not be written', [
      'token',
      'remove',
      '--token-id',
      String(tokenId),
      this.device,
    ]);
  }

  async killSlot(slot: number): Promise<void> {
    await this.#must('A key slot could not be removed', ['luksKillSlot', '--batch-mode', this.device, String(slot)]);
  }

  async #must(what: string, args: readonly string[], secret?: Uint8Array): Promise<void> {
    const result = await this.#run(args, secret);
    if (result.code !== 0) throw this.#refused(what, result);
  }

  #refused(what: string, { stderr, failure }: CommandResult) {
    const remedy = 'Run the agent as root and look at the volume with cryptsetup luksDump.';
    return refused('luks', `${what} on ${this.device}`, failure ?? stderr, remedy);
  }

  async #run(args: readonly string[], secret?: Uint8Array): Promise<CommandResult> {
    let result: CommandResult | undefined;
    for (const program of programs) {
      result = await this.#commands.run(program, args, { timeoutMs, ...(secret && { secret }) });
      if (result.failure !== 'missing') return result;
    }
    return result ?? { code: -1, stdout: '', stderr: '', failure: 'missing' };
  }
}

/** The version of systemd whose `systemd-cryptenroll` there is; 0 without. */
export async function cryptenrollVersion(commands: Commands): Promise<number> {
  const { code, stdout } = await commands.run(enroll, ['--version']);
  return code === 0 ? Number(/^systemd (\d+)/.exec(stdout)?.[1] ?? 0) : 0;
}
