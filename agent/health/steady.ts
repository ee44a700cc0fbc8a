import type { HealthCollectorName } from '../../shared/protocol/health.ts';

type Steps = Readonly<Record<string, number>>;

/**
 * The smallest change of each number that is worth sending; smaller ones are noise. A number that has no step is sent at
 * any change. Each is also rounded to its step, so that the history in the server compresses well.
 */
export const steps: Readonly<Record<HealthCollectorName, Steps>> = {
  system: {},
  /** The start as told by /proc/stat wanders by seconds when the clock is corrected. */
  os: { bootedAt: 60_000, bootSeconds: 1 },
  /** An idle desktop moves by a few per cent all day. */
  load: { cpuPercent: 5, memoryUsedPercent: 2, swapUsedPercent: 5 },
  disks: { usedPercent: 1, celsius: 2, wearPercent: 1 },
  /** A full charge is seen to vary by a few tenths of a watt-hour with temperature. */
  battery: { chargePercent: 5, designWh: 0.1, fullWh: 0.5, lostPercent: 1 },
  temperatures: { celsius: 2 },
  /** Radio levels swing by ten per cent while the laptop stands still. */
  network: { signalPercent: 20 },
  /** The spool always holds a few records on their way; only a growing backlog is news. */
  agent: { residentBytes: 4_194_304, cpuPercent: 0.5, spooledRecords: 100 },
};

/**
 * The value to hold as the last known: numbers within their step keep what was sent before, so a value that hovers at a
 * rounding edge does not flap. Items of lists are matched by `name` or `mount`. Equal to `previous`: nothing to send.
 */
export function steady<T>(limits: Steps, previous: unknown, fresh: T): T {
  return settle(limits, '', previous, fresh) as T;
}

/** Deep equality of values made of JSON, whatever the order of their properties. */
export function same(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return Object.is(a, b);
  const left = Object.entries(a);
  const right = new Map(Object.entries(b));
  return (
    Array.isArray(a) === Array.isArray(b) &&
    left.length === right.size &&
    left.every(([key, value]) => right.has(key) && same(value, right.get(key)))
  );
}

function settle(limits: Steps, key: string, previous: unknown, fresh: unknown): unknown {
  const step = limits[key];
  if (typeof fresh === 'number') return step === undefined ? fresh : held(step, previous, fresh);
  if (Array.isArray(fresh)) return fresh.map((item) => settle(limits, '', counterpart(previous, item), item));
  if (typeof fresh !== 'object' || fresh === null) return fresh;
  return Object.fromEntries(
    Object.entries(fresh).map(([name, value]) => [name, settle(limits, name, property(previous, name), value)]),
  );
}

function held(step: number, previous: unknown, fresh: number): number {
  if (typeof previous === 'number' && Math.abs(fresh - previous) < step) return previous;
  const rounded = Math.round(fresh / step) * step;
  return step < 1 ? Math.round(rounded * 1000) / 1000 : rounded;
}

function counterpart(previous: unknown, item: unknown): unknown {
  if (!Array.isArray(previous)) return undefined;
  return previous.find((other) => identity(other) !== undefined && identity(other) === identity(item));
}

function identity(item: unknown): unknown {
  return property(item, 'name') ?? property(item, 'mount');
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
