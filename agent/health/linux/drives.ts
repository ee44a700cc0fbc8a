import { type HealthValue, known, label, percent } from '../collector.ts';
import type { Smart, SmartReader } from './smart.ts';
import { degrees } from './temperatures.ts';
import type { KernelFiles } from './tree.ts';

export type Drive = HealthValue<'disks'>['drives'][number];

/** Built-in drives of /sys/block; removable ones and those without hardware (loop, zram, device mapper) are left out. */
export async function readDrives(files: KernelFiles, smart: SmartReader): Promise<Drive[]> {
  const drives: Drive[] = [];
  for (const name of await files.list('/sys/block')) {
    if (!/^(sd[a-z]+|vd[a-z]+|xvd[a-z]+|nvme\d+n\d+|mmcblk\d+)$/.test(name)) continue;
    const removable = (await files.number(`/sys/block/${name}/removable`)) === 1;
    if (!removable && (await files.text(`/sys/block/${name}/device/type`)) !== 'SD')
      drives.push(await readDrive(files, smart, name));
  }
  return drives;
}

async function readDrive(files: KernelFiles, smart: SmartReader, name: string): Promise<Drive> {
  const folder = `/sys/block/${name}`;
  const sectors = await files.number(`${folder}/size`);
  const model = label((await files.text(`${folder}/device/model`)) ?? (await files.text(`${folder}/device/name`)), 80);
  const told: Smart = { ...(await ownHints(files, name)), ...(await smart(`/dev/${name}`)) };
  return known<Drive>({
    name: model === undefined ? name : `${model} (${name})`,
    kind: await kindOf(files, name),
    sizeBytes: sectors !== undefined && sectors > 0 && sectors < 2 ** 43 ? sectors * 512 : undefined,
    smart: told.smart ?? 'unknown',
    celsius: told.celsius ?? (await ownTemperature(files, `${folder}/device`)),
    wearPercent: told.wearPercent,
  });
}

async function kindOf(files: KernelFiles, name: string): Promise<string | undefined> {
  if (name.startsWith('nvme')) return 'NVMe';
  if (name.startsWith('mmcblk')) return 'eMMC';
  if (/^x?vd/.test(name)) return 'virtual';
  const rotational = await files.number(`/sys/block/${name}/queue/rotational`);
  return rotational === undefined ? undefined : rotational === 1 ? 'HDD' : 'SSD';
}

/** The drive's own sensor: `hwmonN/` (nvme) or `hwmon/hwmonN/` (drivetemp) below the device. */
async function ownTemperature(files: KernelFiles, device: string): Promise<number | undefined> {
  for (const folder of [device, `${device}/hwmon`])
    for (const entry of await files.list(folder)) {
      const celsius = /^hwmon\d+$/.test(entry)
        ? degrees(await files.number(`${folder}/${entry}/temp1_input`))
        : undefined;
      if (celsius !== undefined) return celsius;
    }
  return undefined;
}

/**
 * eMMC, common in cheap laptops, tells its age to the kernel: `life_time` in tenths used (JEDEC JESD84-B51, 0x0B: beyond),
 * `pre_eol_info` 1 normal, 2 warning, 3 urgent.
 */
async function ownHints(files: KernelFiles, name: string): Promise<Smart> {
  if (!name.startsWith('mmcblk')) return {};
  const life = (await files.text(`/sys/block/${name}/device/life_time`))?.match(/0x[0-9a-f]{2}/gi)?.map(Number) ?? [];
  const end = Number((await files.text(`/sys/block/${name}/device/pre_eol_info`)) ?? 0);
  const worst = Math.max(0, ...life);
  return known<Smart>({
    smart: end === 3 ? 'failing' : end === 1 || end === 2 ? 'ok' : undefined,
    wearPercent: worst > 0 ? percent(worst * 10) : undefined,
  });
}
