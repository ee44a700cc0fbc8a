import { type HealthValue, known, percent, share } from '../collector.ts';
import type { KernelFiles } from './tree.ts';

interface Pack {
  charge: number | undefined;
  status: string;
  cycles: number | undefined;
  designWh: number | undefined;
  fullWh: number | undefined;
}

/**
 * The laptop's own batteries from /sys/class/power_supply (kernel: Documentation/ABI/testing/sysfs-class-power). Mice and
 * pens (scope Device) do not count; several packs are told as one. `present: false` on a desktop.
 */
export async function readBattery(files: KernelFiles): Promise<HealthValue<'battery'>> {
  const folder = '/sys/class/power_supply';
  const packs: Pack[] = [];
  for (const name of await files.list(folder)) {
    const pack = await readPack(files, `${folder}/${name}`);
    if (pack) packs.push(pack);
  }
  return together(packs);
}

async function readPack(files: KernelFiles, folder: string): Promise<Pack | undefined> {
  if ((await files.text(`${folder}/type`)) !== 'Battery') return undefined;
  if ((await files.text(`${folder}/scope`)) === 'Device' || (await files.number(`${folder}/present`)) === 0)
    return undefined;
  const volts = (await files.number(`${folder}/voltage_min_design`)) ?? (await files.number(`${folder}/voltage_now`));
  return {
    charge: charged(await files.number(`${folder}/capacity`)),
    status: (await files.text(`${folder}/status`)) ?? '',
    cycles: counted(await files.number(`${folder}/cycle_count`)),
    designWh: await capacity(files, folder, 'full_design', volts),
    fullWh: await capacity(files, folder, 'full', volts),
  };
}

/** Drivers tell energy in µWh or charge in µAh; the latter needs the design voltage in µV. */
async function capacity(files: KernelFiles, folder: string, name: string, volts: number | undefined) {
  const energy = await files.number(`${folder}/energy_${name}`);
  if (energy !== undefined) return wattHours(energy / 1e6);
  const charge = await files.number(`${folder}/charge_${name}`);
  return charge === undefined || volts === undefined ? undefined : wattHours((charge / 1e6) * (volts / 1e6));
}

/** Some firmware answers zero, or nonsense, for what it does not know. */
const wattHours = (value: number) => (value > 0 && value <= 10_000 ? value : undefined);
/** Gauges overshoot a little after a full charge. */
const charged = (value: number | undefined) => (value !== undefined && value <= 110 ? percent(value) : undefined);
const counted = (value: number | undefined) =>
  value !== undefined && value > 0 && value <= 100_000 ? value : undefined;

function together(packs: Pack[]): HealthValue<'battery'> {
  if (packs.length === 0) return { present: false };
  const designWh = sum(packs.map((pack) => pack.designWh));
  const fullWh = sum(packs.map((pack) => pack.fullWh));
  const cycles = packs.map((pack) => pack.cycles).filter((count) => count !== undefined);
  const stated = packs.some((pack) => /^(charging|discharging|full|not charging)$/i.test(pack.status));
  return known<HealthValue<'battery'>>({
    present: true,
    chargePercent: chargeOf(packs),
    charging: stated ? packs.some((pack) => /^charging$/i.test(pack.status)) : undefined,
    cycles: cycles.length > 0 ? Math.max(...cycles) : undefined,
    designWh,
    fullWh,
    lostPercent: designWh === undefined || fullWh === undefined ? undefined : share(designWh - fullWh, designWh),
  });
}

/** Weighted by what each pack can hold. */
function chargeOf(packs: Pack[]): number | undefined {
  const told = packs.filter((pack) => pack.charge !== undefined);
  const weights = told.every((pack) => pack.fullWh !== undefined)
    ? told.map((pack) => pack.fullWh ?? 1)
    : told.map(() => 1);
  const total = weights.reduce((a, b) => a + b, 0);
  return total === 0
    ? undefined
    : told.reduce((all, pack, index) => all + (pack.charge ?? 0) * ((weights[index] ?? 0) / total), 0);
}

/** Undefined unless every pack tells it. */
function sum(values: (number | undefined)[]): number | undefined {
  return values.reduce((all, value) => (all === undefined || value === undefined ? undefined : all + value));
}
