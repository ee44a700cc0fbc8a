import { describe, expect, it } from 'vitest';
import * as browsers from '../../../../agent/findings/browsers.ts';
import { judgeListeners, type Listener, parseNetstat, parseProcNet } from '../../../../agent/findings/listeners.ts';
import { judgeHosts, judgeNameServiceSwitch } from '../../../../agent/findings/name-service.ts';
import * as proxies from '../../../../agent/findings/proxies.ts';
import { type Interface, judgeInterfaces, tunnelsOfRoutes, tunnelWords } from '../../../../agent/findings/tunnels.ts';
import * as win32 from '../../../../agent/findings/win32.ts';

const filter = { address: '127.0.0.1', port: 53 };

describe('a second resolver', () => {
  const header = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
  const row = (local: string, state: string) =>
    `   3: ${local} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000     0        0 21 2 0000000000000000 0\n`;

  it('is read from the tables of the kernel, whose words are little-endian', () => {
    const content = header + row('0100007F:0035', '07') + row('00000000:14E9', '07') + row('0100007F:9C40', '01');
    expect(parseProcNet(content, 'UDP')).toEqual([
      { address: '127.0.0.1', port: 53, protocol: 'UDP' },
      { address: '0.0.0.0', port: 5353, protocol: 'UDP' },
    ]);
    const six = [
      '00000000000000000000000001000000:13BD',
      '00000000000000000000000000000000:0035',
      '0000000000000000FFFF00000100007F:0035',
      'B80D0120000000000000000001000000:0035',
    ];
    expect(parseProcNet(six.map((local) => row(local, '0A')).join(''), 'TCP').map(({ address }) => address)).toEqual([
      '::1',
      '::',
      '::ffff:127.0.0.1',
      '2001:0db8:0000:0000:0000:0000:0000:0001',
    ]);
    expect(parseProcNet('', 'TCP')).toEqual([]);
    expect(parseProcNet('garbage: zz', 'TCP')).toEqual([]);
  });

  it('is read from netstat of macOS', () => {
    const udp = `Active Internet connections (including servers)
Proto Recv-Q Send-Q  Local Address          Foreign Address        (state)
udp4       0      0  127.0.0.1.5053         *.*
udp46      0      0  *.5353                 *.*
udp6       0      0  *.53                   *.*
udp4       0      0  192.0.2.7.50000        192.0.2.53.53
`;
    expect(parseNetstat(udp, 'UDP')).toEqual([
      { address: '127.0.0.1', port: 5053, protocol: 'UDP' },
      { address: '0.0.0.0', port: 5353, protocol: 'UDP' },
      { address: '::', port: 53, protocol: 'UDP' },
    ]);
    const tcp =
      'tcp4       0      0  127.0.0.1.53           *.*                    LISTEN\ntcp4       0      0  *.*                    *.*                    CLOSED\n';
    expect(parseNetstat(tcp, 'TCP')).toEqual([{ address: '127.0.0.1', port: 53, protocol: 'TCP' }]);
  });

  const listeners: [string, string, number, boolean][] = [
    ['the filter itself', '127.0.0.1', 53, false],
    ['the stub of systemd-resolved', '127.0.0.53', 53, false],
    ['its other stub', '127.0.0.54', 53, false],
    ['a forwarder on a loopback address of its own', '127.0.0.2', 53, true],
    ['a forwarder on 5053', '127.0.0.1', 5053, true],
    ['a forwarder on 5353 of loopback alone', '127.0.0.1', 5353, true],
    ['mDNS, on every address', '0.0.0.0', 5353, false],
    ['a resolver on every address', '0.0.0.0', 53, true],
    ['a resolver on ::1', '::1', 53, true],
    ['the resolver of a bridge for virtual machines', '192.168.122.1', 53, false],
    ['a web server', '127.0.0.1', 8080, false],
  ];
  it.each(listeners)('%s on %s port %i: %s', (_what, address, port, isFound) => {
    const found: Listener[] = [{ address, port, protocol: 'UDP' }];
    expect(judgeListeners(found, filter)).toBe(
      isFound ? `Another resolver listens on ${address} port ${port} (UDP).` : '',
    );
  });
});

describe('a tunnel', () => {
  const none: Interface = {
    name: 'x0',
    flags: '0x1003',
    type: '1',
    tunFlags: '',
    uevent: 'INTERFACE=x0\n',
    isBridged: false,
  };
  const interfaces: [string, Partial<Interface>, string][] = [
    ['Ethernet', {}, ''],
    ['TUN', { tunFlags: '0x1001\n' }, 'A tunnel is up: x0 (TUN or TAP).'],
    ['TUN that is down', { tunFlags: '0x1001\n', flags: '0x1090' }, ''],
    ['TAP of a virtual machine', { tunFlags: '0x1002\n', isBridged: true }, ''],
    ['WireGuard', { uevent: 'DEVTYPE=wireguard\nINTERFACE=x0\n' }, 'A tunnel is up: x0 (WireGuard).'],
    ['PPP', { type: '512\n' }, 'A tunnel is up: x0 (PPP).'],
    ['Wi-Fi', { uevent: 'DEVTYPE=wlan\n' }, ''],
    ['nothing readable', { flags: '', type: '' }, ''],
  ];
  it.each(interfaces)('of Linux: %s', (_what, part, expected) => {
    expect(judgeInterfaces([{ ...none, ...part }])).toBe(expected);
  });

  it('of macOS is one that the way to everywhere leads through', () => {
    const routes = `Routing tables

Internet:
Destination        Gateway            Flags               Netif Expire
default            192.0.2.1          UGScg                 en0
0/1                10.8.0.1           UGScg               utun4
10.8.0.1           10.8.0.2           UH                  utun4
128.0/1            10.8.0.1           UGSc                utun4

Internet6:
default                                 fe80::%utun0                            UGcIg               utun0
`;
    expect(tunnelWords(tunnelsOfRoutes(routes))).toBe('A tunnel is up: utun4.');
    expect(tunnelsOfRoutes('')).toEqual([]);
  });

  it('of Windows is known by its maker’s words', () => {
    const up = [
      'Intel(R) Wi-Fi 6 AX201',
      'TAP-Windows Adapter V9',
      'WireGuard Tunnel',
      'Microsoft Teredo Tunneling Adapter',
      5,
    ];
    expect(win32.parseTunnels(up)).toEqual(['TAP-Windows Adapter V9', 'WireGuard Tunnel']);
    expect(win32.parseTunnels(undefined)).toEqual([]);
  });
});

describe('a proxy', () => {
  const files: [string, (content: string) => boolean, string, boolean][] = [
    ['a variable', proxies.setsProxyVariable, 'PATH=/bin\nhttp_proxy=http://u:p@192.0.2.1:8080\n', true],
    ['an exported variable', proxies.setsProxyVariable, 'export HTTPS_PROXY="http://x"\n', true],
    ['a variable that is empty', proxies.setsProxyVariable, 'http_proxy=""\n', false],
    ['a comment', proxies.setsProxyVariable, '# http_proxy=http://x\n', false],
    ['exceptions only', proxies.setsProxyVariable, 'no_proxy=localhost\n', false],
    ['dconf', proxies.setsDconfProxy, "[system/proxy]\nautoconfig-url='http://x'\nmode='auto'\n", true],
    ['dconf without one', proxies.setsDconfProxy, "[system/proxy]\nmode='none'\n[other]\nmode='manual'\n", false],
    ['KDE', proxies.setsKdeProxy, '[Proxy Settings]\nNoProxyFor=\nProxyType=1\n', true],
    ['KDE without one', proxies.setsKdeProxy, '[Proxy Settings]\nProxyType=0\n', false],
  ];
  it.each(files)('in a file: %s', (_what, says, content, expected) => {
    expect(says(content)).toBe(expected);
  });

  it('of macOS and of Windows is named by its place alone', () => {
    const scutil =
      '<dictionary> {\n  HTTPEnable : 1\n  HTTPPort : 8080\n  HTTPProxy : 192.0.2.1\n  HTTPSEnable : 0\n  ProxyAutoConfigEnable : 1\n}\n';
    expect(proxies.proxyWords(proxies.proxiesOfScutil(scutil))).toBe(
      'A proxy is set in network settings (HTTP), network settings (ProxyAutoConfig).',
    );
    expect(win32.parseProxies({ people: [{ on: true, script: false }], http: true })).toEqual([
      "a person's internet settings",
      'the settings of WinHTTP',
    ]);
    expect(win32.parseProxies(undefined)).toEqual([]);
  });
});

describe('a browser outside the policies', () => {
  const entries: [string, string | undefined][] = [
    ['tor-browser', 'Tor Browser'],
    ['Tor Browser', 'Tor Browser'],
    ['firefox-131.0', 'Firefox or a relative of it'],
    ['FirefoxPortable', 'Firefox or a relative of it'],
    ['LibreWolf.x86_64.AppImage', 'Firefox or a relative of it'],
    ['chrome-linux64', 'Chrome or a relative of it'],
    ['Opera GX', 'Chrome or a relative of it'],
    ['homework', undefined],
    ['my chrome extension', undefined],
  ];
  it.each(entries)('is known by the name %j: %s', (entry, title) => {
    expect(browsers.portableBrowser(entry)?.title).toBe(title);
  });

  it('may be a Flatpak, a snap or a package', () => {
    expect(browsers.flatpakBrowsers(['org.mozilla.firefox', 'org.gnome.Maps', 'constructor'])).toEqual([
      'Firefox as Flatpak',
    ]);
    expect(browsers.unreachedBrowsers(['brave', 'firefox', 'toString'], 'as snap')).toEqual(['Brave as snap']);
    expect(browsers.browserWords([])).toBe('');
  });
});

describe('the name service', () => {
  const lines: [string, string, string][] = [
    ['the usual line', 'hosts: files mdns4_minimal [NOTFOUND=return] dns\n', ''],
    ['systemd’s line', 'hosts:\tmymachines resolve [!UNAVAIL=return] files myhostname\n', ''],
    ['no line', 'passwd: files\n', ''],
    ['no file', '', ''],
    ['files alone', 'hosts: files\n', '/etc/nsswitch.conf asks neither dns nor resolve for names.'],
    ['a source no system comes with', 'hosts: files tor dns # mine\n', '/etc/nsswitch.conf asks tor for names.'],
  ];
  it.each(lines)('is judged by %s', (_what, content, expected) => {
    expect(judgeNameServiceSwitch(content)).toBe(expected);
  });

  it('is passed by through the hosts file', () => {
    const isGuarded = (name: string) => name === 'www.google.com';
    expect(judgeHosts('203.0.113.9 www.google.com x\n', isGuarded)).toBe(
      'The hosts file leads www.google.com past the filter.',
    );
    expect(judgeHosts('# 203.0.113.9 www.google.com\n', isGuarded)).toBe('');
  });
});
