import Type from 'typebox';
import { BatteryHealth } from '../../protocol/health.ts';
import { strictObject } from '../../schema.ts';
import { defineCheck } from '../check.ts';

/** Does the battery still hold most of what it was made for? */
export const batteryWorn = defineCheck({
  check: 'battery-worn',
  title: 'Battery',
  why: 'A worn battery does not last a school day, and an old one can swell.',
  fix: 'Bring the charger to school, and ask the helpdesk for a new battery. If the case bulges, switch the device off and bring it at once.',
  fixTechnician:
    'Replace the battery, or the device if the battery is glued in. Compare: powercfg /batteryreport (Windows), System Information, Power (macOS), /sys/class/power_supply (Linux).',
  severity: 'minor',
  observation: BatteryHealth,
  parameters: strictObject({
    mostLostPercent: Type.Number({ title: 'Most of the capacity that may be lost (%)', minimum: 0, maximum: 100 }),
  }),
  defaults: { mostLostPercent: 40 },
  expected: ({ mostLostPercent }) => `at most ${mostLostPercent} % of the capacity lost`,
  reads: ['health:battery'],
  observe: ({ health }) => health.battery,
  evaluate: ({ present, lostPercent }, { mostLostPercent }) => {
    if (!present) return { status: 'not-applicable', actual: 'no battery' };
    if (lostPercent === undefined) return { status: 'unknown', actual: 'not known (the battery does not tell)' };
    return lostPercent > mostLostPercent
      ? { status: 'fail', actual: 'worn' }
      : { status: 'pass', actual: 'in good order' };
  },
});
