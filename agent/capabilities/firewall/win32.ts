import type { FirewallSettings } from '../../../shared/profile/firewall.ts';
import type { HostPart, Line } from '../baseline/baseline.ts';
import { KeptPlace } from '../baseline/kept-place.ts';
import { KeptSettings } from '../browser/kept-settings.ts';
import { CapabilityError, type Host } from '../capability.ts';
import { runScript } from '../webFilter/powershell.ts';
import { systemFolder } from '../webFilter/win32.ts';
import { openingsOf, unclearLines } from './openings.ts';
import { desiredFirewall, isSame, parseFirewall, readStatements, writeStatements } from './win32-settings.ts';

/** Windows: all three profiles of its firewall, and a rule for each opening. Tested from documented output; never run on a real PC. */
export class WindowsFirewall implements HostPart<FirewallSettings> {
  readonly unsupportedWhy?: string;
  readonly #settings: KeptPlace<string>;

  constructor({ commands, files }: Host) {
    if (!files.isHost) this.unsupportedWhy = 'A firewall is no file: a trial under a folder leaves it alone.';
    const place = {
      read: async () => {
        const what = 'The Windows firewall could not be read';
        const present = parseFirewall(await runScript(commands, what, readStatements));
        if (present) return present;
        throw new CapabilityError('powershell-failed', `${what}: PowerShell printed something else.`);
      },
      write: async (writes: ReadonlyMap<string, string | undefined>) => {
        await runScript(commands, 'The Windows firewall could not be set', writeStatements(writes));
      },
      equal: isSame,
      item: (id: string) => `Windows firewall: ${id}`,
    };
    const kept = new KeptSettings(files, `${systemFolder}\\firewall-originals.json`, isText, 'firewall');
    this.#settings = new KeptPlace(place, kept);
  }

  async observe(settings: FirewallSettings): Promise<Line[]> {
    const openings = openingsOf(settings);
    return [...(await this.#settings.observe(() => desiredFirewall(openings))), ...unclearLines(openings)];
  }

  apply(settings: FirewallSettings): Promise<void> {
    return this.#settings.bring(() => desiredFirewall(openingsOf(settings)));
  }

  holds(): Promise<boolean> {
    return this.#settings.holds();
  }

  remove(): Promise<void> {
    return this.#settings.putBack();
  }

  watched(): string[] {
    return [];
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
