import type { ScreenLockSettings } from '../../../shared/profile/screen-lock.ts';
import type { HostPart } from '../baseline/baseline.ts';
import { numberValue, WindowsSettings } from '../baseline/windows-settings.ts';
import type { RegistryValue } from '../browser/registry.ts';
import type { Host } from '../capability.ts';

const root = 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Policies\\System';

export function windowsScreenLock({ files, commands }: Host): HostPart<ScreenLockSettings> {
  return new WindowsSettings({ files, commands, owner: 'screenLock', root, values: lockValues });
}

/**
 * Pure. "Interactive logon: Machine inactivity limit", seconds; it locks at once.
 * https://learn.microsoft.com/windows/security/threat-protection/security-policy-settings/interactive-logon-machine-inactivity-limit
 */
export function lockValues({ idleMinutes }: ScreenLockSettings): RegistryValue[] {
  return idleMinutes === undefined ? [] : [numberValue(root, 'InactivityTimeoutSecs', idleMinutes * 60)];
}
