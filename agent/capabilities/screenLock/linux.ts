import type { ScreenLockSettings } from '../../../shared/profile/screen-lock.ts';
import { dconf, desktopsOf } from '../../health/posture/screen-lock.ts';
import { forPeople, type HostPart, type Line, line, refused } from '../baseline/baseline.ts';
import { bring, type OwnFile, observeFile, onFile } from '../baseline/own-file.ts';
import type { Host } from '../capability.ts';
import {
  dconfKeys,
  kdeFile,
  kdeText,
  keyFile,
  keyFileText,
  keyFolder,
  lockFile,
  lockFileText,
  profileFile,
  profileText,
} from './linux-files.ts';

const owner = 'screenLock';
/** What dconf compiles the folder of keys into. */
export const databaseFile = '/etc/dconf/db/local';
const sessionFolders = ['/usr/share/xsessions', '/usr/share/wayland-sessions'];

/**
 * GNOME by a dconf database for everybody with locks, KDE by its system-wide file. Both are written whatever is installed:
 * a desktop that comes later is covered from its first start. On the host itself dconf is asked what it makes of all
 * databases. https://help.gnome.org/admin/system-admin-guide/stable/dconf-lockdown.html
 */
export class LinuxScreenLock implements HostPart<ScreenLockSettings> {
  readonly #host: Host;

  constructor(host: Host) {
    this.#host = host;
  }

  async observe(settings: ScreenLockSettings): Promise<Line[]> {
    const { files } = this.#host;
    const desired = await this.#desiredFiles(settings);
    const lines = (await Promise.all(desired.map((file) => observeFile(files, owner, file)))).flat();
    if (settings.idleMinutes === undefined) return lines;
    return files.isHost ? [...lines, ...(await this.#desktops(settings))] : lines;
  }

  async apply(settings: ScreenLockSettings): Promise<void> {
    const desired = await this.#desiredFiles(settings);
    const wanted = desired.filter(({ content }) => content !== undefined);
    for (const file of wanted) await bring(this.#host.files, owner, file);
    // Newest first, so that folders shared with a file made earlier are empty when their turn comes.
    for (const file of desired.toReversed()) if (!wanted.includes(file)) await bring(this.#host.files, owner, file);
    await this.#compile();
  }

  async holds(): Promise<boolean> {
    return this.#host.files.holds(owner);
  }

  async remove(): Promise<void> {
    const { files } = this.#host;
    if (!files.holds(owner)) return;
    const others = [databaseFile, ...(await this.#desiredFiles({})).map(({ path }) => path)];
    for (const path of others.toReversed())
      if (path !== databaseFile) await onFile(path, () => files.restoreOne(owner, path));
    await this.#compile();
    await onFile('The files of the screen lock', () => files.restore(owner));
  }

  watched(): string[] {
    return [keyFile, lockFile, profileFile, databaseFile, kdeFile];
  }

  async #desiredFiles(settings: ScreenLockSettings): Promise<OwnFile[]> {
    const { files } = this.#host;
    const original = (path: string) => onFile(path, () => files.original(owner, path));
    const keys = dconfKeys(settings);
    const profile = keys.size > 0 ? profileText(await original(profileFile)) : undefined;
    return [
      { path: profileFile, content: profile },
      { path: keyFile, content: keyFileText(keys) },
      { path: lockFile, content: lockFileText(keys) },
      { path: kdeFile, content: kdeText(await original(kdeFile), settings) },
    ];
  }

  /**
   * The compiled database is dconf's own. It is kept before our first change; while somebody else has keys in the folder it
   * stays theirs, compiled from what they wrote, else it goes back to what it was.
   */
  async #compile(): Promise<void> {
    const { files, commands } = this.#host;
    if (!files.isHost || (await files.mode(dconf)) === undefined) return;
    const sources = (await files.list(keyFolder)).filter((name) => name !== 'locks');
    if (sources.length === 0) return await onFile(databaseFile, () => files.restoreOne(owner, databaseFile));
    // dconf update leaves alone what is newer than its folder: without the file it compiles anew.
    await onFile(databaseFile, () => files.remove(owner, databaseFile));
    const { code, stderr } = await commands.run(dconf, ['update'], { timeoutMs: 30_000 });
    if (code !== 0)
      throw refused('dconf-not-updated', `dconf could not compile ${keyFolder}`, stderr, 'Mend the file it names.');
    if (!sources.includes('zz-rollcall')) files.adopt(owner, databaseFile);
  }

  async #desktops(settings: ScreenLockSettings): Promise<Line[]> {
    const { files } = this.#host;
    const sessions = (await Promise.all(sessionFolders.map((folder) => files.list(folder)))).flat();
    const { gnome, others } = desktopsOf(sessions.join('\n'));
    const unmanaged = others.map((name) =>
      forPeople(
        `desktop ${name}`,
        'one whose lock can be set',
        'its lock is not managed: remove it, or use GNOME or KDE',
      ),
    );
    if ((await files.mode(dconf)) !== undefined) return [...(await this.#inForce(settings)), ...unmanaged];
    const missing = forPeople('dconf of GNOME', 'installed', 'missing: install the package dconf-cli');
    return gnome ? [missing, ...unmanaged] : unmanaged;
  }

  /** What a program that asks dconf would get, with all files of everybody: dconf(1). */
  async #inForce(settings: ScreenLockSettings): Promise<Line[]> {
    const { commands } = this.#host;
    const locks = (await commands.run(dconf, ['list-locks', '/'])).stdout.split('\n');
    const lines: Line[] = [];
    for (const [key, value] of dconfKeys(settings)) {
      const { stdout } = await commands.run(dconf, ['read', '-d', key]);
      const seen = `${stdout.trim() || 'not set'}, ${locks.includes(key) ? 'locked' : 'not locked'}`;
      lines.push(line(`dconf ${key}`, `${value}, locked`, seen));
    }
    return lines;
  }
}
