import type { StreamKind, StreamSample } from '../../shared/diagnostics/streams.ts';
import type { LiveSample } from '../../shared/protocol/health.ts';

const names = ['chromium', 'Xorg', 'rollcall-agent', 'gnome-shell', 'libreoffice', 'systemd', 'NetworkManager'];

/** A made-up sample of any stream that moves with time. */
export function sampleOf(stream: StreamKind, at: number): LiveSample | StreamSample {
  return stream === 'live' ? sampleAt(at) : others[stream](at);
}

function sampleAt(at: number): LiveSample {
  const wave = (period: number) => 0.5 + 0.5 * Math.sin(at / period);
  const used = 7.2e9 + 1.1e9 * wave(9000);
  return {
    at,
    cpuPercent: 12 + 30 * wave(4000),
    coresPercent: Array.from({ length: 8 }, (_, core) => 90 * wave(3000 + core * 700)),
    memoryUsedPercent: (used / 16.6e9) * 100,
    memoryUsedBytes: used,
    memoryTotalBytes: 16.6e9,
    receivedBytesPerSecond: 1.8e6 * wave(2500),
    sentBytesPerSecond: 2.4e5 * wave(3100),
    processes: names.map((name, place) => ({
      pid: 400 + place * 37,
      name,
      cpuPercent: (24 / (place + 1)) * wave(3000 + place * 500),
      memoryBytes: 1.4e9 / (place + 1),
    })),
  };
}

const wave = (at: number, period: number) => 0.5 + 0.5 * Math.sin(at / period);
const whole = (value: number) => Math.round(value);

const others: { [K in Exclude<StreamKind, 'live'>]: (at: number) => StreamSample } = {
  processes: (at) => ({
    kind: 'processes',
    processes: sampleAt(at).processes.map(({ pid, name, cpuPercent, memoryBytes }, place) => ({
      ...{ pid, name, cpu: cpuPercent / 100, memoryBytes: whole(memoryBytes), isSystem: place > 1 },
      ...(place > 4 && { command: `/usr/lib/${name}` }),
    })),
  }),
  hardware: (at) => ({
    kind: 'hardware',
    cores: [0, 1, 2, 3].map((core) => wave(at, 3000 + core * 700)),
    memory: {
      ...{ usedBytes: whole(7.2e9 + 1.1e9 * wave(at, 9000)), totalBytes: 16_600_000_000, swapUsedBytes: 120_000_000 },
      pressure: 0.04 * wave(at, 8000),
    },
    disks: [
      {
        ...{ name: 'nvme0n1', busy: 0.3 * wave(at, 4000) },
        ...{ readBytesPerSecond: whole(4e6 * wave(at, 2100)), writeBytesPerSecond: whole(9e6 * wave(at, 2600)) },
      },
    ],
    networks: [
      {
        ...{ name: 'wlp2s0', receivedBytesPerSecond: whole(1.8e6 * wave(at, 2500)) },
        sentBytesPerSecond: whole(2.4e5 * wave(at, 3100)),
      },
    ],
    temperatures: [{ name: 'Package', celsius: 52 + 20 * wave(at, 12_000) }],
  }),
  wifi: (at) => ({
    kind: 'wifi',
    network: {
      ...{ name: 'Maple-Students', signalDbm: whole(-71 + 12 * wave(at, 5000)), bitrateMbps: 144.4, channelMhz: 5180 },
      ...{ retries: 0.1 * wave(at, 6000), roams: Math.floor(at / 60_000) % 4 },
    },
  }),
  logs: (at) => ({
    kind: 'logs',
    lines: [
      { at, level: 'warning', unit: 'NetworkManager.service', words: 'wlp2s0: the supplicant reports a weak signal' },
    ],
    dropped: 0,
  }),
  trace: () => ({
    kind: 'trace',
    hops: [
      { hop: 1, address: '10.20.0.1', ms: 2.1 },
      { hop: 2, address: 'another network', ms: 8.4 },
      { hop: 3, address: '10.20.0.5', ms: 9.7 },
    ],
    isDone: true,
  }),
  throughput: (at) => ({
    ...{ kind: 'throughput', direction: 'download', isDone: false },
    bytesPerSecond: whole(3e6 + 2e6 * wave(at, 3000)),
  }),
};
