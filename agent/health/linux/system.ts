import { type HealthValue, known, label } from '../collector.ts';
import { parseMemory } from './memory.ts';
import type { KernelFiles } from './tree.ts';

/** Maker, model and serial from DMI, or from the device tree on ARM; processor and memory from /proc. */
export async function readSystem(files: KernelFiles): Promise<HealthValue<'system'>> {
  const dmi = async (name: string) => label(await files.text(`/sys/class/dmi/id/${name}`));
  const tree = async (name: string) => label(await files.text(`/proc/device-tree/${name}`));
  const processor = parseProcessor(await files.text('/proc/cpuinfo'));
  return known<HealthValue<'system'>>({
    maker: await dmi('sys_vendor'),
    model:
      modelOf(await dmi('sys_vendor'), await dmi('product_name'), await dmi('product_version')) ??
      (await tree('model')),
    serial: (await dmi('product_serial')) ?? (await dmi('board_serial')) ?? (await tree('serial-number')),
    ...processor,
    memoryBytes: parseMemory(await files.text('/proc/meminfo'))?.totalBytes,
    biosVersion: await dmi('bios_version'),
  });
}

/** Lenovo writes the name people know into the version and a type number into the name. */
function modelOf(maker: string | undefined, name: string | undefined, version: string | undefined): string | undefined {
  return /^lenovo$/i.test(maker ?? '') ? (version ?? name) : name;
}

/** Name and number of logical processors from /proc/cpuinfo, which on ARM has no `model name`. */
export function parseProcessor(cpuinfo: string | undefined): { cpu: string | undefined; cores: number | undefined } {
  const name = /^(?:model name|Hardware|cpu model)\s*:\s*(.+)$/m.exec(cpuinfo ?? '')?.[1];
  const cores = (cpuinfo ?? '').match(/^processor\s*:/gm)?.length;
  return { cpu: label(name?.replace(/\s+/g, ' '), 150), cores: cores && cores <= 4096 ? cores : undefined };
}
