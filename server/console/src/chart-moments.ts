import type { SampleOf } from './stream-samples.ts';

type Hardware = SampleOf<'hardware'>;
/** One moment of a chart: when it was, and a value of each line. */
export type Moment = { at: number } & Partial<Record<string, number>>;

/** Lines of a chart that the last sample names, most of them at most. */
const mostLines = 5;

/** A chart's moments and lines, of things that have names: disks, networks, sensors. */
function named<T extends { name: string }>(
  samples: readonly Hardware[],
  things: (sample: Hardware) => readonly T[],
  values: Record<string, (thing: T) => number>,
) {
  const names = (things(samples.at(-1) as Hardware) ?? []).map(({ name }) => name).slice(0, mostLines);
  const parts = Object.entries(values);
  const lines = names.flatMap((name) =>
    parts.map(([part]) => ({ key: `${name} ${part}`, label: parts.length > 1 ? `${name} ${part}` : name })),
  );
  const moments: Moment[] = samples.map((sample) => {
    const shown = things(sample).filter(({ name }) => names.includes(name));
    const entries = shown.flatMap((thing) => parts.map(([part, value]) => [`${thing.name} ${part}`, value(thing)]));
    return { at: sample.at, ...Object.fromEntries(entries) };
  });
  return { lines, moments };
}

const mean = (parts: readonly number[]) =>
  parts.length === 0 ? 0 : parts.reduce((sum, part) => sum + part, 0) / parts.length;

/** The share of all cores in use, in per cent. */
export const processorPercent = ({ cores }: Hardware) => mean(cores) * 100;

export const memoryPercent = ({ memory }: Hardware) =>
  memory.totalBytes === 0 ? 0 : (memory.usedBytes / memory.totalBytes) * 100;

/** What the charts of the hardware show; `samples` are not empty. */
export function hardwareCharts(samples: readonly Hardware[]) {
  return {
    load: {
      lines: [
        { key: 'processor', label: 'Processor' },
        { key: 'memory', label: 'Memory' },
      ],
      moments: samples.map(
        (sample): Moment => ({
          at: sample.at,
          processor: processorPercent(sample),
          memory: memoryPercent(sample),
        }),
      ),
    },
    disks: named(samples, ({ disks }) => disks, {
      read: (disk) => disk.readBytesPerSecond,
      written: (disk) => disk.writeBytesPerSecond,
    }),
    networks: named(samples, ({ networks }) => networks, {
      received: (network) => network.receivedBytesPerSecond,
      sent: (network) => network.sentBytesPerSecond,
    }),
    temperatures: named(samples, ({ temperatures }) => temperatures, { celsius: (sensor) => sensor.celsius }),
  };
}
