import type { AntivirusSettings } from '../../../shared/profile/antivirus.ts';
import { linuxAntivirus } from '../../health/posture/antivirus.ts';
import { forPeople, type HostPart, type Line, line } from '../baseline/baseline.ts';
import { KeptPlace } from '../baseline/kept-place.ts';
import { unitFiles } from '../baseline/unit-files.ts';
import { unitsOf } from '../baseline/units.ts';
import { KeptSettings, type Settings } from '../browser/kept-settings.ts';
import type { Host } from '../capability.ts';

const owner = 'antivirus';
const keptFile = '/var/lib/rollcall-agent/antivirus-originals.json';
/** Debian's and Fedora's names of the scanner, and what keeps its signatures fresh. */
const units = ['clamav-daemon.service', 'clamd@scan.service', 'clamav-freshclam.service'];

/** Linux: ClamAV's services where they are installed. */
export class LinuxAntivirus implements HostPart<AntivirusSettings> {
  readonly unsupportedWhy?: string;
  readonly #host: Host;
  readonly #units: KeptPlace<string>;

  constructor(host: Host) {
    this.#host = host;
    if (!host.files.isHost)
      this.unsupportedWhy = 'Services are no files: a trial under a folder leaves the scanner alone.';
    const isText = (value: unknown): value is string => typeof value === 'string';
    this.#units = new KeptPlace(unitsOf(host.commands, units), new KeptSettings(host.files, keptFile, isText, owner));
  }

  async observe(settings: AntivirusSettings): Promise<Line[]> {
    const turned = await this.#units.observe((present) => desiredUnits(settings, present));
    return settings.running ? [...turned, await this.#scanner(turned.every(({ ok }) => ok))] : turned;
  }

  apply(settings: AntivirusSettings): Promise<void> {
    return this.#units.bring((present) => desiredUnits(settings, present));
  }

  holds(): Promise<boolean> {
    return this.#units.holds();
  }

  async remove(): Promise<void> {
    if (await this.#units.holds()) await this.#units.putBack();
    await this.#host.files.restore(owner);
  }

  watched(): string[] {
    return unitFiles(...units);
  }

  /** A service that is enabled and does not run needs a person: its log says why, often missing signatures. */
  async #scanner(isEnabled: boolean): Promise<Line> {
    const { state, evidence } = await linuxAntivirus(this.#host.commands);
    if (state === 'on' || state === 'not-expected')
      return line('virus scanner', 'on where one is installed', evidence, true);
    const seen = isEnabled ? `${evidence}; see journalctl -u clamav-daemon` : evidence;
    return forPeople('virus scanner', 'on where one is installed', seen);
  }
}

/** Pure. Only what is installed is switched on. */
export function desiredUnits({ running }: AntivirusSettings, present: Settings<string>): Settings<string> {
  return new Map(running ? [...present.keys()].map((unit) => [unit, 'enabled'] as const) : []);
}
