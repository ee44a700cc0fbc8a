import type { ApplicationsSettings } from '../../../shared/profile/applications.ts';
import { Baseline, type HostPart } from '../baseline/baseline.ts';
import type { Capability, Host } from '../capability.ts';
import { MacApplications } from './darwin.ts';
import { LinuxApplications } from './linux.ts';
import { WindowsApplications } from './win32.ts';

/** What must be installed, and what must not. */
export function createApplications(host: Host): Capability<'applications'> {
  return new Baseline('applications', partOf(host));
}

function partOf(host: Host): HostPart<ApplicationsSettings> {
  if (host.platform === 'linux') return new LinuxApplications(host);
  return host.platform === 'darwin' ? new MacApplications(host) : new WindowsApplications(host);
}
