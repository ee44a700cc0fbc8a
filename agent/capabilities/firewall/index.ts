import type { FirewallSettings } from '../../../shared/profile/firewall.ts';
import { Baseline, type HostPart } from '../baseline/baseline.ts';
import type { Capability, Host } from '../capability.ts';
import { MacFirewall } from './darwin.ts';
import { LinuxFirewall } from './linux.ts';
import { WindowsFirewall } from './win32.ts';

/** What comes in without having been asked for is dropped. */
export function createFirewall(host: Host): Capability<'firewall'> {
  return new Baseline('firewall', partOf(host));
}

function partOf(host: Host): HostPart<FirewallSettings> {
  if (host.platform === 'linux') return new LinuxFirewall(host);
  return host.platform === 'darwin' ? new MacFirewall(host) : new WindowsFirewall(host);
}
