import { FirewallObservation } from '../../protocol/health.ts';
import { strictObject } from '../../schema.ts';
import { byState, defineCheck } from '../check.ts';

/** Is the host's firewall on? */
export const firewallOn = defineCheck({
  check: 'firewall-on',
  title: 'Firewall',
  why: 'The firewall keeps other computers on the same network, at school or in a café, from reaching into this one.',
  fix: 'Switch the firewall on in the system settings; if they refuse, ask the helpdesk.',
  fixTechnician:
    'Linux: ufw --force enable, or an nftables input chain with policy drop. Windows: Set-NetFirewallProfile -All -Enabled True. macOS: socketfilterfw --setglobalstate on.',
  severity: 'critical',
  cis: { linux: '4.2.3', windows: '9.1.1', macos: '2.2.1' },
  observation: FirewallObservation,
  parameters: strictObject({}),
  defaults: {},
  expected: () => 'on',
  reads: ['observation:firewall'],
  observe: ({ observations }) => observations.firewall,
  evaluate: (observation) => byState(observation, { on: ['pass', 'on'], off: ['fail', 'off'] }),
});
