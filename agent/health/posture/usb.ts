import type { CommandResult, Commands } from '../../platform/commands.ts';
import { member, parseJson } from '../json.ts';
import type { HostReader } from './guest.ts';
import { silence, type UsbStorage, unknown } from './observation.ts';
import { runPowerShell } from './powershell.ts';

/* What USB sticks and disks may do, as each system shows it. */

/** The drivers of sticks and disks on Linux: bulk-only transport and USB attached SCSI. */
export const usbDrivers = ['usb-storage', 'uas'] as const;
/** The agent's own rule for udev; others' rules are not understood. */
export const readOnlyRule = '/etc/udev/rules.d/99-rollcall-usb-storage.rules';
const modprobePlaces = ['/usr/sbin/modprobe', '/sbin/modprobe'];

/** `modprobe -n -v MODULE`: what would be run; undefined when kmod is not installed. */
export async function askModprobe(commands: Commands, module: string): Promise<CommandResult | undefined> {
  for (const place of modprobePlaces) {
    const result = await commands.run(place, ['-n', '-v', module]);
    if (result.failure !== 'missing') return result;
  }
  return undefined;
}

/**
 * True when a program which loads nothing runs in the module's place; modprobe says so even where it cannot see modules. The
 * last line is the module itself: before it come those it is built on, where they are not loaded yet.
 */
export function isDiverted({ code, stdout }: CommandResult): boolean {
  const lines = stdout.split('\n').filter((words) => words.trim() !== '');
  return code === 0 && /^install (\/usr)?\/bin\/(false|true)\s*$/.test(lines.at(-1) ?? '');
}

/** Whether the driver works in the kernel now: a file for modprobe counts from the next start. */
export async function isInKernel(files: HostReader, driver: string): Promise<boolean> {
  return (await files.list(`/sys/bus/usb/drivers/${driver}`)).length > 0;
}

export async function linuxUsbStorage(commands: Commands, files: HostReader): Promise<UsbStorage> {
  const loaded = await isInKernel(files, usbDrivers[0]);
  const hasRule = (await files.text(readOnlyRule)) !== undefined;
  const answers = await Promise.all(usbDrivers.map((driver) => askModprobe(commands, driver)));
  return readModprobe(answers, { loaded, hasRule });
}

/** `loaded`: usb-storage is in the kernel; `hasRule`: the agent's rule makes disks read only. */
export function readModprobe(
  answers: readonly (CommandResult | undefined)[],
  { loaded, hasRule }: { loaded: boolean; hasRule: boolean },
): UsbStorage {
  const known = answers.filter((answer) => answer !== undefined);
  if (known.length > 0 && known.every(isDiverted))
    return loaded
      ? { state: 'allowed', evidence: 'modprobe refuses usb-storage, but it is loaded until the device is restarted' }
      : { state: 'blocked', evidence: 'modprobe refuses usb-storage and uas' };
  if (hasRule) return { state: 'read-only', evidence: 'A rule of udev makes USB disks read only' };
  if (loaded) return { state: 'allowed', evidence: 'The driver usb-storage is loaded' };
  const failed = known.find(
    ({ code, failure, stderr }) => failure !== undefined || (code !== 0 && !/not found/i.test(stderr)),
  );
  if (known.length === 0 || failed) return unknown(failed ? silence('modprobe', failed) : 'modprobe is not installed');
  return { state: 'allowed', evidence: 'Nothing in modprobe.d refuses usb-storage and uas' };
}

const services = 'HKLM:\\SYSTEM\\CurrentControlSet\\Services';
const removableDisks =
  'HKLM:\\SOFTWARE\\Policies\\Microsoft\\Windows\\RemovableStorageDevices\\{53f5630d-b6bf-11d0-94f2-00a0c91efb8b}';
const script =
  `$s=@('USBSTOR','UASPStor') | ForEach-Object { [string](Get-ItemProperty -LiteralPath ('${services}\\' + $_) -ErrorAction SilentlyContinue).Start }; ` +
  `$d=[string](Get-ItemProperty -LiteralPath '${removableDisks}' -ErrorAction SilentlyContinue).Deny_Write; ` +
  'ConvertTo-Json -Compress -InputObject @{ starts = @($s); denyWrite = $d }';

export async function windowsUsbStorage(commands: Commands): Promise<UsbStorage> {
  return readUsbRegistry(await runPowerShell(commands, script));
}

/** `{"starts":["3","3"],"denyWrite":""}`: 4 never starts; empty is absent, which for the first driver cannot be. */
export function readUsbRegistry(result: CommandResult): UsbStorage {
  const answer = result.code === 0 ? parseJson(result.stdout.replace(/^\uFEFF/, '')) : undefined;
  const starts = member(answer, 'starts');
  if (!Array.isArray(starts) || !/^[0-4]$/.test(String(starts[0])))
    return unknown(silence('The registry of USB storage', result));
  if (starts.every((start) => start === '4' || start === ''))
    return { state: 'blocked', evidence: 'The drivers USBSTOR and UASPStor never start' };
  return member(answer, 'denyWrite') === '1'
    ? { state: 'read-only', evidence: 'A policy denies writing to removable disks' }
    : { state: 'allowed', evidence: 'The driver of USB storage starts when it is needed' };
}

/** macOS tells nobody but MDM. */
export function macUsbStorage(): Promise<UsbStorage> {
  return Promise.resolve(unknown('Only MDM can tell what USB storage may do on a Mac'));
}
