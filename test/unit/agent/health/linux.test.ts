import { afterEach, describe, expect, it } from 'vitest';
import { readBattery } from '../../../../agent/health/linux/battery.ts';
import { parseMounts, readDisks } from '../../../../agent/health/linux/disks.ts';
import { readDrives } from '../../../../agent/health/linux/drives.ts';
import { parseMemory } from '../../../../agent/health/linux/memory.ts';
import { defaultInterface, readNetwork } from '../../../../agent/health/linux/network.ts';
import { parseRelease, readOs } from '../../../../agent/health/linux/os.ts';
import { busyPercent, parseProcessorTicks } from '../../../../agent/health/linux/processor.ts';
import { parseSmart, smartReader } from '../../../../agent/health/linux/smart.ts';
import { readSystem } from '../../../../agent/health/linux/system.ts';
import { readTemperatures } from '../../../../agent/health/linux/temperatures.ts';
import { KernelFiles } from '../../../../agent/health/linux/tree.ts';
import { countDnf, parseApt, readPendingUpdates } from '../../../../agent/health/linux/updates.ts';
import { cheapArm, desktop, garbage, wornLaptop } from './machines.ts';
import { done, kernelTree, missing, recordedCommands } from './recorded.ts';

const trees: { remove(): Promise<void> }[] = [];
async function filesOf(tree: Record<string, string | null>): Promise<KernelFiles> {
  const made = await kernelTree(tree);
  trees.push(made);
  return new KernelFiles(made.root);
}
afterEach(async () => {
  for (const tree of trees.splice(0)) await tree.remove();
});
const noSmart = async () => ({});

describe('battery', () => {
  it('counts the packs of a worn laptop together and leaves out the mouse', async () => {
    const battery = await readBattery(await filesOf(wornLaptop));
    expect(battery).toMatchObject({ present: true, charging: false, cycles: 812, designWh: 74 });
    expect(battery.fullWh).toBeCloseTo(40, 3);
    expect(battery.lostPercent).toBeCloseTo(45.9, 1);
    expect(battery.chargePercent).toBeCloseTo(70, 1);
  });
  it.each([
    ['a desktop', desktop, { present: false }],
    ['a machine without the folder', {}, { present: false }],
    ['a pack that answers nonsense', garbage, { present: true }],
  ])('of %s', async (_, tree, expected) => {
    expect(await readBattery(await filesOf(tree as Record<string, string>))).toEqual(expected);
  });
});

describe('drives and volumes', () => {
  it('lists NVMe, SATA and hard disk of a desktop, without the USB stick', async () => {
    const drives = await readDrives(await filesOf(desktop), noSmart);
    expect(drives.map(({ name, kind, celsius }) => [name, kind, celsius])).toEqual([
      ['WDC PC SN730 (nvme0n1)', 'NVMe', undefined],
      ['CT1000MX500SSD1 (sda)', 'SSD', 31],
      ['sdb', 'HDD', undefined],
    ]);
    expect(drives.map(({ smart }) => smart)).toEqual(['unknown', 'unknown', 'unknown']);
  });
  it('takes size and temperature of an NVMe drive from the kernel and its state from smartctl', async () => {
    const smart = async () => ({ smart: 'ok' as const, wearPercent: 12 });
    const { volumes, drives } = await readDisks(await filesOf(wornLaptop), smart);
    expect(drives).toEqual([
      {
        name: 'SAMSUNG MZVLB512HBJQ-000L7 (nvme0n1)',
        kind: 'NVMe',
        sizeBytes: 1000215216 * 512,
        smart: 'ok',
        celsius: 43.85,
        wearPercent: 12,
      },
    ]);
    expect(volumes).toHaveLength(1);
    expect(volumes[0]).toMatchObject({ mount: '/', kind: 'ext4' });
    expect(volumes[0]?.sizeBytes).toBeGreaterThan(0);
  });
  it('reads the age of eMMC and leaves out the SD card', async () => {
    expect(await readDrives(await filesOf(cheapArm), noSmart)).toEqual([
      { name: 'DA4032 (mmcblk0)', kind: 'eMMC', sizeBytes: 61071360 * 512, smart: 'failing', wearPercent: 100 },
    ]);
  });
  it('survives nonsense', async () => {
    const { volumes, drives } = await readDisks(await filesOf(garbage), noSmart);
    expect(volumes).toEqual([]);
    expect(drives.every(({ smart }) => smart === 'unknown')).toBe(true);
  });

  it.each([
    [
      'one mount for each device: the shortest',
      '/dev/sda2 /home ext4 rw\n/dev/sda2 / ext4 rw\n/dev/sda1 /boot/efi vfat rw',
      ['/', '/boot/efi'],
    ],
    [
      'an overlay root counts, other virtual mounts do not',
      'overlay / overlay rw\ntmpfs /tmp tmpfs rw\nproc /proc proc rw',
      ['/'],
    ],
    ['no snaps, no images', '/dev/loop3 /snap/core/1 squashfs ro\n/dev/sda1 / btrfs rw', ['/']],
    [
      'no removable media: their folder names a person',
      '/dev/sda1 / ext4 rw\n/dev/sdb1 /media/alice/HOLIDAYS vfat rw\n/dev/sdc1 /run/media/bob/X vfat rw',
      ['/'],
    ],
    [
      "no single person's folder, but all of /home",
      '/dev/sda1 / ext4 rw\n/dev/sda2 /home ext4 rw\n/dev/mapper/a /home/alice ext4 rw',
      ['/', '/home'],
    ],
    ['blanks written as octal', '/dev/sda1 / ext4 rw\n/dev/sda3 /srv/my\\040files ext4 rw', ['/', '/srv/my files']],
    ['ZFS data sets', 'rpool/ROOT / zfs rw\nrpool/home /home zfs rw', ['/', '/home']],
    ['nothing usable', 'x\n\n/dev/sda1\n', []],
  ])('mounts: %s', (_, mounts, expected) => {
    expect(parseMounts(mounts).map(({ mount }) => mount)).toEqual(expected);
  });
});

describe('smartctl --json', () => {
  // Shapes after smartmontools' own output; the field names are those of its json.hpp users (smart_status, endurance_used …).
  it.each([
    [
      'NVMe',
      '{"smart_status":{"passed":true},"temperature":{"current":38},"nvme_smart_health_information_log":{"percentage_used":7}}',
      { smart: 'ok', celsius: 38, wearPercent: 7 },
    ],
    [
      'an SSD used beyond its rating',
      '{"smart_status":{"passed":true},"nvme_smart_health_information_log":{"percentage_used":131}}',
      { smart: 'ok', wearPercent: 100 },
    ],
    [
      'a failing SATA drive',
      '{"smart_status":{"passed":false},"temperature":{"current":51},"endurance_used":{"current_percent":88}}',
      { smart: 'failing', celsius: 51, wearPercent: 88 },
    ],
    ['a drive in standby', '{"smartctl":{"exit_status":2},"power_mode":{"ata_value":0}}', {}],
    ['no JSON', 'smartctl: not found', {}],
    ['wrong types', '{"smart_status":{"passed":"yes"},"temperature":{"current":"hot"}}', {}],
  ])('%s', (_, stdout, expected) => {
    expect(parseSmart(stdout)).toEqual(expected);
  });
  it('is not there: nothing is known', async () => {
    expect(await smartReader(recordedCommands({}))('/dev/sda')).toEqual({});
  });
});

describe('temperatures', () => {
  it('numbers sensors of one name', async () => {
    expect(await readTemperatures(await filesOf(wornLaptop))).toEqual({
      sensors: [
        { name: 'coretemp Package id 0', celsius: 71 },
        { name: 'nvme Composite', celsius: 43.85 },
        { name: 'nvme Composite #2', celsius: 44.85 },
      ],
    });
  });
  it.each([
    ['thermal zones where there is no monitor', desktop, { sensors: [{ name: 'acpitz', celsius: 27.8 }] }],
    ['impossible values are left out', garbage, { sensors: [{ name: 'hwmon0', celsius: 50 }] }],
    ['none at all', {}, undefined],
  ])('%s', async (_, tree, expected) => {
    expect(await readTemperatures(await filesOf(tree as Record<string, string>))).toEqual(expected);
  });
});

describe('network', () => {
  it.each([
    ['wireless with its signal', wornLaptop, { kind: 'wireless', signalPercent: 70 }],
    ['wired under a VPN', desktop, { kind: 'wired', linkMbps: 1000 }],
    ['cellular', cheapArm, { kind: 'cellular' }],
    ['no route', { 'proc/net/route': 'Iface\tDestination' }, { kind: 'none' }],
    ['nonsense', garbage, { kind: 'none' }],
  ])('%s', async (_, tree, expected) => {
    expect(await readNetwork(await filesOf(tree as Record<string, string>))).toEqual(expected);
  });
  it('takes the IPv6 route where there is none for IPv4', () => {
    const zero = '0'.repeat(32);
    const row = (metric: string, flags: string, name: string) =>
      `${zero} 00 ${zero} 00 fe800000000000000000000000000001 ${metric} 00000001 00000000 ${flags} ${name}`;
    const table = [
      row('ffffffff', '00200200', 'lo'),
      row('00000064', '00000003', 'eth1'),
      row('00000032', '00000003', 'eth0'),
    ];
    expect(defaultInterface(undefined, table.join('\n'))).toBe('eth0');
  });
});

describe('system and operating system', () => {
  it('calls a Lenovo by the name on its lid', async () => {
    expect(await readSystem(await filesOf(wornLaptop))).toEqual({
      maker: 'LENOVO',
      model: 'ThinkPad T14 Gen 1',
      serial: 'PF2XYZ01',
      cpu: 'Intel(R) N100',
      cores: 2,
      memoryBytes: 8_192_000_000,
      biosVersion: 'N2XET38W (1.28 )',
    });
  });
  it('takes ARM machines from the device tree', async () => {
    expect(await readSystem(await filesOf(cheapArm))).toMatchObject({
      model: 'Google juniper sku16 board',
      serial: 'NXHPXSI00123',
      cpu: 'MediaTek MT8183',
    });
  });
  it('drops the fillers of firmware and cuts what is too long', async () => {
    expect(await readSystem(await filesOf(desktop))).not.toHaveProperty('serial');
    const system = await readSystem(await filesOf(garbage));
    expect(system).not.toHaveProperty('serial');
    expect(system.model).toBe('A'.repeat(100));
  });
  it('tells name, start, pending updates and a waiting restart', async () => {
    const commands = recordedCommands({
      '/usr/bin/apt-get': done('Inst bash [1] (2 Ubuntu:24.04/noble-security [amd64])\n'),
    });
    expect(await readOs(await filesOf(wornLaptop), commands)).toEqual({
      name: 'Ubuntu',
      version: '24.04',
      kernel: '6.8.0-45-generic',
      bootedAt: 1_791_000_000_000,
      pendingUpdates: 1,
      pendingSecurityUpdates: 1,
      rebootRequired: true,
    });
  });
  it('does not claim that no restart waits where nothing would say so', async () => {
    const os = await readOs(await filesOf({ 'etc/os-release': 'NAME=Fedora\nVERSION_ID=41' }), recordedCommands({}));
    expect(os).toEqual({ name: 'Fedora', version: '41' });
  });
  it.each([
    ['quoted', 'NAME="Debian GNU/Linux"\nVERSION_ID="12"', { name: 'Debian GNU/Linux', version: '12' }],
    ['single quotes', "NAME='Arch Linux'\nBUILD_ID=rolling", { name: 'Arch Linux', version: 'rolling' }],
    ['absent', undefined, { name: 'Linux', version: 'rolling' }],
  ])('os-release %s', (_, release, expected) => {
    expect(parseRelease(release)).toEqual(expected);
  });
});

describe('pending updates', () => {
  // Recorded on Debian 12 with `apt-get -s --with-new-pkgs upgrade`.
  const apt = [
    'Reading package lists...',
    '121 upgraded, 0 newly installed, 0 to remove and 0 not upgraded.',
    'Inst base-files [12.4+deb12u11] (12.4+deb12u15 Debian:12.15/oldstable [amd64])',
    'Conf base-files (12.4+deb12u15 Debian:12.15/oldstable [amd64])',
    'Inst zip [3.0-13] (3.0-13+deb12u1 Debian-Security:12/oldstable-security [amd64])',
    'Inst libgcrypt20-dev [1.10.1-3] (1.10.1-3+deb12u1 Debian:12.15/oldstable, Debian-Security:12/oldstable-security [amd64]) []',
  ].join('\n');
  it('counts what apt would install, and of these the security fixes', () => {
    expect(parseApt(apt)).toEqual({ pendingUpdates: 3, pendingSecurityUpdates: 2 });
  });
  it.each([
    ['none', done(''), 0],
    [
      'two, and obsoletes do not count',
      done(
        '\nbash.x86_64   5.2.26-3.fc40   updates\nlibfoo.noarch 1-2 updates\nObsoleting Packages\nold.noarch 1 updates\n',
        100,
      ),
      2,
    ],
    ['an error', done('Error: cache-only enabled but no cache', 1), undefined],
    ['not installed', missing, undefined],
  ])('dnf check-update: %s', (_, result, expected) => {
    expect(countDnf(result)).toBe(expected);
  });
  it('asks dnf where there is no apt', async () => {
    const commands = recordedCommands({
      '/usr/bin/dnf -q -C check-update': done('a.x86_64 1 r\nb.x86_64 1 r\n', 100),
      '/usr/bin/dnf -q -C check-update --security': done('a.x86_64 1 r\n', 100),
    });
    expect(await readPendingUpdates(commands)).toEqual({ pendingUpdates: 2, pendingSecurityUpdates: 1 });
  });
  it('knows nothing where neither is installed', async () => {
    expect(await readPendingUpdates(recordedCommands({}))).toEqual({});
  });
});

describe('processor and memory', () => {
  it('counts what is neither idle nor waiting for a disk', () => {
    const before = parseProcessorTicks('cpu  100 0 100 800 0 0 0 0\ncpu0 100 0 100 800 0 0 0 0');
    const after = parseProcessorTicks('cpu  150 0 150 850 50 0 0 0\ncpu0 150 0 150 850 50 0 0 0');
    expect(busyPercent(before?.all, after?.all ?? { busy: 0, total: 0 })).toBe(50);
    expect(after?.cores).toHaveLength(1);
  });
  it.each([
    ['nothing', undefined],
    ['nonsense', 'cpu  a b c d'],
    ['too short', 'cpu  1 2'],
  ])('/proc/stat: %s is undefined', (_, stat) => {
    expect(parseProcessorTicks(stat)).toBeUndefined();
  });
  it('is 0 when the counters went back', () => {
    expect(busyPercent({ busy: 10, total: 100 }, { busy: 5, total: 50 })).toBe(0);
  });
  it('estimates what is available on kernels that do not tell', () => {
    expect(parseMemory('MemTotal: 100 kB\nMemFree: 10 kB\nBuffers: 5 kB\nCached: 25 kB')?.usedBytes).toBe(60 * 1024);
    expect(parseMemory('MemTotal: 0 kB')).toBeUndefined();
  });
});
