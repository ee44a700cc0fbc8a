import type { CommandResult, Commands } from '../../platform/commands.ts';
import type { ObservationValue } from '../collector.ts';
import { items, member, parseJson } from '../json.ts';
import { silence, unknown } from './observation.ts';
import { runPowerShell } from './powershell.ts';

/* Whether something on the device looks for malware. Observed only. */

export type Antivirus = ObservationValue<'antivirus'>;

/** Linux ships no scanner and needs none by itself: only one that is installed and does not run is worth a word. */
export async function linuxAntivirus(commands: Commands): Promise<Antivirus> {
  const args = [
    'show',
    'clamav-daemon.service',
    'clamd@scan.service',
    '--property=LoadState',
    '--property=ActiveState',
  ];
  return readClamav(await commands.run('/usr/bin/systemctl', args));
}

/** `systemctl show` of Debian's and Fedora's units: blocks of `Property=value`, apart by an empty line. */
export function readClamav(result: CommandResult): Antivirus {
  const units = result.stdout.trim().split(/\n\s*\n/);
  if (result.code !== 0 || !/^LoadState=/m.test(result.stdout)) return unknown(silence('systemctl', result));
  const installed = units.filter((unit) => /^LoadState=(loaded|masked)$/m.test(unit));
  if (installed.length === 0) return { state: 'not-expected', evidence: 'No ClamAV; Linux comes without a scanner' };
  return installed.some((unit) => /^ActiveState=active$/m.test(unit))
    ? { state: 'on', evidence: 'ClamAV runs' }
    : { state: 'off', evidence: 'ClamAV is installed, but does not run' };
}

/** Windows Security Center lists other products; Windows Server has none, so that it may be empty. */
const antivirusScript = [
  '$d = try { $s = Get-MpComputerStatus -ErrorAction Stop; @{ enabled = [string]$s.AntivirusEnabled; realTime = [string]$s.RealTimeProtectionEnabled } } catch { @{} }',
  '$p = @(Get-CimInstance -Namespace root/SecurityCenter2 -ClassName AntiVirusProduct -ErrorAction SilentlyContinue | ForEach-Object { [long]$_.productState })',
  '@{ defender = $d; products = $p } | ConvertTo-Json -Compress',
].join('; ');

export async function windowsAntivirus(commands: Commands): Promise<Antivirus> {
  return readWindowsAntivirus(await runPowerShell(commands, antivirusScript));
}

/**
 * Defender by Get-MpComputerStatus; any product by Windows Security Center, where `productState & 0xF000` is 0x1000 while it
 * runs (0x2000: snoozed, 0x3000: expired; Microsoft's WSC_SECURITY_PRODUCT_STATE).
 */
export function readWindowsAntivirus(result: CommandResult): Antivirus {
  const answer = result.code === 0 ? parseJson(result.stdout) : undefined;
  const [enabled, realTime] = [member(answer, 'defender', 'enabled'), member(answer, 'defender', 'realTime')];
  if (enabled === 'True' && realTime === 'True')
    return { state: 'on', evidence: 'Microsoft Defender looks at every file that is opened' };
  const states = items(member(answer, 'products')).filter((state) => typeof state === 'number');
  if (states.some((state) => (state & 0xf000) === 0x1000))
    return { state: 'on', evidence: 'Windows Security Center: a product is on' };
  if (states.length > 0) return { state: 'off', evidence: 'Windows Security Center: no product is on' };
  return enabled === undefined
    ? unknown(silence('Get-MpComputerStatus', result))
    : { state: 'off', evidence: 'Microsoft Defender does not protect in real time' };
}

export async function macAntivirus(commands: Commands): Promise<Antivirus> {
  return readGatekeeper(await commands.run('/usr/sbin/spctl', ['--status']));
}

/** spctl(8): XProtect cannot be switched off, Gatekeeper, which has programs checked before their first start, can. */
export function readGatekeeper(result: CommandResult): Antivirus {
  const state = /^assessments (enabled|disabled)$/m.exec(`${result.stdout}\n${result.stderr}`)?.[1];
  if (state === undefined) return unknown(silence('spctl', result));
  return state === 'enabled'
    ? { state: 'on', evidence: 'Gatekeeper and XProtect are on' }
    : { state: 'off', evidence: 'Gatekeeper is off' };
}
