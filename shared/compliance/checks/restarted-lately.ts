import Type from 'typebox';
import { OsHealth } from '../../protocol/health.ts';
import { strictObject } from '../../schema.ts';
import { defineCheck } from '../check.ts';

const day = 86_400_000;
/** How far the clocks of device and server may lie apart before a start in the future is no start. */
const toleranceMs = 10 * 60_000;

/** Was the device started within the last days? Sleep is no start. */
export const restartedLately = defineCheck({
  check: 'restarted-lately',
  title: 'Last restart',
  why: 'Many updates work only after a restart, and closing the lid is none.',
  fix: 'Save your work and choose Restart in the system’s menu.',
  fixTechnician: 'Restart outside lessons. If it starts often and still shows this, look at the clock of the device.',
  severity: 'minor',
  observation: OsHealth,
  parameters: strictObject({
    mostDays: Type.Integer({ title: 'Most days without a restart', minimum: 1, maximum: 3650 }),
  }),
  defaults: { mostDays: 30 },
  expected: ({ mostDays }) => `within ${mostDays} days`,
  reads: ['health:os'],
  observe: ({ health }) => health.os,
  evaluate: ({ bootedAt }, { mostDays }, now) => {
    if (bootedAt === undefined) return { status: 'unknown', actual: 'not known (the system does not tell)' };
    if (bootedAt > now + toleranceMs) return { status: 'unknown', actual: 'not known (the device’s clock is ahead)' };
    return now - bootedAt > mostDays * day
      ? { status: 'fail', actual: `more than ${mostDays} days ago` }
      : { status: 'pass', actual: `within ${mostDays} days` };
  },
  turnsAt: ({ bootedAt }, { mostDays }) =>
    bootedAt === undefined ? [] : [bootedAt - toleranceMs, bootedAt + mostDays * day + 1],
});
