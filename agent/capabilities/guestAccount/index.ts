import type { GuestAccountSettings } from '../../../shared/profile/guest-account.ts';
import { Baseline, type HostPart } from '../baseline/baseline.ts';
import type { Capability, Host } from '../capability.ts';
import { MacGuestAccount } from './darwin.ts';
import { LinuxGuestAccount } from './linux.ts';
import { WindowsGuestAccount } from './win32.ts';

/** Nobody signs in without an account. */
export function createGuestAccount(host: Host): Capability<'guestAccount'> {
  return new Baseline('guestAccount', partOf(host));
}

function partOf(host: Host): HostPart<GuestAccountSettings> {
  if (host.platform === 'linux') return new LinuxGuestAccount(host);
  return host.platform === 'darwin' ? new MacGuestAccount(host) : new WindowsGuestAccount(host);
}
