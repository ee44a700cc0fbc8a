import { type HealthValue, label } from '../collector.ts';
import type { KernelFiles } from './tree.ts';

type Sensor = HealthValue<'temperatures'>['sensors'][number];
const sensorLimit = 64;

/**
 * Sensors of /sys/class/hwmon (kernel: Documentation/hwmon/sysfs-interface), else the thermal zones. Undefined when there is
 * none, as in most virtual machines.
 */
export async function readTemperatures(files: KernelFiles): Promise<HealthValue<'temperatures'> | undefined> {
  const monitors = await hardwareMonitors(files);
  const sensors = monitors.length > 0 ? monitors : await thermalZones(files);
  return sensors.length > 0 ? { sensors: distinct(sensors).slice(0, sensorLimit) } : undefined;
}

/** Millidegrees to degrees; undefined for what no sensor in a laptop can mean. */
export function degrees(milli: number | undefined): number | undefined {
  return milli === undefined || milli < -60_000 || milli > 200_000 || milli === 0 ? undefined : milli / 1000;
}

async function hardwareMonitors(files: KernelFiles): Promise<Sensor[]> {
  const sensors: Sensor[] = [];
  for (const monitor of await files.list('/sys/class/hwmon')) {
    const folder = `/sys/class/hwmon/${monitor}`;
    const chip = (await files.text(`${folder}/name`)) ?? monitor;
    for (const file of await files.list(folder)) {
      if (!/^temp\d+_input$/.test(file)) continue;
      const celsius = degrees(await files.number(`${folder}/${file}`));
      const part = (await files.text(`${folder}/${file.replace('input', 'label')}`)) ?? '';
      if (celsius !== undefined) sensors.push({ name: label(`${chip} ${part}`, 90) ?? monitor, celsius });
    }
  }
  return sensors;
}

async function thermalZones(files: KernelFiles): Promise<Sensor[]> {
  const sensors: Sensor[] = [];
  for (const zone of await files.list('/sys/class/thermal')) {
    if (!zone.startsWith('thermal_zone')) continue;
    const celsius = degrees(await files.number(`/sys/class/thermal/${zone}/temp`));
    const name = label(await files.text(`/sys/class/thermal/${zone}/type`), 90) ?? zone;
    if (celsius !== undefined) sensors.push({ name, celsius });
  }
  return sensors;
}

/** Two sensors of one name get a number, so that each keeps its own history. */
function distinct(sensors: Sensor[]): Sensor[] {
  const seen = new Map<string, number>();
  return sensors.map(({ name, celsius }) => {
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return { name: count === 1 ? name : `${name} #${count}`, celsius };
  });
}
