import Type from 'typebox';
import { choice, strictObject } from '../schema.ts';
import { type CapabilityDefinition, setting } from './keywords.ts';
import { modeSetting } from './mode.ts';

/** IEEE 802.11: 1 to 32 bytes; here text without control characters. */
const Ssid = Type.String({ minLength: 1, maxLength: 32, pattern: '^[^\\u0000-\\u001f\\u007f]+$' });
/** WPA: 8 to 63 printable ASCII characters. */
const Passphrase = Type.String({ minLength: 8, maxLength: 63, pattern: '^[ -~]+$' });
const Line = Type.String({ minLength: 1, maxLength: 200, pattern: '^[^\\u0000-\\u001f\\u007f]+$' });

const secret = { 'x-secret': true } as const;

export const wifiSecurities = ['open', 'wpa2', 'wpa3', 'wpa2-enterprise'] as const;

/** One network. `wpa2` and `wpa3` need a passphrase, `wpa2-enterprise` an account and the server's name. */
export const WifiNetwork = strictObject({
  name: Ssid,
  security: choice(wifiSecurities),
  passphrase: Type.Optional(Type.Unsafe<string>({ ...Passphrase, title: 'Passphrase', ...secret })),
  /** PEAP with MSCHAPv2: the account's name and password, and the name in the server's certificate. */
  identity: Type.Optional(Line),
  password: Type.Optional(Type.Unsafe<string>({ ...Line, title: 'Password', ...secret })),
  serverName: Type.Optional(
    Type.String({ minLength: 1, maxLength: 253, pattern: '^[0-9A-Za-z]([0-9A-Za-z.-]*[0-9A-Za-z])?$' }),
  ),
  hidden: Type.Boolean(),
});
export type WifiNetwork = Type.Static<typeof WifiNetwork>;

/** Networks the device knows without the person. */
export const WifiSettings = strictObject({
  mode: Type.Optional(modeSetting()),
  networks: Type.Optional(
    Type.Array(WifiNetwork, {
      maxItems: 20,
      ...setting({
        title: 'Networks',
        description:
          'Joined by themselves, the first in the list first. What the person added stays. Staff who edit profiles can read the passwords.',
        'x-merge': 'union',
        'x-group': 'Networks',
      }),
    }),
  ),
});
export type WifiSettings = Type.Static<typeof WifiSettings>;

/** What the schema cannot say of a network; empty when it can be used. */
export function wifiProblems({ name, security, passphrase, identity, password, serverName }: WifiNetwork): string[] {
  const needsPassphrase = security === 'wpa2' || security === 'wpa3';
  const isEnterprise = security === 'wpa2-enterprise';
  return [
    ...(needsPassphrase && passphrase === undefined ? [`The network “${name}” needs a passphrase.`] : []),
    ...(isEnterprise && (identity === undefined || password === undefined || serverName === undefined)
      ? [`The network “${name}” needs the account’s name and password, and the name of its sign-in server.`]
      : []),
    ...(new TextEncoder().encode(name).length > 32 ? [`The name “${name}” is longer than 32 bytes.`] : []),
  ];
}

export const wifi: CapabilityDefinition<typeof WifiSettings> = {
  name: 'wifi',
  title: 'Wi-Fi',
  summary: 'Networks the device joins by itself',
  settings: WifiSettings,
  abilities: { linux: 'enforce', win32: 'enforce', darwin: 'needs-mdm' },
  limits: {
    linux: 'NetworkManager. Enterprise networks by PEAP with MSCHAPv2, the server proved by the system’s certificates.',
    win32:
      'Tested from documented output; not run on a real machine. Open networks and those with a passphrase; enterprise networks are reported as not set.',
    darwin: 'Only a configuration profile from MDM adds networks for everybody.',
  },
};
