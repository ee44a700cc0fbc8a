import { LocalAdminsObservation } from '../../protocol/health.ts';
import { strictObject } from '../../schema.ts';
import { byState, defineCheck } from '../check.ts';

/** Is the person who uses the device without the rights of an administrator? */
export const notLocalAdmin = defineCheck({
  check: 'not-local-admin',
  title: 'Rights of the person',
  why: 'Whoever may change the whole device can switch off every protection on it, and so can any program they open.',
  fix: 'Bring the device to the helpdesk: your account becomes an ordinary one, and your files stay.',
  fixTechnician:
    'Linux: gpasswd -d NAME sudo (or wheel). Windows: Remove-LocalGroupMember -SID S-1-5-32-544 -Member NAME. macOS: dseditgroup -o edit -d NAME admin. Keep one account for the school.',
  severity: 'critical',
  observation: LocalAdminsObservation,
  parameters: strictObject({}),
  defaults: {},
  expected: () => 'an ordinary account',
  reads: ['observation:localAdmins'],
  observe: ({ observations }) => observations.localAdmins,
  evaluate: (observation) =>
    byState(observation, { 'not-admin': ['pass', 'an ordinary account'], admin: ['fail', 'an administrator'] }),
});
