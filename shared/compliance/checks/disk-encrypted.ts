import { DiskEncryptionObservation } from '../../protocol/health.ts';
import { strictObject } from '../../schema.ts';
import { byState, defineCheck } from '../check.ts';

/** Is the system disk encrypted? */
export const diskEncrypted = defineCheck({
  check: 'disk-encrypted',
  title: 'Disk encryption',
  why: 'Whoever finds or steals the device could otherwise read everything on its disk.',
  fix: 'Keep the device plugged in and bring it to the helpdesk: encryption is switched on there, and nothing is lost.',
  fixTechnician:
    'Windows: Enable-BitLocker -MountPoint C: and keep the recovery key. macOS: fdesetup enable, or through MDM. Linux: install again with LUKS, or encrypt in place with cryptsetup reencrypt after a backup.',
  severity: 'critical',
  cis: { windows: '18.10.9', macos: '2.6.6' },
  observation: DiskEncryptionObservation,
  parameters: strictObject({}),
  defaults: {},
  expected: () => 'encrypted',
  reads: ['observation:diskEncryption'],
  observe: ({ observations }) => observations.diskEncryption,
  evaluate: (observation) =>
    byState(observation, { encrypted: ['pass', 'encrypted'], 'not-encrypted': ['fail', 'not encrypted'] }),
});
