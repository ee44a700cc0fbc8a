import { describe, expect, it } from 'vitest';
import { LinuxPointing } from '../../../../agent/capabilities/webFilter/linux.ts';
import {
  asksResolved,
  networkManagerDropIn,
  networkManagerServers,
  resolvConf,
  resolvConfServers,
  resolvedDropIn,
  resolvedServers,
} from '../../../../agent/capabilities/webFilter/linux-files.ts';
import type { CommandResult } from '../../../../agent/platform/commands.ts';
import { HostFiles } from '../../../../agent/platform/host-files.ts';
import { MemoryOriginals } from '../../../fakes/originals.ts';

const local = { address: '127.0.0.1', port: 53 };

/** A real host's files in memory: what is written is only remembered. */
class FilesInMemory extends HostFiles {
  readonly files: Map<string, string>;

  constructor(files: Record<string, string>) {
    super('/', new MemoryOriginals());
    this.files = new Map(Object.entries(files));
  }

  override async read(path: string): Promise<string | undefined> {
    return this.files.get(path);
  }

  override async original(_owner: string, path: string): Promise<string | undefined> {
    return this.files.get(path);
  }

  override async write(_owner: string, path: string, content: string): Promise<void> {
    this.files.set(path, content);
  }

  override async restore(): Promise<string[]> {
    return [...this.files.keys()];
  }
}

function linux(files: Record<string, string>, output: Record<string, Partial<CommandResult>> = {}) {
  const ran: string[] = [];
  const commands = {
    run: async (path: string, args: readonly string[]) => {
      ran.push([path, ...args].join(' '));
      return { code: 0, stdout: '', stderr: '', ...output[path] };
    },
  };
  const memory = new FilesInMemory(files);
  return { pointing: new LinuxPointing({ platform: 'linux', commands, files: memory }), ran, files: memory.files };
}

/** Without the first, systemd refuses to start a service that was started often. */
const restart = [
  '/usr/bin/systemctl reset-failed systemd-resolved',
  '/usr/bin/systemctl reload-or-restart systemd-resolved',
];
const stub = 'nameserver 127.0.0.53\noptions edns0 trust-ad\nsearch school.test\n';
const uplinks = 'nameserver 127.0.0.1\nnameserver 192.0.2.53\nnameserver 2001:db8::53\n';
/** `nmcli -t -f IP4.DNS,IP6.DNS device show` of NetworkManager 1.42: documented output, not run there. */
const nmcliOutput = 'IP4.DNS[1]:192.0.2.54\nIP4.DNS[2]:192.0.2.55\nIP6.DNS[1]:2001\\:db8\\:\\:54\n\nIP4.DNS[1]:\n';

describe('Linux', () => {
  it('writes what systemd-resolved, NetworkManager and the C library read', () => {
    expect(resolvedDropIn(local)).toContain('\n[Resolve]\nDNS=\nDNS=127.0.0.1\nDomains=\nDomains=~.\nFallbackDNS=\n');
    expect(resolvedDropIn({ address: '127.0.0.1', port: 5300 })).toContain('DNS=127.0.0.1:5300\n');
    expect(resolvedDropIn({ address: '::1', port: 5300 })).toContain('DNS=[::1]:5300\n');
    expect(networkManagerDropIn(local)).toContain('[global-dns-domain-*]\nservers=127.0.0.1\n');
    expect(resolvConf(local, stub, [])).toMatch(
      /\nnameserver 127\.0\.0\.1\noptions edns0 trust-ad\nsearch school\.test\n$/,
    );
  });

  it('finds the servers its own resolv.conf replaced', () => {
    expect(resolvConfServers(resolvConf(local, 'search a.test\n', ['192.0.2.53', 'fd00::1']))).toEqual([
      '192.0.2.53',
      'fd00::1',
    ]);
    expect(resolvConfServers('# nameserver 1.1.1.1\nnameserver 192.0.2.53 # x\n  nameserver\tfd00::1\n')).toEqual([
      '192.0.2.53',
      'fd00::1',
    ]);
    expect(asksResolved(stub)).toBe(true);
    expect(asksResolved('nameserver 192.0.2.53\n')).toBe(false);
  });

  it('reads the servers that are set for systemd-resolved', () => {
    const main = '[Resolve]\n#DNS=192.0.2.1\nDNS=192.0.2.2 192.0.2.3:5353%eth0#dns.test\n';
    expect(resolvedServers([main])).toEqual(['192.0.2.2', '192.0.2.3:5353']);
    expect(resolvedServers([main, 'DNS=[2001:db8::1]:53 fe80::1%eth0 not-an-address'])).toEqual([
      '192.0.2.2',
      '192.0.2.3:5353',
      '[2001:db8::1]:53',
    ]);
    expect(resolvedServers([main, 'DNS=\nDNS=192.0.2.4\n'])).toEqual(['192.0.2.4']);
  });

  it('reads the servers of NetworkManager from its terse output', () => {
    expect(networkManagerServers(nmcliOutput)).toEqual(['192.0.2.54', '192.0.2.55', '2001:db8::54']);
  });

  it('reloads systemd-resolved once, and then only has it forget its answers', async () => {
    const { pointing, ran, files } = linux({ '/etc/resolv.conf': stub });
    await pointing.point(local);
    await pointing.point(local);
    expect(ran).toEqual([...restart, '/usr/bin/resolvectl flush-caches']);
    expect(files.get('/etc/resolv.conf')).toBe(stub);
    await pointing.restore();
    expect(ran.slice(3)).toEqual(restart);
  });

  it('tells both when both are in charge', async () => {
    const { pointing, ran } = linux({
      '/etc/resolv.conf': stub,
      '/run/NetworkManager/resolv.conf': 'nameserver 192.0.2.53\n',
    });
    await pointing.point(local);
    expect(ran).toEqual([...restart, '/usr/bin/nmcli general reload']);
  });

  it('says which command failed', async () => {
    const { pointing } = linux(
      { '/etc/resolv.conf': stub },
      { '/usr/bin/systemctl': { code: 1, stderr: 'Unit not found.' } },
    );
    await expect(pointing.point(local)).rejects.toMatchObject({
      code: 'reload-failed',
      message: expect.stringContaining('Unit not found.'),
    });
  });

  it('asks for port 53 where a port cannot be written, before it changes anything', async () => {
    const { pointing, files } = linux({ '/etc/resolv.conf': 'nameserver 192.0.2.53\n' });
    await expect(pointing.point({ address: '127.0.0.1', port: 5300 })).rejects.toMatchObject({ code: 'dns-port' });
    expect(files.get('/etc/resolv.conf')).toBe('nameserver 192.0.2.53\n');
  });

  const upstreams: [string, Record<string, string>, string[]][] = [
    [
      'systemd-resolved',
      { '/etc/resolv.conf': stub, '/run/systemd/resolve/resolv.conf': uplinks },
      ['192.0.2.53', '2001:db8::53'],
    ],
    ['a bare host', { '/etc/resolv.conf': 'nameserver 192.0.2.53\n' }, ['192.0.2.53']],
    [
      'a bare host that points here already',
      { '/etc/resolv.conf': resolvConf(local, '', ['192.0.2.53']) },
      ['192.0.2.53'],
    ],
    [
      'NetworkManager',
      { '/etc/resolv.conf': '# Generated by NetworkManager\nnameserver 127.0.0.1\n' },
      ['192.0.2.54', '192.0.2.55', '2001:db8::54'],
    ],
    ['a host with nothing but the stub', { '/etc/resolv.conf': stub }, []],
  ];
  it.each(upstreams)('finds what %s would ask without the filter', async (_what, files, expected) => {
    const { pointing } = linux(files, { '/usr/bin/nmcli': { stdout: nmcliOutput } });
    expect(await pointing.systemServers(local)).toEqual(expected);
  });
});
