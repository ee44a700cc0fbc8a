import type { ApplicationsSettings } from '../../../shared/profile/applications.ts';
import type { HostFiles } from '../../platform/host-files.ts';
import { forPeople, type HostPart, type Line, line } from '../baseline/baseline.ts';
import { onFile } from '../baseline/own-file.ts';
import { KeptSettings } from '../browser/kept-settings.ts';
import { CapabilityError, type Host } from '../capability.ts';
import { Apt } from './apt.ts';
import { unmanagedBundles, unmanagedPackages, unmanagedPaths } from './browsers.ts';
import { parseStatus } from './dpkg.ts';
import { summary } from './names.ts';
import { findPaths } from './portable.ts';

const owner = 'applications';
const statusPath = '/var/lib/dpkg/status';
const keptPath = '/var/lib/rollcall-agent/packages.json';
/** More found programs are named by their number only. */
const pathsNamed = 30;

interface Wanted {
  required: readonly string[];
  forbidden: readonly string[];
}
type Kept = Map<string, string | null>;

/** Linux: packages by apt; snaps, flatpaks and portable programs are reported. */
export class LinuxApplications implements HostPart<ApplicationsSettings> {
  readonly #files: HostFiles;
  readonly #apt: Apt;
  /** Packages that the agent removed, with their version, and installed: null. */
  readonly #kept: KeptSettings<string>;

  constructor({ files, commands }: Host) {
    this.#files = files;
    this.#apt = new Apt(commands);
    this.#kept = new KeptSettings(files, keptPath, (value) => typeof value === 'string', owner);
  }

  async observe(settings: ApplicationsSettings): Promise<Line[]> {
    const wanted = wantedPackages(settings);
    return [
      ...(await this.#packageLines(wanted)),
      ...(await this.#bundleLines(settings)),
      ...(await this.#pathLines(settings)),
    ];
  }

  async apply(settings: ApplicationsSettings): Promise<void> {
    if (!this.#files.isHost) return;
    const wanted = wantedPackages(settings);
    await this.#undo(await this.#noLongerAsked(wanted));
    const installed = await this.#installed();
    if (!installed) return;
    await this.#takeAway(await this.#removable(wanted, installed), installed);
    await this.#install(wanted.required.filter((name) => !installed.has(name)));
  }

  async holds(): Promise<boolean> {
    return (await this.#kept.read()).size > 0;
  }

  async remove(): Promise<void> {
    if (this.#files.isHost) await this.#undo(await this.#kept.read());
    await onFile(keptPath, () => this.#files.restore(owner));
  }

  watched(): string[] {
    return [statusPath];
  }

  async #packageLines(wanted: Wanted): Promise<Line[]> {
    if (wanted.required.length + wanted.forbidden.length === 0) return [];
    const installed = await this.#installed();
    if (!installed) return [forPeople('packages', 'read from dpkg', 'not known: this system has no dpkg')];
    const missing = wanted.required.filter((name) => !installed.has(name));
    const found = wanted.forbidden.filter((name) => installed.has(name));
    const removable = this.#files.isHost ? await this.#removable(wanted, installed) : found;
    const undone = [...(await this.#noLongerAsked(wanted)).keys()];
    return [
      ...summary(wanted.required.length - missing.length, wanted.forbidden.length - found.length),
      ...missing.map((name) => this.#changeable(name, 'installed', 'not installed')),
      ...found.map((name) =>
        removable.includes(name)
          ? this.#changeable(name, 'not installed', 'installed')
          : forPeople(`package ${name}`, 'not installed', others),
      ),
      ...undone.map((name) => this.#changeable(name, 'as before', 'changed by an earlier profile')),
    ];
  }

  /** A trial under a folder runs nothing, so it cannot put packages right. */
  #changeable(name: string, expected: string, seen: string): Line {
    return this.#files.isHost
      ? line(`package ${name}`, expected, seen, false)
      : forPeople(`package ${name}`, expected, seen);
  }

  async #bundleLines({ linuxForbidden = [], unmanagedBrowsers }: ApplicationsSettings): Promise<Line[]> {
    const forbidden = [...linuxForbidden, ...(unmanagedBrowsers ? unmanagedBundles : [])];
    if (forbidden.length === 0) return [];
    const snaps = await onFile(snapFolder, () => this.#files.list(snapFolder));
    const flatpaks = await findPaths(this.#files, flatpakPatterns);
    const found = [
      ...snaps.map((name) => `snap ${name.replace(/_[^_]*\.snap$/, '')}`),
      ...flatpaks.paths.map((path) => `flatpak ${path.slice(path.lastIndexOf('/') + 1)}`),
    ];
    const named = new Set(found.filter((bundle) => forbidden.some((name) => isBundle(bundle, name))));
    return [...named].map((bundle) => forPeople(bundle, 'not installed', 'installed: remove it by hand'));
  }

  async #pathLines({ linuxForbiddenPaths = [], unmanagedBrowsers }: ApplicationsSettings): Promise<Line[]> {
    const patterns = [...linuxForbiddenPaths, ...(unmanagedBrowsers ? unmanagedPaths : [])];
    if (patterns.length === 0) return [];
    const { paths, unreadable } = await findPaths(this.#files, patterns);
    const rest = paths.length - pathsNamed;
    return [
      ...(paths.length === 0 ? [line('forbidden programs by path', 'none', 'none')] : []),
      ...paths
        .slice(0, pathsNamed)
        .map((path) => forPeople(`program ${path}`, 'not there', 'there: talk to the person')),
      ...(rest > 0 ? [forPeople('more forbidden programs', 'none', String(rest))] : []),
      ...(unreadable > 0 ? [line('folders that could not be looked into', 'none', String(unreadable), true)] : []),
    ];
  }

  async #installed(): Promise<Map<string, string> | undefined> {
    const text = await onFile(statusPath, () => this.#files.read(statusPath));
    return text === undefined ? undefined : parseStatus(text);
  }

  /** Forbidden packages that go without taking others along. */
  async #removable({ forbidden }: Wanted, installed: ReadonlyMap<string, string>): Promise<string[]> {
    const found = forbidden.filter((name) => installed.has(name));
    const removable: string[] = [];
    for (const name of found) {
      const removes = (await this.#apt.simulate('remove', [name]))?.removes;
      if (removes?.every((one) => found.includes(one))) removable.push(name);
    }
    return removable;
  }

  async #takeAway(names: readonly string[], installed: ReadonlyMap<string, string>): Promise<void> {
    if (names.length === 0) return;
    await this.#keep(names.map((name) => [name, installed.get(name) ?? null]));
    await this.#apt.remove('remove', names);
  }

  async #install(names: readonly string[]): Promise<void> {
    if (names.length === 0) return;
    const simulation = (await this.#apt.simulate('install', names)) ?? (await this.#afterUpdate(names));
    if (!simulation || !names.every((name) => simulation.installs.includes(name)))
      throw new CapabilityError(
        'packages-not-found',
        `Not every required package is in the sources of this device (${names.slice(0, 10).join(', ')}). Check the names and /etc/apt.`,
      );
    if (simulation.removes.length > 0)
      throw new CapabilityError(
        'packages-in-conflict',
        `Required packages would remove others (${simulation.removes.slice(0, 10).join(', ')}). Take one of them out of the profile.`,
      );
    await this.#keep(simulation.installs.map((name) => [name, null]));
    await this.#apt.install(names);
  }

  async #afterUpdate(names: readonly string[]) {
    await this.#apt.update();
    return await this.#apt.simulate('install', names);
  }

  /** What stood there before the first change stays what is put back. */
  async #keep(changes: readonly (readonly [string, string | null])[]): Promise<void> {
    const kept = await this.#kept.read();
    await this.#kept.write(new Map([...changes, ...kept]));
  }

  /** Removed packages that are forbidden no more; and what was installed, once nothing of it is required. */
  async #noLongerAsked({ required, forbidden }: Wanted): Promise<Kept> {
    const kept = await this.#kept.read();
    const isRequired = [...kept].some(([name, version]) => version === null && required.includes(name));
    return new Map([...kept].filter(([name, version]) => (version === null ? !isRequired : !forbidden.includes(name))));
  }

  async #undo(changes: Kept): Promise<void> {
    const installed = await this.#installed();
    if (!installed || changes.size === 0) return;
    const added = [...changes]
      .filter(([name, version]) => version === null && installed.has(name))
      .map(([name]) => name);
    const removes = added.length > 0 ? (await this.#apt.simulate('purge', added))?.removes : [];
    // Others need them by now: they stay.
    if (added.length > 0 && removes?.every((name) => added.includes(name))) await this.#apt.remove('purge', added);
    for (const [name, version] of changes)
      if (version !== null && !installed.has(name)) await this.#bringBack(name, version);
    await this.#kept.write(new Map([...(await this.#kept.read())].filter(([name]) => !changes.has(name))));
  }

  /** The same version, or the one that there is now; a package that no source has any more is given up. */
  async #bringBack(name: string, version: string): Promise<void> {
    for (const wanted of [`${name}=${version}`, name])
      if (await this.#apt.simulate('install', [wanted])) return await this.#apt.install([wanted]);
  }
}

const snapFolder = '/var/lib/snapd/snaps';
const flatpakPatterns = ['/var/lib/flatpak/app/*', '/home/*/.local/share/flatpak/app/*'];
const others = 'installed: other packages would go with it, or the system needs it; decide by hand';

function wantedPackages({ linuxRequired = [], linuxForbidden = [], unmanagedBrowsers }: ApplicationsSettings): Wanted {
  const forbidden = new Set([...linuxForbidden, ...(unmanagedBrowsers ? unmanagedPackages : [])]);
  // What one profile requires and another forbids is not installed and removed in turn.
  return { required: linuxRequired.filter((name) => !forbidden.has(name)), forbidden: [...forbidden] };
}

/** `flatpak org.gimp.GIMP` is what `gimp` and `org.gimp.gimp` name. */
function isBundle(bundle: string, name: string): boolean {
  const id = bundle.slice(bundle.indexOf(' ') + 1).toLowerCase();
  return id === name || (bundle.startsWith('flatpak') && id.endsWith(`.${name}`));
}
