import { type WifiSettings, wifiProblems } from '../../../shared/profile/wifi.ts';
import { forPeople, type HostPart, type Line, line, refused } from '../baseline/baseline.ts';
import { bring, type OwnFile, observeFile, onFile } from '../baseline/own-file.ts';
import type { Host } from '../capability.ts';
import { connectionFolder, connectionUuid, isOurs, keyfilePath, keyfileText } from './keyfile.ts';

const owner = 'wifi';
export const nmcli = '/usr/bin/nmcli';
/** NetworkManager leaves alone what others than root could read. */
const readableByRoot = 0o600;

/**
 * Linux: a connection of NetworkManager for each network. Passwords stand in files of root alone and in no evidence.
 * On the host itself NetworkManager is asked whether it knows them. nm-settings-keyfile(5)
 */
export class LinuxWifi implements HostPart<WifiSettings> {
  readonly #host: Host;

  constructor(host: Host) {
    this.#host = host;
  }

  async observe(settings: WifiSettings): Promise<Line[]> {
    const { files } = this.#host;
    const lines = (
      await Promise.all((await this.#files(settings)).map((file) => observeFile(files, owner, file)))
    ).flat();
    const unusable = (settings.networks ?? [])
      .flatMap(wifiProblems)
      .map((words) => forPeople('network', 'whole', words));
    if (!files.isHost || usable(settings).length === 0) return [...lines, ...unusable];
    return [...lines, ...unusable, ...(await this.#known(settings))];
  }

  async apply(settings: WifiSettings): Promise<void> {
    const before = await this.#present();
    for (const file of await this.#files(settings)) await bring(this.#host.files, owner, file);
    if (usable(settings).length > 0 || before.length > 0) await this.#reload();
  }

  async holds(): Promise<boolean> {
    return this.#host.files.holds(owner);
  }

  async remove(): Promise<void> {
    const { files } = this.#host;
    if (!files.holds(owner)) return;
    await onFile(connectionFolder, () => files.restore(owner));
    await this.#reload();
  }

  watched(): string[] {
    return [`${connectionFolder}/`];
  }

  /** What is desired, and what an earlier state left. */
  async #files(settings: WifiSettings): Promise<OwnFile[]> {
    const desired = usable(settings).map((network, order) => ({
      path: keyfilePath(network),
      content: keyfileText(network, order),
      mode: readableByRoot,
    }));
    const paths = new Set(desired.map(({ path }) => path));
    const left = (await this.#present()).filter((path) => !paths.has(path));
    return [...desired, ...left.map((path) => ({ path, content: undefined }))];
  }

  async #present(): Promise<string[]> {
    const names = await onFile(connectionFolder, () => this.#host.files.list(connectionFolder));
    return names.filter(isOurs).map((name) => `${connectionFolder}/${name}`);
  }

  /** A NetworkManager that is not installed or does not run reads the files when it starts. */
  async #reload(): Promise<void> {
    const { files, commands } = this.#host;
    if (!files.isHost || (await files.mode(nmcli)) === undefined) return;
    const { code, stderr } = await commands.run(nmcli, ['connection', 'reload'], { timeoutMs: 30_000 });
    // nmcli(1): 8 is "NetworkManager is not running".
    if (code !== 0 && code !== 8)
      throw refused('wifi-not-loaded', 'NetworkManager did not load the networks', stderr, 'See its journal.');
  }

  async #known(settings: WifiSettings): Promise<Line[]> {
    const { commands } = this.#host;
    const { code, stdout, stderr } = await commands.run(nmcli, ['--terse', '--fields', 'UUID', 'connection', 'show']);
    if (code !== 0) {
      const seen = stderr.trim().split('\n')[0] || 'nmcli is missing: install the package network-manager';
      return [forPeople('NetworkManager', 'running', seen)];
    }
    const known = new Set(stdout.split('\n').map((text) => text.trim()));
    return usable(settings).map(({ name }) => {
      const isKnown = known.has(connectionUuid(name));
      return line(`network ${name}`, 'known to NetworkManager', isKnown ? 'known to NetworkManager' : 'not known');
    });
  }
}

function usable({ networks = [] }: WifiSettings) {
  return networks.filter((network) => wifiProblems(network).length === 0);
}
