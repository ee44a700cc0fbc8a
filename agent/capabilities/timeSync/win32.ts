import type { TimeSyncSettings } from '../../../shared/profile/time-sync.ts';
import type { HostPart } from '../baseline/baseline.ts';
import { numberValue, textValue, WindowsSettings } from '../baseline/windows-settings.ts';
import type { Settings } from '../browser/kept-settings.ts';
import { type RegistryValue, registryId } from '../browser/registry.ts';
import type { Host } from '../capability.ts';

const root = 'HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\W32Time';
const parameters = `${root}\\Parameters`;

/** Windows: what w32tm /config writes. The service is started, and told to read its settings. */
export function windowsTimeSync({ files, commands }: Host): HostPart<TimeSyncSettings> {
  const afterwards = [
    { path: 'C:\\Windows\\System32\\sc.exe', args: ['start', 'w32time'] },
    { path: 'C:\\Windows\\System32\\w32tm.exe', args: ['/config', '/update'] },
  ];
  return new WindowsSettings({ files, commands, owner: 'timeSync', root, values: timeValues, afterwards });
}

/**
 * Pure. A member of a domain (NT5DS) follows its domain controllers and is left alone. Flags 0x9 of a server: asked at
 * special intervals, as a client.
 * https://learn.microsoft.com/windows-server/networking/windows-time-service/windows-time-service-tools-and-settings
 */
export function timeValues(
  { automatic, servers = [] }: TimeSyncSettings,
  present: Settings<RegistryValue>,
): RegistryValue[] {
  if (present.get(registryId(parameters, 'Type'))?.content === 'NT5DS') return [];
  const peers = servers.map((server) => `${server},0x9`).join(' ');
  const isAsked = automatic === true || servers.length > 0;
  return [
    ...(isAsked ? [textValue(parameters, 'Type', 'NTP')] : []),
    ...(servers.length > 0 ? [textValue(parameters, 'NtpServer', peers)] : []),
    ...(automatic
      ? [numberValue(root, 'Start', 2), numberValue(`${root}\\TimeProviders\\NtpClient`, 'Enabled', 1)]
      : []),
  ];
}
