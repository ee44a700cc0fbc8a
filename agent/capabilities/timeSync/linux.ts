import type { TimeSyncSettings } from '../../../shared/profile/time-sync.ts';
import { isSwitchedOn, timedatectl } from '../../health/posture/time-sync.ts';
import { forPeople, type HostPart, type Line, line, refused } from '../baseline/baseline.ts';
import { bring, type OwnFile, observeFile } from '../baseline/own-file.ts';
import { unitFiles } from '../baseline/unit-files.ts';
import { KeptSettings } from '../browser/kept-settings.ts';
import type { Host } from '../capability.ts';

const owner = 'timeSync';
const systemctl = '/usr/bin/systemctl';
export const timesyncdFile = '/etc/systemd/timesyncd.conf.d/zz-rollcall.conf';
export const chronySources = '/etc/chrony/sources.d/rollcall.sources';
const keptFile = '/var/lib/rollcall-agent/clock-originals.json';
const chronyFiles = ['/etc/chrony/chrony.conf', '/etc/chrony.conf'];
const timesyncdPrograms = ['/usr/lib/systemd', '/lib/systemd'];
const switchItem = 'clock set from the network';

type Service = { kind: 'chrony'; readsSources: boolean } | { kind: 'timesyncd' } | { kind: 'none' };

/**
 * Linux: servers in a drop-in of the service that is installed, and the switch of systemd-timedated. On the host itself the
 * servers that are really in use are asked too. timesyncd.conf(5), chrony.conf(5), timedatectl(1)
 */
export class LinuxTimeSync implements HostPart<TimeSyncSettings> {
  readonly #host: Host;
  /** Whether the clock was set from the network before the first change. */
  readonly #kept: KeptSettings<boolean>;

  constructor(host: Host) {
    this.#host = host;
    this.#kept = new KeptSettings(host.files, keptFile, (value) => typeof value === 'boolean', owner);
  }

  async observe(settings: TimeSyncSettings): Promise<Line[]> {
    const { files } = this.#host;
    const service = await this.#service();
    const lines = await Promise.all(timeFiles(settings, service).map((file) => observeFile(files, owner, file)));
    const found = [...lines.flat(), ...unreachable(settings, service)];
    return files.isHost ? [...found, ...(await this.#effect(settings, service))] : found;
  }

  async apply(settings: TimeSyncSettings): Promise<void> {
    const { files } = this.#host;
    const service = await this.#service();
    for (const file of timeFiles(settings, service)) await bring(files, owner, file);
    if (!files.isHost) return;
    await this.#reload(service);
    if (settings.automatic) await this.#switchOn();
  }

  async holds(): Promise<boolean> {
    return this.#host.files.holds(owner);
  }

  async remove(): Promise<void> {
    const { files } = this.#host;
    if (!files.holds(owner)) return;
    const wasOn = (await this.#kept.read()).get('ntp');
    if (files.isHost && wasOn === false) await this.#set(false);
    await files.restore(owner);
    if (files.isHost) await this.#reload(await this.#service());
  }

  watched(): string[] {
    return [
      timesyncdFile,
      chronySources,
      ...unitFiles('systemd-timesyncd.service', 'chrony.service', 'chronyd.service'),
    ];
  }

  /** chrony first: where both are installed, systemd-timesyncd does not start. */
  async #service(): Promise<Service> {
    const { files } = this.#host;
    for (const path of chronyFiles) {
      const text = await files.read(path);
      if (text !== undefined)
        return { kind: 'chrony', readsSources: /^\s*sourcedir\s+\/etc\/chrony\/sources\.d\s*$/m.test(text) };
    }
    for (const folder of timesyncdPrograms)
      if ((await files.list(folder)).includes('systemd-timesyncd')) return { kind: 'timesyncd' };
    return { kind: 'none' };
  }

  async #effect({ automatic, servers }: TimeSyncSettings, { kind }: Service): Promise<Line[]> {
    const lines: Line[] = [];
    if (automatic && kind !== 'none') {
      const isOn = isSwitchedOn(await this.#host.commands.run(timedatectl, ['show']));
      const unsure = () => forPeople(switchItem, 'on', 'not known: timedatectl gives no answer; see systemd-timedated');
      lines.push(isOn === undefined ? unsure() : line(switchItem, 'on', isOn ? 'on' : 'off'));
    }
    return servers && kind === 'timesyncd' ? [...lines, ...(await this.#inUse(servers))] : lines;
  }

  /** Nothing is claimed while the service does not run: it tells its servers only then. */
  async #inUse(servers: readonly string[]): Promise<Line[]> {
    const args = ['show-timesync', '--property=SystemNTPServers', '--value'];
    const { code, stdout } = await this.#host.commands.run(timedatectl, args);
    const seen = stdout.trim();
    return code === 0 && seen !== '' ? [line('time servers in use', servers.join(' '), seen)] : [];
  }

  async #switchOn(): Promise<void> {
    if (isSwitchedOn(await this.#host.commands.run(timedatectl, ['show'])) !== false) return;
    const kept = await this.#kept.read();
    if (!kept.has('ntp')) await this.#kept.write(new Map([['ntp', false]]));
    await this.#set(true);
  }

  async #set(on: boolean): Promise<void> {
    const { code, stderr } = await this.#host.commands.run(timedatectl, ['set-ntp', String(on)], { timeoutMs: 30_000 });
    const words = `The clock could not be ${on ? 'set from' : 'freed of'} the network`;
    if (code !== 0) throw refused('clock-not-switched', words, stderr, 'See systemctl status systemd-timedated.');
  }

  /** A service that does not run reads its files when it starts. */
  async #reload({ kind }: Service): Promise<void> {
    const { commands } = this.#host;
    if (kind === 'timesyncd') await commands.run(systemctl, ['try-restart', 'systemd-timesyncd.service']);
    if (kind === 'chrony') await commands.run('/usr/bin/chronyc', ['reload', 'sources']);
  }
}

/** Pure. The empty NTP= takes away what other files name. */
export function timeFiles({ servers = [] }: TimeSyncSettings, service: Service): OwnFile[] {
  const isAsked = (kind: Service['kind']) => servers.length > 0 && service.kind === kind;
  const readsSources = service.kind === 'chrony' && service.readsSources;
  return [
    { path: timesyncdFile, content: isAsked('timesyncd') ? `[Time]\nNTP=\nNTP=${servers.join(' ')}\n` : undefined },
    {
      path: chronySources,
      content:
        isAsked('chrony') && readsSources
          ? servers.map((server) => `server ${server} iburst prefer\n`).join('')
          : undefined,
    },
  ];
}

function unreachable({ servers = [] }: TimeSyncSettings, service: Service): Line[] {
  if (service.kind === 'none')
    return [forPeople('time service', 'systemd-timesyncd or chrony', 'neither is installed: install one of them')];
  if (servers.length === 0 || service.kind !== 'chrony' || service.readsSources) return [];
  const seen =
    'this chrony reads no folder of sources: name the servers in chrony.conf, or add sourcedir /etc/chrony/sources.d';
  return [forPeople('time servers of chrony', servers.join(' '), seen)];
}
