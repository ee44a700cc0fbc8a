/** Kernel files of four machines. Shapes as the kernel documents them; the values are made up. */
type Tree = Record<string, string | null>;

const stat =
  'cpu  1000 0 500 8000 100 0 0 0 0 0\ncpu0 500 0 250 4000 50 0 0 0 0 0\ncpu1 500 0 250 4000 50 0 0 0 0 0\nbtime 1791000000';
const base: Tree = {
  'proc/stat': stat,
  'proc/meminfo':
    'MemTotal:        8000000 kB\nMemFree:          500000 kB\nMemAvailable:    2000000 kB\nSwapTotal:       1000000 kB\nSwapFree:         900000 kB',
  'proc/cpuinfo': 'processor\t: 0\nmodel name\t: Intel(R) N100\n\nprocessor\t: 1\nmodel name\t: Intel(R) N100',
  'proc/sys/kernel/osrelease': '6.8.0-45-generic',
  'etc/os-release': 'PRETTY_NAME="Ubuntu 24.04.1 LTS"\nNAME="Ubuntu"\nVERSION_ID="24.04"\nID=ubuntu',
  'etc/debian_version': 'trixie/sid',
  'proc/net/route': 'Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT',
  'proc/self/mounts': '/dev/nvme0n1p2 / ext4 rw,relatime 0 0',
};

/** ThinkPad with two packs, one worn; NVMe with its own sensor; on wireless; waiting for a restart. */
export const wornLaptop: Tree = {
  ...base,
  'sys/class/dmi/id/sys_vendor': 'LENOVO',
  'sys/class/dmi/id/product_name': '20S0A1B2CD',
  'sys/class/dmi/id/product_version': 'ThinkPad T14 Gen 1',
  'sys/class/dmi/id/product_serial': 'PF2XYZ01',
  'sys/class/dmi/id/bios_version': 'N2XET38W (1.28 )',
  'run/reboot-required': '*** System restart required ***',
  'sys/class/power_supply/AC/type': 'Mains',
  'sys/class/power_supply/BAT0/type': 'Battery',
  'sys/class/power_supply/BAT0/status': 'Discharging',
  'sys/class/power_supply/BAT0/capacity': '40',
  'sys/class/power_supply/BAT0/cycle_count': '812',
  'sys/class/power_supply/BAT0/energy_full_design': '50000000',
  'sys/class/power_supply/BAT0/energy_full': '20000000',
  'sys/class/power_supply/BAT1/type': 'Battery',
  'sys/class/power_supply/BAT1/status': 'Not charging',
  'sys/class/power_supply/BAT1/capacity': '100',
  'sys/class/power_supply/BAT1/cycle_count': '0',
  'sys/class/power_supply/BAT1/charge_full_design': '2000000',
  'sys/class/power_supply/BAT1/charge_full': '1666667',
  'sys/class/power_supply/BAT1/voltage_min_design': '12000000',
  'sys/class/power_supply/hidpp_battery_0/type': 'Battery',
  'sys/class/power_supply/hidpp_battery_0/scope': 'Device',
  'sys/class/power_supply/hidpp_battery_0/capacity': '5',
  'sys/class/hwmon/hwmon0/name': 'coretemp',
  'sys/class/hwmon/hwmon0/temp1_input': '71000',
  'sys/class/hwmon/hwmon0/temp1_label': 'Package id 0',
  'sys/class/hwmon/hwmon1/name': 'nvme',
  'sys/class/hwmon/hwmon1/temp1_input': '43850',
  'sys/class/hwmon/hwmon1/temp1_label': 'Composite',
  'sys/class/hwmon/hwmon2/name': 'nvme',
  'sys/class/hwmon/hwmon2/temp1_input': '44850',
  'sys/class/hwmon/hwmon2/temp1_label': 'Composite',
  'sys/block/nvme0n1/size': '1000215216',
  'sys/block/nvme0n1/removable': '0',
  'sys/block/nvme0n1/device/model': 'SAMSUNG MZVLB512HBJQ-000L7',
  'sys/block/nvme0n1/device/hwmon1/temp1_input': '43850',
  'sys/block/loop0/size': '8',
  'sys/class/net/wlp0s20f3/wireless': null,
  'sys/class/net/wlp0s20f3/device/vendor': '0x8086',
  'sys/class/net/wlp0s20f3/operstate': 'up',
  'sys/class/net/wlp0s20f3/type': '1',
  'proc/net/route':
    'Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\nwlp0s20f3\t00000000\t0100A8C0\t0003\t0\t0\t600\t00000000\t0\t0\t0',
  'proc/net/wireless':
    'Inter-| sta-|   Quality        |   Discarded packets               | Missed | WE\n face | tus | link level noise |  nwid  crypt   frag  retry   misc | beacon | 22\nwlp0s20f3: 0000   49.  -61.  -256        0      0      0      0     12        0',
};

/** Desktop: NVMe, SATA SSD with drivetemp, hard disk, a USB stick; wired through a VPN; no battery. */
export const desktop: Tree = {
  ...base,
  'sys/class/dmi/id/sys_vendor': 'Dell Inc.',
  'sys/class/dmi/id/product_name': 'OptiPlex 7090',
  'sys/class/dmi/id/product_serial': 'To Be Filled By O.E.M.',
  'sys/class/power_supply': null,
  'sys/class/thermal/thermal_zone0/type': 'acpitz',
  'sys/class/thermal/thermal_zone0/temp': '27800',
  'sys/block/nvme0n1/size': '500118192',
  'sys/block/nvme0n1/device/model': 'WDC PC SN730',
  'sys/block/sda/size': '1953525168',
  'sys/block/sda/device/model': 'CT1000MX500SSD1',
  'sys/block/sda/queue/rotational': '0',
  'sys/block/sda/device/hwmon/hwmon3/temp1_input': '31000',
  'sys/block/sdb/size': '7814037168',
  'sys/block/sdb/queue/rotational': '1',
  'sys/block/sdc/size': '60000000',
  'sys/block/sdc/removable': '1',
  'sys/class/net/tun0/operstate': 'unknown',
  'sys/class/net/tun0/type': '65534',
  'sys/class/net/enp3s0/operstate': 'up',
  'sys/class/net/enp3s0/type': '1',
  'sys/class/net/enp3s0/speed': '1000',
  'sys/class/net/enp3s0/device/vendor': '0x10ec',
  'proc/net/route':
    'Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\nenp3s0\t00000000\t0100A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\ntun0\t00000000\t00000000\t0001\t0\t0\t50\t00000000\t0\t0\t0',
};

/** A cheap ARM laptop: device tree instead of DMI, eMMC that is nearly used up, an SD card, a cellular modem. */
export const cheapArm: Tree = {
  ...base,
  'proc/cpuinfo': 'processor\t: 0\nBogoMIPS\t: 26.00\n\nprocessor\t: 1\nHardware\t: MediaTek MT8183',
  'proc/device-tree/model': 'Google juniper sku16 board\0',
  'proc/device-tree/serial-number': 'NXHPXSI00123\0',
  'sys/block/mmcblk0/size': '61071360',
  'sys/block/mmcblk0/device/type': 'MMC',
  'sys/block/mmcblk0/device/name': 'DA4032',
  'sys/block/mmcblk0/device/life_time': '0x09 0x0b',
  'sys/block/mmcblk0/device/pre_eol_info': '0x03',
  'sys/block/mmcblk1/size': '31116288',
  'sys/block/mmcblk1/device/type': 'SD',
  'sys/class/net/wwan0/operstate': 'up',
  'sys/class/net/wwan0/device/vendor': '0x1',
  'proc/net/route':
    'Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\nwwan0\t00000000\t00000000\t0001\t0\t0\t700\t00000000\t0\t0\t0',
};

/** Drivers and firmware at their worst. */
export const garbage: Tree = {
  'proc/stat': 'cpu  x y z',
  'proc/meminfo': '\u0000\u0001 MemTotal: lots',
  'proc/cpuinfo': ':::::',
  'proc/net/route': '../../etc 00000000 x',
  'proc/net/wireless': 'nothing',
  'proc/self/mounts': 'broken\n/dev/sda1\n/dev/sda1 relative ext4 rw\n/dev/sda1 / <script> rw',
  'etc/os-release': 'NAME=\nVERSION_ID="',
  'sys/class/dmi/id/product_name': `\u0007${'A'.repeat(500)}`,
  'sys/class/dmi/id/product_serial': '000000',
  'sys/class/power_supply/BAT0/type': 'Battery',
  'sys/class/power_supply/BAT0/capacity': '9999999999999',
  'sys/class/power_supply/BAT0/status': '%s%n',
  'sys/class/power_supply/BAT0/cycle_count': '-1',
  'sys/class/power_supply/BAT0/energy_full_design': '0',
  'sys/class/power_supply/BAT0/energy_full': 'NaN',
  'sys/class/hwmon/hwmon0/temp1_input': '999999999',
  'sys/class/hwmon/hwmon0/temp2_input': 'hot',
  'sys/class/hwmon/hwmon0/temp3_input': '50000',
  'sys/block/sda/size': '-5',
  'sys/block/mmcblk0/device/life_time': 'zz',
};
