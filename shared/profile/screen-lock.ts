import Type from 'typebox';
import { strictObject } from '../schema.ts';
import { type CapabilityDefinition, setting } from './keywords.ts';
import { modeSetting } from './mode.ts';

/** When an unattended screen locks. Whoever works slowly needs the time: the shortest is two minutes. */
export const ScreenLockSettings = strictObject({
  mode: Type.Optional(modeSetting()),
  idleMinutes: Type.Optional(
    Type.Integer({
      minimum: 2,
      maximum: 60,
      ...setting({
        title: 'Minutes until the screen locks',
        description: 'Minutes without keyboard, mouse or touch.',
        'x-merge': 'strictest',
        'x-group': 'Lock',
      }),
    }),
  ),
  longerMinutes: Type.Optional(
    Type.Integer({
      minimum: 2,
      maximum: 120,
      ...setting({
        title: 'Not before this many minutes',
        description:
          'For people who work with a screen reader, a magnifier or a switch. No profile that locks sooner takes it from them.',
        'x-merge': 'replace',
        'x-group': 'Accessibility',
      }),
    }),
  ),
  graceSeconds: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 300,
      ...setting({
        title: 'Seconds before the password is asked',
        description: 'A touch within these seconds after the screen went dark opens it without a password. Unset: 5.',
        'x-merge': 'strictest',
        'x-group': 'Lock',
      }),
    }),
  ),
});
export type ScreenLockSettings = Type.Static<typeof ScreenLockSettings>;

export const screenLock: CapabilityDefinition<typeof ScreenLockSettings> = {
  name: 'screenLock',
  title: 'Screen lock',
  summary: 'An unattended screen locks, and the person cannot switch that off',
  settings: ScreenLockSettings,
  abilities: { linux: 'enforce', win32: 'enforce', darwin: 'needs-mdm' },
  limits: {
    linux:
      'GNOME (with dconf-cli) and KDE Plasma, which reads it at the next sign-in; other desktops are reported and left alone. The person’s settings of accessibility are never touched.',
    win32:
      'Tested from documented output; not run on a real machine. Windows has no seconds of grace. It holds from the next restart.',
    darwin:
      'Only a configuration profile from MDM can set it; Rollcall reports whether one does. Tested from documented output; not run on a real machine.',
  },
};
