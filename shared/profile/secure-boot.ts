import Type from 'typebox';
import { strictObject } from '../schema.ts';
import { type CapabilityDefinition, setting } from './keywords.ts';
import { modeSetting } from './mode.ts';

/** Whether the firmware starts only signed systems; switched by a person, in the firmware. */
export const SecureBootSettings = strictObject({
  mode: Type.Optional(modeSetting()),
  required: Type.Optional(
    Type.Boolean(
      setting({
        title: 'Secure boot is on',
        description:
          'The device starts only systems signed by their maker. Only a person can switch it, in the firmware.',
        'x-merge': 'strictest',
        'x-group': 'Start',
      }),
    ),
  ),
});
export type SecureBootSettings = Type.Static<typeof SecureBootSettings>;

export const secureBoot: CapabilityDefinition<typeof SecureBootSettings> = {
  name: 'secureBoot',
  title: 'Secure boot',
  summary: 'The device starts only signed systems',
  settings: SecureBootSettings,
  abilities: { linux: 'observe', win32: 'observe', darwin: 'observe' },
  limits: {
    linux: 'Reported from the firmware’s variable, or mokutil. Devices without UEFI cannot have it.',
    win32: 'Reported by Confirm-SecureBootUEFI. Tested from documented output; not run on a real machine.',
    darwin: 'Reported by bputil or the T2’s variable. Tested from documented output; not run on a real machine.',
  },
};
