import type { UsbStorageSettings } from '../../../shared/profile/usb-storage.ts';
import { Baseline, type HostPart } from '../baseline/baseline.ts';
import type { Capability, Host } from '../capability.ts';
import { MacUsbStorage } from './darwin.ts';
import { LinuxUsbStorage } from './linux.ts';
import { WindowsUsbStorage } from './win32.ts';

/** USB sticks and disks: allowed, read only, or blocked. */
export function createUsbStorage(host: Host): Capability<'usbStorage'> {
  return new Baseline('usbStorage', partOf(host));
}

function partOf(host: Host): HostPart<UsbStorageSettings> {
  if (host.platform === 'linux') return new LinuxUsbStorage(host);
  return host.platform === 'darwin' ? new MacUsbStorage() : new WindowsUsbStorage(host);
}
