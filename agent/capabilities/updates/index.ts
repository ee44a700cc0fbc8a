import type { UpdatesSettings } from '../../../shared/profile/updates.ts';
import { Baseline, type HostPart } from '../baseline/baseline.ts';
import type { Capability, Host } from '../capability.ts';
import { MacUpdates } from './darwin.ts';
import { LinuxUpdates } from './linux.ts';
import { windowsUpdates } from './win32.ts';

/** Updates of the system: which install by themselves, and when a restart may follow. */
export function createUpdates(host: Host): Capability<'updates'> {
  return new Baseline('updates', partOf(host));
}

function partOf(host: Host): HostPart<UpdatesSettings> {
  if (host.platform === 'linux') return new LinuxUpdates(host);
  return host.platform === 'darwin' ? new MacUpdates(host) : windowsUpdates(host);
}
