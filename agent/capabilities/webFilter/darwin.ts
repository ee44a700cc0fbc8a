import type { Evidence } from '../../../shared/protocol/messages.ts';
import type { ServerAddress } from '../../filter/upstream/udp.ts';
import { CapabilityError, type Host } from '../capability.ts';
import {
  type NetworkService,
  parseFirstResolver,
  parsePacket,
  parseServers,
  parseServices,
  refusal,
  setArguments,
} from './darwin-output.ts';
import { addressLists, KeptState } from './kept-state.ts';
import { needsPort53, type Pointing } from './pointing.ts';

const networksetup = '/usr/sbin/networksetup';
const keptFile = '/Library/Application Support/Rollcall/dns-originals.json';

/**
 * The servers of every network service, also of those that are off. The original of each is kept before its first change.
 * Tested from recorded output; never run on a real Mac.
 */
export class DarwinPointing implements Pointing {
  readonly supported: boolean;
  readonly unsupportedWhy = 'Network services are no files: a trial under a folder leaves them alone.';
  readonly #host: Host;
  readonly #kept: KeptState<Record<string, string[]>>;

  constructor(host: Host) {
    this.#host = host;
    this.supported = host.files.isHost;
    this.#kept = new KeptState(host.files, keptFile, addressLists);
  }

  async systemServers(self: ServerAddress | undefined): Promise<string[]> {
    const kept = (await this.#kept.read()) ?? {};
    const servers: string[] = [];
    for (const service of await this.#services()) {
      const set = kept[service.name] ?? (await this.#servers(service.name));
      servers.push(...(set.length > 0 ? set : await this.#fromDhcp(service)));
    }
    return [...new Set(servers)].filter((server) => server !== self?.address);
  }

  async point(server: ServerAddress): Promise<void> {
    needsPort53(server);
    let changed = false;
    for (const { name } of await this.#services()) {
      const before = await this.#servers(name);
      if (before.join() === server.address) continue;
      const kept = (await this.#kept.read()) ?? {};
      await this.#kept.write({ [name]: before, ...kept });
      await this.#set(name, [server.address]);
      changed = true;
    }
    if (changed) await this.#forgetAnswers();
  }

  async evidence(server: ServerAddress): Promise<Evidence[]> {
    const lines: Evidence[] = [];
    for (const { name } of await this.#services()) {
      const servers = await this.#servers(name);
      lines.push(line(`DNS of ${name}`, server, servers.join(', ') || 'those of the network'));
    }
    const { stdout } = await this.#host.commands.run('/usr/sbin/scutil', ['--dns']);
    const first = parseFirstResolver(stdout);
    return first ? [...lines, line('resolver macOS asks first', server, first.join(', ') || 'none')] : lines;
  }

  async restore(): Promise<void> {
    const kept = await this.#kept.read();
    if (!kept) return;
    const present = new Set((await this.#services()).map(({ name }) => name));
    for (const [name, servers] of Object.entries(kept)) if (present.has(name)) await this.#set(name, servers);
    await this.#kept.forget();
    await this.#forgetAnswers();
  }

  watched(): string[] {
    return ['/Library/Preferences/SystemConfiguration/preferences.plist', '/etc/resolv.conf'];
  }

  async #services(): Promise<NetworkService[]> {
    return parseServices(await this.#networksetup(['-listnetworkserviceorder']));
  }

  async #servers(service: string): Promise<string[]> {
    return parseServers(await this.#networksetup(['-getdnsservers', service]));
  }

  async #set(service: string, servers: readonly string[]): Promise<void> {
    await this.#networksetup(setArguments(service, servers));
  }

  async #fromDhcp({ device }: NetworkService): Promise<string[]> {
    if (device === undefined) return [];
    const { code, stdout } = await this.#host.commands.run('/usr/sbin/ipconfig', ['getpacket', device]);
    return code === 0 ? parsePacket(stdout) : [];
  }

  async #networksetup(args: readonly string[]): Promise<string> {
    const result = await this.#host.commands.run(networksetup, args);
    const refused = refusal(result);
    if (refused === undefined) return result.stdout;
    throw new CapabilityError(
      'pointing-refused',
      `"networksetup ${args.join(' ')}" failed (${refused.slice(0, 200)}). Run the agent as root.`,
    );
  }

  /** Answers macOS keeps are from before; where that fails they run out by themselves. */
  async #forgetAnswers(): Promise<void> {
    await this.#host.commands.run('/usr/bin/dscacheutil', ['-flushcache']);
    await this.#host.commands.run('/usr/bin/killall', ['-HUP', 'mDNSResponder']);
  }
}

function line(item: string, { address }: ServerAddress, seen: string): Evidence {
  return { item: item.slice(0, 300), expected: address, seen: seen.slice(0, 500), ok: seen === address };
}
