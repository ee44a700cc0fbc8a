import Type from 'typebox';
import { TimeSyncObservation } from '../../protocol/health.ts';
import { strictObject } from '../../schema.ts';
import { defineCheck } from '../check.ts';

/** Is the clock kept right by a time server, and near it? */
export const clockSynchronised = defineCheck({
  check: 'clock-synchronised',
  title: 'Clock synchronisation',
  why: 'With a wrong clock sign-in fails, safe sites look unsafe, and timetables run at the wrong hour.',
  fix: 'Connect the device to the network and switch on setting the time automatically; if that is refused, ask the helpdesk.',
  fixTechnician:
    'Assign time synchronisation in a profile, mode enforce. Linux: timedatectl set-ntp true; timedatectl timesync-status. Windows: w32tm /resync; w32tm /query /status. macOS: systemsetup -setusingnetworktime on.',
  severity: 'minor',
  cis: { linux: '2.3.1', macos: '2.3.2' },
  observation: TimeSyncObservation,
  parameters: strictObject({
    mostSeconds: Type.Integer({ title: 'Most seconds the clock may be off', minimum: 1, maximum: 86_400 }),
  }),
  defaults: { mostSeconds: 60 },
  expected: ({ mostSeconds }) => `set by a time server, at most ${mostSeconds} s off`,
  reads: ['observation:timeSync'],
  observe: ({ observations }) => observations.timeSync,
  evaluate({ state, evidence, offsetSeconds = 0 }, { mostSeconds }) {
    if (state === 'unknown') return { status: 'unknown', actual: `not known (${evidence})` };
    if (state === 'not-synchronised') return { status: 'fail', actual: 'not synchronised' };
    return Math.abs(offsetSeconds) > mostSeconds
      ? { status: 'fail', actual: `more than ${mostSeconds} s off` }
      : { status: 'pass', actual: 'synchronised' };
  },
});
