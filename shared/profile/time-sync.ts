import Type from 'typebox';
import { strictObject } from '../schema.ts';
import { type CapabilityDefinition, setting } from './keywords.ts';
import { modeSetting } from './mode.ts';

/** A name or an address of an NTP server; nothing that a configuration file or a command would read as more. */
const TimeServer = Type.String({ minLength: 1, maxLength: 253, pattern: '^[0-9A-Za-z]([0-9A-Za-z.:-]*[0-9A-Za-z])?$' });

/** Where the clock is set from. */
export const TimeSyncSettings = strictObject({
  mode: Type.Optional(modeSetting()),
  automatic: Type.Optional(
    Type.Boolean(
      setting({
        title: 'Set the clock from the network',
        description: 'A wrong clock breaks sign-in, certificates and timetables.',
        'x-merge': 'strictest',
        'x-group': 'Clock',
      }),
    ),
  ),
  servers: Type.Optional(
    Type.Array(TimeServer, {
      maxItems: 8,
      ...setting({
        title: 'Time servers',
        description:
          'NTP servers asked for the time, the district’s own first. Reachable at home too, or a laptop drifts there.',
        'x-merge': 'replace',
        'x-group': 'Clock',
        'x-example': 'time.example.org',
      }),
    }),
  ),
});
export type TimeSyncSettings = Type.Static<typeof TimeSyncSettings>;

export const timeSync: CapabilityDefinition<typeof TimeSyncSettings> = {
  name: 'timeSync',
  title: 'Time synchronisation',
  summary: 'Clock set from the network, and from which servers',
  settings: TimeSyncSettings,
  abilities: { linux: 'enforce', win32: 'enforce', darwin: 'enforce' },
  limits: {
    linux:
      'systemd-timesyncd, and chrony 4 or later where it reads a folder of sources (Debian, Ubuntu); others are reported and left alone. chrony prefers these servers and keeps those it has.',
    win32:
      'Tested from documented output; not run on a real machine. A member of a domain goes on following its domain controllers.',
    darwin: 'Tested from documented output; not run on a real machine. One server only: the first.',
  },
};
