import Type from 'typebox';
import { ScreenLockObservation } from '../../protocol/health.ts';
import { strictObject } from '../../schema.ts';
import { defineCheck } from '../check.ts';

/** Does an unattended screen lock soon enough, whatever the person would like? */
export const screenLocks = defineCheck({
  check: 'screen-locks',
  title: 'Screen lock',
  why: 'An open screen lets whoever passes by read, write and sign in under your name.',
  fix: 'Lock the screen when you walk away (Windows key and L, or Control, Command and Q); the helpdesk sets it to lock by itself.',
  fixTechnician:
    'Assign the screen lock in a profile, mode enforce. Linux: dconf keys idle-delay and lock-enabled with locks, then dconf update. Windows: InactivityTimeoutSecs under Policies\\System. macOS: a profile with idleTime and askForPassword from MDM.',
  severity: 'major',
  cis: { linux: '1.7.4', windows: '2.3.7.4', macos: '2.11.1' },
  observation: ScreenLockObservation,
  parameters: strictObject({
    longestSeconds: Type.Integer({ title: 'Longest time until it locks (seconds)', minimum: 60, maximum: 86_400 }),
  }),
  defaults: { longestSeconds: 930 },
  expected: ({ longestSeconds }) => `locks by itself within ${words(longestSeconds)}`,
  reads: ['observation:screenLock'],
  observe: ({ observations }) => observations.screenLock,
  evaluate({ state, evidence, afterSeconds }, { longestSeconds }) {
    switch (state) {
      case 'unknown':
        return { status: 'unknown', actual: `not known (${evidence})` };
      case 'no-desktop':
        return { status: 'not-applicable', actual: 'no desktop' };
      case 'not-enforced':
        return { status: 'fail', actual: 'not set for everybody' };
      case 'enforced':
        if (afterSeconds === undefined) return { status: 'unknown', actual: 'not known (after how long)' };
        return { status: afterSeconds <= longestSeconds ? 'pass' : 'fail', actual: `after ${words(afterSeconds)}` };
    }
  },
});

function words(seconds: number): string {
  const [minutes, rest] = [Math.floor(seconds / 60), seconds % 60];
  return (
    [minutes > 0 ? `${minutes} min` : '', rest > 0 ? `${rest} s` : ''].filter((part) => part !== '').join(' ') || '0 s'
  );
}
