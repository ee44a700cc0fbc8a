import os from 'node:os';
import type { Clock } from '../../../shared/clock.ts';
import type { Commands } from '../../platform/commands.ts';
import { type HealthReaders, type HealthValue, known, type Read, share } from '../collector.ts';
import { readWindowsBootTime } from './boot-time.ts';
import { mapBattery, mapDisks, mapNetwork, mapOs, mapSystem, mapTemperatures } from './map.ts';
import { readMacUpdates, readWindowsUpdates } from './updates.ts';

/** Loaded at the first use: it is large, and on Linux it is never needed. */
const library = () => import('systeminformation');
const firstMeasureMs = 1000;

/** Windows and macOS: systeminformation for what needs the system's own tools, node:os for what is free. */
export function portableReaders(
  platform: 'darwin' | 'win32',
  commands: Commands,
  clock: Clock,
): Omit<HealthReaders, 'agent'> {
  return {
    system: async () => {
      const si = await library();
      return mapSystem(await si.system(), await si.bios(), await si.cpu(), os.totalmem());
    },
    os: async () => {
      const si = await library();
      const updates = await (platform === 'win32' ? readWindowsUpdates(commands) : readMacUpdates(commands));
      const bootedAt = clock.now() - os.uptime() * 1000;
      const bootSeconds = platform === 'win32' ? await readWindowsBootTime(commands, bootedAt) : undefined;
      return known<HealthValue<'os'>>({ ...mapOs(await si.osInfo(), bootedAt), ...updates, bootSeconds });
    },
    load: readLoad(platform, clock),
    disks: async () => {
      const si = await library();
      return mapDisks(await si.fsSize(), await si.diskLayout());
    },
    battery: async () => mapBattery(await (await library()).battery()),
    temperatures: async () => mapTemperatures(await (await library()).cpuTemperature()),
    network: async () => {
      const si = await library();
      const network = await si.networkInterfaces('default');
      const wireless = platform === 'win32' && network?.type === 'wireless';
      return mapNetwork(network, wireless ? await si.wifiConnections() : []);
    },
  };
}

/** Busy and total milliseconds of all processors since the start. */
function ticks(): { busy: number; total: number } {
  const times = os.cpus().map((cpu) => cpu.times);
  const total = times.reduce((sum, time) => sum + time.user + time.nice + time.sys + time.idle + time.irq, 0);
  return { busy: total - times.reduce((sum, time) => sum + time.idle, 0), total };
}

function readLoad(platform: 'darwin' | 'win32', clock: Clock): Read<HealthValue<'load'>> {
  let before: ReturnType<typeof ticks> | undefined;
  return async () => {
    if (!before) {
      before = ticks();
      await new Promise<void>((resolve) => clock.after(firstMeasureMs, resolve));
    }
    const after = ticks();
    const cpuPercent = share(after.busy - before.busy, after.total - before.total) ?? 0;
    before = after;
    return known<HealthValue<'load'>>({ cpuPercent, ...(await memory(platform)) });
  };
}

/** macOS counts its file cache as used in what node:os tells; systeminformation asks vm_stat. */
async function memory(
  platform: 'darwin' | 'win32',
): Promise<Pick<HealthValue<'load'>, 'memoryUsedPercent' | 'swapUsedPercent'>> {
  if (platform === 'win32') return { memoryUsedPercent: share(os.totalmem() - os.freemem(), os.totalmem()) ?? 0 };
  const { total, available, swapused, swaptotal } = await (await library()).mem();
  const swap = share(swapused, swaptotal);
  return {
    memoryUsedPercent: share(total - available, total) ?? 0,
    ...(swap === undefined ? {} : { swapUsedPercent: swap }),
  };
}
