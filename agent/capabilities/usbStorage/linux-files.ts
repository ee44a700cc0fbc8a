import type { UsbAccess } from '../../../shared/profile/usb-storage.ts';
import { readOnlyRule, usbDrivers } from '../../health/posture/usb.ts';
import type { OwnFile } from '../baseline/own-file.ts';

/*
 * modprobe.d(5) and udev(7) as text. Of several `install` lines for a module kmod takes the first it reads, by the name of
 * the file whatever its folder; hence the names that come first there, and last among udev's rules.
 */

export const modprobePath = '/etc/modprobe.d/00-rollcall-usb-storage.conf';
export const udevPath = readOnlyRule;

const header = "# Written by Rollcall, the school's device agent.";
const blocking = `${header} USB sticks and disks are blocked.\n${usbDrivers
  .map((driver) => `install ${driver} /bin/false\n`)
  .join('')}`;
/** RUN comes before desktop programs hear of the disk, so that they mount it read only. */
const readOnly = `${header} USB sticks and disks can be read, not written.
ACTION!="remove", SUBSYSTEM=="block", SUBSYSTEMS=="usb", RUN+="/sbin/blockdev --setro $env{DEVNAME}"
`;

export function desiredFiles(access: UsbAccess): OwnFile[] {
  return [
    { path: modprobePath, content: access === 'block' ? blocking : undefined },
    { path: udevPath, content: access === 'read-only' ? readOnly : undefined },
  ];
}
