import type { Systeminformation as Si } from 'systeminformation';
import { type HealthValue, known, label, percent, share } from '../collector.ts';

/** From systeminformation's shapes to ours. Pure; these shapes also carry addresses, names of networks and users: left out here. */

export function mapSystem(
  system: Pick<Si.SystemData, 'manufacturer' | 'model' | 'serial'>,
  bios: Pick<Si.BiosData, 'version'>,
  cpu: Pick<Si.CpuData, 'manufacturer' | 'brand' | 'cores'>,
  memoryBytes: number,
): HealthValue<'system'> {
  return known<HealthValue<'system'>>({
    maker: label(system.manufacturer),
    model: label(system.model),
    serial: label(system.serial),
    cpu: label(cpu.brand.startsWith(cpu.manufacturer) ? cpu.brand : `${cpu.manufacturer} ${cpu.brand}`, 150),
    cores: Number.isInteger(cpu.cores) && cpu.cores >= 1 && cpu.cores <= 4096 ? cpu.cores : undefined,
    memoryBytes: memoryBytes > 0 ? memoryBytes : undefined,
    biosVersion: label(bios.version),
  });
}

export function mapOs(
  os: Pick<Si.OsData, 'distro' | 'release' | 'kernel' | 'platform'>,
  bootedAt: number,
): Pick<HealthValue<'os'>, 'name' | 'version' | 'kernel' | 'bootedAt'> {
  return known<HealthValue<'os'>>({
    name: label(os.distro) ?? label(os.platform) ?? 'unknown',
    version: label(os.release) ?? 'unknown',
    kernel: label(os.kernel),
    bootedAt: Math.round(bootedAt),
  });
}

export function mapDisks(
  volumes: readonly Pick<Si.FsSizeData, 'mount' | 'type' | 'size' | 'use'>[],
  drives: readonly Pick<
    Si.DiskLayoutData,
    'name' | 'device' | 'type' | 'interfaceType' | 'size' | 'smartStatus' | 'temperature'
  >[],
): HealthValue<'disks'> {
  return {
    volumes: volumes
      .filter(({ mount, size }) => size > 0 && ownVolume(mount))
      .map(({ mount, type, size, use }) => ({
        mount,
        kind: label(type, 40) ?? 'unknown',
        sizeBytes: size,
        usedPercent: percent(use) ?? 0,
      }))
      .slice(0, 32),
    drives: drives
      .filter(({ interfaceType }) => interfaceType !== 'USB')
      .map((drive) =>
        known<HealthValue<'disks'>['drives'][number]>({
          name: label(drive.name) ?? label(drive.device) ?? 'drive',
          kind: label(drive.interfaceType === 'NVMe' || drive.interfaceType === 'PCIe' ? 'NVMe' : drive.type, 40),
          sizeBytes: drive.size > 0 ? drive.size : undefined,
          smart: smartOf(drive.smartStatus),
          celsius:
            drive.temperature !== null && drive.temperature > 0 && drive.temperature <= 200
              ? drive.temperature
              : undefined,
        }),
      )
      .slice(0, 32),
  };
}

/** `C:` and its like; on a Mac the system and its data, not what is mounted under /Volumes by people. */
function ownVolume(mount: string): boolean {
  return /^[A-Z]:$/.test(mount) || mount === '/' || mount === '/System/Volumes/Data';
}

/** Windows and macOS say it in several words; what is none of them is unknown. */
function smartOf(status: string): 'ok' | 'failing' | 'unknown' {
  if (/^(ok|verified)$/i.test(status)) return 'ok';
  return /^(predicted failure|pred fail|failing|degraded)$/i.test(status) ? 'failing' : 'unknown';
}

export function mapBattery(
  battery: Pick<
    Si.BatteryData,
    'hasBattery' | 'percent' | 'isCharging' | 'cycleCount' | 'designedCapacity' | 'maxCapacity' | 'capacityUnit'
  >,
): HealthValue<'battery'> {
  if (!battery.hasBattery) return { present: false };
  const wattHours = (capacity: number) =>
    battery.capacityUnit === 'mWh' && capacity > 0 && capacity < 10_000_000 ? capacity / 1000 : undefined;
  const [design, full] = [battery.designedCapacity, battery.maxCapacity];
  return known<HealthValue<'battery'>>({
    present: true,
    chargePercent: percent(battery.percent),
    charging: battery.isCharging,
    cycles: battery.cycleCount > 0 && battery.cycleCount <= 100_000 ? Math.round(battery.cycleCount) : undefined,
    designWh: wattHours(design),
    fullWh: wattHours(full),
    lostPercent: full > 0 ? share(design - full, design) : undefined,
  });
}

export function mapTemperatures(
  cpu: Pick<Si.CpuTemperatureData, 'main' | 'max'>,
): HealthValue<'temperatures'> | undefined {
  const sane = (celsius: number | null) => celsius !== null && celsius > 0 && celsius <= 200;
  return sane(cpu.main) ? { sensors: [{ name: 'cpu', celsius: cpu.main }] } : undefined;
}

export function mapNetwork(
  network: Pick<Si.NetworkInterfacesData, 'type' | 'operstate' | 'speed'> | undefined,
  wifi: readonly Pick<Si.WifiConnectionData, 'quality'>[],
): HealthValue<'network'> {
  if (!network || network.operstate === 'down') return { kind: 'none' };
  const kind = network.type === 'wired' || network.type === 'wireless' ? network.type : 'unknown';
  const quality = wifi[0]?.quality;
  return known<HealthValue<'network'>>({
    kind,
    signalPercent: kind === 'wireless' ? percent(quality ?? undefined) : undefined,
    linkMbps:
      kind === 'wired' && network.speed !== null && network.speed > 0 ? Math.min(network.speed, 1_000_000) : undefined,
  });
}
