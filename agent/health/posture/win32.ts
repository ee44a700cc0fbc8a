import type { CommandResult, Commands } from '../../platform/commands.ts';
import type { PostureReaders } from '../collector.ts';
import { items, member, parseJson } from '../json.ts';
import { windowsAntivirus } from './antivirus.ts';
import { guestStatements, readWindowsGuest } from './guest.ts';
import { windowsLocalAdmins } from './local-admins.ts';
import { type Encryption, type Firewall, silence, unknown } from './observation.ts';
import { runPowerShell } from './powershell.ts';
import { windowsScreenLock } from './screen-lock.ts';
import { windowsSecureBoot } from './secure-boot.ts';
import { windowsTimeSync } from './time-sync.ts';
import { windowsUpdates } from './updates.ts';
import { windowsUsbStorage } from './usb.ts';

const system32 = 'C:\\Windows\\System32';
const manageBde = `${system32}\\manage-bde.exe`;
const timeoutMs = 30_000;

/** Names rather than numbers, so that the answer does not depend on how an enumeration is serialised. */
const bitLockerScript = [
  '$v = Get-BitLockerVolume -MountPoint C: -ErrorAction Stop',
  '@{ protection = [string]$v.ProtectionStatus; volume = [string]$v.VolumeStatus } | ConvertTo-Json -Compress',
].join('; ');
/** The active store is what is in force: local settings and group policy together. */
const firewallScript =
  'ConvertTo-Json -Compress @(Get-NetFirewallProfile -PolicyStore ActiveStore -ErrorAction Stop | ' +
  'ForEach-Object { @{ name = [string]$_.Name; enabled = [string]$_.Enabled } })';

export function windowsPosture(commands: Commands): PostureReaders {
  return {
    diskEncryption: () => observeEncryption(commands),
    firewall: () => observeFirewall(commands),
    localAdmins: () => windowsLocalAdmins(commands),
    secureBoot: () => windowsSecureBoot(commands),
    antivirus: () => windowsAntivirus(commands),
    screenLock: () => windowsScreenLock(commands),
    updates: () => windowsUpdates(commands),
    timeSync: () => windowsTimeSync(commands),
    usbStorage: () => windowsUsbStorage(commands),
    guestAccount: async () => readWindowsGuest(await runPowerShell(commands, guestStatements.join('; '))),
  };
}

async function observeEncryption(commands: Commands): Promise<Encryption> {
  const result = await runPowerShell(commands, bitLockerScript);
  const found = readBitLocker(result);
  if (found.state !== 'unknown') return found;
  // Home editions have no BitLocker module; manage-bde is there and its exit code needs no translation.
  const status = await commands.run(manageBde, ['-status', 'C:', '-protectionaserrorlevel'], { timeoutMs });
  const second = readManageBde(status);
  return second.state === 'unknown' ? unknown(`${found.evidence}; ${second.evidence}`) : second;
}

/** Get-BitLockerVolume: protected means encrypted and not suspended. */
export function readBitLocker(result: CommandResult): Encryption {
  const answer = result.code === 0 ? parseJson(result.stdout) : undefined;
  const [protection, volume] = [member(answer, 'protection'), member(answer, 'volume')];
  if (protection === 'On') return { state: 'encrypted', evidence: 'BitLocker protects C:' };
  if (protection !== 'Off') return unknown(silence('Get-BitLockerVolume', result));
  const why =
    volume === 'FullyEncrypted' ? 'C: is encrypted, but protection is suspended' : 'BitLocker does not protect C:';
  return { state: 'not-encrypted', evidence: why };
}

/** `manage-bde -status C: -protectionaserrorlevel`: exit code 0 protected, 1 not; also 1 on some errors, which show no volume. */
export function readManageBde(result: CommandResult): Encryption {
  const showsVolume = /^\s*\S.*\bC:/m.test(result.stdout) && !/0x8[0-9a-f]{7}/i.test(result.stdout + result.stderr);
  if (result.code === 0 && showsVolume) return { state: 'encrypted', evidence: 'manage-bde: C: is protected' };
  if (result.code === 1 && showsVolume) return { state: 'not-encrypted', evidence: 'manage-bde: C: is not protected' };
  return unknown(silence('manage-bde', result));
}

async function observeFirewall(commands: Commands): Promise<Firewall> {
  return readProfiles(await runPowerShell(commands, firewallScript));
}

/** Get-NetFirewallProfile: on when the domain, private and public profiles all are. */
export function readProfiles(result: CommandResult): Firewall {
  const profiles = items(result.code === 0 ? parseJson(result.stdout) : undefined);
  const named = (enabled: string) =>
    profiles
      .filter((profile) => member(profile, 'enabled') === enabled)
      .map((profile) => String(member(profile, 'name')).slice(0, 40));
  const off = named('False');
  if (off.length > 0)
    return { state: 'off', evidence: `Windows Firewall is off for: ${off.sort().join(', ')}`.slice(0, 500) };
  return named('True').length >= 3
    ? { state: 'on', evidence: 'Windows Firewall is on for every profile' }
    : unknown(silence('Get-NetFirewallProfile', result));
}
