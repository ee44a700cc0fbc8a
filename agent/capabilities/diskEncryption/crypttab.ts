import { items, member, parseJson } from '../../health/json.ts';

/** An encrypted volume as the host sets it up at its start. */
export interface CrypttabEntry {
  /** Of the mapping; what the prompt at the start shows. */
  name: string;
  /** A path, or `UUID=…` and the like. */
  device: string;
  /** Undefined: a person or a token opens it. */
  keyFile: string | undefined;
  options: ReadonlyMap<string, string>;
}

/** crypttab(5), as systemd and Debian write it. What is no LUKS volume, or opens by a random key, is left out. */
export function parseCrypttab(text: string): CrypttabEntry[] {
  return text.split('\n').flatMap((written) => {
    const [name, device, keyFile = 'none', options = ''] = written
      .replace(/^\s*#.*/, '')
      .trim()
      .split(/\s+/);
    if (!name || !device) return [];
    const entry = { name, device, keyFile: keyFileOf(keyFile), options: optionsOf(options) };
    return isVolume(entry) ? [entry] : [];
  });
}

function keyFileOf(field: string): string | undefined {
  return field.startsWith('/') ? field : undefined;
}

function optionsOf(field: string): Map<string, string> {
  const pairs = field.split(',').filter(Boolean);
  return new Map(
    pairs.map((pair) => {
      const [key = '', ...value] = pair.split('=');
      return [key, value.join('=')];
    }),
  );
}

/** Swap and temporary volumes get a new key at each start: nothing on them can be recovered, or need be. */
function isVolume({ keyFile, options }: CrypttabEntry): boolean {
  const isRandom = keyFile === '/dev/urandom' || keyFile === '/dev/random';
  return !isRandom && !['swap', 'tmp', 'plain', 'tcrypt', 'bitlk'].some((option) => options.has(option));
}

/** Where the device of a crypttab line is found. */
export function devicePath(device: string): string {
  const [, tag, value] = /^(UUID|PARTUUID|LABEL|PARTLABEL)="?([^"]+)"?$/.exec(device) ?? [];
  return tag && value ? `/dev/disk/by-${tag.toLowerCase()}/${value}` : device;
}

/** A LUKS volume that is open now. */
export interface OpenVolume {
  name: string;
  device: string;
  uuid: string | undefined;
}

/** `lsblk -J -o NAME,PATH,TYPE,FSTYPE,UUID` (lsblk(8)): the devices below which a mapping stands. */
export function parseOpenVolumes(stdout: string): OpenVolume[] {
  return items(member(parseJson(stdout), 'blockdevices')).flatMap(openBelow);
}

function openBelow(device: unknown): OpenVolume[] {
  const children = items(member(device, 'children'));
  const below = children.flatMap(openBelow);
  const mapping = children.find((child) => member(child, 'type') === 'crypt');
  const [name, path, uuid] = [member(mapping, 'name'), member(device, 'path'), member(device, 'uuid')];
  if (member(device, 'fstype') !== 'crypto_LUKS' || typeof name !== 'string' || typeof path !== 'string') return below;
  return [{ name, device: path, uuid: typeof uuid === 'string' ? uuid : undefined }, ...below];
}
