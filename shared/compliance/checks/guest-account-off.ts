import { GuestAccountObservation } from '../../protocol/health.ts';
import { strictObject } from '../../schema.ts';
import { byState, defineCheck } from '../check.ts';

/** Does everybody who signs in have an account of their own? */
export const guestAccountOff = defineCheck({
  check: 'guest-account-off',
  title: 'Guest account',
  why: 'Whoever finds the device could use it as a guest, and nobody would know who it was.',
  fix: 'Switch guests off in the settings of users and accounts; if they refuse, ask the helpdesk.',
  fixTechnician:
    'Assign Guest account in a profile, mode enforce. Linux: allow-guest=false under [Seat:*] for LightDM; usermod --lock --expiredate 1 for an account called guest. Windows: Disable-LocalUser for the SID that ends in 501. macOS: sysadminctl -guestAccount off, or DisableGuestAccount by MDM.',
  severity: 'major',
  observation: GuestAccountObservation,
  parameters: strictObject({}),
  defaults: {},
  expected: () => 'off',
  reads: ['observation:guestAccount'],
  observe: ({ observations }) => observations.guestAccount,
  evaluate: (observation) =>
    byState(observation, {
      off: ['pass', 'off'],
      on: ['fail', 'on'],
      'not-applicable': ['not-applicable', 'this system has no guests'],
    }),
});
