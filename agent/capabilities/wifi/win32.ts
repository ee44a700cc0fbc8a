import { createHash } from 'node:crypto';
import { type WifiNetwork, type WifiSettings, wifiProblems } from '../../../shared/profile/wifi.ts';
import { forPeople, type HostPart, type Line, line, refused } from '../baseline/baseline.ts';
import { KeptSettings } from '../browser/kept-settings.ts';
import type { Host } from '../capability.ts';
import { systemFolder } from '../webFilter/win32.ts';
import { profileXml } from './profile-xml.ts';

const owner = 'wifi';
const netsh = 'C:\\Windows\\System32\\netsh.exe';
const file = `${systemFolder}\\wifi.xml`;
const remedy = 'Run the agent as a service of the SYSTEM account, with a Wi-Fi adapter.';

/**
 * Windows: profiles of the WLAN service for everybody. What is kept is a name and a digest of the profile, so that
 * a changed one is written again. Tested from documented output; never run on a real PC.
 * https://learn.microsoft.com/windows-server/administration/windows-commands/netsh-wlan
 */
export class WindowsWifi implements HostPart<WifiSettings> {
  readonly unsupportedWhy?: string;
  readonly #host: Host;
  /** Networks the agent added, by name, with the digest of what it wrote. */
  readonly #added: KeptSettings<string>;

  constructor(host: Host) {
    this.#host = host;
    if (!host.files.isHost) this.unsupportedWhy = 'Networks are no files: a trial under a folder leaves them alone.';
    const isText = (value: unknown): value is string => typeof value === 'string';
    this.#added = new KeptSettings(host.files, `${systemFolder}\\wifi-networks.json`, isText, owner);
  }

  async observe({ networks = [] }: WifiSettings): Promise<Line[]> {
    const added = await this.#added.read();
    const lines: Line[] = [];
    for (const network of networks) lines.push(await this.#observeOne(network, added));
    const names = new Set(networks.map(({ name }) => name));
    const left = [...added.keys()].filter((name) => !names.has(name));
    return [...lines, ...left.map((name) => line(`network ${name}`, 'as before', 'set by an earlier profile', false))];
  }

  async apply({ networks = [] }: WifiSettings): Promise<void> {
    const added = new Map(await this.#added.read());
    const desired = networks.filter(canAdd);
    for (const name of added.keys()) if (!desired.some((network) => network.name === name)) await this.#delete(name);
    for (const network of desired) {
      if (added.get(network.name) === digestOf(network) && (await this.#exists(network.name))) continue;
      added.set(network.name, digestOf(network));
      await this.#added.write(added);
      await this.#add(network);
    }
    await this.#added.write(new Map(desired.map((network) => [network.name, digestOf(network)])));
  }

  async holds(): Promise<boolean> {
    return (await this.#added.read()).size > 0;
  }

  async remove(): Promise<void> {
    if (await this.holds()) await this.apply({});
    await this.#host.files.restore(owner);
  }

  /** The service keeps them for itself; the periodic pass finds drift. */
  watched(): string[] {
    return [];
  }

  async #observeOne(network: WifiNetwork, added: ReadonlyMap<string, string | null>): Promise<Line> {
    const item = `network ${network.name}`;
    const [problem] = wifiProblems(network);
    if (problem !== undefined) return forPeople(item, 'whole', problem);
    if (!canAdd(network)) return forPeople(item, 'known', 'enterprise networks are not set on Windows: use MDM');
    const isAsWritten = added.get(network.name) === digestOf(network);
    return line(item, 'known', (await this.#exists(network.name)) && isAsWritten ? 'known' : 'not known');
  }

  /** The text is in the language of Windows; the exit code is not. */
  async #exists(name: string): Promise<boolean> {
    const { code } = await this.#host.commands.run(netsh, ['wlan', 'show', 'profile', `name=${name}`]);
    return code === 0;
  }

  /** The file with the password is there only while netsh reads it. */
  async #add(network: WifiNetwork): Promise<void> {
    const { files, commands } = this.#host;
    await files.write(owner, file, profileXml(network), 0o600);
    const { code, stdout } = await commands.run(netsh, ['wlan', 'add', 'profile', `filename=${file}`, 'user=all']);
    await files.restoreOne(owner, file);
    if (code !== 0) throw refused('wifi-not-added', `The network ${network.name} could not be added`, stdout, remedy);
  }

  async #delete(name: string): Promise<void> {
    if (!(await this.#exists(name))) return;
    const { code, stdout } = await this.#host.commands.run(netsh, ['wlan', 'delete', 'profile', `name=${name}`]);
    if (code !== 0) throw refused('wifi-not-removed', `The network ${name} could not be removed`, stdout, remedy);
  }
}

function digestOf(network: WifiNetwork): string {
  return createHash('sha256').update(profileXml(network)).digest('hex');
}

function canAdd(network: WifiNetwork): boolean {
  return network.security !== 'wpa2-enterprise' && wifiProblems(network).length === 0;
}
