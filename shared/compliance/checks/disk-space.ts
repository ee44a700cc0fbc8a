import Type from 'typebox';
import { DiskHealth } from '../../protocol/health.ts';
import { strictObject } from '../../schema.ts';
import { defineCheck } from '../check.ts';

/** Images that are full by their nature: snaps, discs, sealed systems. */
const imageKinds = /^(squashfs|erofs|iso9660|udf|cd9660|overlay)$/i;
/** Boot and recovery volumes are small and stay as they are. */
const smallestBytes = 2e9;

/** Is there room left on the volumes people and updates write to? */
export const diskSpace = defineCheck({
  check: 'disk-space',
  title: 'Disk space',
  why: 'On a full disk, updates fail, work cannot be saved and the device becomes slow.',
  fix: 'Empty the trash, and move films and old downloads to the cloud or delete them. Then restart the device.',
  fixTechnician:
    'Look for what grew: du -xh --max-depth=2 / (Linux, macOS) or Settings, Storage (Windows); clear caches of packages and old kernels, or Windows.old.',
  severity: 'minor',
  observation: DiskHealth,
  parameters: strictObject({
    leastFreePercent: Type.Number({ title: 'Least free space (%)', minimum: 0, maximum: 100 }),
  }),
  defaults: { leastFreePercent: 5 },
  expected: ({ leastFreePercent }) => `at least ${leastFreePercent} % free`,
  reads: ['health:disks'],
  observe: ({ health }) => health.disks,
  evaluate: ({ volumes }, { leastFreePercent }) => {
    const counted = volumes.filter(({ kind, sizeBytes }) => !imageKinds.test(kind) && sizeBytes >= smallestBytes);
    if (counted.length === 0) return { status: 'unknown', actual: 'not known (no volume was reported)' };
    const full = counted.filter(({ usedPercent }) => 100 - usedPercent < leastFreePercent).map(({ mount }) => mount);
    return full.length > 0
      ? { status: 'fail', actual: `nearly full: ${full.sort().join(', ')}` }
      : { status: 'pass', actual: 'enough' };
  },
});
