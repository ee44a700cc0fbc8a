import type { UpdatesSettings } from '../../../shared/profile/updates.ts';
import { aptConfig, isUnattendedInstalled, parseAptConfig } from '../../health/posture/updates.ts';
import { forPeople, type HostPart, type Line, line } from '../baseline/baseline.ts';
import { KeptPlace } from '../baseline/kept-place.ts';
import { bring, type OwnFile, observeFile } from '../baseline/own-file.ts';
import { unitFiles } from '../baseline/unit-files.ts';
import { unitsOf } from '../baseline/units.ts';
import { KeptSettings, type Settings } from '../browser/kept-settings.ts';
import type { Host } from '../capability.ts';
import { schoolDay } from './school-day.ts';

const owner = 'updates';
/** apt reads names in order, and the last wins. */
export const aptFile = '/etc/apt/apt.conf.d/zz-rollcall.conf';
const keptFile = '/var/lib/rollcall-agent/updates-originals.json';
const timers = ['apt-daily.timer', 'apt-daily-upgrade.timer'];

/**
 * Debian and Ubuntu: a file for apt, and its two timers. On the host itself apt is asked what it makes of all its files.
 * https://wiki.debian.org/UnattendedUpgrades and apt.conf(5)
 */
export class LinuxUpdates implements HostPart<UpdatesSettings> {
  readonly #host: Host;
  readonly #timers: KeptPlace<string>;

  constructor(host: Host) {
    this.#host = host;
    const isText = (value: unknown): value is string => typeof value === 'string';
    this.#timers = new KeptPlace(unitsOf(host.commands, timers), new KeptSettings(host.files, keptFile, isText, owner));
  }

  async observe(settings: UpdatesSettings): Promise<Line[]> {
    const { files } = this.#host;
    if (files.isHost && !(await this.#hasApt()))
      return [forPeople('package system', 'apt', 'not found: updates of this system are judged, and set by hand')];
    const waiting = settings.deferDays ? [cannotWait(settings.deferDays)] : [];
    const lines = [...(await observeFile(files, owner, aptFileOf(settings))), ...waiting];
    return files.isHost ? [...lines, ...(await this.#effect(settings))] : lines;
  }

  async apply(settings: UpdatesSettings): Promise<void> {
    const { files } = this.#host;
    if (files.isHost && !(await this.#hasApt())) return;
    await bring(files, owner, aptFileOf(settings));
    if (files.isHost) await this.#timers.bring((present) => desiredTimers(settings, present));
  }

  async holds(): Promise<boolean> {
    return this.#host.files.holds(owner);
  }

  async remove(): Promise<void> {
    const { files } = this.#host;
    if (files.isHost && (await this.#timers.holds())) await this.#timers.putBack();
    await files.restore(owner);
  }

  watched(): string[] {
    return [aptFile, '/etc/apt/apt.conf.d/', ...unitFiles(...timers, 'unattended-upgrades.service')];
  }

  async #hasApt(): Promise<boolean> {
    return (await this.#host.files.mode(aptConfig)) !== undefined;
  }

  async #effect(settings: UpdatesSettings): Promise<Line[]> {
    const { commands } = this.#host;
    const inForce = parseAptConfig(await commands.run(aptConfig, ['dump']));
    const overridden = Object.entries(aptValues(settings)).flatMap(([name, value]) =>
      inForce?.get(name) === value ? [] : [`${name} is ${inForce?.get(name) ?? 'not set'}`],
    );
    const item = 'settings apt takes from all its files';
    // Our own file has a line of its own: what differs here is set by another that comes later.
    const apt = overridden.length > 0 ? forPeople(item, 'ours', overridden.join(', ')) : line(item, 'ours', 'ours');
    if (settings.automatic === undefined) return [apt];
    const installed = (await isUnattendedInstalled(commands))
      ? []
      : [forPeople('package unattended-upgrades', 'installed', 'missing: apt-get install unattended-upgrades')];
    const turned = await this.#timers.observe((present) => desiredTimers(settings, present));
    const untold = turned.length > 0 ? [] : [forPeople('timers of apt', 'enabled', 'systemctl does not tell')];
    return [apt, ...installed, ...turned, ...untold];
  }
}

/** Pure. What apt shall make of its files, but for lists. A restart waits for the end of the school day. */
export function aptValues(settings: UpdatesSettings): Record<string, string> {
  const { automatic, restart } = settings;
  const hour = String(schoolDay(settings).until).padStart(2, '0');
  const unattended = 'Unattended-Upgrade::Automatic-Reboot';
  return {
    ...(automatic === undefined
      ? {}
      : {
          'APT::Periodic::Enable': '1',
          'APT::Periodic::Update-Package-Lists': '1',
          'APT::Periodic::Unattended-Upgrade': '1',
        }),
    ...(restart === undefined ? {} : { [unattended]: String(restart) }),
    ...(restart === true ? { [`${unattended}-WithUsers`]: 'false', [`${unattended}-Time`]: `${hour}:00` } : {}),
  };
}

/** Every update the distribution itself offers; its own file names the security sources alone. */
const allOrigins = ['origin=Debian', 'origin=Ubuntu'];

/** Pure. */
export function aptFileOf(settings: UpdatesSettings): OwnFile {
  const values = Object.entries(aptValues(settings)).map(([name, value]) => `${name} "${value}";`);
  const origins = settings.automatic === 'all' ? allOrigins : [];
  const lines = [...values, ...origins.map((origin) => `Unattended-Upgrade::Origins-Pattern:: "${origin}";`)];
  const content = lines.length === 0 ? undefined : `// Set by Rollcall; a change is put right.\n${lines.join('\n')}\n`;
  return { path: aptFile, content };
}

function cannotWait(days: number): Line {
  return line('days to wait', `${days} where the system can`, 'unattended-upgrades installs at its next run', true);
}

/** A timer that is not there is not made up. */
function desiredTimers({ automatic }: UpdatesSettings, present: Settings<string>): Settings<string> {
  const wanted = automatic === undefined ? [] : timers;
  return new Map(wanted.filter((timer) => present.has(timer)).map((timer) => [timer, 'enabled']));
}
