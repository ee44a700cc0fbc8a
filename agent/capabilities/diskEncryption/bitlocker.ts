import { items, member } from '../../health/json.ts';
import type { Commands } from '../../platform/commands.ts';
import { refused } from '../baseline/baseline.ts';
import { runScript } from '../webFilter/powershell.ts';

export const drive = 'C:';
const manageBde = 'C:\\Windows\\System32\\manage-bde.exe';
const timeoutMs = 60_000;

/** What BitLocker says of the system drive, without any key. */
export interface BitLockerVolume {
  protection: string;
  /** `FullyDecrypted`, `EncryptionInProgress`, `FullyEncrypted` … */
  volume: string;
  protectors: readonly { id: string; type: string }[];
  tpmReady: boolean;
}

/**
 * Get-BitLockerVolume and Get-Tpm; names rather than numbers. Protectors by id and type alone: PowerShell may write down
 * what passes through it (transcription, module logging), so no key ever does.
 * https://learn.microsoft.com/powershell/module/bitlocker/get-bitlockervolume
 */
export const statements = [
  `$v = Get-BitLockerVolume -MountPoint ${drive}`,
  '$p = @($v.KeyProtector | ForEach-Object { @{ id = [string]$_.KeyProtectorId; type = [string]$_.KeyProtectorType } })',
  '$t = $false; try { $t = [bool](Get-Tpm).TpmReady } catch { $t = $false }',
  '@{ protection = [string]$v.ProtectionStatus; volume = [string]$v.VolumeStatus; protectors = $p; tpmReady = $t } | ConvertTo-Json -Compress -Depth 3',
] as const;

export function parseVolume(answer: unknown): BitLockerVolume | undefined {
  const [protection, volume] = [member(answer, 'protection'), member(answer, 'volume')];
  if (typeof protection !== 'string' || typeof volume !== 'string' || volume === '') return undefined;
  const protectors = items(member(answer, 'protectors')).flatMap((one) => {
    const [id, type] = [member(one, 'id'), member(one, 'type')];
    return typeof id === 'string' && isProtectorId(id) && typeof type === 'string' ? [{ id, type }] : [];
  });
  return { protection, volume, protectors, tpmReady: member(answer, 'tpmReady') === true };
}

/** The only thing of another program's output that comes back on a command line. */
function isProtectorId(id: string): boolean {
  return /^\{[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\}$/.test(id);
}

/**
 * The numerical password of a protector in what `manage-bde -protectors -get` prints, in whatever language: an id in
 * braces, then eight groups of six digits. https://learn.microsoft.com/windows-server/administration/windows-commands/manage-bde-protectors
 */
export function passwordOf(stdout: string, id: string): Buffer | undefined {
  const from = stdout.toUpperCase().indexOf(id.toUpperCase());
  if (from < 0) return undefined;
  const [own = ''] = stdout.slice(from + id.length).split(/\{[0-9A-Fa-f]{8}-/);
  const found = /(?<!\d)\d{6}(?:-\d{6}){7}(?!\d)/.exec(own)?.[0];
  return found === undefined ? undefined : Buffer.from(found);
}

/** BitLocker of the system drive. Keys come from manage-bde over a pipe and are on no command line. */
export class BitLocker {
  readonly #commands: Commands;

  constructor(commands: Commands) {
    this.#commands = commands;
  }

  async read(): Promise<BitLockerVolume | undefined> {
    return parseVolume(await runScript(this.#commands, 'BitLocker could not be asked', statements));
  }

  async password(id: string): Promise<Buffer> {
    const stdout = await this.#must('The recovery password could not be read', ['-protectors', '-get', drive]);
    const password = passwordOf(stdout, id);
    if (password) return password;
    throw refused('bitlocker', 'The recovery password could not be read', 'manage-bde showed none', remedy);
  }

  /** Windows makes the password. */
  async addPassword(): Promise<void> {
    await this.#must('A recovery password could not be added', ['-protectors', '-add', drive, '-RecoveryPassword']);
  }

  async addTpm(): Promise<void> {
    await this.#must('The TPM could not be made to unlock the drive', ['-protectors', '-add', drive, '-TPM']);
  }

  async deleteProtector(id: string): Promise<void> {
    await this.#must('A protector could not be removed', ['-protectors', '-delete', drive, '-id', id]);
  }

  /** Begins at once, without a restart, with the space in use. */
  async turnOn(): Promise<void> {
    await this.#must('BitLocker could not be turned on', ['-on', drive, '-UsedSpaceOnly', '-SkipHardwareTest']);
  }

  /** What it says stays here: it may hold a password, so an error tells its exit code alone. */
  async #must(what: string, args: readonly string[]): Promise<string> {
    const { code, stdout, failure } = await this.#commands.run(manageBde, args, { timeoutMs });
    if (code === 0) return stdout;
    const error = /0x8[0-9A-Fa-f]{7}/.exec(stdout)?.[0];
    throw refused('bitlocker', what, failure ?? error ?? `exit code ${code}`, remedy);
  }
}

const remedy = 'Run the agent as a service of the SYSTEM account; a group policy may ask for other protectors.';
