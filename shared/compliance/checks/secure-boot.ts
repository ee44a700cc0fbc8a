import { SecureBootObservation } from '../../protocol/health.ts';
import { strictObject } from '../../schema.ts';
import { byState, defineCheck } from '../check.ts';

/** Does the firmware start only signed systems? */
export const secureBoot = defineCheck({
  check: 'secure-boot',
  title: 'Secure boot',
  why: 'Without it, something can start before the system and hide from everything that protects it.',
  fix: 'Ask the helpdesk: it is switched on in the firmware, before the system starts.',
  fixTechnician:
    'Switch Secure Boot on in the firmware’s setup, with the factory keys; have the BitLocker recovery key at hand. Mac: Startup Security Utility in Recovery, full security.',
  severity: 'major',
  observation: SecureBootObservation,
  parameters: strictObject({}),
  defaults: {},
  expected: () => 'on',
  reads: ['observation:secureBoot'],
  observe: ({ observations }) => observations.secureBoot,
  evaluate: (observation) =>
    byState(observation, {
      on: ['pass', 'on'],
      off: ['fail', 'off'],
      unsupported: ['not-applicable', 'this device has none'],
    }),
});
