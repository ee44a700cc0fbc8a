import type { AntivirusSettings } from '../../../shared/profile/antivirus.ts';
import { Baseline, type HostPart } from '../baseline/baseline.ts';
import type { Capability, Host } from '../capability.ts';
import { MacAntivirus } from './darwin.ts';
import { LinuxAntivirus } from './linux.ts';
import { WindowsAntivirus } from './win32.ts';

/** The scanner that the device has is on. */
export function createAntivirus(host: Host): Capability<'antivirus'> {
  return new Baseline('antivirus', partOf(host));
}

function partOf(host: Host): HostPart<AntivirusSettings> {
  if (host.platform === 'linux') return new LinuxAntivirus(host);
  return host.platform === 'darwin' ? new MacAntivirus(host) : new WindowsAntivirus(host);
}
