import type { ScreenLockSettings } from '../../../shared/profile/screen-lock.ts';
import { Baseline, type HostPart } from '../baseline/baseline.ts';
import type { Capability, Host } from '../capability.ts';
import { MacScreenLock } from './darwin.ts';
import { LinuxScreenLock } from './linux.ts';
import { windowsScreenLock } from './win32.ts';

/** An unattended screen locks, and the person cannot switch that off. */
export function createScreenLock(host: Host): Capability<'screenLock'> {
  return new Baseline('screenLock', partOf(host));
}

function partOf(host: Host): HostPart<ScreenLockSettings> {
  if (host.platform === 'linux') return new LinuxScreenLock(host);
  return host.platform === 'darwin' ? new MacScreenLock(host) : windowsScreenLock(host);
}
