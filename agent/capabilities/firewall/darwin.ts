import type { FirewallSettings } from '../../../shared/profile/firewall.ts';
import { readGlobalState } from '../../health/posture/darwin.ts';
import { type HostPart, type Line, line, refused } from '../baseline/baseline.ts';
import { KeptPlace } from '../baseline/kept-place.ts';
import { KeptSettings, type Settings } from '../browser/kept-settings.ts';
import type { Host } from '../capability.ts';

const socketfilterfw = '/usr/libexec/ApplicationFirewall/socketfilterfw';
const keptFile = '/Library/Application Support/Rollcall/firewall-originals.json';
const remedy = 'Run the agent as root; on a Mac under MDM the firewall is set there.';
const state = 'application firewall';
const on = new Map([[state, 'on']]);

/** macOS: the application firewall. Tested from documented output; never run on a real Mac. */
export class MacFirewall implements HostPart<FirewallSettings> {
  readonly unsupportedWhy?: string;
  readonly #settings: KeptPlace<string>;

  constructor({ commands, files }: Host) {
    if (!files.isHost) this.unsupportedWhy = 'A firewall is no file: a trial under a folder leaves it alone.';
    const read = async (): Promise<Settings<string>> => {
      const found = readGlobalState(await commands.run(socketfilterfw, ['--getglobalstate']));
      if (found.state !== 'unknown') return new Map([[state, found.state]]);
      throw refused('firewall-not-read', 'The firewall could not be read', found.evidence, remedy);
    };
    const write = async (writes: ReadonlyMap<string, string | undefined>): Promise<void> => {
      const to = writes.get(state) ?? 'off';
      const result = await commands.run(socketfilterfw, ['--setglobalstate', to]);
      // Its exit code says nothing, so the state is asked again.
      if ((await read()).get(state) === to) return;
      const what = 'The firewall could not be switched';
      throw refused('firewall-refused', what, result.stderr || result.stdout, remedy);
    };
    const place = { read, write, equal: (one?: string, other?: string) => one === other, item: (id: string) => id };
    this.#settings = new KeptPlace(place, new KeptSettings(files, keptFile, isText, 'firewall'));
  }

  async observe({ allowedPorts = [], trustedNetworks = [] }: FirewallSettings): Promise<Line[]> {
    const seen = 'macOS lets programs in, not ports or networks';
    const ignored =
      allowedPorts.length + trustedNetworks.length > 0 ? [line('open ports and networks', 'let in', seen, true)] : [];
    return [...(await this.#settings.observe(() => on)), ...ignored];
  }

  apply(): Promise<void> {
    return this.#settings.bring(() => on);
  }

  holds(): Promise<boolean> {
    return this.#settings.holds();
  }

  remove(): Promise<void> {
    return this.#settings.putBack();
  }

  watched(): string[] {
    return ['/Library/Preferences/com.apple.alf.plist'];
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
