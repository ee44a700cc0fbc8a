import { getServers } from 'node:dns';
import type { Evidence } from '../../../shared/protocol/messages.ts';
import type { ServerAddress } from '../../filter/upstream/udp.ts';
import { CapabilityError, type Host } from '../capability.ts';
import {
  isOurs,
  isResolvedStub,
  networkManagerDropIn,
  networkManagerPath,
  owner,
  resolvConf,
  resolvConfPath,
  resolvConfServers,
  resolvedDropIn,
  resolvedPath,
} from './linux-files.ts';
import { type InCharge, nmcli, serverSources, serversOfHost, whoIsInCharge } from './linux-servers.ts';
import { needsPort53, type Pointing } from './pointing.ts';

const systemctl = '/usr/bin/systemctl';
const resolvectl = '/usr/bin/resolvectl';

/** Linux: systemd-resolved and NetworkManager by drop-in where they are in charge, else `/etc/resolv.conf` itself. */
export class LinuxPointing implements Pointing {
  readonly supported = true;
  /** Not resolv.conf, which DHCP clients write at each network. */
  readonly ownFiles = [resolvedPath, networkManagerPath];
  readonly #host: Host;

  constructor(host: Host) {
    this.#host = host;
  }

  async systemServers(self: ServerAddress | undefined): Promise<string[]> {
    const isOther = (server: string) => server !== self?.address || self.port !== 53;
    if (!this.#host.files.isHost) return [...new Set(getServers())].filter(isOther);
    // The stub of resolved asks us once the host points here, so it is no server of its own.
    const lists = (await serversOfHost(this.#host)).map((list) =>
      list.filter((server) => isOther(server) && !isResolvedStub(server)),
    );
    return [...new Set(lists.find((list) => list.length > 0))];
  }

  async point(server: ServerAddress): Promise<void> {
    const wanted = await this.#wanted(server);
    if (this.#host.files.isHost && !wanted.every(({ path }) => path === resolvedPath)) needsPort53(server);
    await this.#adoptResolvConf(server, wanted.at(-1)?.path === resolvConfPath);
    let changed = false;
    for (const { path, content } of wanted) {
      if ((await this.#host.files.read(path)) === content) continue;
      await this.#host.files.write(owner, path, content);
      changed = true;
    }
    if (changed) await this.#reload(await whoIsInCharge(this.#host.files));
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
    const inCharge = await whoIsInCharge(this.#host.files);
    const restored = await this.#host.files.restore(owner);
    if (restored.length > 0) await this.#reload(inCharge);
  }

  watched(): string[] {
    return [resolvedPath, networkManagerPath, ...serverSources];
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
    const { resolved, networkManager } = await whoIsInCharge(this.#host.files);
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

  /** Below another root nothing runs that could read the files. */
  async #reload({ resolved, networkManager }: InCharge): Promise<void> {
    if (!this.#host.files.isHost) return;
    if (resolved) {
      // systemd starts a service only so many times in a row: whoever undoes our file again and again would otherwise
      // leave the host without names. Where there is nothing to reset, nothing is lost.
      await this.#host.commands.run(systemctl, ['reset-failed', 'systemd-resolved']);
      await this.#command(systemctl, ['reload-or-restart', 'systemd-resolved']);
    }
    if (networkManager) await this.#command(nmcli, ['general', 'reload']);
  }

  /** Answers that resolved has kept are from before the policy changed; a resolved that is not there keeps none. */
  async #forgetAnswers(): Promise<void> {
    if (!this.#host.files.isHost || !(await whoIsInCharge(this.#host.files)).resolved) return;
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
