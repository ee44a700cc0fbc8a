import type { TemperatureFacts } from '../../../shared/diagnostics/judge/load.ts';
import type { KernelFiles } from '../../health/linux/tree.ts';
import { type Look, pause } from '../look.ts';

const betweenMs = 1_000;

export async function lookAtTemperature(look: Look): Promise<TemperatureFacts> {
  const { sensors = [] } = (await look.health.temperatures()) ?? {};
  return { sensors, isThrottled: look.platform === 'linux' ? await isThrottled(look) : undefined };
}

/** Now, not once: the counters of the processor grow, or its cooling by slowness is on. */
async function isThrottled(look: Look): Promise<boolean | undefined> {
  const before = await throttleCount(look.files);
  const slowed = await slowness(look.files);
  if (before === undefined) return slowed;
  await pause(look, betweenMs);
  return ((await throttleCount(look.files)) ?? before) > before || slowed === true;
}

/** Intel: /sys/devices/system/cpu/cpuN/thermal_throttle; each core of a package tells the same of the package. */
async function throttleCount(files: KernelFiles): Promise<number | undefined> {
  let sum: number | undefined;
  for (const cpu of await files.list('/sys/devices/system/cpu')) {
    if (!/^cpu\d+$/.test(cpu)) continue;
    const count = await files.number(`/sys/devices/system/cpu/${cpu}/thermal_throttle/core_throttle_count`);
    if (count !== undefined) sum = (sum ?? 0) + count;
  }
  return sum;
}

/** kernel: Documentation/ABI/testing/sysfs-class-thermal: a cooling device of type Processor slows it in steps. */
async function slowness(files: KernelFiles): Promise<boolean | undefined> {
  let isSlowed: boolean | undefined;
  for (const name of await files.list('/sys/class/thermal')) {
    if (!name.startsWith('cooling_device')) continue;
    if ((await files.text(`/sys/class/thermal/${name}/type`)) !== 'Processor') continue;
    const step = await files.number(`/sys/class/thermal/${name}/cur_state`);
    if (step !== undefined) isSlowed = isSlowed || step > 0;
  }
  return isSlowed;
}
