import type { CommandResult, Commands } from '../../platform/commands.ts';
import type { ObservationValue } from '../collector.ts';
import type { KernelFiles } from '../linux/tree.ts';
import { silence, unknown } from './observation.ts';
import { runPowerShell } from './powershell.ts';

/* Whether the firmware starts only signed systems. Observed only: it is switched in the firmware, by a person. */

export type SecureBoot = ObservationValue<'secureBoot'>;

const on = (evidence: string): SecureBoot => ({ state: 'on', evidence });
const off = (evidence: string): SecureBoot => ({ state: 'off', evidence });
const unsupported: SecureBoot = { state: 'unsupported', evidence: 'This device does not start by UEFI' };

/** The variable of the UEFI specification: four bytes of attributes, then one that is 1 or 0. */
const variable = '/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c';

/** The kernel makes /sys/firmware/efi only where it was started by UEFI; an empty folder is a container's, and tells nothing. */
export async function linuxSecureBoot(commands: Commands, files: Pick<KernelFiles, 'list'>): Promise<SecureBoot> {
  const firmware = await files.list('/sys/firmware');
  if (firmware.length > 0 && !firmware.includes('efi')) return unsupported;
  const byVariable = readEfiVariable(await commands.run('/usr/bin/od', ['-An', '-t', 'u1', variable]));
  return byVariable ?? readMokutil(await commands.run('/usr/bin/mokutil', ['--sb-state']));
}

/** `od -An -t u1`: the bytes as numbers; undefined when there is no such variable. */
export function readEfiVariable(result: CommandResult): SecureBoot | undefined {
  const bytes = result.stdout.trim().split(/\s+/);
  if (result.code !== 0 || bytes.length !== 5) return undefined;
  if (bytes[4] === '1') return on('UEFI: SecureBoot is 1');
  return bytes[4] === '0' ? off('UEFI: SecureBoot is 0') : undefined;
}

/** `mokutil --sb-state` (mokutil.c); in setup mode nothing is checked although it says enabled. */
export function readMokutil(result: CommandResult): SecureBoot {
  const said = result.stdout + result.stderr;
  if (/EFI variables are not supported on this system/.test(said)) return unsupported;
  if (/^SecureBoot disabled/m.test(said)) return off('mokutil: SecureBoot disabled');
  if (!/^SecureBoot enabled/m.test(said)) return unknown(silence('mokutil', result));
  return /Setup Mode/i.test(said) ? off('mokutil: the platform is in setup mode') : on('mokutil: SecureBoot enabled');
}

export async function windowsSecureBoot(commands: Commands): Promise<SecureBoot> {
  return readConfirmSecureBoot(await runPowerShell(commands, '[string](Confirm-SecureBootUEFI -ErrorAction Stop)'));
}

/**
 * `True` or `False` in every language; where firmware has no UEFI, NTSTATUS 0xC0000002 (STATUS_NOT_IMPLEMENTED), or the
 * sentence of Microsoft’s reference alone. 0xC0000100, a variable that is not there, leaves it open.
 */
export function readConfirmSecureBoot(result: CommandResult): SecureBoot {
  const said = result.stdout.trim();
  if (result.code === 0 && said === 'True') return on('Confirm-SecureBootUEFI: True');
  if (result.code === 0 && said === 'False') return off('Confirm-SecureBootUEFI: False');
  if (/0xC0000002\b|not supported on this platform\.?\s*$/im.test(result.stderr + result.stdout)) return unsupported;
  return unknown(silence('Confirm-SecureBootUEFI', result));
}

/** Apple silicon has bputil; a Mac with a T2 keeps its level in a variable of the firmware. */
export async function macSecureBoot(commands: Commands): Promise<SecureBoot> {
  const policy = await commands.run('/usr/bin/bputil', ['-d']);
  const byPolicy = readBootPolicy(policy);
  if (byPolicy.state !== 'unknown') return byPolicy;
  const level = await commands.run('/usr/sbin/nvram', ['94B73556-2197-4702-82A8-3E1337DAFBFB:AppleSecureBootPolicy']);
  return readSecureBootLevel(level) ?? byPolicy;
}

/** bputil(1): Full starts only what Apple signs for this Mac, Reduced what Apple ever signed, Permissive anything. */
export function readBootPolicy(result: CommandResult): SecureBoot {
  const mode = /^\s*Security Mode:\s+(Full|Reduced|Permissive)\b/m.exec(result.stdout)?.[1];
  if (mode === undefined) return unknown(silence('bputil', result));
  return mode === 'Permissive' ? off('bputil: permissive security') : on(`bputil: ${mode.toLowerCase()} security`);
}

/** `nvram NAME` prints name and value: %02 full, %01 medium, %00 none. Undefined on a Mac without it. */
export function readSecureBootLevel(result: CommandResult): SecureBoot | undefined {
  const level = result.code === 0 ? /AppleSecureBootPolicy\s+%0([012])\s*$/.exec(result.stdout)?.[1] : undefined;
  if (level === undefined) return undefined;
  return level === '0' ? off('nvram: no secure boot') : on(`nvram: secure boot level ${level}`);
}
