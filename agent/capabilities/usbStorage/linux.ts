import type { UsbAccess, UsbStorageSettings } from '../../../shared/profile/usb-storage.ts';
import { items, member, parseJson } from '../../health/json.ts';
import type { HostReader } from '../../health/posture/guest.ts';
import { askModprobe, isDiverted, isInKernel, usbDrivers } from '../../health/posture/usb.ts';
import { forPeople, type HostPart, type Line, line } from '../baseline/baseline.ts';
import { bring, observeFile } from '../baseline/own-file.ts';
import type { Host } from '../capability.ts';
import { desiredFiles, modprobePath, udevPath } from './linux-files.ts';

const owner = 'usbStorage';

/**
 * Linux: a file for modprobe blocks, a rule for udev makes read only. On the host itself the effect is measured too: what
 * modprobe would run, which driver is in the kernel already, whether disks that are plugged in can be written.
 */
export class LinuxUsbStorage implements HostPart<UsbStorageSettings> {
  readonly #host: Host;
  readonly #reader: HostReader;

  constructor(host: Host) {
    this.#host = host;
    this.#reader = { text: (path) => host.files.read(path), list: (folder) => host.files.list(folder) };
  }

  async observe({ access = 'allow' }: UsbStorageSettings): Promise<Line[]> {
    const files = desiredFiles(access).map((file) => observeFile(this.#host.files, owner, file));
    const lines = (await Promise.all(files)).flat();
    return this.#host.files.isHost ? [...lines, ...(await this.#effect(access))] : lines;
  }

  async apply({ access = 'allow' }: UsbStorageSettings): Promise<void> {
    for (const file of desiredFiles(access)) await bring(this.#host.files, owner, file);
  }

  holds(): Promise<boolean> {
    return Promise.resolve(this.#host.files.holds(owner));
  }

  async remove(): Promise<void> {
    await this.#host.files.restore(owner);
  }

  watched(): string[] {
    return [modprobePath, udevPath, '/etc/modprobe.d/'];
  }

  async #effect(access: UsbAccess): Promise<Line[]> {
    if (access === 'allow') return [];
    if (access === 'read-only') return [await this.#disks()];
    return (await Promise.all(usbDrivers.map((driver) => this.#driver(driver)))).flat();
  }

  /** A driver in the kernel goes on working; with the file in place that lasts until the next start. */
  async #driver(driver: string): Promise<Line[]> {
    const loaded = (await isInKernel(this.#reader, driver))
      ? [forPeople(`driver ${driver}`, 'not in the kernel', 'loaded already: restart the device')]
      : [line(`driver ${driver}`, 'not in the kernel', 'not in the kernel')];
    const expected = 'loading is refused';
    const result = await askModprobe(this.#host.commands, driver);
    if (!result) return [line(`modprobe ${driver}`, expected, 'not asked: kmod is not installed', true), ...loaded];
    const seen = `modprobe would run: ${result.stdout.trim().split('\n').join('; ') || 'nothing'}`;
    const asked = isDiverted(result)
      ? line(`modprobe ${driver}`, expected, expected)
      : forPeople(`modprobe ${driver}`, expected, `${seen}; look for another file in modprobe.d`);
    return [asked, ...loaded];
  }

  async #disks(): Promise<Line> {
    const [item, expected] = ['USB disks plugged in', 'read only, or none'];
    const { code, stdout } = await this.#host.commands.run('/usr/bin/lsblk', ['-J', '-d', '-o', 'NAME,TRAN,RO']);
    const found = items(code === 0 ? member(parseJson(stdout), 'blockdevices') : undefined);
    const open = found.filter((disk) => member(disk, 'tran') === 'usb' && !isTrue(member(disk, 'ro')));
    return open.length > 0
      ? forPeople(item, expected, `${open.length} can be written until it is taken out`)
      : line(item, expected, expected);
  }
}

/** Older lsblk prints flags as "0" and "1". */
function isTrue(flag: unknown): boolean {
  return flag === true || flag === '1';
}
