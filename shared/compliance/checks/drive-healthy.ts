import { DiskHealth } from '../../protocol/health.ts';
import { strictObject } from '../../schema.ts';
import { defineCheck } from '../check.ts';

/** Does any drive foresee its own failure (SMART)? Every drive must tell before the answer is yes. */
export const driveHealthy = defineCheck({
  check: 'drive-healthy',
  title: 'Health of the drive',
  why: 'The drive says itself that it will fail soon. What is only on this device would then be lost.',
  fix: 'Save your work to the cloud today, and bring the device to the helpdesk.',
  fixTechnician: 'Copy what is needed, then replace the drive. smartctl -a DEVICE shows which attribute failed.',
  severity: 'major',
  observation: DiskHealth,
  parameters: strictObject({}),
  defaults: {},
  expected: () => 'no failure foreseen',
  reads: ['health:disks'],
  observe: ({ health }) => health.disks,
  evaluate: ({ drives }) => {
    if (drives.some(({ smart }) => smart === 'failing'))
      return { status: 'fail', actual: 'a drive foresees its failure' };
    if (drives.length === 0) return { status: 'unknown', actual: 'not known (no drive was reported)' };
    return drives.every(({ smart }) => smart === 'ok')
      ? { status: 'pass', actual: 'no failure foreseen' }
      : { status: 'unknown', actual: 'not known (a drive does not tell; SMART may not be supported)' };
  },
});
