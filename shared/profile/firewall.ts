import Type from 'typebox';
import { AddressRange } from '../filter/place.ts';
import { strictObject } from '../schema.ts';
import { type CapabilityDefinition, setting } from './keywords.ts';
import { modeSetting } from './mode.ts';

const number = '([1-9]\\d{0,3}|[1-5]\\d{4}|6[0-4]\\d{3}|65[0-4]\\d{2}|655[0-2]\\d|6553[0-5])';
/** `22/tcp` or `6000-6007/udp`, ports 1 to 65535. */
export const PortRange = Type.String({ maxLength: 15, pattern: `^${number}(-${number})?/(tcp|udp)$` });

/** The host's own firewall: what comes in without having been asked for is dropped. */
export const FirewallSettings = strictObject({
  mode: Type.Optional(modeSetting()),
  allowedPorts: Type.Optional(
    Type.Array(PortRange, {
      maxItems: 100,
      ...setting({
        title: 'Open ports',
        description: 'What others may reach on this device, as port/tcp, port/udp or a range of ports.',
        'x-merge': 'union',
        'x-group': 'Let in',
        'x-example': '22/tcp',
      }),
    }),
  ),
  trustedNetworks: Type.Optional(
    Type.Array(AddressRange, {
      maxItems: 100,
      ...setting({
        title: 'Trusted networks',
        description: 'Addresses or ranges that may reach everything on this device, for example those of the helpdesk.',
        'x-merge': 'union',
        'x-group': 'Let in',
        'x-example': '10.20.30.0/24',
      }),
    }),
  ),
});
export type FirewallSettings = Type.Static<typeof FirewallSettings>;

export const firewall: CapabilityDefinition<typeof FirewallSettings> = {
  name: 'firewall',
  title: 'Firewall',
  summary:
    'Connections from outside are dropped, but for answers, printers’ and neighbours’ discovery and what you let in',
  settings: FirewallSettings,
  abilities: { linux: 'enforce', win32: 'enforce', darwin: 'enforce' },
  limits: {
    linux:
      'Needs nftables. Where ufw is installed or firewalld runs, the rules go through it (firewalld from its documentation; not run). What the device forwards for containers is left alone; what they ask of the device itself needs a trusted network.',
    win32:
      'Tested from documented output; not run on a real machine. A group policy of the domain goes before these settings.',
    darwin:
      'Tested from documented output; not run on a real machine. The firewall of macOS knows programs, not ports or networks: those two settings do nothing there, which is reported.',
  },
};
