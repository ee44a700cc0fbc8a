import type { Clock } from '../../../shared/clock.ts';
import { parseMemory } from '../../health/linux/memory.ts';
import { busyPercent, parseProcessorTicks } from '../../health/linux/processor.ts';
import { readTemperatures } from '../../health/linux/temperatures.ts';
import { KernelFiles } from '../../health/linux/tree.ts';
import { ProcFolder } from '../proc-folder.ts';
import { bytesPerSecond, parseInterfaces } from '../traffic.ts';
import type { SampleOf, StreamParts, StreamSource } from './stream-parts.ts';

type Sample = SampleOf<'hardware'>;

export function hardwareSource(parts: StreamParts): StreamSource<Sample> {
  return parts.platform === 'linux' ? linuxHardware(parts) : portableHardware(parts);
}

/** Sensors change slowly, and reading some of them wakes the hardware. */
const sensorsEveryMs = 5_000;
const sectorBytes = 512;

function linuxHardware({ root, clock }: StreamParts): StreamSource<Sample> {
  const proc = new ProcFolder(root);
  const sensors = slowly(clock, async () => (await readTemperatures(new KernelFiles(root)))?.sensors ?? []);
  const read = () => ({
    at: clock.monotonic(),
    processor: parseProcessorTicks(proc.text('stat')),
    disks: parseDisks(proc.text('diskstats')),
    networks: parseInterfaces(proc.text('net/dev')),
  });
  let before = read();
  return {
    take: async () => {
      const after = read();
      const memory = parseMemory(proc.text('meminfo'));
      if (!after.processor || !memory) return { sample: undefined };
      const earlier = before;
      before = after;
      const ms = Math.max(1, after.at - earlier.at);
      const pressure = parsePressure(proc.text('pressure/memory'));
      const sample: Sample = {
        kind: 'hardware',
        cores: after.processor.cores
          .slice(0, 256)
          .map((core, index) => busyPercent(earlier.processor?.cores[index], core) / 100),
        memory: {
          ...{ usedBytes: memory.usedBytes, totalBytes: memory.totalBytes, swapUsedBytes: memory.swapUsedBytes },
          ...(pressure !== undefined && { pressure }),
        },
        disks: [...after.disks].slice(0, 32).map(([name, disk]) => diskUse(name, earlier.disks.get(name), disk, ms)),
        networks: [...after.networks].slice(0, 32).map(([name, traffic]) => {
          const { received, sent } = bytesPerSecond(earlier.networks.get(name) ?? traffic, traffic, ms / 1_000);
          return { name: name.slice(0, 60), receivedBytesPerSecond: received, sentBytesPerSecond: sent };
        }),
        temperatures: temperaturesOf(await sensors()),
      };
      return { sample };
    },
  };
}

interface DiskTicks {
  readSectors: number;
  writtenSectors: number;
  busyMs: number;
}

/** Whole disks of /proc/diskstats (kernel: Documentation/admin-guide/iostats.rst), not their parts. */
export function parseDisks(table: string | undefined): Map<string, DiskTicks> {
  const disks = new Map<string, DiskTicks>();
  for (const line of (table ?? '').split('\n')) {
    const fields = line.trim().split(/\s+/);
    const [name = '', readSectors, writtenSectors, busyMs] = [fields[2], fields[5], fields[9], fields[12]];
    if (!/^(sd[a-z]+|vd[a-z]+|xvd[a-z]+|nvme\d+n\d+|mmcblk\d+)$/.test(name)) continue;
    const ticks = { readSectors: Number(readSectors), writtenSectors: Number(writtenSectors), busyMs: Number(busyMs) };
    if (Object.values(ticks).every(Number.isFinite)) disks.set(name, ticks);
  }
  return disks;
}

function diskUse(name: string, before: DiskTicks | undefined, after: DiskTicks, ms: number): Sample['disks'][number] {
  const earlier = before ?? after;
  const rate = (from: number, to: number) => Math.max(0, Math.round(((to - from) * sectorBytes * 1_000) / ms));
  return {
    name: name.slice(0, 60),
    readBytesPerSecond: rate(earlier.readSectors, after.readSectors),
    writeBytesPerSecond: rate(earlier.writtenSectors, after.writtenSectors),
    busy: Math.min(1, Math.max(0, (after.busyMs - earlier.busyMs) / ms)),
  };
}

/** The share of the last ten seconds in which something waited for memory (kernel: Documentation/accounting/psi.rst). */
export function parsePressure(words: string | undefined): number | undefined {
  const average = /^some avg10=(\d+(?:\.\d+)?)/m.exec(words ?? '')?.[1];
  return average === undefined ? undefined : Math.min(1, Number(average) / 100);
}

function temperaturesOf(sensors: readonly { name: string; celsius: number }[]): Sample['temperatures'] {
  return sensors.slice(0, 64).map(({ name, celsius }) => ({ name: name.slice(0, 60), celsius }));
}

/** Answers with what was read last until it is old. */
function slowly<T>(clock: Clock, read: () => Promise<T>): () => Promise<T> {
  let last: { at: number; value: T } | undefined;
  return async () => {
    if (!last || clock.monotonic() - last.at >= sensorsEveryMs) last = { at: clock.monotonic(), value: await read() };
    return last.value;
  };
}

/** Windows and macOS: by systeminformation, loaded at the first sample. */
function portableHardware({ clock }: StreamParts): StreamSource<Sample> {
  const sensors = slowly(clock, async () => {
    const { main } = await (await import('systeminformation')).cpuTemperature();
    return main === null ? [] : [{ name: 'Processor', celsius: main }];
  });
  return {
    take: async () => {
      const si = await import('systeminformation');
      const [load, memory, networks] = await Promise.all([si.currentLoad(), si.mem(), si.networkStats('*')]);
      return { sample: mapHardware({ load, memory, networks, sensors: await sensors() }) };
    },
  };
}

interface PortableFacts {
  load: { cpus: readonly { load: number }[] };
  memory: { total: number; available: number; swapused: number };
  networks: readonly { iface: string; rx_sec: number | null; tx_sec: number | null }[];
  sensors: readonly { name: string; celsius: number }[];
}

/** What systeminformation tells of disks are requests, not bytes: they are left out rather than guessed. */
export function mapHardware({ load, memory, networks, sensors }: PortableFacts): Sample {
  const whole = (value: number | null | undefined) => Math.max(0, Math.round(value || 0));
  return {
    kind: 'hardware',
    cores: load.cpus.slice(0, 256).map((core) => Math.min(1, Math.max(0, core.load / 100))),
    memory: {
      usedBytes: whole(memory.total - memory.available),
      totalBytes: whole(memory.total),
      swapUsedBytes: whole(memory.swapused),
    },
    disks: [],
    networks: networks.slice(0, 32).map(({ iface, rx_sec, tx_sec }) => ({
      name: iface.slice(0, 60),
      receivedBytesPerSecond: whole(rx_sec),
      sentBytesPerSecond: whole(tx_sec),
    })),
    temperatures: temperaturesOf(sensors),
  };
}
