import { createHash } from 'node:crypto';
import type { HealthValue, ObservationValue } from '../agent/health/collector.ts';
import { same, steady, steps } from '../agent/health/steady.ts';
import type { FindingRecord, Hardware, HealthRecord, ObservationRecord } from '../shared/protocol/messages.ts';
import { type LaptopModel, laptopModels } from './simulated-models.ts';
import {
  agentOf,
  antivirusOf,
  batteryOf,
  type Chance,
  disksOf,
  encryptionOf,
  firewallOf,
  guestAccountOf,
  localAdminsOf,
  networkOf,
  osOf,
  screenLockOf,
  secureBootOf,
  step,
  systemOf,
  timeSyncOf,
  troublesOf,
  updatesOf,
  usbStorageOf,
} from './simulated-values.ts';

type SimulatedRecord = HealthRecord | ObservationRecord;

/** What is not known is neither right nor wrong: some devices do not let themselves be looked at. */
const unreadable: ObservationValue<'diskEncryption'> = {
  state: 'unknown',
  evidence: 'Simulated. The system refused the look at its disks',
};

/** A laptop that does not exist: what its agent would say at enrolment, and all it would have reported by now. */
export interface SimulatedDevice {
  platform: LaptopModel['platform'];
  os: { name: string; version: string };
  hardware: Hardware;
  /** Starts with `sim-`, so that nobody takes it for a real device. */
  hostname: string;
  records: SimulatedRecord[];
}

/**
 * One plausible school laptop for each seed, always the same for a seed and a time. Seeds 0 to 39 give forty distinct devices
 * of thirteen models on three systems, some with troubles worth seeing on a screen. Pure: writes and asks nothing.
 */
export function simulatedHealth(seed: number, now: number, agentVersion = '0.1.0'): SimulatedDevice {
  const chance = seeded(seed);
  const model = pick(laptopModels, seed);
  const troubles = troublesOf(chance);
  const serial = `SIM${digest(`serial ${seed}`).slice(0, 7).toUpperCase()}`;
  const value: { [N in HealthRecord['collector']]: HealthValue<N> } = {
    system: systemOf(model, serial, chance),
    os: osOf(model, troubles, chance, now),
    load: { cpuPercent: step(5 + 40 * chance.unit(), 5), memoryUsedPercent: step(35 + 45 * chance.unit(), 2) },
    disks: disksOf(model, troubles, chance),
    battery: batteryOf(model, troubles, chance),
    temperatures: {
      sensors: [{ name: 'cpu', celsius: step(troubles.hot ? 88 + 8 * chance.unit() : 42 + 20 * chance.unit(), 2) }],
    },
    network: networkOf(chance),
    agent: agentOf(agentVersion, chance, now),
  };
  const posture: { [N in ObservationRecord['name']]: ObservationValue<N> } = {
    diskEncryption: seed % 19 === 8 ? unreadable : encryptionOf(model, troubles.unencrypted),
    firewall: firewallOf(model, troubles.firewallOff),
    localAdmins: localAdminsOf(seed % 17 === 5),
    secureBoot: secureBootOf(model),
    antivirus: antivirusOf(model),
    screenLock: screenLockOf(model, seed % 11 === 3),
    updates: updatesOf(model, troubles.behind && seed % 3 > 0),
    timeSync: timeSyncOf(model),
    usbStorage: usbStorageOf(model, troubles.behind),
    guestAccount: guestAccountOf(model),
  };
  return {
    platform: model.platform,
    os: { name: model.os.name, version: model.os.version },
    hardware: { id: digest(`hardware ${seed}`), serial, maker: model.maker, model: model.model },
    hostname: `sim-${String(seed).padStart(3, '0')}-${slug(model.model)}`,
    records: [
      ...Object.entries(value).map(([name, item]) => health(name as HealthRecord['collector'], item, now)),
      ...Object.entries(posture).map(([name, item]) => observation(name as ObservationRecord['name'], item, now)),
    ],
  };
}

/**
 * The device a while later: load, charge, warmth and signal drift, the disk fills, and once in a long while a setting changes.
 * `changed` holds what a real agent would send (beyond the noise); `device.records` everything known by then.
 */
export function nextHealth(
  previous: SimulatedDevice,
  random: Chance,
  now: number,
): { device: SimulatedDevice; changed: SimulatedRecord[] } {
  const records = previous.records.map((record) => later(record, previous, random, now));
  const changed = records.filter((record, index) => record !== previous.records[index]);
  return { device: { ...previous, records }, changed };
}

function later(record: SimulatedRecord, device: SimulatedDevice, random: Chance, now: number): SimulatedRecord {
  const limits = record.kind === 'health' ? steps[record.collector] : {};
  const value = steady(limits, record.value, drifted(record, device, random));
  return same(value, record.value) ? record : { ...record, at: now, value };
}

function drifted(record: SimulatedRecord, device: SimulatedDevice, random: Chance): unknown {
  if (record.kind === 'observation') return random.unit() < 0.002 ? flipped(record, device) : record.value;
  const drift = drifts[record.collector];
  return drift ? drift(record.value, random) : record.value;
}

/** How each value wanders. The values are those made above, so their shapes are known. */
const drifts: Partial<Record<HealthRecord['collector'], (value: unknown, random: Chance) => unknown>> = {
  load: (value, random) => {
    const { cpuPercent, memoryUsedPercent, ...rest } = value as HealthValue<'load'>;
    return {
      ...rest,
      cpuPercent: wander(cpuPercent, 12, 2, 95, random),
      memoryUsedPercent: wander(memoryUsedPercent, 4, 25, 95, random),
    };
  },
  battery: (value, random) => {
    const battery = value as HealthValue<'battery'>;
    const charge = (battery.chargePercent ?? 50) + (battery.charging ? 6 : -6) * random.unit();
    const charging = charge <= 12 || (charge < 98 && battery.charging === true);
    return { ...battery, chargePercent: Math.min(100, Math.max(5, charge)), charging };
  },
  temperatures: (value, random) => ({
    sensors: (value as HealthValue<'temperatures'>).sensors.map(({ name, celsius }) => ({
      name,
      celsius: wander(celsius, 3, 35, 98, random),
    })),
  }),
  disks: (value, random) => {
    const disks = value as HealthValue<'disks'>;
    const volumes = disks.volumes.map((volume) => ({
      ...volume,
      usedPercent: random.unit() < 0.02 ? Math.min(99, volume.usedPercent + 1) : volume.usedPercent,
    }));
    return { ...disks, volumes };
  },
  network: (value, random) => {
    const network = value as HealthValue<'network'>;
    const { signalPercent } = network;
    return signalPercent === undefined
      ? network
      : { ...network, signalPercent: wander(signalPercent, 15, 20, 100, random) };
  },
};

const wrongStates: ReadonlySet<unknown> = new Set([
  'off',
  'not-encrypted',
  'not-automatic',
  'not-enforced',
  'allowed',
  'admin',
]);
/** What changes on a laptop in use; that the guest account is off is as it should be. */
const changing = {
  firewall: firewallOf,
  diskEncryption: encryptionOf,
  updates: updatesOf,
  screenLock: screenLockOf,
  usbStorage: usbStorageOf,
  localAdmins: (_: SimulatedDevice, wrong: boolean) => localAdminsOf(wrong),
} as const;
export type ChangingObservation = keyof typeof changing;

/** Undefined: it is not known, or nothing that changes. */
export function isWrong({ name, value }: ObservationRecord): boolean | undefined {
  const { state } = value as { state: string };
  if (!(name in changing) || state === 'unknown') return undefined;
  return wrongStates.has(state);
}

/** The observation as it would be were it wrong, or right. */
export function observedAs(
  name: ChangingObservation,
  device: SimulatedDevice,
  wrong: boolean,
  at: number,
): ObservationRecord {
  return observation(name, changing[name](device, wrong), at);
}

/** Settings that are switched off more often than others; the rest stays as it is while somebody looks at a screen. */
function flipped(record: ObservationRecord, device: SimulatedDevice): unknown {
  const { name } = record;
  const wrong = isWrong(record);
  if (wrong === undefined || (name !== 'firewall' && name !== 'diskEncryption' && name !== 'updates'))
    return record.value;
  return changing[name](device, !wrong);
}

/** One device in forty was left somewhere, and has said nothing for weeks. `ago`: before now, in milliseconds. */
export function isAway(seed: number, ago = 0): boolean {
  return seed % 40 === 13 && ago < 18 * 86_400_000;
}

/** On one device in forty somebody, or something, keeps switching a setting back. */
export function simulatedTampering({ hostname }: SimulatedDevice, at: number): FindingRecord | undefined {
  if (Number(/^sim-(\d+)/.exec(hostname)?.[1] ?? 0) % 40 !== 21) return undefined;
  const detail = 'Simulated. browser: Chromium policies were changed back 3 times within an hour.';
  return { kind: 'finding', at, code: 'tamper', open: true, detail };
}

function health(collector: HealthRecord['collector'], value: unknown, at: number): HealthRecord {
  return { kind: 'health', at, collector, value };
}

function observation(name: ObservationRecord['name'], value: unknown, at: number): ObservationRecord {
  return { kind: 'observation', at, name, value };
}

/** mulberry32: small, repeatable, not for secrets. */
function seeded(seed: number): Chance {
  let state = Number.parseInt(digest(`seed ${seed}`).slice(0, 8), 16);
  return {
    unit: () => {
      state = (state + 0x6d2b79f5) >>> 0;
      let t = Math.imul(state ^ (state >>> 15), state | 1);
      t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
      return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
    },
  };
}

function wander(value: number, by: number, least: number, most: number, random: Chance): number {
  return Math.min(most, Math.max(least, value + by * (2 * random.unit() - 1)));
}

function pick<T>(list: readonly T[], index: number): T {
  const found = list[Math.abs(Math.trunc(index)) % list.length];
  if (found === undefined) throw new RangeError('an empty list has nothing to pick');
  return found;
}

const digest = (words: string) => createHash('sha256').update(`rollcall simulated ${words}`).digest('hex');
const slug = (words: string) =>
  words
    .toLowerCase()
    .replace(/\(.*\)/, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 40);
