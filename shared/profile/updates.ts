import Type from 'typebox';
import { choice, strictObject } from '../schema.ts';
import { type CapabilityDefinition, setting } from './keywords.ts';
import { modeSetting } from './mode.ts';

/** Which updates come by themselves, and when a restart may follow. */
export const UpdatesSettings = strictObject({
  mode: Type.Optional(modeSetting()),
  automatic: Type.Optional(
    choice(
      ['security', 'all'],
      setting({
        title: 'Updates that install by themselves',
        description: 'Security updates alone, or every update the system’s own sources offer.',
        'x-merge': 'strictest',
        'x-group': 'Updates',
        'x-labels': ['Security updates', 'All updates'],
      }),
    ),
  ),
  deferDays: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 30,
      ...setting({
        title: 'Days to wait',
        description:
          'How many days after its release an update is offered, so that a bad one is known before it arrives.',
        'x-merge': 'strictest',
        'x-group': 'Updates',
      }),
    }),
  ),
  restart: Type.Optional(
    Type.Boolean(
      setting({
        title: 'Restart by itself when an update needs it',
        description:
          'Only outside the school day, and put off while somebody is signed in, as far as the system can tell.',
        'x-merge': 'strictest',
        'x-group': 'Restart',
      }),
    ),
  ),
  schoolDayFrom: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 23,
      ...setting({
        title: 'School day begins (hour)',
        description: 'No restart by itself from this hour of the device’s clock on. Unset: 7.',
        'x-merge': 'replace',
        'x-group': 'Restart',
      }),
    }),
  ),
  schoolDayUntil: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 23,
      ...setting({
        title: 'School day ends (hour)',
        description:
          'From this hour on a restart may follow an update; at most 18 hours after the beginning. Unset: 17.',
        'x-merge': 'replace',
        'x-group': 'Restart',
      }),
    }),
  ),
});
export type UpdatesSettings = Type.Static<typeof UpdatesSettings>;

export const updates: CapabilityDefinition<typeof UpdatesSettings> = {
  name: 'updates',
  title: 'Updates of the system',
  summary: 'Updates that install by themselves, and restarts outside the school day',
  settings: UpdatesSettings,
  abilities: { linux: 'enforce', win32: 'enforce', darwin: 'enforce' },
  limits: {
    linux:
      'Debian and Ubuntu with the package unattended-upgrades, which cannot wait a number of days. A restart comes at the end of the school day after the update; whether somebody is signed in is looked at when the update is installed. Systems with dnf are judged by the check alone.',
    win32: 'Tested from documented output; not run on a real machine. Windows Home ignores the number of days.',
    darwin:
      'Tested from documented output; not run on a real machine. Waiting days and restarts need MDM and are left alone.',
  },
};
