import { createHash } from 'node:crypto';
import type { WifiNetwork } from '../../../shared/profile/wifi.ts';

export const connectionFolder = '/etc/NetworkManager/system-connections';
const prefix = 'rollcall-';

/** The same network always has the same file and the same id. */
export function keyfilePath({ name }: Pick<WifiNetwork, 'name'>): string {
  return `${connectionFolder}/${prefix}${digest(name).slice(0, 16)}.nmconnection`;
}

export function isOurs(fileName: string): boolean {
  return fileName.startsWith(prefix) && fileName.endsWith('.nmconnection');
}

/** A UUID of the name (RFC 9562 version 8), so that NetworkManager takes a written file for the connection it knows. */
export function connectionUuid(name: string): string {
  const hex = digest(name);
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `a${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ];
  return parts.join('-');
}

/**
 * A connection in NetworkManager's keyfile format, nm-settings-keyfile(5). `order` 0 is joined first.
 */
export function keyfileText(network: WifiNetwork, order: number): string {
  const groups: [string, [string, string | undefined][]][] = [
    [
      'connection',
      [
        ['id', escaped(network.name)],
        ['uuid', connectionUuid(network.name)],
        ['type', 'wifi'],
        ['autoconnect-priority', String(100 - order)],
      ],
    ],
    [
      'wifi',
      [
        ['hidden', network.hidden ? 'true' : undefined],
        ['mode', 'infrastructure'],
        ['ssid', ssidText(network.name)],
      ],
    ],
    ...securityGroups(network),
    ['ipv4', [['method', 'auto']]],
    ['ipv6', [['method', 'auto']]],
  ];
  const texts = groups.map(([group, entries]) => {
    const lines = entries.flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${value}`]));
    return `[${group}]\n${lines.join('\n')}\n`;
  });
  return `# Set by Rollcall; a change is put right.\n${texts.join('\n')}`;
}

function securityGroups(network: WifiNetwork): [string, [string, string | undefined][]][] {
  const { security, passphrase = '', identity = '', password = '', serverName } = network;
  if (security === 'open') return [];
  if (security !== 'wpa2-enterprise')
    return [
      [
        'wifi-security',
        [
          ['key-mgmt', security === 'wpa3' ? 'sae' : 'wpa-psk'],
          ['psk', escaped(passphrase)],
        ],
      ],
    ];
  return [
    ['wifi-security', [['key-mgmt', 'wpa-eap']]],
    [
      '802-1x',
      [
        ['domain-suffix-match', serverName],
        ['eap', 'peap;'],
        ['identity', escaped(identity)],
        ['password', escaped(password)],
        ['phase2-auth', 'mschapv2'],
        ['system-ca-certs', 'true'],
      ],
    ],
  ];
}

/** GKeyFile: a backslash begins an escape, and spaces at the ends would be lost. */
function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replace(/^ | $/g, '\\s');
}

/** Text where it can only be read as text; else the bytes, as NetworkManager writes them itself: `67;97;102;`. */
function ssidText(name: string): string {
  if (/^[0-9A-Za-z][0-9A-Za-z _.-]*[0-9A-Za-z]$|^[A-Za-z]$/.test(name)) return name;
  return [...new TextEncoder().encode(name)].map((byte) => `${byte};`).join('');
}

function digest(name: string): string {
  return createHash('sha256').update(`rollcall wifi ${name}`).digest('hex');
}
