import type { StandIns } from '../agent/diagnosis.ts';
import type { DiagnosisDesk } from '../agent/diagnostics/session/desk.ts';
import type { AnySample, OpenStream } from '../agent/diagnostics/session/streams.ts';
import type { Clock, Random } from '../shared/clock.ts';
import type { Examination } from '../shared/diagnostics/probe.ts';
import type { StreamKind } from '../shared/diagnostics/streams.ts';

interface Parts {
  clock: Clock;
  random: Random;
}

const answersAfterMs = 5_000;
const memoryBytes = 8 * 2 ** 30;

/** A device that does not exist, and a person who allows what they are asked: what a technician sees of both. */
export function simulatedDiagnosis(parts: Parts): StandIns {
  return {
    openStream: simulatedStream(parts),
    examine: async () => simulatedExamination(parts.clock.now()),
    personAt: 'the page of a simulated device',
    notified: ({ kind }, desk) => {
      if (kind !== 'told') parts.clock.after(answersAfterMs, () => allow(desk));
      return true;
    },
  };
}

function allow(desk: DiagnosisDesk): void {
  const look = desk.now;
  if (look?.state === 'asking') desk.answer(look.id, true);
  else if (look?.bundle) void desk.sendBundle(look.id, true);
}

function simulatedStream({ clock, random }: Parts): OpenStream {
  return async ({ kind, intervalMs, emit }) => {
    let cancel = clock.after(0, tick);
    function tick(): void {
      emit(simulatedSample(kind, clock.now(), random));
      cancel = clock.after(intervalMs, tick);
    }
    return { stop: () => cancel() };
  };
}

const programs = ['simulated-browser', 'simulated-desktop', 'simulated-editor'];

function simulatedSample(kind: StreamKind, at: number, random: Random): AnySample {
  const whole = (most: number) => Math.round(most * random.unit());
  const used = Math.round(memoryBytes * (0.4 + 0.1 * random.unit()));
  const traffic = { receivedBytesPerSecond: whole(200_000), sentBytesPerSecond: whole(20_000) };
  const cores = Array.from({ length: 4 }, () => 0.6 * random.unit());
  const processes = programs.map((name, index) => ({ pid: 1000 + index, name, memoryBytes: whole(4e8) }));
  switch (kind) {
    case 'live':
      return {
        ...{ at, ...traffic, memoryUsedBytes: used, memoryTotalBytes: memoryBytes },
        memoryUsedPercent: Math.round((100 * used) / memoryBytes),
        coresPercent: cores.map((core) => Math.round(100 * core)),
        cpuPercent: Math.round((100 * cores.reduce((sum, core) => sum + core, 0)) / cores.length),
        processes: processes.map((process) => ({ ...process, cpuPercent: whole(20) })),
      };
    case 'processes':
      return {
        kind,
        processes: processes.map((process) => ({ ...process, cpu: random.unit() / 5, isSystem: false })),
      };
    case 'hardware':
      return {
        ...{ kind, cores, networks: [{ name: 'wlan0', ...traffic }] },
        memory: { usedBytes: used, totalBytes: memoryBytes, swapUsedBytes: 0 },
        disks: [{ name: 'sda', readBytesPerSecond: whole(2e6), writeBytesPerSecond: whole(4e6), busy: random.unit() }],
        temperatures: [{ name: 'Processor', celsius: 45 + whole(20) }],
      };
    case 'wifi':
      return {
        kind,
        network: { name: 'another network', signalDbm: -50 - whole(25), bitrateMbps: 144, channelMhz: 5180, roams: 0 },
      };
    case 'logs':
      return {
        ...{ kind, dropped: 0 },
        lines: [{ at, level: 'info', unit: 'simulated.service', words: 'Nothing happened on this simulated device.' }],
      };
    case 'trace':
      return { kind, hops: [{ hop: 1, address: 'another network', ms: 1 + whole(5) }], isDone: true };
    case 'throughput':
      return { kind, direction: 'download', bytesPerSecond: whole(8e6), isDone: false };
  }
}

function simulatedExamination(at: number): Examination {
  const probe = 'disk-space' as const;
  const words = 'The disk of this simulated device is almost full.';
  const fix = 'Empty the bin, and move large files away.';
  return {
    ...{ at, tookMs: 800, conclusions: [{ probe, words, fix }] },
    probes: [{ probe, status: 'warn', words, fix, evidence: [{ item: 'free on /', seen: '1.2 GB of 120 GB' }] }],
  };
}
