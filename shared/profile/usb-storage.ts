import Type from 'typebox';
import { choice, strictObject } from '../schema.ts';
import { type CapabilityDefinition, setting } from './keywords.ts';
import { modeSetting } from './mode.ts';

/** What USB sticks and disks may do; keyboards, cameras and printers are never meant. */
export const usbAccess = ['allow', 'read-only', 'block'] as const;
export type UsbAccess = (typeof usbAccess)[number];

export const UsbStorageSettings = strictObject({
  mode: Type.Optional(modeSetting()),
  access: Type.Optional(
    choice(
      usbAccess,
      setting({
        title: 'USB sticks and disks',
        description: 'Keyboards, cameras, headsets and printers go on working whatever is chosen.',
        'x-merge': 'strictest',
        'x-group': 'Access',
        'x-labels': ['Allowed', 'Read only', 'Blocked'],
      }),
    ),
  ),
});
export type UsbStorageSettings = Type.Static<typeof UsbStorageSettings>;

export const usbStorage: CapabilityDefinition<typeof UsbStorageSettings> = {
  name: 'usbStorage',
  title: 'USB storage',
  summary: 'USB sticks and disks blocked, or read only',
  settings: UsbStorageSettings,
  abilities: { linux: 'enforce', win32: 'enforce', darwin: 'needs-mdm' },
  limits: {
    linux:
      'A driver that is loaded already works until the device is restarted, which is reported; one built into the kernel cannot be blocked. Read only holds from the next time a stick is put in, and programs of root can lift it.',
    win32:
      'Tested from documented output; not run on a real machine. A stick that is in use works until it is taken out.',
    darwin: 'Only MDM can block storage on a Mac. Nothing is done or observed.',
  },
};
