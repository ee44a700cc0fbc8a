import { mkdir, mkdtemp, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LinuxPointing } from '../../../../agent/capabilities/webFilter/linux.ts';
import { MemoryOriginals } from '../../../fakes/originals.ts';
import { PretendedHostFiles, RecordedCommands, succeeded } from '../browser/recorded.ts';

const resolvConf = '/etc/resolv.conf';
const self = { address: '127.0.0.1', port: 53 };
const home = 'nameserver 192.0.2.53\n';
const school = '# dhclient\nnameserver 198.51.100.53\n';
const stub = 'nameserver 127.0.0.53\n';

let root: string;
let pointing: LinuxPointing;

async function put(path: string, content: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await rm(join(root, path), { force: true });
  await writeFile(join(root, path), content);
}

const read = (path: string) => readFile(join(root, path), 'utf8');
const drifted = async () => (await pointing.evidence(self)).filter(({ ok }) => !ok).map(({ item }) => item);

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'rollcall-networks-'));
  const files = new PretendedHostFiles(root, new MemoryOriginals());
  pointing = new LinuxPointing({ platform: 'linux', commands: new RecordedCommands(() => succeeded()), files });
});
afterEach(() => rm(root, { recursive: true }));

describe('a host that is pointed at the filter and changes networks', () => {
  it('asks the servers DHCP wrote, at once and when it points here again', async () => {
    await put(resolvConf, home);
    await pointing.point(self);
    expect(await pointing.systemServers(self)).toEqual(['192.0.2.53']);
    await put(resolvConf, school);
    expect(await drifted()).toEqual([resolvConf]);
    expect(await pointing.systemServers(self)).toEqual(['198.51.100.53']);
    await pointing.point(self);
    expect(await drifted()).toEqual([]);
    expect(await pointing.systemServers(self)).toEqual(['198.51.100.53']);
    await pointing.restore();
    expect(await read(resolvConf)).toBe(school);
  });

  it.each([
    ['is empty', ''],
    ['names only the filter', 'nameserver 127.0.0.1\n'],
  ])('keeps the servers it knew when what is written %s', async (_what, content) => {
    await put(resolvConf, home);
    await pointing.point(self);
    await put(resolvConf, content);
    await pointing.point(self);
    expect(await drifted()).toEqual([]);
    expect(await pointing.systemServers(self)).toEqual(['192.0.2.53']);
    await pointing.restore();
    expect(await read(resolvConf)).toBe(home);
  });

  it('follows the file its resolv.conf was a link to', async () => {
    await put('/run/resolvconf/resolv.conf', home);
    await mkdir(join(root, 'etc'));
    await symlink('../run/resolvconf/resolv.conf', join(root, resolvConf));
    await pointing.point(self);
    await put('/run/resolvconf/resolv.conf', school);
    expect(await drifted()).toEqual([]);
    expect(await pointing.systemServers(self)).toEqual(['198.51.100.53']);
    await pointing.restore();
    expect(await readlink(join(root, resolvConf))).toBe('../run/resolvconf/resolv.conf');
  });

  it('leaves resolv.conf to systemd-resolved when that takes over', async () => {
    await put(resolvConf, home);
    await pointing.point(self);
    await put(resolvConf, stub);
    await put('/run/systemd/resolve/resolv.conf', `nameserver 127.0.0.1\n${school}`);
    await pointing.point(self);
    expect(await pointing.systemServers(self)).toEqual(['198.51.100.53']);
    await pointing.restore();
    expect(await read(resolvConf)).toBe(stub);
  });

  it('gives resolv.conf back when programs reach systemd-resolved by name service switch', async () => {
    await put(resolvConf, home);
    await pointing.point(self);
    await put('/etc/nsswitch.conf', 'hosts: files resolve [!UNAVAIL=return] dns\n');
    await put('/run/systemd/resolve/resolv.conf', school);
    await pointing.point(self);
    expect(await read(resolvConf)).toBe(home);
    expect(await drifted()).toEqual([]);
  });

  it('asks the servers somebody set for systemd-resolved, which forgets them, before those of the network', async () => {
    await put(resolvConf, stub);
    await put('/etc/systemd/resolved.conf', '[Resolve]\nDNS=192.0.2.1\n');
    await put('/usr/lib/systemd/resolved.conf.d/20-site.conf', '[Resolve]\nDNS=192.0.2.3\n');
    await put('/etc/systemd/resolved.conf.d/20-site.conf', '[Resolve]\nDNS=192.0.2.2\n');
    await put(
      '/run/systemd/resolve/resolv.conf',
      'nameserver 192.0.2.1\nnameserver 192.0.2.2\nnameserver 198.51.100.53\n',
    );
    const servers = ['192.0.2.1', '192.0.2.2', '198.51.100.53'];
    expect(await pointing.systemServers(self)).toEqual(servers);
    await pointing.point(self);
    await put('/run/systemd/resolve/resolv.conf', 'nameserver 127.0.0.1\nnameserver 198.51.100.53\n');
    expect(await pointing.systemServers(self)).toEqual(servers);
  });

  it('knows the servers it replaced when the agent has lost what it kept', async () => {
    await put(resolvConf, home);
    await pointing.point(self);
    const files = new PretendedHostFiles(root, new MemoryOriginals());
    const commands = new RecordedCommands(() => succeeded());
    const later = new LinuxPointing({ platform: 'linux', commands, files });
    expect(await later.systemServers(self)).toEqual(['192.0.2.53']);
  });
});
