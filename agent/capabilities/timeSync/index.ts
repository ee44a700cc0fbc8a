import type { TimeSyncSettings } from '../../../shared/profile/time-sync.ts';
import { Baseline, type HostPart } from '../baseline/baseline.ts';
import type { Capability, Host } from '../capability.ts';
import { MacTimeSync } from './darwin.ts';
import { LinuxTimeSync } from './linux.ts';
import { windowsTimeSync } from './win32.ts';

/** The clock: set from the network, and from which servers. */
export function createTimeSync(host: Host): Capability<'timeSync'> {
  return new Baseline('timeSync', partOf(host));
}

function partOf(host: Host): HostPart<TimeSyncSettings> {
  if (host.platform === 'linux') return new LinuxTimeSync(host);
  return host.platform === 'darwin' ? new MacTimeSync(host) : windowsTimeSync(host);
}
