import type { Clock } from '../../../shared/clock.ts';
import type { Commands } from '../../platform/commands.ts';
import { type HealthReaders, type HealthValue, known } from '../collector.ts';
import { readBattery } from './battery.ts';
import { bootTimeReader } from './boot-time.ts';
import { readDisks } from './disks.ts';
import { readLoad } from './load.ts';
import { readNetwork } from './network.ts';
import { readOs } from './os.ts';
import { smartReader } from './smart.ts';
import { readSystem } from './system.ts';
import { readTemperatures } from './temperatures.ts';
import { KernelFiles } from './tree.ts';

/** Linux: the kernel's own files below `root`; programs only for SMART and pending updates. */
export function linuxReaders(root: string, commands: Commands, clock: Clock): Omit<HealthReaders, 'agent'> {
  const files = new KernelFiles(root);
  const smart = smartReader(commands);
  const bootTime = bootTimeReader(commands);
  return {
    system: () => readSystem(files),
    os: async () => known<HealthValue<'os'>>({ ...(await readOs(files, commands)), bootSeconds: await bootTime() }),
    load: readLoad(files, clock),
    disks: () => readDisks(files, smart),
    battery: () => readBattery(files),
    temperatures: () => readTemperatures(files),
    network: () => readNetwork(files),
  };
}
