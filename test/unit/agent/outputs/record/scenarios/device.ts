import type { Scenario } from './scenario.ts';

const lsblk = ['/usr/bin/lsblk', '-J', '-o', 'NAME,TYPE,MOUNTPOINTS'];
/** util-linux before 2.37 has one mount point for each device. */
const olderLsblk = ['/usr/bin/lsblk', '-J', '-o', 'NAME,TYPE,MOUNTPOINT'];
export const diskEncryption: readonly Scenario[] = [
  {
    name: 'lsblk-container',
    check: 'diskEncryption',
    what: 'a root that is an overlay, as in a container',
    commands: [lsblk, olderLsblk],
    program: 'util-linux',
    expected: { state: 'unknown', reason: 'not on a block device' },
  },
  {
    name: 'lsblk-plain',
    check: 'diskEncryption',
    what: 'a root on the disk of this machine, without encryption',
    bare: true,
    commands: [lsblk, olderLsblk],
    program: 'util-linux',
    expected: { state: 'not-encrypted', reason: '/ is on a device without encryption' },
  },
  {
    name: 'lsblk-no-sysfs',
    check: 'diskEncryption',
    what: 'the devices of the kernel are hidden',
    setup: 'umount -l /sys',
    commands: [lsblk, olderLsblk],
    program: 'util-linux',
    expected: { state: 'unknown', reason: 'lsblk' },
  },
];

const mokutil = ['/usr/bin/mokutil', '--sb-state'];
const od = [
  '/usr/bin/od',
  '-An',
  '-t',
  'u1',
  '/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c',
];
export const secureBoot: readonly Scenario[] = [
  {
    name: 'mokutil-bios',
    check: 'secureBoot',
    what: 'a machine that started without UEFI, whose firmware is hidden',
    commands: [od, mokutil],
    program: 'mokutil',
    expected: { state: 'unsupported', reason: 'does not start by UEFI' },
  },
  {
    name: 'mokutil-denied',
    check: 'secureBoot',
    what: 'the same, asked by an ordinary account',
    asNobody: true,
    commands: [od, mokutil],
    program: 'mokutil',
    expected: { state: 'unsupported', reason: 'does not start by UEFI' },
  },
];

const modprobe = [
  ['/usr/sbin/modprobe', '-n', '-v', 'usb-storage'],
  ['/usr/sbin/modprobe', '-n', '-v', 'uas'],
];
const modules = 'ln -s /lib/modules/6.1* /lib/modules/$(uname -r)';
const refused = (driver: string) => `echo install ${driver} /bin/false >> /etc/modprobe.d/usb.conf`;
export const usbStorage: readonly Scenario[] = [
  {
    name: 'modprobe-no-modules',
    check: 'usbStorage',
    what: 'a kernel whose modules cannot be seen',
    commands: modprobe,
    program: 'kmod',
    expected: { state: 'allowed', reason: 'Nothing in modprobe.d' },
  },
  {
    name: 'modprobe-refused',
    check: 'usbStorage',
    what: 'both drivers refused in modprobe.d',
    setup: `printf 'install usb-storage /bin/false\\ninstall uas /bin/false\\n' > /etc/modprobe.d/usb.conf`,
    commands: modprobe,
    program: 'kmod',
    expected: { state: 'blocked', reason: 'modprobe refuses' },
  },
  {
    name: 'modprobe-half',
    check: 'usbStorage',
    what: 'one of two drivers refused',
    setup: `printf 'install usb-storage /bin/false\\n' > /etc/modprobe.d/usb.conf`,
    commands: modprobe,
    program: 'kmod',
    expected: { state: 'allowed', reason: 'Nothing in modprobe.d' },
  },
  {
    name: 'modprobe-other-program',
    check: 'usbStorage',
    what: 'another program runs in their place',
    setup: `printf 'install usb-storage /usr/bin/logger stick\\ninstall uas /usr/bin/logger stick\\n' > /etc/modprobe.d/usb.conf`,
    commands: modprobe,
    program: 'kmod',
    expected: { state: 'allowed', reason: 'Nothing in modprobe.d' },
  },
  {
    name: 'modprobe-nobody',
    check: 'usbStorage',
    what: 'refused, asked by an ordinary account',
    asNobody: true,
    setup: `printf 'install usb-storage /bin/true\\ninstall uas /bin/true\\n' > /etc/modprobe.d/usb.conf`,
    commands: modprobe,
    program: 'kmod',
    expected: { state: 'blocked', reason: 'modprobe refuses' },
  },
  {
    name: 'modprobe-would-load',
    check: 'usbStorage',
    what: 'nothing refuses the drivers; modules of Debian’s kernel under the name of the one that runs',
    only: ['12'],
    setup: modules,
    commands: modprobe,
    program: 'kmod',
    expected: { state: 'allowed', reason: 'Nothing in modprobe.d' },
  },
  {
    name: 'modprobe-modules-refused',
    check: 'usbStorage',
    what: 'both drivers refused, with those modules',
    only: ['12'],
    setup: `${modules}; ${refused('usb-storage')}; ${refused('uas')}`,
    commands: modprobe,
    program: 'kmod',
    expected: { state: 'blocked', reason: 'modprobe refuses' },
  },
  {
    name: 'modprobe-modules-one-refused',
    check: 'usbStorage',
    what: 'the driver refused on which the other is built, with those modules',
    only: ['12'],
    setup: `${modules}; ${refused('usb-storage')}`,
    commands: modprobe,
    program: 'kmod',
    expected: { state: 'allowed', reason: 'Nothing in modprobe.d' },
  },
  {
    name: 'modprobe-blacklisted',
    check: 'usbStorage',
    what: 'both drivers on a blacklist, which a program that asks by name does not heed',
    only: ['12'],
    setup: `${modules}; printf 'blacklist usb-storage\\nblacklist uas\\n' > /etc/modprobe.d/usb.conf`,
    commands: modprobe,
    program: 'kmod',
    expected: { state: 'allowed', reason: 'Nothing in modprobe.d' },
  },
];
