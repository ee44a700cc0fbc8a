import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { hostname, networkInterfaces } from 'node:os';
import type { Platform } from '../../shared/profile/keywords.ts';
import type { Hardware } from '../../shared/protocol/messages.ts';
import type { Commands } from '../platform/commands.ts';
import { parseJson } from '../store/durable-file.ts';

/** What a system says about its machine; each may be missing. */
export interface MachineIds {
  /** Ids of the installation and of the board; hashed, never sent. */
  ids: (string | undefined)[];
  serial?: string | undefined;
  maker?: string | undefined;
  model?: string | undefined;
}

type ReadText = (path: string) => Promise<string | undefined>;

/** Where makers leave what they should have filled in. */
const fillers =
  /^(none|default string|to be filled.*|system (serial number|manufacturer|product name)|0+|not specified)$/i;

/** The hardware id and what is printed on the case. `fallback` names the machine when it has no id at all. */
export async function readHardware(
  platform: Platform,
  commands: Commands,
  read: ReadText = readText,
  fallback: () => string = networkIdentity,
): Promise<Hardware> {
  const { ids, serial, maker, model } = await readers[platform](commands, read);
  const known = ids.filter((id) => id !== undefined && id !== '');
  const id = createHash('sha256')
    .update(JSON.stringify(known.length > 0 ? known : [fallback()]))
    .digest('hex');
  return { id, ...label('serial', serial), ...label('maker', maker), ...label('model', model) };
}

const readers: Record<Platform, (commands: Commands, read: ReadText) => Promise<MachineIds>> = {
  async linux(_commands, read) {
    const dmi = (name: string) => read(`/sys/class/dmi/id/${name}`);
    return {
      ids: [await read('/etc/machine-id'), await dmi('product_uuid')],
      serial: await dmi('product_serial'),
      maker: await dmi('sys_vendor'),
      model: await dmi('product_name'),
    };
  },
  async win32(commands) {
    const key = 'HKLM\\SOFTWARE\\Microsoft\\Cryptography';
    const guid = await commands.run('C:\\Windows\\System32\\reg.exe', ['query', key, '/v', 'MachineGuid']);
    const product = await commands.run(
      'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe',
      [
        '-NoProfile',
        '-NonInteractive',
        '-Command',
        'Get-CimInstance Win32_ComputerSystemProduct | Select-Object Vendor,Name,IdentifyingNumber,UUID | ConvertTo-Json -Compress',
      ],
      { timeoutMs: 30_000 },
    );
    return parseWindows(guid.stdout, product.stdout);
  },
  async darwin(commands) {
    return parseIoreg((await commands.run('/usr/sbin/ioreg', ['-rd1', '-c', 'IOPlatformExpertDevice'])).stdout);
  },
};

/** `reg query … /v MachineGuid` and `Win32_ComputerSystemProduct` as JSON. */
export function parseWindows(registry: string, product: string): MachineIds {
  const guid = /MachineGuid\s+REG_SZ\s+(\S+)/.exec(registry)?.[1];
  const parsed = parseJson(product);
  const fields = typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {};
  const field = (name: string) => (typeof fields[name] === 'string' ? fields[name] : undefined);
  return {
    ids: [guid, field('UUID')],
    serial: field('IdentifyingNumber'),
    maker: field('Vendor'),
    model: field('Name'),
  };
}

/** `ioreg -rd1 -c IOPlatformExpertDevice`: `"key" = "text"` or `"key" = <"text">`. */
export function parseIoreg(output: string): MachineIds {
  const field = (name: string) => new RegExp(`"${name}" = <?"([^"]*)"`).exec(output)?.[1];
  return {
    ids: [field('IOPlatformUUID')],
    serial: field('IOPlatformSerialNumber'),
    maker: field('manufacturer'),
    model: field('model'),
  };
}

function label<K extends string>(name: K, value: string | undefined): { [N in K]?: string } {
  const text = value?.trim().slice(0, 100);
  return text && !fillers.test(text) ? ({ [name]: text } as { [N in K]?: string }) : {};
}

/** A file's text; undefined when this machine has no such file or keeps it from this user. */
async function readText(path: string): Promise<string | undefined> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'EACCES' || code === 'EPERM' || code === 'EIO' || code === 'ENODEV')
      return undefined;
    throw error;
  }
}

function networkIdentity(): string {
  const addresses = Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .filter((item) => !item.internal)
    .map((item) => item.mac);
  return [hostname(), ...new Set(addresses)].sort().join(' ');
}
