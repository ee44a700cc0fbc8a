import { Baseline } from '../baseline/baseline.ts';
import type { Capability, Host } from '../capability.ts';
import { type AdminGroups, LocalAdmins } from './admins.ts';
import { MacAdminGroups } from './darwin.ts';
import { LinuxAdminGroups } from './linux.ts';
import { WindowsAdminGroups } from './win32.ts';

/** Who is an administrator of this device. */
export function createLocalAdmins(host: Host): Capability<'localAdmins'> {
  return new Baseline('localAdmins', new LocalAdmins(host.files, groupsOf(host)));
}

function groupsOf(host: Host): AdminGroups {
  if (host.platform === 'linux') return new LinuxAdminGroups(host);
  return host.platform === 'darwin' ? new MacAdminGroups(host) : new WindowsAdminGroups(host);
}
