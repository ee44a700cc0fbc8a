import Type from 'typebox';
import { UsbStorageObservation } from '../../protocol/health.ts';
import { strictObject } from '../../schema.ts';
import { byState, defineCheck } from '../check.ts';

/** Are USB sticks and disks kept out? */
export const usbStorageBlocked = defineCheck({
  check: 'usb-storage-blocked',
  title: 'USB storage',
  why: 'A stick from elsewhere can bring harmful programs in, and carry the work of others out unseen.',
  fix: 'Take sticks and disks out and share files online instead; a stick that was in use before counts until the device is restarted.',
  fixTechnician:
    'Assign USB storage in a profile, mode enforce. Linux: install usb-storage /bin/false and install uas /bin/false in /etc/modprobe.d, then restart. Windows: Start = 4 under Services\\USBSTOR and Services\\UASPStor. macOS: by MDM only.',
  severity: 'major',
  cis: { linux: '1.1.1.9', windows: '18.9.7' },
  observation: UsbStorageObservation,
  parameters: strictObject({ readOnlyPasses: Type.Boolean({ title: 'Reading from USB storage is enough to pass' }) }),
  defaults: { readOnlyPasses: false },
  expected: ({ readOnlyPasses }) => (readOnlyPasses ? 'blocked or read only' : 'blocked'),
  reads: ['observation:usbStorage'],
  observe: ({ observations }) => observations.usbStorage,
  evaluate: (observation, { readOnlyPasses }) =>
    byState(observation, {
      blocked: ['pass', 'blocked'],
      'read-only': [readOnlyPasses ? 'pass' : 'fail', 'read only'],
      allowed: ['fail', 'allowed'],
    }),
});
