import { describe, expect, it } from 'vitest';
import * as darwin from '../../../../agent/context/network/darwin.ts';
import {
  LinuxNetwork,
  parseArp,
  parseIwLink,
  parseNmcliWifi,
  parseRoutes,
  parseRoutes6,
} from '../../../../agent/context/network/linux.ts';
import { openNetwork } from '../../../../agent/context/network/open.ts';
import { hardwareAddress } from '../../../../agent/context/network/reader.ts';
import * as win32 from '../../../../agent/context/network/win32.ts';
import { SystemCommands } from '../../../../agent/platform/commands.ts';
import { RecordedPrograms } from './programs.ts';

const route = `Iface	Destination	Gateway 	Flags	RefCnt	Use	Metric	Mask		MTU	Window	IRTT                                                       
wlan0	00000000	0103140A	0003	0	0	600	00000000	0	0	0                                                                               
wlan0	0003140A	00000000	0001	0	0	600	00FFFFFF	0	0	0                                                                               
docker0	000011AC	00000000	0001	0	0	0	0000FFFF	0	0	0                                                                               
tun0	00000000	00000000	0001	0	0	50	00000000	0	0	0
`;
const route6 = `00000000000000000000000000000000 00 00000000000000000000000000000000 00 fe80000000000000021122fffe334455 00000400 00000001 00000000 00000003    wlan0
fe800000000000000000000000000000 40 00000000000000000000000000000000 00 00000000000000000000000000000000 00000100 00000001 00000000 00000001    wlan0
00000000000000000000000000000000 00 00000000000000000000000000000000 00 00000000000000000000000000000000 ffffffff 00000001 00000000 00200200       lo
`;
const arp = `IP address       HW type     Flags       HW address            Mask     Device
10.20.3.1        0x1         0x2         00:11:22:33:44:55     *        wlan0
10.20.3.9        0x1         0x0         00:00:00:00:00:00     *        wlan0
172.17.0.2       0x1         0x2         02:42:ac:11:00:02     *        docker0
`;
const wlan = 'DEVTYPE=wlan\nINTERFACE=wlan0\nIFINDEX=3\n';
const iwLink = `Connected to aa:bb:cc:00:00:01 (on wlan0)
	SSID: Student: 2nd floor
	freq: 5180
	signal: -51 dBm
`;
const own = [
  { interface: 'wlan0', address: '10.20.3.4' },
  { interface: 'docker0', address: '172.17.0.1' },
];

function linux(files: Record<string, string>, programs = new RecordedPrograms()) {
  return new LinuxNetwork({ commands: programs, read: async (path) => files[path], addresses: () => own });
}

const tables = { '/proc/net/route': route, '/proc/net/ipv6_route': '', '/proc/net/arp': arp };

describe('Linux', () => {
  it('reads default routes with their gateways', () => {
    expect(parseRoutes(route)).toEqual([{ interface: 'wlan0', gateway: '10.20.3.1' }]);
    expect(parseRoutes6(route6)).toEqual([{ interface: 'wlan0', gateway: 'fe80:0000:0000:0000:0211:22ff:fe33:4455' }]);
    expect(parseRoutes('')).toEqual([]);
    expect(parseRoutes6('rubbish')).toEqual([]);
  });

  it('reads complete neighbours alone', () => {
    expect([...parseArp(arp)]).toEqual([
      ['wlan0 10.20.3.1', '00:11:22:33:44:55'],
      ['docker0 172.17.0.2', '02:42:ac:11:00:02'],
    ]);
  });

  it('knows gateway and address of the network, and starts no program', async () => {
    const programs = new RecordedPrograms();
    expect(await linux({ ...tables, '/proc/net/ipv6_route': route6 }, programs).wired()).toEqual({
      gateways: ['00:11:22:33:44:55'],
      addresses: ['10.20.3.4'],
    });
    expect(programs.asked).toEqual([]);
  });

  it('knows nothing without files', async () => {
    expect(await linux({}).wired()).toEqual({});
  });

  it('keeps a gateway while the kernel confirms it, but not over a change of network', async () => {
    const files: Record<string, string> = { ...tables };
    const addresses = [...own];
    const network = new LinuxNetwork({
      commands: new RecordedPrograms(),
      read: async (path) => files[path],
      addresses: () => addresses,
    });
    const before = await network.signature();
    await network.wired();
    files['/proc/net/arp'] = '';
    expect(await network.signature()).not.toBe(before);
    expect((await network.wired()).gateways).toEqual(['00:11:22:33:44:55']);
    addresses[0] = { interface: 'wlan0', address: '10.20.3.77' };
    expect((await network.wired()).gateways).toBeUndefined();
  });

  it('asks for the neighbour where there is IPv6 alone', async () => {
    const programs = new RecordedPrograms({
      '/usr/sbin/ip -6 neigh show to fe80:0000:0000:0000:0211:22ff:fe33:4455 dev wlan0':
        'fe80::211:22ff:fe33:4455 lladdr 00:11:22:33:44:55 router REACHABLE\n',
    });
    expect((await linux({ '/proc/net/ipv6_route': route6 }, programs).wired()).gateways).toEqual(['00:11:22:33:44:55']);
  });

  it('tells the Wi-Fi by iw, or by NetworkManager where there is no iw', async () => {
    const files = { '/sys/class/net/wlan0/uevent': wlan };
    const expected = { ssid: 'Student: 2nd floor', accessPoint: 'aa:bb:cc:00:00:01' };
    expect(await linux(files, new RecordedPrograms({ '/usr/sbin/iw dev wlan0 link': iwLink })).wifi()).toEqual(
      expected,
    );
    const listed = 'no:Home:66\\:66\\:66\\:66\\:66\\:66\nyes:Student\\: 2nd floor:AA\\:BB\\:CC\\:00\\:00\\:01\n';
    const nmcli = '/usr/bin/nmcli -t -f ACTIVE,SSID,BSSID device wifi list --rescan no';
    expect(await linux(files, new RecordedPrograms({ [nmcli]: listed })).wifi()).toEqual(expected);
    expect(await linux(files).wifi()).toEqual({});
  });

  it('tells a cable from a Wi-Fi, and starts no program for it', async () => {
    const programs = new RecordedPrograms();
    expect(await linux({ '/sys/class/net/wlan0/uevent': 'INTERFACE=eth0\n' }, programs).wifi()).toEqual({
      ssid: '',
      accessPoint: '',
    });
    expect(programs.asked).toEqual([]);
    expect(parseIwLink('Not connected.\n')).toEqual({ ssid: '', accessPoint: '' });
    expect(parseNmcliWifi('no:Home:66\\:66\\:66\\:66\\:66\\:66\n')).toEqual({ ssid: '', accessPoint: '' });
  });

  it.runIf(process.platform === 'linux')('reads this machine', async () => {
    const network = openNetwork('linux', new SystemCommands());
    expect(await network.signature()).toBe(await network.signature());
    const { gateways = [] } = await network.wired();
    expect(gateways.filter((gateway) => hardwareAddress(gateway) !== gateway)).toEqual([]);
  });
});

describe('macOS, by its manuals', () => {
  it('reads the default route and the neighbour', () => {
    const output =
      '   route to: default\ndestination: default\n       mask: default\n    gateway: 192.168.1.1\n  interface: en0\n      flags: <UP,GATEWAY,DONE,STATIC,PRCLONING,GLOBAL>\n';
    expect(darwin.parseRoute(output)).toBe('192.168.1.1');
    expect(darwin.parseRoute('    gateway: link#11\n')).toBeUndefined();
    expect(darwin.parseArp('? (192.168.1.1) at 0:1b:2c:3:4:5 on en0 ifscope [ethernet]\n')).toBe('00:1b:2c:03:04:05');
    expect(darwin.parseArp('? (192.168.1.1) at (incomplete) on en0 ifscope [ethernet]\n')).toBeUndefined();
  });

  const ports =
    '\nHardware Port: Ethernet\nDevice: en5\nEthernet Address: 00:00:00:00:00:01\n\nHardware Port: Wi-Fi\nDevice: en0\nEthernet Address: 00:00:00:00:00:02\n';
  const list = '/usr/sbin/networksetup -listallhardwareports';
  const named = '/usr/sbin/networksetup -getairportnetwork en0';
  const profiler = '/usr/sbin/system_profiler SPAirPortDataType';
  const profile = (name: string) =>
    `Wi-Fi:\n\n      Interfaces:\n        en0:\n          Status: Connected\n          Current Network Information:\n            ${name}:\n              PHY Mode: 802.11ax\n          Other Local Wi-Fi Networks:\n            Home:\n`;
  it.each([
    ['by name', { [list]: ports, [named]: 'Current Wi-Fi Network: Student\n' }, { ssid: 'Student' }],
    [
      'by the profiler where the name is kept back',
      { [list]: ports, [named]: 'You are not associated with an AirPort network.\n', [profiler]: profile('Student') },
      { ssid: 'Student' },
    ],
    [
      'not, where both keep it back',
      {
        [list]: ports,
        [named]: 'You are not associated with an AirPort network.\n',
        [profiler]: profile('<redacted>'),
      },
      {},
    ],
    [
      'as none, where there is none',
      { [list]: ports, [named]: 'You are not associated with an AirPort network.\n', [profiler]: 'Wi-Fi:\n' },
      { ssid: '', accessPoint: '' },
    ],
    ['as none, without Wi-Fi', { [list]: '\nHardware Port: Ethernet\nDevice: en5\n' }, { ssid: '', accessPoint: '' }],
    ['not, when nothing answers', {}, {}],
  ])('tells the Wi-Fi %s', async (_words, outputs, expected) => {
    expect(await openNetwork('darwin', new RecordedPrograms(outputs)).wifi()).toEqual(expected);
  });
});

describe('Windows, by its documentation', () => {
  it.each([
    [['00-1B-2C-03-04-05'], ['00:1b:2c:03:04:05']],
    ['00-1B-2C-03-04-05', ['00:1b:2c:03:04:05']],
    [
      ['00-00-00-00-00-00', '', 7],
      [undefined, undefined, undefined],
    ],
    [undefined, [undefined]],
  ])('reads neighbours from %j', (printed, expected) => {
    expect(win32.parseNeighbours(printed)).toEqual(expected);
  });

  it('reads the Wi-Fi of any language', () => {
    const output =
      '\nEs ist 1 Schnittstelle auf dem System vorhanden:\n\n    Name                   : WLAN\n    Status                 : Verbunden\n    SSID                   : Student\n    AP BSSID               : AA:BB:CC:00:00:01\n    Netzwerktyp            : Infrastruktur\n';
    expect(win32.parseWlanInterfaces(output)).toEqual({ ssid: 'Student', accessPoint: 'aa:bb:cc:00:00:01' });
    expect(win32.parseWlanInterfaces(output.replace('AP BSSID', 'BSSID'))).toEqual({
      ssid: 'Student',
      accessPoint: 'aa:bb:cc:00:00:01',
    });
    expect(win32.parseWlanInterfaces('    Name  : WLAN\n    State : disconnected\n')).toEqual({
      ssid: '',
      accessPoint: '',
    });
  });

  it('knows addresses alone when PowerShell fails', async () => {
    const network = openNetwork('win32', new RecordedPrograms());
    expect(await network.wired()).not.toHaveProperty('gateways');
    expect(await network.wifi()).toEqual({});
  });
});
