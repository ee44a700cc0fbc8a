import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ExaminerParts, type Look, openLook } from '../../../../agent/diagnostics/look.ts';
import { lookAtAddress, lookAtGateway, parsePing } from '../../../../agent/diagnostics/probes/address.ts';
import { lookAtMemory, mapPrograms, parsePressure } from '../../../../agent/diagnostics/probes/busy.ts';
import {
  crashesOnDarwin,
  crashesOnLinux,
  kernelTrouble,
  parseCoredumps,
  parseWindowsCrashes,
} from '../../../../agent/diagnostics/probes/crashes.ts';
import { readOnlyMounts } from '../../../../agent/diagnostics/probes/disk-health.ts';
import { lookAtDiskSpace, sumsByKind } from '../../../../agent/diagnostics/probes/disk-space.ts';
import { portalChecks } from '../../../../agent/diagnostics/probes/portal.ts';
import { lookAtPower } from '../../../../agent/diagnostics/probes/power.ts';
import { lookAtTemperature } from '../../../../agent/diagnostics/probes/temperature.ts';
import { lookAtWifi, parseAirPort, parseNetsh, parseStation } from '../../../../agent/diagnostics/probes/wifi.ts';
import { processName, systemProgram } from '../../../../agent/diagnostics/program-names.ts';
import { nothingKnown } from '../../../../agent/diagnostics/redact.ts';
import { KernelFiles } from '../../../../agent/health/linux/tree.ts';
import { connectivityChecks } from '../../../../shared/filter/captive.ts';
import { FakeClock, SeededRandom } from '../../../fakes/clock.ts';
import { FakeLog } from '../../../fakes/log.ts';
import { RecordedPrograms } from '../context/programs.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'rollcall-probes-'));
});
afterEach(() => rmSync(root, { recursive: true }));

function write(files: Record<string, string>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
}

/** A host of recorded programs and files. */
function host(programs: Record<string, string> = {}, change: Partial<ExaminerParts> = {}): Look {
  const never = () => {
    throw new Error('Nobody asks for this here.');
  };
  const parts = {
    platform: 'linux' as const,
    commands: new RecordedPrograms(programs),
    clock: new FakeClock(),
    log: new FakeLog(),
  };
  const rest = { identity: never, status: never, sections: never, systemServers: never, isHost: false, root };
  const redaction = async () => ({ ...nothingKnown, ssids: new Set(['Lincoln High']) });
  const all = { ...parts, ...rest, random: new SeededRandom(), redaction, interfaces: () => ({}), ...change };
  return openLook(all, new AbortController().signal).at(new AbortController().signal);
}

const said = (stdout: string, code = 0) => ({ code, stdout, stderr: '' });
const missing = { code: -1, stdout: '', stderr: '', failure: 'missing' as const };

describe('Wi-Fi', () => {
  const radio = {
    '/sys/class/net/wlan0/uevent': 'DEVTYPE=wlan\nINTERFACE=wlan0\n',
    '/sys/class/net/wlan0/operstate': 'up\n',
  };
  const link =
    'Connected to aa:bb:cc:dd:ee:ff (on wlan0)\n\tSSID: NAME\n\tfreq: 5180\n\tsignal: -61 dBm\n\ttx bitrate: 433.3 MBit/s VHT-MCS 9\n';
  const programs = (name: string) => ({
    '/usr/sbin/iw dev wlan0 link': link.replace('NAME', name),
    '/usr/sbin/iw dev wlan0 station dump':
      'Station aa:bb:cc:dd:ee:ff (on wlan0)\n\ttx packets:\t1000\n\ttx retries:\t350\n',
    '/usr/bin/journalctl -q --no-pager -o cat --since=-15min -n 2000 -t wpa_supplicant':
      'wlan0: CTRL-EVENT-CONNECTED - Connection to aa:bb:cc:dd:ee:ff completed\n'.repeat(3),
  });

  it('of Linux tells strength, repeats and roaming, and the name of the school’s network', async () => {
    write(radio);
    expect(await lookAtWifi(host(programs('Lincoln High')))).toEqual({
      ...{ adapter: 'present', isJoined: true, hasOtherWay: false, network: 'Lincoln High' },
      ...{ signalDbm: -61, bitrateMbps: 433.3, retryPercent: 35, roams: 3 },
    });
  });

  it('never tells the name of another network', async () => {
    write(radio);
    const facts = await lookAtWifi(host(programs('Smith Family')));
    expect(facts.network).toBe('another network');
    expect(JSON.stringify(facts)).not.toContain('Smith');
  });

  it('of Linux without iw reads the level the kernel tells', async () => {
    write({ ...radio, '/proc/net/wireless': 'Inter-| sta\n face | tus\n wlan0: 0000   54.  -79.  -256        0\n' });
    expect(await lookAtWifi(host())).toMatchObject({ adapter: 'present', isJoined: true, signalDbm: -79 });
  });

  it('that is switched off is told, and a device without', async () => {
    write({ ...radio, '/sys/class/rfkill/rfkill0/type': 'wlan\n', '/sys/class/rfkill/rfkill0/soft': '1\n' });
    expect(await lookAtWifi(host())).toMatchObject({ adapter: 'off' });
    rmSync(join(root, 'sys'), { recursive: true });
    expect(await lookAtWifi(host())).toEqual({ adapter: 'none' });
  });

  it('repeats are told only of enough packets', () => {
    expect(parseStation(said('\ttx packets:\t5\n\ttx retries:\t5\n'))).toEqual({});
  });

  it('of Windows is read in any language', () => {
    const german =
      'Es ist 1 Schnittstelle auf dem System:\n\n    Name                   : WLAN\n    GUID                   : 1b2c\n    Status                 : Verbunden\n    SSID                   : Lincoln High\n    BSSID                  : aa:bb:cc:dd:ee:ff\n    Empfangsrate (MBit/s)  : 780\n    Signal                 : 83% \n    Rssi                   : -56\n';
    expect(parseNetsh(said(german))).toEqual({
      ...{ adapter: 'present', isJoined: true, network: 'Lincoln High', signalPercent: 83, signalDbm: -56 },
    });
    expect(parseNetsh(said('There is no wireless interface on the system.\n', 1))).toEqual({ adapter: 'none' });
    expect(parseNetsh(missing)).toEqual({ adapter: undefined });
  });

  it('of macOS is that of the network that is joined', () => {
    const profile =
      'Wi-Fi:\n      Interfaces:\n        en0:\n          Card Type: Wi-Fi\n          Status: Connected\n          Current Network Information:\n            Lincoln High:\n              PHY Mode: 802.11ac\n              Signal / Noise: -53 dBm / -90 dBm\n              Transmit Rate: 867\n          Other Local Wi-Fi Networks:\n            Smith:\n              Signal / Noise: -80 dBm / -90 dBm\n';
    expect(parseAirPort(said(profile))).toEqual({
      ...{ adapter: 'present', isJoined: true, network: 'Lincoln High', signalDbm: -53, bitrateMbps: 867 },
    });
    expect(parseAirPort(said('          Status: Off\n'))).toEqual({ adapter: 'off', isJoined: false });
    expect(parseAirPort(said('Wi-Fi:\n'))).toEqual({ adapter: 'none' });
  });
});

describe('the way out', () => {
  const route =
    'Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\nwlan0\t00000000\t0107A8C0\t0003\t0\t0\t600\t00000000\n';
  const arp = 'IP address HW type Flags HW address Mask Device\n192.168.7.1 0x1 0x2 00:1b:2c:03:04:05 * wlan0\n';
  const linuxPing =
    'PING 192.168.7.1 (192.168.7.1) 56(84) bytes of data.\n64 bytes from 192.168.7.1: icmp_seq=1 ttl=64 time=1.50 ms\n64 bytes from 192.168.7.1: icmp_seq=2 ttl=64 time=2.50 ms\n\n--- 192.168.7.1 ping statistics ---\n2 packets transmitted, 2 received, 0% packet loss, time 301ms\nrtt min/avg/max/mdev = 1.500/2.000/2.500/0.500 ms\n';

  it('of Linux is pinged and looked for among the neighbours', async () => {
    write({ '/proc/net/route': route, '/proc/net/arp': arp });
    const programs = { '/usr/bin/ping -n -c 2 -i 0.3 -W 1 192.168.7.1': linuxPing };
    expect(await lookAtGateway(host(programs))).toEqual({
      ...{ gateway: '192.168.7.1', pings: { sent: 2, answered: 2, ms: 2 }, isNeighbour: true },
    });
    expect(await lookAtGateway(host())).toEqual({ gateway: '192.168.7.1', isNeighbour: true });
  });

  it('is none without a route', async () => {
    expect(await lookAtGateway(host())).toEqual({});
  });

  const pings: [string, string, number][] = [
    [
      'Windows',
      'Pinging 10.0.0.1 with 32 bytes of data:\r\nReply from 10.0.0.1: bytes=32 time=1ms TTL=64\r\nReply from 10.0.0.1: bytes=32 time<1ms TTL=64\r\n',
      2,
    ],
    [
      'Windows in German',
      'Ping wird ausgeführt für 10.0.0.1:\r\nAntwort von 10.0.0.1: Bytes=32 Zeit=4ms TTL=64\r\nZeitüberschreitung der Anforderung.\r\n',
      1,
    ],
    [
      'macOS',
      'PING 10.0.0.1 (10.0.0.1): 56 data bytes\n64 bytes from 10.0.0.1: icmp_seq=0 ttl=64 time=3.1 ms\n\nround-trip min/avg/max/stddev = 3.1/3.1/3.1/0.0 ms\n',
      1,
    ],
    [
      'silence',
      'PING 10.0.0.1 (10.0.0.1) 56(84) bytes of data.\n\n2 packets transmitted, 0 received, 100% packet loss, time 1001ms\n',
      0,
    ],
  ];
  it.each(pings)('answers pings: %s', (_, output, answered) => {
    expect(parsePing(said(output))).toMatchObject({ sent: 2, answered });
  });

  it('of a Mac and of Windows is asked of their programs', async () => {
    const mac = { '/sbin/route -n get default': '   route to: default\n    gateway: 10.0.0.1\n' };
    expect(await lookAtGateway(host(mac, { platform: 'darwin' }))).toEqual({ gateway: '10.0.0.1' });
    expect(await lookAtGateway(host({}, { platform: 'win32' }))).toEqual({});
  });

  it('begins at an address with a link and a lease', async () => {
    write({
      '/sys/class/net/wlan0/carrier': '1\n',
      '/sys/class/net/eth0/carrier': '0\n',
      '/sys/class/net/docker0/carrier': '1\n',
    });
    const own = { address: '10.20.0.9', netmask: '', family: 'IPv4' as const, mac: '', internal: false, cidr: null };
    const clock = new FakeClock();
    const expiry = Math.round(clock.now() / 1000) + 3600;
    const lease = {
      '/usr/bin/nmcli -t -f DHCP4 device show': `DHCP4.OPTION[1]:dhcp_lease_time = 7200\nDHCP4.OPTION[2]:expiry = ${expiry}\n`,
    };
    const facts = await lookAtAddress(
      host(lease, { clock, interfaces: () => ({ wlan0: [own], lo: [{ ...own, internal: true }] }) }),
    );
    expect(facts).toEqual({
      interfaces: [
        { name: 'wlan0', addresses: ['10.20.0.9'], hasLink: true },
        { name: 'eth0', addresses: [], hasLink: false },
      ],
      leaseLeftMs: 3_600_000,
    });
  });

  it('is asked for a sign-in at hosts that every filter lets through', () => {
    const hosts = Object.values(portalChecks).map(({ url }) => new URL(url));
    expect(hosts.every(({ hostname, protocol }) => protocol === 'http:' && connectivityChecks.includes(hostname))).toBe(
      true,
    );
  });
});

describe('crashes', () => {
  it('of the kernel are counted by kind, and a program’s own are not the kernel’s', () => {
    const journal = [
      'Out of memory: Killed process 123 (secret-game) total-vm:1kB',
      'Memory cgroup out of memory: Killed process 9 (x)',
      'BUG: unable to handle page fault for address: ffff',
      'traps: secret-game[77] general protection fault ip:1 sp:2',
      'blk_update_request: I/O error, dev sda, sector 1',
      'INFO: task kworker:1 blocked for more than 120 seconds.',
      'usb 1-1: new device',
    ].join('\n');
    const found = kernelTrouble(journal);
    expect(found.map(({ count }) => count)).toEqual([1, 1, 2, 1]);
    expect(JSON.stringify(found)).not.toContain('secret-game');
  });

  it('of programs are told by name only where the system owns them', () => {
    const dumps = JSON.stringify([
      { exe: '/usr/bin/gnome-shell' },
      { exe: '/home/maria/secret' },
      { exe: '/usr/bin/gnome-shell' },
    ]);
    expect(parseCoredumps(said(dumps))).toEqual([{ name: 'gnome-shell', count: 2 }, { count: 1 }]);
    expect(parseCoredumps(said('No coredumps found.\n', 1))).toEqual([]);
  });

  it('of Ubuntu are those of the last day', async () => {
    write({ '/var/crash/_usr_bin_nautilus.1000.crash': '', '/var/crash/_home_maria_x.1000.crash': '' });
    const { programs, isKnown } = await crashesOnLinux(host({}, { clock: new FakeClock(Date.now()) }));
    expect([programs, isKnown]).toEqual([[{ count: 1 }, { name: 'nautilus', count: 1 }], true]);
    expect((await crashesOnLinux(host({}, { clock: new FakeClock(Date.now() + 3 * 86_400_000) }))).programs).toEqual(
      [],
    );
  });

  it('cannot be told where nothing may be read', async () => {
    expect(await crashesOnLinux(host())).toEqual({ programs: [], kernel: [], isKnown: false });
  });

  it('of macOS are counted without names', async () => {
    write({
      '/Library/Logs/DiagnosticReports/SecretGame-2026-10-05-101010.ips': '',
      '/Library/Logs/DiagnosticReports/panic-full-2026-10-05-111111.0002.panic': '',
      '/Library/Logs/DiagnosticReports/Old-2025-01-01-000000.ips': '',
    });
    const found = await crashesOnDarwin(host({}, { platform: 'darwin' }));
    expect(found).toEqual({
      kernel: [{ kind: 'the kernel met an error of its own', count: 1 }],
      programs: [{ count: 1 }],
      isKnown: true,
    });
  });

  it('of Windows come from its event log', () => {
    const answer = JSON.stringify({
      restart: 1,
      kernel: 0,
      disk: 3,
      programs: ['C:\\Windows\\explorer.exe', 'C:\\Users\\m\\x.exe'],
    });
    expect(parseWindowsCrashes(said(answer))).toEqual({
      kernel: [
        { kind: 'the disk could not be read or written', count: 3 },
        { kind: 'the device went down without being shut down', count: 1 },
      ],
      programs: [{ name: 'explorer.exe', count: 1 }, { count: 1 }],
      isKnown: true,
    });
    expect(parseWindowsCrashes(said('', 1)).isKnown).toBe(false);
  });
});

describe('programs', () => {
  const paths: [string, 'linux' | 'darwin' | 'win32', string | undefined][] = [
    ['/usr/lib/firefox/firefox', 'linux', 'firefox'],
    ['/opt/google/chrome/chrome (deleted)', 'linux', 'chrome'],
    ['/home/maria/game', 'linux', undefined],
    ['/tmp/usr/bin/x', 'linux', undefined],
    ['/Applications/Safari.app/Contents/MacOS/Safari', 'darwin', 'Safari'],
    ['/Users/maria/Game', 'darwin', undefined],
    ['C:\\Program Files\\Mozilla Firefox\\firefox.exe', 'win32', 'firefox.exe'],
    ['C:\\Users\\maria\\game.exe', 'win32', undefined],
  ];
  it.each(paths)('at %s of %s are called %s', (path, platform, name) => {
    expect(systemProgram(path, platform)).toBe(name);
  });

  it('of Linux that nobody can trace are called by their word only where the system runs them', async () => {
    write({
      '/proc/7/status': 'Name:\tkworker\nUid:\t0\t0\t0\t0\n',
      '/proc/8/status': 'Name:\tdiary.sh\nUid:\t1001\t0\t0\t0\n',
    });
    const files = new KernelFiles(root);
    expect([await processName(files, 7, 'kworker'), await processName(files, 8, 'diary.sh')]).toEqual([
      'kworker',
      undefined,
    ]);
    symlinkSync('/usr/bin/python3.13', join(root, 'proc/8/exe'));
    expect(await processName(files, 8, 'diary.sh')).toBe('python3.13');
  });

  it('of Windows use shares of all cores', () => {
    const list = [
      { pid: 1, name: 'firefox.exe', path: 'C:\\Program Files\\Mozilla\\firefox.exe', cpu: 25, memRss: 1000 },
      { pid: 2, name: 'game.exe', path: 'C:\\Users\\m\\game.exe', cpu: 50, memRss: 10 },
    ];
    expect(mapPrograms(list, 'win32', 4)).toEqual({
      byProcessor: [
        { cpuPercent: 200, memoryBytes: 10_240 },
        { name: 'firefox.exe', cpuPercent: 100, memoryBytes: 1_024_000 },
      ],
      byMemory: [
        { name: 'firefox.exe', cpuPercent: 100, memoryBytes: 1_024_000 },
        { cpuPercent: 200, memoryBytes: 10_240 },
      ],
    });
    expect(
      mapPrograms(
        [{ pid: 3, name: 'Safari', path: '/Applications/Safari.app/Contents/MacOS', cpu: 9, memRss: 1 }],
        'darwin',
        1,
      ).byMemory[0]?.name,
    ).toBe('Safari');
  });
});

describe('hardware', () => {
  it('tells of pressure on memory, and of what was ended', async () => {
    write({
      '/proc/meminfo': 'MemTotal: 8000000 kB\nMemAvailable: 400000 kB\nSwapTotal: 2000 kB\nSwapFree: 500 kB\n',
      '/proc/pressure/memory':
        'some avg10=41.50 avg60=1.00 avg300=0.00 total=1\nfull avg10=12.25 avg60=0.00 avg300=0.00 total=1\n',
      '/proc/vmstat': 'nr_free_pages 1\noom_kill 3\n',
    });
    expect(await lookAtMemory(host())).toMatchObject({
      ...{ availableBytes: 409_600_000, swapUsedBytes: 1_536_000, pressure: { some: 41.5, full: 12.25 }, killed: 3 },
    });
    expect(parsePressure('some avg10=1.00 avg60=0 avg300=0 total=0\n')).toEqual({ some: 1, full: 0 });
    expect(parsePressure(undefined)).toBeUndefined();
  });

  it('tells of power and of a battery that does not charge', async () => {
    const folder = '/sys/class/power_supply';
    write({
      [`${folder}/AC/type`]: 'Mains\n',
      [`${folder}/AC/online`]: '1\n',
      [`${folder}/BAT0/type`]: 'Battery\n',
      [`${folder}/BAT0/status`]: 'Not charging\n',
      [`${folder}/BAT0/capacity`]: '41\n',
      [`${folder}/hidpp_battery_0/type`]: 'Battery\n',
      [`${folder}/hidpp_battery_0/scope`]: 'Device\n',
      [`${folder}/hidpp_battery_0/status`]: 'Discharging\n',
    });
    expect(await lookAtPower(host())).toMatchObject({
      onMains: true,
      state: 'Not charging',
      battery: { present: true, chargePercent: 41 },
    });
  });

  it('tells that the processor is slowed by its cooling device', async () => {
    write({
      '/sys/class/thermal/cooling_device0/type': 'Processor\n',
      '/sys/class/thermal/cooling_device0/cur_state': '3\n',
    });
    expect(await lookAtTemperature(host())).toEqual({ sensors: [], isThrottled: true });
  });

  it('tells of file systems that can only be read', () => {
    const mounts =
      '/dev/sda1 / ext4 ro,relatime 0 0\n/dev/sdb1 /media/x ext4 ro 0 0\n/dev/sda2 /home ext4 rw 0 0\n/dev/loop0 /snap/x squashfs ro 0 0\n';
    expect(readOnlyMounts(mounts)).toEqual(['/']);
  });

  it('adds up by kind what takes room, as far as it was counted', () => {
    const kinds = new Map([
      ['/home/a/Downloads', 'downloads'],
      ['/home/b/Downloads', 'downloads'],
      ['/var/log', 'logs'],
    ]);
    const output = '100\t/home/a/Downloads\n50\t/home/b/Downloads\n3\t/var/log\n9\t/elsewhere\n';
    expect(sumsByKind(output, kinds)).toEqual([
      { kind: 'downloads', bytes: 153_600 },
      { kind: 'logs', bytes: 3_072 },
    ]);
  });

  it('of Windows and macOS is that of their own tools', async () => {
    const told = host({}, { platform: 'win32' });
    const health = {
      ...told.health,
      disks: async () => ({ volumes: [{ mount: 'C:', kind: 'NTFS', sizeBytes: 100e9, usedPercent: 99 }], drives: [] }),
    };
    expect(await lookAtDiskSpace({ ...told, health })).toEqual({
      volumes: [{ mount: 'C:', sizeBytes: 100e9, freeBytes: expect.closeTo(1e9, -3) }],
      takenBy: [],
    });
  });
});
