import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFindings, findingJobs } from '../../../../agent/findings/index.ts';
import { linuxLooks } from '../../../../agent/findings/linux.ts';
import type { FindingCode } from '../../../../agent/findings/look.ts';
import { HostFiles } from '../../../../agent/platform/host-files.ts';
import { FakeClock } from '../../../fakes/clock.ts';
import { FakeLog } from '../../../fakes/log.ts';
import { MemoryOriginals } from '../../../fakes/originals.ts';
import { PretendedHostFiles, RecordedCommands, succeeded } from '../browser/recorded.ts';

const filter = { address: '127.0.0.1', port: 53 };
let root: string;
let said: string[];
let clock: FakeClock;
const reports = {
  openFinding: (code: string, detail: string) => said.push(`${code} opens: ${detail}`),
  closeFinding: (code: string) => said.push(`${code} closes`),
};

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'rollcall-findings-'));
  said = [];
  clock = new FakeClock();
});
afterEach(() => rm(root, { recursive: true }));

async function put(path: string, content = ''): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), content);
}

function host(files = new PretendedHostFiles(root, new MemoryOriginals())) {
  return { platform: 'linux' as const, commands: new RecordedCommands(() => succeeded()), files };
}

const look = (code: FindingCode) =>
  linuxLooks({ host: host(), filter, isGuarded: (name) => name === 'www.google.com' })[code]?.();

describe('a Linux device is looked at', () => {
  it('and nothing is found on one that has nothing', async () => {
    for (const code of [
      'second-resolver',
      'tunnel-up',
      'unmanaged-browser',
      'proxy-set',
      'hosts-file',
      'name-service',
    ] as const)
      expect(await look(code)).toBe('');
  });

  it('for resolvers', async () => {
    await put('/proc/net/udp', '   3: 0100007F:13BD 00000000:0000 07 00000000:00000000 00:00000000\n');
    expect(await look('second-resolver')).toBe('Another resolver listens on 127.0.0.1 port 5053 (UDP).');
  });

  it('for tunnels', async () => {
    await put('/sys/class/net/wg0/uevent', 'DEVTYPE=wireguard\n');
    await put('/sys/class/net/wg0/flags', '0x10091\n');
    await put('/sys/class/net/vnet0/tun_flags', '0x1002\n');
    await put('/sys/class/net/vnet0/flags', '0x1003\n');
    await put('/sys/class/net/vnet0/brport/state', '3\n');
    expect(await look('tunnel-up')).toBe('A tunnel is up: wg0 (WireGuard).');
  });

  it('for browsers, naming neither the person nor a folder of theirs', async () => {
    await put('/home/astrid.lindgren/Downloads/tor-browser/start-tor-browser.desktop');
    await put('/home/astrid.lindgren/Desktop/Brave-secret-name.AppImage');
    await put('/home/astrid.lindgren/Documents/chrome essay/essay.txt');
    await put('/home/astrid.lindgren/firefox.txt');
    await put('/home/emil/.local/share/flatpak/app/com.opera.Opera/x');
    await put('/opt/vivaldi/vivaldi');
    const words = await look('unmanaged-browser');
    expect(words).toBe(
      'Browsers outside the policies: Chrome or a relative of it in a home folder (Desktop); Opera as Flatpak; Tor Browser in a home folder (Downloads); Vivaldi in /opt.',
    );
    expect(words).not.toMatch(/astrid|emil|secret/);
  });

  it('for proxies, naming neither the person nor the proxy', async () => {
    await put('/etc/environment', 'https_proxy=http://astrid:geheim@192.0.2.1:8080\n');
    await put('/etc/dconf/db/local.d/10-proxy', "[system/proxy]\nmode='manual'\n");
    await mkdir(join(root, '/etc/dconf/db/local.d/locks'));
    await put('/home/astrid/.config/kioslaverc', '[Proxy Settings]\nProxyType=1\n');
    await put('/home/astrid/.bashrc', 'export all_proxy=socks5://192.0.2.1\n');
    const words = await look('proxy-set');
    expect(words).toBe(
      "A proxy is set in /etc/dconf/db/local.d/10-proxy, /etc/environment, a person's KDE settings, a person's environment.",
    );
    expect(words).not.toMatch(/astrid|geheim|192/);
  });

  it('for the hosts file and the name service switch', async () => {
    await put('/etc/hosts', '203.0.113.9 www.google.com\n');
    await put('/etc/nsswitch.conf', 'hosts: files\n');
    expect(await look('hosts-file')).toContain('www.google.com');
    expect(await look('name-service')).toContain('neither dns nor resolve');
  });
});

describe('findings', () => {
  async function run(looks: Parameters<typeof findingJobs>[0]): Promise<void> {
    for (const job of findingJobs(looks, { host: host(), reports, clock })) job.accept(await job.collect());
  }

  it('open when something is there and close when it is gone', async () => {
    await run({ 'tunnel-up': async () => 'A tunnel is up: wg0 (WireGuard).' });
    await run({ 'tunnel-up': async () => '' });
    expect(said).toEqual(['tunnel-up opens: A tunnel is up: wg0 (WireGuard).', 'tunnel-up closes']);
  });

  it('stay as they are when it cannot be known', async () => {
    const [job] = findingJobs(
      { 'proxy-set': () => Promise.reject(new Error('denied')) },
      { host: host(), reports, clock },
    );
    await expect(job?.collect()).rejects.toThrow('denied');
    expect(said).toEqual([]);
  });

  it('keep to the length of a record', async () => {
    await run({ 'hosts-file': async () => 'x'.repeat(5000) });
    expect(said[0]?.length).toBeLessThanOrEqual(1000 + 'hosts-file opens: '.length);
  });

  it('are looked for soon after the start and by cadence, until the agent stops', async () => {
    await put('/etc/nsswitch.conf', 'hosts: files\n');
    const random = { unit: () => 0.5, bytes: () => new Uint8Array(), uuid: () => '' };
    const findings = createFindings({
      host: host(),
      filter,
      serverHosts: () => [],
      reports,
      clock,
      random,
      log: new FakeLog(),
    });
    await findings.start();
    clock.advance(30_000);
    await expect.poll(() => said.filter((words) => words.startsWith('name-service opens')).length).toBe(1);
    await findings.stop();
    // Looks that are under way end by themselves, and their time limits with them.
    await expect.poll(() => clock.pending).toBe(0);
  });

  it('say nothing of the device below another root', async () => {
    await put('/etc/nsswitch.conf', 'hosts: files\n');
    const random = { unit: () => 0, bytes: () => new Uint8Array(), uuid: () => '' };
    const files = new HostFiles(root, new MemoryOriginals());
    const findings = createFindings({
      host: host(files),
      filter,
      serverHosts: () => [],
      reports,
      clock,
      random,
      log: new FakeLog(),
    });
    await findings.start();
    expect(clock.pending).toBe(0);
  });
});
