import Type from 'typebox';
import { strictObject, text } from '../../schema.ts';
import { defineCheck } from '../check.ts';

/** The finding an agent opens while its wall clock is minutes away from the server's time. */
const finding = 'clock-changed';

/** Does the clock of the device agree with the server's, within two minutes? The agent compares each minute and at each contact. */
export const clockRight = defineCheck({
  check: 'clock-right',
  title: 'Clock',
  why: 'With a wrong clock, secure pages do not open and nobody can tell when something happened. Schedules go on by the server’s time.',
  fix: 'Switch on “set time automatically” in the system settings, or ask the helpdesk.',
  fixTechnician:
    'timedatectl set-ntp true (Linux), w32tm /resync (Windows), sntp -sS time.apple.com (macOS). If it returns after a night without power, replace the clock’s battery.',
  severity: 'minor',
  observation: strictObject({ openFindings: Type.Array(text(100), { maxItems: 10_000 }) }),
  parameters: strictObject({}),
  defaults: {},
  expected: () => 'right within two minutes',
  reads: ['finding'],
  observe: ({ openFindings }) => (openFindings === undefined ? undefined : { openFindings: [...openFindings] }),
  evaluate: ({ openFindings }) =>
    openFindings.includes(finding)
      ? { status: 'fail', actual: 'wrong by more than two minutes' }
      : { status: 'pass', actual: 'right' },
});
