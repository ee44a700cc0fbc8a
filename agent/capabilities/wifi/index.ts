import type { WifiSettings } from '../../../shared/profile/wifi.ts';
import { Baseline, type HostPart } from '../baseline/baseline.ts';
import type { Capability, Host } from '../capability.ts';
import { noWifiOnMac } from './darwin.ts';
import { LinuxWifi } from './linux.ts';
import { WindowsWifi } from './win32.ts';

/** Networks the device joins by itself. */
export function createWifi(host: Host): Capability<'wifi'> {
  return new Baseline('wifi', partOf(host));
}

function partOf(host: Host): HostPart<WifiSettings> {
  if (host.platform === 'linux') return new LinuxWifi(host);
  return host.platform === 'darwin' ? noWifiOnMac : new WindowsWifi(host);
}
