import { AntivirusObservation } from '../../protocol/health.ts';
import { strictObject } from '../../schema.ts';
import { byState, defineCheck } from '../check.ts';

/** Does the protection against malware that the system brings, or another in its place, run? */
export const antivirusOn = defineCheck({
  check: 'antivirus-on',
  title: 'Protection against malware',
  why: 'It stops known harmful programs before they start, such as those in mails and false downloads.',
  fix: 'Open Windows Security (or Privacy & Security on a Mac) and switch the protection on; if it refuses, ask the helpdesk.',
  fixTechnician:
    'Windows: Set-MpPreference -DisableRealtimeMonitoring $false, and look for leftovers of another product. macOS: spctl --global-enable. Linux: systemctl enable --now clamav-daemon.',
  severity: 'major',
  observation: AntivirusObservation,
  parameters: strictObject({}),
  defaults: {},
  expected: () => 'on',
  reads: ['observation:antivirus'],
  observe: ({ observations }) => observations.antivirus,
  evaluate: (observation) =>
    byState(observation, {
      on: ['pass', 'on'],
      off: ['fail', 'off'],
      'not-expected': ['not-applicable', 'this system comes without a scanner'],
    }),
});
