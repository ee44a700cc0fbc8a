import type { TimeSyncSettings } from '../../../shared/profile/time-sync.ts';
import { readNetworkTime, readNetworkTimeServer, systemsetup } from '../../health/posture/time-sync.ts';
import type { CommandResult, Commands } from '../../platform/commands.ts';
import { type HostPart, type Line, refused } from '../baseline/baseline.ts';
import { KeptPlace, type Place } from '../baseline/kept-place.ts';
import { KeptSettings, type Settings } from '../browser/kept-settings.ts';
import type { Host } from '../capability.ts';

const owner = 'timeSync';
const keptFile = '/Library/Application Support/Rollcall/clock-originals.json';
const remedy = 'Run the agent as root, and give it Full Disk Access by MDM.';
const flags: Readonly<Record<string, string>> = { network: '-setusingnetworktime', server: '-setnetworktimeserver' };
const items: Readonly<Record<string, string>> = { network: 'clock set from the network', server: 'time server' };

/** macOS: systemsetup(8). Written from the documentation, tested on documented output, not run on a real Mac. */
export class MacTimeSync implements HostPart<TimeSyncSettings> {
  readonly unsupportedWhy?: string;
  readonly #clock: KeptPlace<string>;

  constructor({ files, commands }: Host) {
    if (!files.isHost)
      this.unsupportedWhy = 'Settings of the clock are no files: a trial under a folder leaves them alone.';
    const isText = (value: unknown): value is string => typeof value === 'string';
    this.#clock = new KeptPlace(clockOf(commands), new KeptSettings(files, keptFile, isText, owner));
  }

  observe(settings: TimeSyncSettings): Promise<Line[]> {
    return this.#clock.observe(() => desiredClock(settings));
  }

  apply(settings: TimeSyncSettings): Promise<void> {
    return this.#clock.bring(() => desiredClock(settings));
  }

  holds(): Promise<boolean> {
    return this.#clock.holds();
  }

  remove(): Promise<void> {
    return this.#clock.putBack();
  }

  /** systemsetup keeps them in files of its own; the periodic pass finds drift. */
  watched(): string[] {
    return [];
  }
}

/** Pure. The server first: switching on asks it at once. */
export function desiredClock({ automatic, servers = [] }: TimeSyncSettings): Settings<string> {
  const [first] = servers;
  const server: [string, string][] = first === undefined ? [] : [['server', first]];
  return new Map(automatic ? [...server, ['network', 'on']] : server);
}

/** systemsetup refuses in words and ends with 0 all the same, so the next look decides. */
function clockOf(commands: Commands): Place<string> {
  const run = (...args: string[]) => commands.run(systemsetup, args, { timeoutMs: 30_000 });
  return {
    read: async () => {
      const [shown, named] = [await run('-getusingnetworktime'), await run('-getnetworktimeserver')];
      const [isOn, server] = [readNetworkTime(shown), readNetworkTimeServer(named)];
      if (isOn === undefined || server === undefined)
        throw refused('clock-not-read', 'The settings of the clock could not be read', said(shown, named), remedy);
      return new Map([
        ['server', server],
        ['network', isOn ? 'on' : 'off'],
      ]);
    },
    write: async (writes) => {
      for (const [name, value = 'off'] of writes) {
        const result = await run(flags[name] ?? '', value);
        if (result.code !== 0) throw refused('clock-not-set', `${items[name]} could not be set`, said(result), remedy);
      }
    },
    equal: (one, other) => one === other,
    item: (name) => items[name] ?? name,
  };
}

function said(...results: readonly CommandResult[]): string {
  return results.map(({ stdout, stderr }) => stderr || stdout).find((text) => text.trim() !== '') ?? '';
}
