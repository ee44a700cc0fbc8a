import Type from 'typebox';
import { strictObject } from '../schema.ts';
import { type CapabilityDefinition, setting } from './keywords.ts';
import { modeSetting } from './mode.ts';

/** Signing in without an account. */
export const GuestAccountSettings = strictObject({
  mode: Type.Optional(modeSetting()),
  disabled: Type.Optional(
    Type.Boolean(
      setting({
        title: 'No guest account',
        description: 'Nobody can sign in without an account of their own.',
        'x-merge': 'strictest',
        'x-group': 'Sign-in',
      }),
    ),
  ),
});
export type GuestAccountSettings = Type.Static<typeof GuestAccountSettings>;

export const guestAccount: CapabilityDefinition<typeof GuestAccountSettings> = {
  name: 'guestAccount',
  title: 'Guest account',
  summary: 'Nobody signs in without an account',
  settings: GuestAccountSettings,
  abilities: { linux: 'enforce', win32: 'enforce', darwin: 'enforce' },
  limits: {
    linux:
      'Only LightDM has guest sessions; GDM and SDDM have none. An ordinary account that is called guest is reported and left to people.',
    win32: 'Tested from documented output; not run on a real machine.',
    darwin:
      'Tested from documented output; not run on a real machine. An administrator of the Mac can switch it on again until the next look; only MDM can lock the setting.',
  },
};
