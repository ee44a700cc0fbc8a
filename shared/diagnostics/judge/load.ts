import type { Health } from '../../protocol/health.ts';
import type { ProbeResult } from '../probe.ts';
import { bytesWords, counted, percentWords } from './measures.ts';
import { bad, notApplicable, ok, type Seen, unknown, warn } from './result.ts';

/** A running program as a technician may know it. */
export interface ProgramUse {
  /** Of a program of the system or the school; absent for what is the person's own. */
  name?: string;
  /** Of one core. */
  cpuPercent: number;
  memoryBytes: number;
}

export const nameOf = ({ name }: ProgramUse) => name ?? 'a program of the person’s own';

export interface MemoryFacts {
  totalBytes: number;
  availableBytes: number;
  swapTotalBytes: number;
  swapUsedBytes: number;
  /** Share of time in which something (`some`) or everything (`full`) waited for memory, per cent; kernel: Documentation/accounting/psi.rst. */
  pressure?: { some: number; full: number };
  /** Programs the system ended for want of memory since it started. */
  killed?: number;
  /** Those that hold most, the most first. */
  programs: ProgramUse[];
}

/** Whether programs wait for memory: that it is used is no fault. */
export function judgeMemory(facts: MemoryFacts | undefined): ProbeResult {
  if (!facts) return unknown('memory', 'The system does not tell how its memory is used.');
  const { totalBytes, availableBytes, pressure, killed = 0 } = facts;
  const free = (100 * availableBytes) / totalBytes;
  const seen = memorySeen(facts);
  const [most] = facts.programs;
  const by = most ? ` Most is held by ${nameOf(most)} (${bytesWords(most.memoryBytes)}).` : '';
  const fix = 'Close what is not needed, or restart the device; if it comes back, the device needs more memory.';
  if ((pressure && pressure.full >= 10) || free < 3)
    return bad(
      'memory',
      `There is not enough memory: ${percentWords(free)} is left and programs wait for it.${by}`,
      seen,
      fix,
    );
  if ((pressure && pressure.some >= 10) || free < 8)
    return warn('memory', `Memory is short: ${percentWords(free)} is left.${by}`, seen, fix);
  if (killed > 0)
    return warn(
      'memory',
      `Since the last start the system ended ${counted(killed, 'program')} because memory ran out.`,
      seen,
      fix,
    );
  return ok('memory', `${percentWords(free)} of the memory is left.`, seen);
}

function memorySeen({
  totalBytes,
  availableBytes,
  swapTotalBytes,
  swapUsedBytes,
  pressure,
  killed,
  programs,
}: MemoryFacts): Seen {
  return {
    available: `${bytesWords(availableBytes)} of ${bytesWords(totalBytes)}`,
    swap: swapTotalBytes > 0 ? `${bytesWords(swapUsedBytes)} of ${bytesWords(swapTotalBytes)} used` : 'none',
    'waiting for memory': pressure && `some ${pressure.some} %, all ${pressure.full} % of the last ten seconds`,
    'ended for want of memory': killed?.toString(),
    ...Object.fromEntries(
      programs
        .slice(0, 5)
        .map((use, index) => [`most memory, ${index + 1}`, `${nameOf(use)}: ${bytesWords(use.memoryBytes)}`]),
    ),
  };
}

export interface ProcessorFacts {
  busyPercent: number;
  /** Idle, because the disk was waited for. */
  waitingPercent: number;
  /** Those that use most, the most first. */
  programs: ProgramUse[];
}

const hog = { ofCore: 80, whenBusy: 20 };
const busy = 85;
const waiting = 40;

/** Whether something keeps the processor busy, and what. */
export function judgeProcessor(facts: ProcessorFacts | undefined): ProbeResult {
  if (!facts) return unknown('processor', 'The system does not tell how busy it is.');
  const { busyPercent, waitingPercent, programs } = facts;
  const seen: Seen = {
    busy: percentWords(busyPercent),
    'waiting for the disk': percentWords(waitingPercent),
    ...Object.fromEntries(
      programs
        .slice(0, 5)
        .map((use, index) => [`most work, ${index + 1}`, `${nameOf(use)}: ${percentWords(use.cpuPercent)} of a core`]),
    ),
  };
  const [most] = programs;
  const isHog = most && (most.cpuPercent >= hog.ofCore || (busyPercent >= busy && most.cpuPercent >= hog.whenBusy));
  if (isHog)
    return (busyPercent >= busy ? bad : warn)(
      'processor',
      `The processor is kept busy by ${nameOf(most)}: ${percentWords(most.cpuPercent)} of a core, ${percentWords(busyPercent)} in all.`,
      seen,
      most.name === undefined
        ? 'Ask the person to close what they do not need; if it stays, restart the device.'
        : `Close or restart ${most.name}; if it comes back, look for its updates and its log.`,
    );
  if (busyPercent >= busy) {
    const by = programs.slice(0, 3).map((use) => `${nameOf(use)} (${percentWords(use.cpuPercent)} of a core)`);
    return bad(
      'processor',
      `The processor is ${percentWords(busyPercent)} busy with many programs${by.length > 0 ? `, most with ${by.join(', ')}` : ''}.`,
      seen,
      'Close what is not needed, or restart the device.',
    );
  }
  if (waitingPercent >= waiting)
    return warn(
      'processor',
      `The processor waits for the disk (${percentWords(waitingPercent)} of the time).`,
      seen,
      'Look at what writes, and at the health of the disk.',
    );
  return ok('processor', `The processor is ${percentWords(busyPercent)} busy.`, seen);
}

export interface TemperatureFacts {
  sensors: NonNullable<Health['temperatures']>['sensors'];
  /** The processor is slowed to stay cool; undefined: it does not tell. */
  isThrottled: boolean | undefined;
}

const hot = { bad: 97, warn: 88 };

/** Heat, and whether the processor slows down for it. */
export function judgeTemperature({ sensors, isThrottled }: TemperatureFacts): ProbeResult {
  const hottest = [...sensors].sort((a, b) => b.celsius - a.celsius)[0];
  if (!hottest && isThrottled === undefined) return notApplicable('temperature', 'This device shows no temperatures.');
  const seen: Seen = {
    ...Object.fromEntries(sensors.slice(0, 10).map(({ name, celsius }) => [name, `${Math.round(celsius)} °C`])),
    'slowed to stay cool': isThrottled === undefined ? undefined : isThrottled ? 'yes' : 'no',
  };
  const degrees = hottest ? ` (${Math.round(hottest.celsius)} °C)` : '';
  const fix = 'Free the air vents and use it on a hard surface; if it stays hot, have the fan cleaned or replaced.';
  if (isThrottled)
    return bad('temperature', `The device is too hot${degrees}: the processor is slowed to stay cool.`, seen, fix);
  if (hottest && hottest.celsius >= hot.bad)
    return bad('temperature', `The device is far too hot${degrees}.`, seen, fix);
  if (hottest && hottest.celsius >= hot.warn) return warn('temperature', `The device is hot${degrees}.`, seen, fix);
  return ok(
    'temperature',
    hottest ? `At most ${Math.round(hottest.celsius)} °C.` : 'The processor is not slowed.',
    seen,
  );
}
