import type { ScreenLockSettings } from '../../../shared/profile/screen-lock.ts';
import { desktopsOf } from '../../health/posture/screen-lock.ts';
import { forPeople, type HostPart, type Line } from '../baseline/baseline.ts';
import type { Dconf, DconfKeys } from '../baseline/dconf.ts';
import { bring, type OwnFile, observeFile, onFile } from '../baseline/own-file.ts';
import type { Host } from '../capability.ts';
import { dconfKeys, kdeFile, kdeText } from './linux-files.ts';

const owner = 'screenLock';
const sessionFolders = ['/usr/share/xsessions', '/usr/share/wayland-sessions'];

/**
 * GNOME by a dconf database for everybody with locks, KDE by its system-wide file. Both are written whatever is installed:
 * a desktop that comes later is covered from its first start.
 * https://help.gnome.org/admin/system-admin-guide/stable/dconf-lockdown.html
 */
export class LinuxScreenLock implements HostPart<ScreenLockSettings> {
  readonly #host: Host;
  readonly #dconf: Dconf;

  constructor(host: Host, dconf: Dconf) {
    this.#host = host;
    this.#dconf = dconf;
  }

  async observe(settings: ScreenLockSettings): Promise<Line[]> {
    const { files } = this.#host;
    const kde = await observeFile(files, owner, await this.#kde(settings));
    const lines = [...(await this.#dconf.observe(owner, lockedKeys(settings))), ...kde];
    return files.isHost && settings.idleMinutes !== undefined ? [...lines, ...(await this.#desktops())] : lines;
  }

  async apply(settings: ScreenLockSettings): Promise<void> {
    await this.#dconf.bring(owner, lockedKeys(settings));
    await bring(this.#host.files, owner, await this.#kde(settings));
  }

  async holds(): Promise<boolean> {
    return this.#host.files.holds(owner);
  }

  async remove(): Promise<void> {
    await this.#dconf.remove(owner);
    await onFile(kdeFile, () => this.#host.files.restore(owner));
  }

  watched(): string[] {
    return [...this.#dconf.watched(owner), kdeFile];
  }

  async #kde(settings: ScreenLockSettings): Promise<OwnFile> {
    const original = await onFile(kdeFile, () => this.#host.files.original(owner, kdeFile));
    return { path: kdeFile, content: kdeText(original, settings) };
  }

  async #desktops(): Promise<Line[]> {
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
    if (!gnome || (await this.#dconf.isInstalled())) return unmanaged;
    return [forPeople('dconf of GNOME', 'installed', 'missing: install the package dconf-cli'), ...unmanaged];
  }
}

function lockedKeys(settings: ScreenLockSettings): DconfKeys {
  return { keys: dconfKeys(settings), locked: true };
}
