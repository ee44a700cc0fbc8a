import type { UpdatesSettings } from '../../../shared/profile/updates.ts';
import { macUpdatesFile } from '../../health/posture/updates.ts';
import type { Commands } from '../../platform/commands.ts';
import type { HostFiles } from '../../platform/host-files.ts';
import { type HostPart, type Line, line, refused } from '../baseline/baseline.ts';
import { KeptPlace, type Place } from '../baseline/kept-place.ts';
import { KeptSettings, type Settings } from '../browser/kept-settings.ts';
import { parsePolicyFile } from '../browser/policy-file.ts';
import { deleteArguments, readArguments, writeArguments } from '../browser/preferences.ts';
import type { Host } from '../capability.ts';

const owner = 'updates';
const domain = macUpdatesFile.replace(/\.plist$/, '');
const keptFile = '/Library/Application Support/Rollcall/updates-originals.json';
const remedy = 'Run the agent as root.';
type Value = boolean | number;

/** macOS: preferences of softwareupdate. Written from the documentation, tested on documented output, not run on a real Mac. */
export class MacUpdates implements HostPart<UpdatesSettings> {
  readonly unsupportedWhy?: string;
  readonly #preferences: KeptPlace<Value>;

  constructor({ files, commands }: Host) {
    if (!files.isHost) this.unsupportedWhy = 'Preferences of macOS are left alone in a trial under a folder.';
    this.#preferences = new KeptPlace(
      preferencesOf(files, commands),
      new KeptSettings(files, keptFile, isValue, owner),
    );
  }

  async observe(settings: UpdatesSettings): Promise<Line[]> {
    const lines = await this.#preferences.observe(() => desiredPreferences(settings));
    const { deferDays, restart } = settings;
    const beyond = deferDays === undefined && restart === undefined;
    return beyond ? lines : [...lines, line('days to wait, and restarts', 'set by MDM', 'left alone', true)];
  }

  apply(settings: UpdatesSettings): Promise<void> {
    return this.#preferences.bring(() => desiredPreferences(settings));
  }

  holds(): Promise<boolean> {
    return this.#preferences.holds();
  }

  remove(): Promise<void> {
    return this.#preferences.putBack();
  }

  watched(): string[] {
    return [macUpdatesFile];
  }
}

/** Pure. Keys of SoftwareUpdate in Apple's device-management reference. */
export function desiredPreferences({ automatic }: UpdatesSettings): Settings<Value> {
  if (automatic === undefined) return new Map();
  const security = ['AutomaticCheckEnabled', 'AutomaticDownload', 'CriticalUpdateInstall', 'ConfigDataInstall'];
  const keys = automatic === 'all' ? [...security, 'AutomaticallyInstallMacOSUpdates'] : security;
  return new Map(keys.map((key) => [key, true]));
}

function preferencesOf(files: HostFiles, commands: Commands): Place<Value> {
  return {
    read: async () => {
      if ((await files.mode(macUpdatesFile)) === undefined) return new Map();
      const result = await commands.run('/usr/bin/plutil', readArguments(domain));
      const found = result.code === 0 ? parsePolicyFile(result.stdout) : undefined;
      if (found) return new Map(Object.entries(found).filter((entry): entry is [string, Value] => isValue(entry[1])));
      throw refused('preferences-not-read', `${macUpdatesFile} could not be read`, result.stderr, remedy);
    },
    write: async (writes) => {
      for (const [key, value] of writes) {
        const args = value === undefined ? deleteArguments(domain, key) : writeArguments({ domain, key, value });
        const { code, stderr } = await commands.run('/usr/bin/defaults', args);
        if (code !== 0) throw refused('preferences-not-written', `${domain} ${key} was not changed`, stderr, remedy);
      }
    },
    // plutil prints what was written as 1 as a number.
    equal: (one, other) => one === other || (one !== undefined && other !== undefined && Number(one) === Number(other)),
    item: (key) => `${domain} ${key}`,
  };
}

function isValue(value: unknown): value is Value {
  return typeof value === 'boolean' || typeof value === 'number';
}
