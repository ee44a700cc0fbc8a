import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createExaminer } from '../../agent/diagnostics/examine.ts';
import type { ExaminerParts } from '../../agent/diagnostics/look.ts';
import { nothingKnown } from '../../agent/diagnostics/redact.ts';
import { probeResolver } from '../../agent/filter/probe.ts';
import { Resolver } from '../../agent/filter/resolver.ts';
import { openUpstream } from '../../agent/filter/upstream/open.ts';
import type { AgentStatus } from '../../agent/local/status.ts';
import { systemClock, systemRandom } from '../../agent/platform/clock.ts';
import { type CommandResult, type Commands, SystemCommands } from '../../agent/platform/commands.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Examination } from '../../shared/diagnostics/probe.ts';
import { preparePolicy } from '../../shared/filter/decide.ts';
import type { FakeControlServer } from './control-server.ts';
import { FakeLog } from './log.ts';
import { FakeUpstream } from './upstream.ts';

const address = (name: string, data: string) => ({ type: 'A' as const, name, ttl: 60, data });

/** A machine that runs tests is slow: nothing here is slow by that, and limits are longer. Pauses are as they are. */
export const patientClock: Clock = {
  ...systemClock,
  monotonic: () => systemClock.monotonic() / 20,
  after: (ms, work) => systemClock.after(ms > 2_000 ? ms * 3 : ms, work),
};

/** What the kernel of a healthy laptop says: recorded, as a machine that runs tests is neither idle nor whole. */
const healthy: Record<string, string> = {
  '/proc/stat': 'cpu  100 0 50 10000 20 0 1 0 0 0\ncpu0 100 0 50 10000 20 0 1 0 0 0\n',
  '/proc/meminfo':
    'MemTotal: 8000000 kB\nMemFree: 3000000 kB\nMemAvailable: 5000000 kB\nSwapTotal: 0 kB\nSwapFree: 0 kB\n',
  '/proc/pressure/memory':
    'some avg10=0.00 avg60=0.00 avg300=0.00 total=0\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=0\n',
  '/proc/vmstat': 'oom_kill 0\n',
  '/proc/self/mounts': 'tmpfs / tmpfs rw 0 0\n',
  '/proc/net/route':
    'Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\neth0\t00000000\t0107A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n',
  '/proc/net/arp':
    'IP address       HW type     Flags       HW address            Mask     Device\n192.168.7.1      0x1         0x2         00:1b:2c:03:04:05     *        eth0\n',
  '/sys/class/net/eth0/carrier': '1\n',
  '/sys/class/power_supply/AC/type': 'Mains\n',
  '/sys/class/power_supply/AC/online': '1\n',
  '/sys/class/power_supply/BAT0/type': 'Battery\n',
  '/sys/class/power_supply/BAT0/status': 'Full\n',
  '/sys/class/power_supply/BAT0/capacity': '97\n',
  '/sys/class/power_supply/BAT0/cycle_count': '80\n',
  '/sys/class/power_supply/BAT0/energy_full_design': '50000000\n',
  '/sys/class/power_supply/BAT0/energy_full': '47000000\n',
  '/sys/class/thermal/thermal_zone0/temp': '48000\n',
  '/sys/class/thermal/thermal_zone0/type': 'x86_pkg_temp\n',
  '/sys/class/thermal/cooling_device0/type': 'Processor\n',
  '/sys/class/thermal/cooling_device0/cur_state': '0\n',
};

const programs: Record<string, string> = {
  '/usr/bin/timedatectl show': 'NTP=yes\nNTPSynchronized=yes\n',
  '/usr/bin/apt-get -s --with-new-pkgs upgrade': '0 upgraded, 0 newly installed, 0 to remove and 0 not upgraded.\n',
};

/** Recorded answers; du is the real one, below the laptop's own root. */
class LaptopPrograms implements Commands {
  async run(path: string, args: readonly string[], options = {}): Promise<CommandResult> {
    if (path === '/usr/bin/du') return await new SystemCommands().run(path, args, options);
    if (path === '/usr/bin/journalctl') return { code: 0, stdout: '', stderr: '' };
    const stdout = programs[[path, ...args].join(' ')];
    return stdout === undefined
      ? { code: -1, stdout: '', stderr: '', failure: 'missing' }
      : { code: 0, stdout, stderr: '' };
  }
}

/**
 * A laptop that is examined: its kernel's files are recorded, everything it speaks to is real on loopback: its resolver with
 * an upstream, the district's server over TLS, and the page by which sign-ins are found.
 */
export class ExaminedLaptop {
  readonly root = mkdtempSync(join(tmpdir(), 'rollcall-examined-'));
  readonly upstream = new FakeUpstream({
    'portal.test A': [address('portal.test', '127.0.0.1')],
    'bad.test A': [address('bad.test', '192.0.2.66')],
    'use-application-dns.net A': [address('use-application-dns.net', '192.0.2.1')],
  });
  readonly log = new FakeLog();
  /** What every page without encryption answers. */
  page: { status: number; headers: Record<string, string>; body: string } = {
    status: 200,
    headers: {},
    body: 'success\n',
  };
  status: Partial<AgentStatus> = {};
  parts: Partial<ExaminerParts> = {};
  readonly #server: FakeControlServer;
  readonly #credential: { key: string; certificateChain: string };
  #resolver: Resolver | undefined;
  #resolverPort = 0;
  readonly #web: Server;

  constructor(server: FakeControlServer, credential = server.district.device()) {
    this.#server = server;
    this.#credential = credential;
    this.#web = createServer((_, response) =>
      response.writeHead(this.page.status, this.page.headers).end(this.page.body),
    );
  }

  async start({ blocked = ['bad.test'] }: { blocked?: string[] } = {}): Promise<this> {
    for (const [path, content] of Object.entries(healthy)) this.write(path, content);
    await this.upstream.start();
    const upstream = await openUpstream(this.#setting, {
      clock: systemClock,
      random: systemRandom,
      systemServers: [],
      self: undefined,
    });
    const filter = preparePolicy({ settings: { blockedDomains: blocked } }, []);
    this.#resolver = new Resolver(
      { filter, blockAnswer: 'address', contact: '', upstream },
      { clock: systemClock, log: this.log },
    );
    this.#resolverPort = (await this.#resolver.start('127.0.0.1', 0)).port;
    await new Promise<void>((resolve) => this.#web.listen(0, '127.0.0.1', resolve));
    return this;
  }

  get #setting() {
    return { kind: 'plain' as const, servers: [`127.0.0.1:${this.upstream.port}`] };
  }

  write(path: string, content: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), content);
  }

  /** Below its root stands what stands on this machine. */
  real(path: string): void {
    rmSync(join(this.root, path), { force: true });
    symlinkSync(path, join(this.root, path));
  }

  async stopResolver(): Promise<void> {
    await this.#resolver?.stop();
    this.#resolver = undefined;
  }

  examine(signal = new AbortController().signal): Promise<Examination> {
    return createExaminer({ ...this.#usual(), ...this.parts }).examine(signal);
  }

  async dispose(): Promise<void> {
    await this.stopResolver();
    await this.upstream.stop();
    await new Promise<void>((resolve) => this.#web.close(() => resolve()));
    rmSync(this.root, { recursive: true });
  }

  #usual(): ExaminerParts {
    const { district, address: agents, enrolmentAddress } = this.#server;
    const port = (this.#web.address() as AddressInfo).port;
    return {
      platform: 'linux',
      commands: new LaptopPrograms(),
      clock: patientClock,
      random: systemRandom,
      log: this.log,
      root: this.root,
      isHost: true,
      identity: () => ({
        agents: [agents],
        enrolment: [enrolmentAddress],
        trust: district.trust,
        credentials: [this.#credential],
      }),
      status: () => ({ ...this.#statusOfNow(), ...this.status }),
      sections: () => ({ webFilter: { settings: { upstream: this.#setting }, lists: [], contact: '' } }),
      systemServers: async () => [],
      redaction: async () => nothingKnown,
      lookup: (name) => this.#lookup(name),
      interfaces: () => ({ eth0: [{ ...interfaceOf('192.168.7.23') }] }),
      portal: { url: `http://portal.test:${port}/success.txt`, answer: 'success' },
    };
  }

  #statusOfNow(): AgentStatus {
    const evidence = [
      { item: 'category gambling: bad.test', expected: 'blocked', seen: '0.0.0.0 with EDE 15', ok: true },
    ];
    const webFilter = { kind: 'reported', at: 0, section: 'webFilter', generation: 1, hash: 'a'.repeat(64) } as const;
    return {
      running: true,
      agentVersion: '0.1.0',
      deviceId: 'device-1',
      district: 'Fake district',
      connected: true,
      servers: [],
      generation: 1,
      sections: [{ ...webFilter, status: 'verified', evidence }],
      resolver: `127.0.0.1:${this.#resolverPort}`,
      spooled: 0,
      certificateExpiresAt: 0,
      home: '',
      root: '/',
    };
  }

  /** As programs of a host that is pointed at the filter are answered. */
  async #lookup(name: string): Promise<string[]> {
    const where = { address: '127.0.0.1', port: this.#resolverPort };
    const options = { clock: systemClock, random: systemRandom, timeoutMs: 5_000 };
    const { outcome, seen } = await probeResolver(where, name, 'A', options);
    if (outcome === 'answered') return seen.split(', ');
    if (outcome === 'blocked') return ['0.0.0.0'];
    throw Object.assign(new Error(seen), { code: outcome === 'no-such-name' ? 'ENOTFOUND' : 'EAI_AGAIN' });
  }
}

function interfaceOf(own: string) {
  return {
    address: own,
    netmask: '255.255.255.0',
    family: 'IPv4' as const,
    mac: '02:00:00:00:00:01',
    internal: false,
    cidr: `${own}/24`,
  };
}
