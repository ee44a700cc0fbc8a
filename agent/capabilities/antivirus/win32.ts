import type { AntivirusSettings } from '../../../shared/profile/antivirus.ts';
import { member } from '../../health/json.ts';
import { windowsAntivirus } from '../../health/posture/antivirus.ts';
import { forPeople, type HostPart, type Line, line } from '../baseline/baseline.ts';
import { KeptPlace } from '../baseline/kept-place.ts';
import { KeptSettings, type Settings } from '../browser/kept-settings.ts';
import { CapabilityError, type Host } from '../capability.ts';
import { runScript } from '../webFilter/powershell.ts';
import { systemFolder } from '../webFilter/win32.ts';

const owner = 'antivirus';
const disabled = 'DisableRealtimeMonitoring';
const what = 'Real-time protection of Microsoft Defender could not be';

/**
 * Windows: the preference of Microsoft Defender. Tested from documented output; never run on a real PC.
 * https://learn.microsoft.com/powershell/module/defender/set-mppreference
 */
export class WindowsAntivirus implements HostPart<AntivirusSettings> {
  readonly unsupportedWhy?: string;
  readonly #host: Host;
  readonly #preference: KeptPlace<boolean>;

  constructor(host: Host) {
    this.#host = host;
    const { commands, files } = host;
    if (!files.isHost) this.unsupportedWhy = 'Defender has no files: a trial under a folder leaves it alone.';
    const isFlag = (value: unknown): value is boolean => typeof value === 'boolean';
    const kept = new KeptSettings(files, `${systemFolder}\\antivirus-originals.json`, isFlag, owner);
    const place = {
      read: async () => readPreference(await runScript(commands, `${what} read`, readStatements)),
      write: async (writes: ReadonlyMap<string, boolean | undefined>) => {
        await runScript(commands, `${what} set`, [writeStatement(writes.get(disabled) ?? false)]);
      },
      equal: (one: boolean | undefined, other: boolean | undefined) => one === other,
      item: () => 'real-time protection of Microsoft Defender',
      words: (value: boolean) => (value ? 'off' : 'on'),
    };
    this.#preference = new KeptPlace(place, kept);
  }

  /** Another product that is on takes the place of Defender, which then keeps its preference for itself. */
  async observe(settings: AntivirusSettings): Promise<Line[]> {
    const lines = await this.#preference.observe(() => desiredPreference(settings));
    if (!settings.running) return lines;
    const { state, evidence } = await windowsAntivirus(this.#host.commands);
    if (state === 'on') return [line('virus scanner', 'on', 'on'), ...lines.map((one) => ({ ...one, ok: true }))];
    const remedy = 'tamper protection or a policy may hold it: see Windows Security';
    return lines.every(({ ok }) => ok) ? [...lines, forPeople('virus scanner', 'on', `${evidence}; ${remedy}`)] : lines;
  }

  apply(settings: AntivirusSettings): Promise<void> {
    return this.#preference.bring(() => desiredPreference(settings));
  }

  holds(): Promise<boolean> {
    return this.#preference.holds();
  }

  async remove(): Promise<void> {
    if (await this.#preference.holds()) await this.#preference.putBack();
    await this.#host.files.restore(owner);
  }

  watched(): string[] {
    return [];
  }
}

export const readStatements: readonly string[] = [
  `[pscustomobject]@{disabled="$((Get-MpPreference -ErrorAction Stop).${disabled})"} | ConvertTo-Json -Compress`,
];

export function writeStatement(isDisabled: boolean): string {
  return `Set-MpPreference -${disabled} $${isDisabled} -ErrorAction Stop`;
}

export function readPreference(answer: unknown): Settings<boolean> {
  const seen = member(answer, 'disabled');
  if (seen === 'True' || seen === 'False') return new Map([[disabled, seen === 'True']]);
  throw new CapabilityError('powershell-failed', `${what} read: PowerShell printed something else.`);
}

export function desiredPreference({ running }: AntivirusSettings): Settings<boolean> {
  return new Map(running ? [[disabled, false]] : []);
}
