import type { AccessibilitySettings } from '../../../shared/profile/accessibility.ts';
import { Baseline, type HostPart } from '../baseline/baseline.ts';
import { Dconf } from '../baseline/dconf.ts';
import type { Capability, Host } from '../capability.ts';
import { noHelpOnMac } from './darwin.ts';
import { LinuxAccessibility } from './linux.ts';
import { noHelpOnWindows } from './win32.ts';

/** What a person needs to see, hear and type, on whatever device they hold. */
export function createAccessibility(host: Host, dconf = new Dconf(host)): Capability<'accessibility'> {
  return new Baseline('accessibility', partOf(host, dconf));
}

function partOf(host: Host, dconf: Dconf): HostPart<AccessibilitySettings> {
  if (host.platform === 'linux') return new LinuxAccessibility(host, dconf);
  return host.platform === 'darwin' ? noHelpOnMac : noHelpOnWindows;
}
