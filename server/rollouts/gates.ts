import type { GateName } from '../../shared/policy/rollout-plan.ts';
import type { RequestCounts, RolloutFacts } from '../store/rollout-facts.ts';

const minute = 60_000;
const megabyte = 1_048_576;

/**
 * From where on a device is bad. What is a matter of degree has to be both above its floor and so many times what the same
 * device had before: small numbers double by chance, and an old laptop is slow whatever it is given.
 */
export const thresholds = {
  /** Processor time of the agent, in percent of one core. */
  cpu: { floor: 5, ratio: 2 },
  /** Resident memory of the agent. It needs about 75 MB with a filter of a million names. */
  memory: { floor: 150 * megabyte, ratio: 1.5 },
  /** Seconds from switching on to being ready. */
  boot: { floor: 45, ratio: 1.5 },
  /** Not heard of for so long, while others of its school are: a closed lid is opened again by then, or the bell has rung. */
  silentMs: 120 * minute,
  /** Who was heard of so long before the ring opened was there when it did: last seen is written once a minute. */
  seenBeforeMs: 60 * minute,
  /** Crashes and requests count for so long at most, here and elsewhere. */
  longestMs: 24 * 60 * minute,
} as const;

/** How a device was when its ring opened: what is kept beside it. `null`: it had not said. */
export interface Before {
  failed: boolean;
  notBlocking: boolean | null;
  crashedAt: number | null;
  cpu: number | null;
  memory: number | null;
  boot: number | null;
}

/** The span that counts, the same for all devices: from `from` until `now`. */
export interface Span {
  from: number;
  now: number;
}

/** A device as it is now. */
export interface DeviceNow extends RolloutFacts {
  requests: RequestCounts;
  /** The same of tickets that people opened about it. */
  tickets: RequestCounts;
}

/** A device that has the new one beside itself before. */
export interface Compared {
  before: boolean;
  after: boolean;
  worsened: boolean;
}

/** Which gates look at one device alone; of silence the whole school is asked. */
export type OwnGate = Exclude<GateName, 'lost-check-ins'>;

interface Gate {
  /** Is it bad now? undefined: it does not say. */
  now(device: DeviceNow, span: Span): boolean | undefined;
  /** Was it bad before it was given the new one, at `givenAt`? */
  was(before: Before, device: DeviceNow, span: Span, givenAt: number): boolean | undefined;
  /** Of one that is bad now: is it by so much worse than before? Absent: if it was not bad. */
  isWorse?(before: Before, device: DeviceNow): boolean;
}

/** A number that may be compared: what devices say may be anything. */
const sound = (value: number | null | undefined): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;

/** Of what is a matter of degree. */
function degree(
  { floor, ratio }: { floor: number; ratio: number },
  before: (before: Before) => number | null,
  now: (device: DeviceNow) => number | undefined,
): Gate {
  const isBad = (value: number | null | undefined) => {
    const known = sound(value);
    return known === undefined ? undefined : known > floor;
  };
  return {
    now: (device) => isBad(now(device)),
    was: (earlier) => isBad(before(earlier)),
    isWorse: (earlier, device) => (sound(now(device)) ?? 0) > ratio * (sound(before(earlier)) ?? 0),
  };
}

const isWithin = (at: number | null | undefined, from: number, to: number) =>
  sound(at) !== undefined && (at ?? 0) >= from && (at ?? 0) <= to;

const gates: Readonly<Record<OwnGate, Gate>> = {
  'failed-sections': {
    now: ({ standing }) => standing === 'failed',
    was: ({ failed }) => failed,
  },
  'agent-crashes': {
    now: ({ agent }, { from, now }) => (agent ? isWithin(crashOf(agent), from, now) : undefined),
    was: ({ crashedAt }, { agent }, { from, now }, givenAt) =>
      agent ? isWithin(crashedAt, givenAt - (now - from), givenAt) : undefined,
  },
  'agent-cpu': degree(
    thresholds.cpu,
    ({ cpu }) => cpu,
    ({ agent }) => agent?.cpuPercent,
  ),
  'agent-memory': degree(
    thresholds.memory,
    ({ memory }) => memory,
    ({ agent }) => agent?.residentBytes,
  ),
  'filter-probes': {
    now: ({ filter }) => notBlocking(filter) ?? undefined,
    was: (before) => before.notBlocking ?? undefined,
  },
  'boot-time': degree(
    thresholds.boot,
    ({ boot }) => boot,
    ({ os }) => os?.bootSeconds,
  ),
  'unblock-requests': {
    now: ({ requests }) => requests.since > 0,
    was: (_before, { requests }) => requests.before > 0,
  },
  'help-tickets': {
    now: ({ tickets }) => tickets.since > 0,
    was: (_before, { tickets }) => tickets.before > 0,
  },
};

/** A device that has the new one, beside itself; undefined: it cannot be compared. */
export function compare(
  gate: OwnGate,
  before: Before,
  device: DeviceNow,
  span: Span,
  givenAt: number,
): Compared | undefined {
  if (gate === 'boot-time' && !isWithin(device.os?.bootedAt, givenAt, span.now)) return undefined;
  const { now, was, isWorse } = gates[gate];
  const [earlier, later] = [was(before, device, span, givenAt), now(device, span)];
  if (earlier === undefined || later === undefined) return undefined;
  return { before: earlier, after: later, worsened: later && (isWorse ? isWorse(before, device) : !earlier) };
}

/** A device that is still without the new one; undefined: it does not say. */
export function isBadNow(gate: OwnGate, device: DeviceNow, span: Span): boolean | undefined {
  return gates[gate].now(device, span);
}

/** What is kept of a device when its ring opens. */
export function beforeOf({ standing, filter, agent, os }: RolloutFacts): Before {
  return {
    failed: standing === 'failed',
    notBlocking: notBlocking(filter),
    crashedAt: (agent && crashOf(agent)) ?? null,
    cpu: sound(agent?.cpuPercent) ?? null,
    memory: sound(agent?.residentBytes) ?? null,
    boot: sound(os?.bootSeconds) ?? null,
  };
}

/** When the agent last ended without having been told to. */
function crashOf({ crashedAt }: NonNullable<RolloutFacts['agent']>): number | undefined {
  return sound(crashedAt);
}

function notBlocking(filter: RolloutFacts['filter']): boolean | null {
  return filter === undefined || filter === 'none' ? null : filter === 'not-blocked';
}
