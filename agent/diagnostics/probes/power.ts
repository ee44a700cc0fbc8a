import type { PowerFacts } from '../../../shared/diagnostics/judge/power.ts';
import type { KernelFiles } from '../../health/linux/tree.ts';
import type { Look } from '../look.ts';

const supplies = '/sys/class/power_supply';

/** Linux tells of each supply; elsewhere the battery alone says whether it charges. */
export async function lookAtPower({ platform, files, health }: Look): Promise<PowerFacts> {
  const battery = await health.battery();
  if (platform === 'linux') return { battery, ...(await readSupplies(files)) };
  return { battery, onMains: battery?.present ? battery.charging || undefined : undefined, state: undefined };
}

/** kernel: Documentation/ABI/testing/sysfs-class-power. */
async function readSupplies(files: KernelFiles): Promise<Pick<PowerFacts, 'onMains' | 'state'>> {
  let onMains: boolean | undefined;
  let state: string | undefined;
  for (const name of await files.list(supplies)) {
    const type = await files.text(`${supplies}/${name}/type`);
    if ((await files.text(`${supplies}/${name}/scope`)) === 'Device') continue;
    if (type === 'Battery') state ??= await files.text(`${supplies}/${name}/status`);
    const online = type === 'Mains' || type === 'USB' ? await files.number(`${supplies}/${name}/online`) : undefined;
    if (online !== undefined) onMains = onMains || online > 0;
  }
  return { onMains, state };
}
