import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { quietLog } from '../../agent/cli/quiet-log.ts';
import { readStatus } from '../../agent/cli/read-status.ts';
import { readConfig } from '../../agent/config.ts';
import type { AgentStatus } from '../../agent/local/status.ts';
import { OperatorClient } from '../../server/commands/client.ts';
import { sampleDistrict } from '../../server/demo/district.ts';
import type { DeviceDetail, Landing } from '../../shared/api/schemas.ts';
import type { CommandEnd } from './agent-process.ts';
import { askDns, type DnsAnswer } from './dns-question.ts';
import { Program, repository, runProgram, until } from './programs.ts';
import { FakeUpstream } from './upstream.ts';

const cli = { server: join(repository, 'server/cli.ts'), agent: join(repository, 'agent/cli.ts') };

const roster = sampleDistrict({ seed: 1853, today: '2026-10-05' });
/** Who holds the device: the first student of the sample district. */
export const holder = /^s-\d+/m.exec(roster.get('users.csv') ?? '')?.[0] ?? '';
export const filterProfile = 'Student web filter';
export const browserPolicy = 'etc/chromium/policies/managed/zz-rollcall.json';

export interface PolicyChoice {
  blockedDomains?: readonly string[];
  blockedUrls?: readonly string[];
}

/**
 * The whole product in a folder of its own: `rollcall serve` and `rollcall-agent run` as processes, on loopback and free
 * ports, apart from each other; a fake resolver stands for the internet. Everything is done by the command lines.
 */
export class WholeDistrict implements AsyncDisposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'rollcall-district-'));
  readonly serverHome = join(this.folder, 'server/home');
  readonly agentHome = join(this.folder, 'agent/home');
  /** What stands for the host's `/`; `/` itself for tests that run on a host of their own. */
  readonly root: string;
  readonly upstream = new FakeUpstream({
    'www.example.org A': [{ type: 'A', name: 'www.example.org', ttl: 300, data: '192.0.2.10' }],
    'forcesafesearch.google.com A': [{ type: 'A', name: 'forcesafesearch.google.com', ttl: 300, data: '192.0.2.20' }],
  });
  /** Where the console is, and the one-time code for its first administrator. */
  console: { address: string; setUpCode: string | undefined } = { address: '', setUpCode: undefined };
  #client: OperatorClient | undefined;
  server: Program | undefined;
  agent: Program | undefined;

  constructor(root?: '/') {
    this.root = root ?? join(this.folder, 'agent/root');
    for (const folder of ['server', 'agent/root']) mkdirSync(join(this.folder, folder), { recursive: true });
  }

  /** A district with people, policy and one enrolled device that has proved everything. */
  static async verified(policy: PolicyChoice = {}): Promise<WholeDistrict> {
    const district = new WholeDistrict();
    try {
      await district.serve();
      await district.fill(policy);
      await district.enrol();
      district.runAgent();
      await district.landed();
      return district;
    } catch (error) {
      await district[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Starts the server, the first time on free ports and then on the same. */
  async serve(...more: string[]): Promise<void> {
    const isFirst = !existsSync(join(this.serverHome, 'ports.json'));
    const ports = isFirst ? ['--console-port', '0', '--agent-port', '0'] : [];
    const args = ['serve', '--home', this.serverHome, '--listen', '127.0.0.1', ...ports, ...more];
    this.server = new Program([cli.server, ...args], {
      cwd: join(this.folder, 'server'),
      env: { ROLLCALL_LOG_LEVEL: 'warn' },
    });
    const address = await this.server.says(/^Console\s+(\S+)$/m);
    this.console = { address, setUpCode: /^Set-up code\s+(\S+)/m.exec(this.server.said.stdout)?.[1] };
  }

  /** The server's API as its operator; there once it has been served. */
  get client(): OperatorClient {
    this.#client ??= new OperatorClient(this.serverHome);
    return this.#client;
  }

  /** `rollcall …` at this server. */
  async rollcall(...args: string[]): Promise<CommandEnd> {
    const all = [cli.server, ...args, '--home', this.serverHome];
    return await runProgram(process.execPath, all, { cwd: join(this.folder, 'server') });
  }

  /** `rollcall-agent …` on this device. */
  async device(...args: string[]): Promise<CommandEnd> {
    const all = [cli.agent, ...args, '--home', this.agentHome];
    return await runProgram(process.execPath, all, { cwd: join(this.folder, 'agent') });
  }

  runAgent(): Program {
    this.agent = new Program([cli.agent, 'run', '--home', this.agentHome], { cwd: join(this.folder, 'agent') });
    return this.agent;
  }

  /** The sample roster as a folder of CSV files. */
  writeRoster(): string {
    const folder = join(this.folder, 'roster');
    mkdirSync(folder, { recursive: true });
    for (const [name, text] of roster) writeFileSync(join(folder, name), text);
    return folder;
  }

  /** A list and two profiles as `rollcall apply` reads them. */
  writePolicy({ blockedDomains = ['blocked.example'], blockedUrls = ['blocked.example'] }: PolicyChoice = {}): string {
    const documents = [
      { kind: 'list', category: 'games', title: 'Games', licence: 'our own', names: ['games.example', 'play.example'] },
      {
        kind: 'profile',
        name: filterProfile,
        settings: {
          webFilter: {
            blockedCategories: ['games'],
            blockedDomains,
            allowedDomains: ['lessons.blocked.example'],
            safeSearch: true,
            upstream: { kind: 'plain', servers: [`127.0.0.1:${this.upstream.port}`] },
          },
        },
        assignments: [{ to: { kind: 'role', role: 'student' }, priority: 100 }],
      },
      {
        kind: 'profile',
        name: 'School browsers',
        settings: { browser: { blockedUrls, safeSearch: true, blockDnsOverHttps: true } },
        assignments: [{ to: { kind: 'everyone' }, priority: 50 }],
      },
    ];
    const path = join(this.folder, 'policy.yaml');
    writeFileSync(path, documents.map((document) => JSON.stringify(document)).join('\n---\n'));
    return path;
  }

  async fill(policy: PolicyChoice): Promise<void> {
    await this.upstream.start();
    succeeded(await this.rollcall('import', 'oneroster', this.writeRoster()));
    succeeded(await this.rollcall('apply', '-f', this.writePolicy(policy)));
  }

  async enrol(): Promise<void> {
    const token = succeeded(await this.rollcall('token', 'create', '--person', holder)).stdout.trim();
    succeeded(await this.device('enroll', token, '--root', this.root));
  }

  /** Publishes other blocked domains over the API, as the console does; the profile may block addresses in browsers too. */
  async publish({ blockedDomains = [], blockedUrls = [] }: PolicyChoice): Promise<void> {
    const { content } = await this.#filter();
    const webFilter = { ...content.settings.webFilter, blockedDomains: [...blockedDomains] };
    const settings = { ...content.settings, webFilter, browser: { blockedUrls: [...blockedUrls] } };
    await this.client.call('applyProfile', {
      body: { name: filterProfile, description: '', content: { ...content, settings } },
    });
  }

  async #filter() {
    const { items } = await this.client.call('listProfiles');
    const id = items.find(({ name }) => name === filterProfile)?.id ?? '';
    return { id, ...(await this.client.call('readProfile', { params: { id } })) };
  }

  /** How the filter profile is landing. */
  async landing(): Promise<Landing> {
    const { id } = await this.#filter();
    return await this.client.call('readLanding', { params: { id } });
  }

  /** Waits until the device has proved what is published now, and everything else that is desired of it. */
  async landed(timeoutMs = 30_000): Promise<DeviceDetail> {
    return await until('every section verified and up to date', timeoutMs, async () => {
      const detail = await this.detail();
      if (detail?.sections.length !== 2) return undefined;
      return detail.sections.every(({ status, upToDate }) => status === 'verified' && upToDate) && detail;
    });
  }

  async detail(): Promise<DeviceDetail | undefined> {
    const { items } = await this.client.call('listDevices');
    const id = items.find(({ simulated }) => !simulated)?.id;
    return id === undefined ? undefined : await this.client.call('readDevice', { params: { id } });
  }

  /** Everything that happened to this device, oldest first. */
  async events(): Promise<{ id: number; code: string; words: string }[]> {
    return await this.eventsOf((await this.detail())?.device.id ?? '');
  }

  async eventsOf(id: string): Promise<{ id: number; code: string; words: string }[]> {
    const all: { id: number; code: string; words: string }[] = [];
    let cursor: string | undefined;
    do {
      const query = { limit: 200, ...(cursor === undefined ? {} : { cursor }) };
      const page = await this.client.call('listDeviceEvents', { params: { id }, query });
      all.push(...page.items.map(({ id: number, code, words }) => ({ id: number, code, words })));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    return all.reverse();
  }

  /** As `rollcall-agent status` says it, without a process for each look. */
  async status(): Promise<AgentStatus> {
    return await readStatus(readConfig({ home: this.agentHome }, {}), quietLog);
  }

  get dnsPort(): number {
    return (JSON.parse(readFileSync(join(this.agentHome, 'config.json'), 'utf8')) as { dnsPort: number }).dnsPort;
  }

  async ask(name: string, type?: Parameters<typeof askDns>[2]): Promise<DnsAnswer> {
    return await askDns(this.dnsPort, name, type);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.agent?.kill();
    await this.server?.kill();
    await this.#client?.close();
    await this.upstream.stop();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** A command that was expected to do what it says. */
export function succeeded(ended: CommandEnd): CommandEnd {
  if (ended.code !== 0) throw new Error(`exit code ${ended.code}: ${ended.stderr}${ended.stdout}`);
  return ended;
}
