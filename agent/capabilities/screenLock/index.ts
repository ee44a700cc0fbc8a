import type { ScreenLockSettings } from '../../../shared/profile/screen-lock.ts';
import { Baseline, type HostPart } from '../baseline/baseline.ts';
import { Dconf } from '../baseline/dconf.ts';
import type { Capability, Host } from '../capability.ts';
import { MacScreenLock } from './darwin.ts';
import { LinuxScreenLock } from './linux.ts';
import { windowsScreenLock } from './win32.ts';

/** An unattended screen locks, and the person cannot switch that off. */
export function createScreenLock(host: Host, dconf = new Dconf(host)): Capability<'screenLock'> {
  return new Baseline('screenLock', partOf(host, dconf));
}

function partOf(host: Host, dconf: Dconf): HostPart<ScreenLockSettings> {
  if (host.platform === 'linux') return new LinuxScreenLock(host, dconf);
  return host.platform === 'darwin' ? new MacScreenLock(host) : windowsScreenLock(host);
}
