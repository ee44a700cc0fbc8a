import type { ScreenLockSettings } from '../../../shared/profile/screen-lock.ts';
import type { HostPart } from '../baseline/baseline.ts';
import { numberValue, WindowsSettings } from '../baseline/windows-settings.ts';
import type { RegistryValue } from '../browser/registry.ts';
import type { Host } from '../capability.ts';
import { minutesOf } from './duration.ts';

const root = 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Policies\\System';

export function windowsScreenLock({ files, commands }: Host): HostPart<ScreenLockSettings> {
  return new WindowsSettings({ files, commands, owner: 'screenLock', root, values: lockValues });
}

/**
 * Pure. "Interactive logon: Machine inactivity limit", seconds; it locks at once.
 * https://learn.microsoft.com/windows/security/threat-protection/security-policy-settings/interactive-logon-machine-inactivity-limit
 */
export function lockValues(settings: ScreenLockSettings): RegistryValue[] {
  const minutes = minutesOf(settings);
  return minutes === undefined ? [] : [numberValue(root, 'InactivityTimeoutSecs', minutes * 60)];
}
