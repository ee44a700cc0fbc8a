import type { UsbAccess, UsbStorageSettings } from '../../../shared/profile/usb-storage.ts';
import type { HostPart, Line } from '../baseline/baseline.ts';
import { KeptPlace } from '../baseline/kept-place.ts';
import { type Dword, dwordId, parseValues, readStatements, writeStatements } from '../baseline/registry-values.ts';
import { KeptSettings, type Settings } from '../browser/kept-settings.ts';
import { CapabilityError, type Host } from '../capability.ts';
import { runScript } from '../webFilter/powershell.ts';
import { systemFolder } from '../webFilter/win32.ts';

const services = 'SYSTEM\\CurrentControlSet\\Services';
/** When a driver starts: 3 on demand, 4 never. https://learn.microsoft.com/windows-hardware/drivers/install/inf-addservice-directive */
const never = 4;
const starts: readonly Dword[] = [
  { key: `${services}\\USBSTOR`, name: 'Start' },
  { key: `${services}\\UASPStor`, name: 'Start' },
];
/** "Removable Disks: Deny write access" of RemovableStorage.admx. */
const denyWrite: Dword = {
  key: 'SOFTWARE\\Policies\\Microsoft\\Windows\\RemovableStorageDevices\\{53f5630d-b6bf-11d0-94f2-00a0c91efb8b}',
  name: 'Deny_Write',
};
export const usbValues: readonly Dword[] = [...starts, denyWrite];

/** What the registry shall hold. A driver that is not installed is not made up. */
export function desiredValues(access: UsbAccess, present: Settings<number>): Map<string, number> {
  if (access === 'read-only') return new Map([[dwordId(denyWrite), 1]]);
  if (access === 'allow') return new Map();
  return new Map(starts.map((start) => [dwordId(start), never] as const).filter(([id]) => present.has(id)));
}

/** Windows: the start of the drivers, or the policy against writing. Tested from documented output; never run on a real PC. */
export class WindowsUsbStorage implements HostPart<UsbStorageSettings> {
  readonly unsupportedWhy?: string;
  readonly #values: KeptPlace<number>;

  constructor({ commands, files }: Host) {
    if (!files.isHost)
      this.unsupportedWhy = 'The registry is no file: a trial under a folder leaves USB storage alone.';
    const kept = new KeptSettings(files, `${systemFolder}\\usb-storage-originals.json`, isDword, 'usbStorage');
    const place = {
      read: async () => {
        const what = 'The settings of USB storage could not be read';
        const present = parseValues(await runScript(commands, what, readStatements(usbValues)), usbValues);
        if (present) return present;
        throw new CapabilityError('powershell-failed', `${what}: PowerShell printed something else.`);
      },
      write: async (writes: ReadonlyMap<string, number | undefined>) => {
        const what = 'The settings of USB storage could not be written';
        await runScript(commands, what, writeStatements(writes, usbValues));
      },
      equal: (one: number | undefined, other: number | undefined) => one === other,
      item: (id: string) => `HKLM\\${id}`,
    };
    this.#values = new KeptPlace(place, kept);
  }

  observe({ access = 'allow' }: UsbStorageSettings): Promise<Line[]> {
    return this.#values.observe((present) => desiredValues(access, present));
  }

  apply({ access = 'allow' }: UsbStorageSettings): Promise<void> {
    return this.#values.bring((present) => desiredValues(access, present));
  }

  holds(): Promise<boolean> {
    return this.#values.holds();
  }

  remove(): Promise<void> {
    return this.#values.putBack();
  }

  /** The registry is no file to watch; the periodic pass finds drift. */
  watched(): string[] {
    return [];
  }
}

function isDword(value: unknown): value is number {
  return Number.isInteger(value);
}
