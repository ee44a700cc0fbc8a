import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createWebFilter, type WebFilter } from '../../../agent/capabilities/webFilter/index.ts';
import { systemClock, systemRandom } from '../../../agent/platform/clock.ts';
import { HostFiles } from '../../../agent/platform/host-files.ts';
import { compileNames } from '../../../shared/filter/compiled.ts';
import type { ListReference, WebFilterSection } from '../../../shared/profile/web-filter.ts';
import { MemoryOriginals } from '../../fakes/originals.ts';
import { FakeUpstream } from '../../fakes/upstream.ts';

const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const noCommands = { run: async () => ({ code: 0, stdout: '', stderr: '' }) };

describe('the web filter below another root', () => {
  let root: string;
  let upstream: FakeUpstream;
  let artifacts: Map<string, Uint8Array>;
  let filter: WebFilter;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'rollcall-filter-'));
    upstream = await new FakeUpstream({
      'school.test A': [{ type: 'A', name: 'school.test', ttl: 60, data: '192.0.2.1' }],
    }).start();
    artifacts = new Map();
    filter = create();
  });

  afterEach(async () => {
    await filter.stop();
    await upstream.stop();
    await rm(root, { recursive: true });
  });

  function create(dnsPort = 0): WebFilter {
    return createWebFilter(
      { platform: 'linux', commands: noCommands, files: new HostFiles(root, originals) },
      {
        dnsPort,
        dnsAddress: '127.0.0.1',
        artifacts: { get: async (hash) => artifacts.get(hash) },
        clock: systemClock,
        random: systemRandom,
        log: quiet,
      },
    );
  }
  let originals = new MemoryOriginals();
  beforeEach(() => {
    originals = new MemoryOriginals();
  });

  function list(category: string, names: string[]): ListReference {
    const bytes = compileNames(names);
    const hash = createHash('sha256').update(bytes).digest('hex');
    artifacts.set(hash, bytes);
    const [canary] = names;
    return { category, title: category, hash, bytes: bytes.length, names: names.length, ...(canary ? { canary } : {}) };
  }

  function section(settings: WebFilterSection['settings'] = {}, lists: ListReference[] = []): WebFilterSection {
    const servers = [`127.0.0.1:${upstream.port}`];
    const blockedCategories = lists.map(({ category }) => category);
    const all = { upstream: { kind: 'plain' as const, servers }, blockedCategories, ...settings };
    return { settings: all, lists, contact: 'it@school.test' };
  }

  async function put(path: string, content: string): Promise<void> {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }

  const notOk = async (desired: WebFilterSection) =>
    (await filter.observe(desired)).evidence.filter(({ ok }) => !ok).map(({ item }) => item);

  it('leaves the firewall and the hosts file alone, as they are those of the device, and says so', async () => {
    const hosts = '203.0.113.9 www.google.com\n';
    await put('/etc/hosts', hosts);
    const desired = section({ holdDns: true, safeSearch: true, resolverAddresses: ['203.0.113.0/24'] });
    await filter.apply(desired);
    const line = (await filter.observe(desired)).evidence.find(({ item }) => item.startsWith('firewall'));
    expect(line?.seen).toBe('left alone: this is a trial below another root');
    expect(await readFile(join(root, '/etc/hosts'), 'utf8')).toBe(hosts);
    await filter.remove();
  });

  it('says that nothing runs before it is applied, and plans to change it', async () => {
    const observation = await filter.observe(section());
    expect(filter.plan(section(), observation)).toEqual([
      { item: 'resolver', before: 'not running', after: 'running', isOrdinary: true },
    ]);
    expect(filter.address).toBeUndefined();
  });

  it('proves by asking that categories, domains, safe search and canaries hold', async () => {
    const desired = section(
      { blockedDomains: ['bad.test', '*.below.test', '=only.test'], safeSearch: true, youtube: 'strict' },
      [list('gambling', ['casino.test', 'bet.test'])],
    );
    await filter.apply(desired);
    const { evidence } = await filter.observe(desired);
    expect(evidence.filter(({ ok }) => !ok)).toEqual([]);
    const seen = Object.fromEntries(evidence.map((line) => [line.item, line.seen]));
    expect(seen['category gambling: casino.test']).toBe('0.0.0.0 with EDE 15');
    expect(seen['blocked domain *.below.test: rollcall-probe.below.test']).toMatch(/with EDE 15/);
    expect(seen['blocked domain =only.test: only.test']).toMatch(/with EDE 15/);
    expect(seen['safe search: www.google.com']).toMatch(/^forcesafesearch\.google\.com/);
    expect(seen['YouTube strict: www.youtube.com']).toMatch(/^restrict\.youtube\.com/);
    expect(seen['browsers told to keep to this resolver: use-application-dns.net']).toMatch(/^NXDOMAIN/);
    expect(upstream.asked).toEqual([]);
  });

  it('does not call a name a leak that an exception allows', async () => {
    const desired = section({ allowedDomains: ['casino.test'] }, [list('gambling', ['casino.test'])]);
    await filter.apply(desired);
    expect(await notOk(desired)).toEqual([]);
  });

  it('notices another revision, and puts it in force on the same port', async () => {
    await filter.apply(section());
    const before = filter.address;
    const next = section({ blockedDomains: ['bad.test'] });
    expect(await notOk(next)).toEqual([
      'filter policy',
      'blocking, measured at the filter',
      'blocked domain bad.test: bad.test',
    ]);
    await filter.apply(next);
    expect(await notOk(next)).toEqual([]);
    expect(filter.address).toEqual(before);
  });

  const ways: [string, Record<string, string>, string][] = [
    [
      'systemd-resolved by a drop-in',
      { '/etc/resolv.conf': 'nameserver 127.0.0.53\noptions edns0\n' },
      '/etc/systemd/resolved.conf.d/99-rollcall.conf',
    ],
    [
      'NetworkManager by a drop-in',
      { '/etc/resolv.conf': '# Generated by NetworkManager\nnameserver 192.0.2.53\n', '/etc/NetworkManager/a': '' },
      '/etc/NetworkManager/conf.d/99-rollcall.conf',
    ],
    [
      'a bare host by resolv.conf',
      { '/etc/resolv.conf': 'search a.test\nnameserver 192.0.2.53\n' },
      '/etc/resolv.conf',
    ],
    ['a host without resolv.conf by making one', {}, '/etc/resolv.conf'],
  ];

  it.each(ways)('points %s, sees drift, and leaves every byte as it was', async (_way, files, pointing) => {
    for (const [path, content] of Object.entries(files)) await put(path, content);
    const before = await snapshot(root);
    await filter.apply(section());
    expect(await readFile(join(root, pointing), 'utf8')).toContain('127.0.0.1');
    expect(await notOk(section())).toEqual([]);
    await put(pointing, '# tampered with\n');
    expect(await notOk(section())).toEqual([pointing]);
    await filter.apply(section());
    expect(await notOk(section())).toEqual([]);
    await filter.remove();
    expect(await snapshot(root)).toEqual(before);
    expect(filter.address).toBeUndefined();
  });

  it('keeps what DHCP writes on another network, and goes back to that', async () => {
    await put('/etc/resolv.conf', 'search home.test\nnameserver 192.0.2.53\n');
    await filter.apply(section());
    const dhcp = '# written by dhclient\nsearch school.test\nnameserver 198.51.100.53\n';
    await put('/etc/resolv.conf', dhcp);
    expect(await notOk(section())).toEqual(['/etc/resolv.conf']);
    await filter.apply(section());
    expect(await notOk(section())).toEqual([]);
    expect((await readFile(join(root, 'etc/resolv.conf'), 'utf8')).split('\n').slice(1)).toEqual([
      '# rollcall-replaced 198.51.100.53',
      'nameserver 127.0.0.1',
      'search school.test',
      '',
    ]);
    await filter.remove();
    expect(await readFile(join(root, 'etc/resolv.conf'), 'utf8')).toBe(dhcp);
  });

  it('puts back a resolv.conf that was a link', async () => {
    await put('/run/resolvconf/resolv.conf', 'nameserver 192.0.2.53\n');
    await symlink('../run/resolvconf/resolv.conf', join(root, 'etc-link'));
    await mkdir(join(root, 'etc'), { recursive: true });
    await symlink('../run/resolvconf/resolv.conf', join(root, 'etc/resolv.conf'));
    const before = await snapshot(root);
    await filter.apply(section());
    await filter.remove();
    expect(await snapshot(root)).toEqual(before);
  });

  it('keeps search domains and remembers the servers it replaced', async () => {
    await put('/etc/resolv.conf', '# dhcp\nsearch a.test b.test\nnameserver 192.0.2.53\noptions timeout:1\n');
    await filter.apply(section());
    const written = await readFile(join(root, 'etc/resolv.conf'), 'utf8');
    expect(written.split('\n').slice(1)).toEqual([
      '# rollcall-replaced 192.0.2.53',
      'nameserver 127.0.0.1',
      'search a.test b.test',
      'options timeout:1',
      '',
    ]);
  });

  it('keeps the earlier policy when a list of the next one is missing', async () => {
    const earlier = section({}, [list('gambling', ['casino.test'])]);
    await filter.apply(earlier);
    const missing = { ...list('games', ['games.test']), hash: 'f'.repeat(64) };
    await expect(filter.apply(section({}, [missing]))).rejects.toMatchObject({
      code: 'list-missing',
      message: expect.stringContaining('"games"'),
    });
    expect(await notOk(earlier)).toEqual([]);
  });

  it('puts what it has in force when nothing was, so that a host that points here has names', async () => {
    const missing = { ...list('games', ['games.test']), hash: 'f'.repeat(64) };
    const desired = section({ blockedDomains: ['bad.test'] }, [missing]);
    await expect(filter.apply(desired)).rejects.toMatchObject({ code: 'list-missing' });
    expect(filter.address).toBeDefined();
    expect(await notOk(desired)).toEqual(['filter policy']);
  });

  it('refuses a list that was changed on the way', async () => {
    const reference = list('gambling', ['casino.test']);
    artifacts.get(reference.hash)?.fill(7, 20);
    await expect(filter.apply(section({}, [reference]))).rejects.toMatchObject({ code: 'list-damaged' });
  });

  it('says which port is taken and what to do, and points nothing', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const address = other.address();
    filter = create(typeof address === 'object' && address ? address.port : 0);
    await expect(filter.apply(section())).rejects.toMatchObject({
      code: 'port-in-use',
      message: expect.stringContaining('--dns-port'),
    });
    expect(existsSync(join(root, 'etc'))).toBe(false);
    await new Promise((resolve) => other.close(resolve));
  });

  it('refuses an upstream that is no address, and keeps the earlier one', async () => {
    await filter.apply(section());
    const bad = section({ upstream: { kind: 'plain', servers: ['dns.example.org'] } });
    await expect(filter.apply(bad)).rejects.toMatchObject({ code: 'bad-upstream' });
    expect(await notOk(section())).toEqual([]);
  });

  it('removes twice and stops twice without harm', async () => {
    await filter.apply(section());
    await filter.remove();
    await filter.remove();
    await filter.stop();
    expect(await snapshot(root)).toEqual({});
  });

  it('leaves the host pointed when it only stops, for the restart that follows', async () => {
    await filter.apply(section());
    await filter.stop();
    expect(await readFile(join(root, 'etc/resolv.conf'), 'utf8')).toContain('nameserver 127.0.0.1');
  });

  it('loads 300,000 names and blocks the last of them', async () => {
    const names = Array.from({ length: 300_000 }, (_, i) => `host${i}.site${i % 997}.test`);
    const reference = { ...list('big', names), canary: names[299_999] ?? '' };
    const desired = section({}, [reference]);
    await filter.apply(desired);
    const { evidence } = await filter.observe(desired);
    expect(evidence.filter(({ ok }) => !ok)).toEqual([]);
    expect(evidence[0]?.seen).toContain('300000 names');
  });
});

describe.each(['darwin', 'win32'] as const)('the web filter on %s', (platform) => {
  it('says that it is not supported rather than claim anything', async () => {
    const filter = createWebFilter(
      { platform, commands: noCommands, files: new HostFiles('/nowhere', new MemoryOriginals()) },
      {
        dnsPort: 0,
        dnsAddress: '127.0.0.1',
        artifacts: { get: async () => undefined },
        clock: systemClock,
        random: systemRandom,
        log: quiet,
      },
    );
    expect(filter.supported).toBe(false);
    expect(filter.unsupportedWhy).toMatch(/a trial under a folder leaves them alone/);
    await expect(filter.apply({ settings: {}, lists: [], contact: '' })).rejects.toMatchObject({ code: 'unsupported' });
    await filter.remove();
  });
});

/** Path → content (or link) of everything below a folder. */
async function snapshot(root: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const shown = path.slice(root.length);
    if (entry.isFile()) found[shown] = await readFile(path, 'utf8');
    else found[shown] = entry.isSymbolicLink() ? 'link' : 'folder';
  }
  return found;
}
