import { getServers } from 'node:dns';
import type { Evidence } from '../../../shared/protocol/messages.ts';
import type { ServerAddress } from '../../filter/upstream/udp.ts';
import { CapabilityError, type Host } from '../capability.ts';
import {
  asksResolved,
  isOurs,
  isResolvedStub,
  networkManagerDropIn,
  networkManagerPath,
  networkManagerServers,
  resolvConf,
  resolvConfPath,
  resolvConfServers,
  resolvedDropIn,
  resolvedPath,
  resolvedServers,
} from './linux-files.ts';
import type { Pointing } from './pointing.ts';

const owner = 'webFilter';
const systemctl = '/usr/bin/systemctl';
const resolvectl = '/usr/bin/resolvectl';
const nmcli = '/usr/bin/nmcli';
const resolvedUplinks = '/run/systemd/resolve/resolv.conf';
const networkManagerUplinks = '/run/NetworkManager/resolv.conf';
const resolvedConf = '/etc/systemd/resolved.conf';
/** Folders of its drop-ins, the weakest first. */
const resolvedFolders = ['/usr/lib', '/usr/local/lib', '/run', '/etc'].map(
  (folder) => `${folder}/systemd/resolved.conf.d`,
);
/** Where resolvconf(8) writes, with /etc/resolv.conf a link to it. */
const resolvconfOutput = '/run/resolvconf/resolv.conf';

/** Who is in charge of name resolution on this host. */
interface InCharge {
  resolved: boolean;
  networkManager: boolean;
}

/** Linux: systemd-resolved and NetworkManager by drop-in where they are in charge, else `/etc/resolv.conf` itself. */
export class LinuxPointing implements Pointing {
  readonly supported = true;
  readonly #host: Host;

  constructor(host: Host) {
    this.#host = host;
  }

  async systemServers(self: ServerAddress | undefined): Promise<string[]> {
    const isOther = (server: string) => server !== self?.address || self.port !== 53;
    if (!this.#host.files.isHost) return [...new Set(getServers())].filter(isOther);
    // The stub of resolved asks us once the host points here, so it is no server of its own.
    const lists = (await this.#serversOfHost()).map((list) =>
      list.filter((server) => isOther(server) && !isResolvedStub(server)),
    );
    return [...new Set(lists.find((list) => list.length > 0))];
  }

  async point(server: ServerAddress): Promise<void> {
    const wanted = await this.#wanted(server);
    if (this.#host.files.isHost && server.port !== 53 && !wanted.every(({ path }) => path === resolvedPath)) {
      throw new CapabilityError(
        'dns-port',
        `The web filter listens on port ${server.port}, but this host can only be pointed at port 53. Start the agent with --dns-port 53.`,
      );
    }
    await this.#adoptResolvConf(server, wanted.at(-1)?.path === resolvConfPath);
    let changed = false;
    for (const { path, content } of wanted) {
      if ((await this.#host.files.read(path)) === content) continue;
      await this.#host.files.write(owner, path, content);
      changed = true;
    }
    if (changed) await this.#reload(await this.#inCharge());
    else await this.#forgetAnswers();
  }

  async evidence(server: ServerAddress): Promise<Evidence[]> {
    const wanted = await this.#wanted(server);
    return await Promise.all(
      wanted.map(async ({ path, content }) => {
        const found = await this.#host.files.read(path);
        const expected = essence(content);
        const seen = found === undefined ? 'no such file' : essence(found);
        return { item: path, expected, seen, ok: found === content };
      }),
    );
  }

  async restore(): Promise<void> {
    const inCharge = await this.#inCharge();
    const restored = await this.#host.files.restore(owner);
    if (restored.length > 0) await this.#reload(inCharge);
  }

  watched(): string[] {
    return [
      resolvConfPath,
      resolvedPath,
      networkManagerPath,
      resolvedUplinks,
      networkManagerUplinks,
      resolvconfOutput,
      resolvedConf,
    ];
  }

  /**
   * Where another program (DHCP, after a change of network) has replaced our resolv.conf, its file is what removal goes
   * back to, and not the file of the network before. One that names no server but the filter is nothing to go back to.
   */
  async #adoptResolvConf(server: ServerAddress, isWanted: boolean): Promise<void> {
    const { files } = this.#host;
    const found = await files.read(resolvConfPath);
    if (found === undefined) return;
    if (!isOurs(found)) {
      const namesOthers = resolvConfServers(found).some((address) => address !== server.address);
      if (namesOthers || !isWanted) files.adopt(owner, resolvConfPath);
    } else if (!isWanted) await files.restoreOne(owner, resolvConfPath);
  }

  async #wanted(server: ServerAddress): Promise<{ path: string; content: string }[]> {
    const { resolved, networkManager } = await this.#inCharge();
    return [
      ...(resolved ? [{ path: resolvedPath, content: resolvedDropIn(server) }] : []),
      ...(networkManager ? [{ path: networkManagerPath, content: networkManagerDropIn(server) }] : []),
      ...(resolved || networkManager ? [] : [{ path: resolvConfPath, content: await this.#ownResolvConf(server) }]),
    ];
  }

  /** Another program's file carries newer servers and search domains than ours: they are taken over. */
  async #ownResolvConf(server: ServerAddress): Promise<string> {
    const found = (await this.#host.files.read(resolvConfPath)) ?? '';
    const replaced = resolvConfServers(found).filter((address) => address !== server.address);
    return resolvConf(server, found, replaced);
  }

  async #inCharge(): Promise<InCharge> {
    const { files } = this.#host;
    const content = (await files.read(resolvConfPath)) ?? '';
    const byName = /^\s*hosts:.*\bresolve\b/m.test((await files.read('/etc/nsswitch.conf')) ?? '');
    return {
      resolved: asksResolved(content) || (byName && (await files.read(resolvedUplinks)) !== undefined),
      networkManager:
        /^# Generated by NetworkManager/m.test(content) || (await files.read(networkManagerUplinks)) !== undefined,
    };
  }

  /** What each source names, the one that knows most about the network of now first. */
  async #serversOfHost(): Promise<string[][]> {
    const { files } = this.#host;
    const { resolved, networkManager } = await this.#inCharge();
    const found = (await files.read(resolvConfPath)) ?? '';
    // An original that is a link leads to a file that is still kept up to date; our own only remembers.
    const original = (await files.original(owner, resolvConfPath)) ?? '';
    return [
      networkManager ? await this.#networkManagerServers() : [],
      resolved
        ? [...(await this.#resolvedServers()), ...resolvConfServers((await files.read(resolvedUplinks)) ?? '')]
        : [],
      ...(isOurs(found) ? [original, found] : [found, original]).map(resolvConfServers),
    ];
  }

  /** Servers that somebody set for resolved itself; it no longer names them once it is told to ask the filter alone. */
  async #resolvedServers(): Promise<string[]> {
    const { files } = this.#host;
    const paths = new Map<string, string>();
    // Of files with the same name the one in the last of these folders counts.
    for (const folder of resolvedFolders) {
      for (const name of await files.list(folder)) paths.set(name, `${folder}/${name}`);
    }
    const dropIns = [...paths]
      .filter(([name, path]) => name.endsWith('.conf') && path !== resolvedPath)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, path]) => path);
    const contents = await Promise.all([resolvedConf, ...dropIns].map((path) => files.read(path)));
    return resolvedServers(contents.map((content) => content ?? ''));
  }

  async #networkManagerServers(): Promise<string[]> {
    const { code, stdout } = await this.#host.commands.run(nmcli, ['-t', '-f', 'IP4.DNS,IP6.DNS', 'device', 'show']);
    return code === 0 ? networkManagerServers(stdout) : [];
  }

  /** Below another root nothing runs that could read the files. */
  async #reload({ resolved, networkManager }: InCharge): Promise<void> {
    if (!this.#host.files.isHost) return;
    if (resolved) await this.#command(systemctl, ['reload-or-restart', 'systemd-resolved']);
    if (networkManager) await this.#command(nmcli, ['general', 'reload']);
  }

  /** Answers that resolved has kept are from before the policy changed; a resolved that is not there keeps none. */
  async #forgetAnswers(): Promise<void> {
    if (!this.#host.files.isHost || !(await this.#inCharge()).resolved) return;
    await this.#host.commands.run(resolvectl, ['flush-caches']);
  }

  async #command(path: string, args: readonly string[]): Promise<void> {
    const { code, stderr, failure } = await this.#host.commands.run(path, args);
    if (code === 0) return;
    throw new CapabilityError(
      'reload-failed',
      `"${path} ${args.join(' ')}" failed (${failure ?? stderr.trim().slice(0, 200)}), so the host may still use its earlier resolver.`,
    );
  }
}

/** The lines that matter, for evidence. */
function essence(content: string): string {
  const lines = content.split('\n').filter((line) => /^(nameserver|DNS=.|Domains=.|FallbackDNS=|servers=)/.test(line));
  const whose = isOurs(content) ? '' : ' (not written by Rollcall)';
  return `${lines.join(', ') || 'no servers'}${whose}`.slice(0, 500);
}
