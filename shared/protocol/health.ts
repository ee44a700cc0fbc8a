import Type from 'typebox';
import { choice, EpochMs, strictObject, text } from '../schema.ts';

const Percent = Type.Number({ minimum: 0, maximum: 100 });
const Bytes = Type.Number({ minimum: 0, maximum: 2 ** 53 });
const Celsius = Type.Number({ minimum: -60, maximum: 200 });

/** What the device is; changes rarely. */
export const SystemHealth = strictObject({
  maker: Type.Optional(text(100)),
  model: Type.Optional(text(100)),
  serial: Type.Optional(text(100)),
  cpu: Type.Optional(text(150)),
  cores: Type.Optional(Type.Integer({ minimum: 1, maximum: 4096 })),
  memoryBytes: Type.Optional(Bytes),
  biosVersion: Type.Optional(text(100)),
});

/** Operating system, pending updates and the last start. */
export const OsHealth = strictObject({
  name: text(100),
  version: text(100),
  kernel: Type.Optional(text(100)),
  bootedAt: Type.Optional(EpochMs),
  /** How long that start took until the system said it was ready. */
  bootSeconds: Type.Optional(Type.Number({ minimum: 0, maximum: 86_400 })),
  pendingUpdates: Type.Optional(Type.Integer({ minimum: 0, maximum: 100_000 })),
  pendingSecurityUpdates: Type.Optional(Type.Integer({ minimum: 0, maximum: 100_000 })),
  rebootRequired: Type.Optional(Type.Boolean()),
});

/** Load, rounded so that small noise is no change. */
export const LoadHealth = strictObject({
  cpuPercent: Percent,
  memoryUsedPercent: Percent,
  swapUsedPercent: Type.Optional(Percent),
});

export const DiskHealth = strictObject({
  volumes: Type.Array(strictObject({ mount: text(300), kind: text(40), sizeBytes: Bytes, usedPercent: Percent }), {
    maxItems: 32,
  }),
  drives: Type.Array(
    strictObject({
      name: text(100),
      kind: Type.Optional(text(40)),
      sizeBytes: Type.Optional(Bytes),
      smart: choice(['ok', 'failing', 'unknown']),
      celsius: Type.Optional(Celsius),
      wearPercent: Type.Optional(Percent),
    }),
    { maxItems: 32 },
  ),
});

export const BatteryHealth = strictObject({
  present: Type.Boolean(),
  chargePercent: Type.Optional(Percent),
  charging: Type.Optional(Type.Boolean()),
  cycles: Type.Optional(Type.Integer({ minimum: 0, maximum: 100_000 })),
  designWh: Type.Optional(Type.Number({ minimum: 0, maximum: 10_000 })),
  fullWh: Type.Optional(Type.Number({ minimum: 0, maximum: 10_000 })),
  /** Share of the design capacity that is gone. */
  lostPercent: Type.Optional(Percent),
});

export const TemperatureHealth = strictObject({
  sensors: Type.Array(strictObject({ name: text(100), celsius: Celsius }), { maxItems: 64 }),
});

/** The class of the network only: no addresses, no names of networks. */
export const NetworkHealth = strictObject({
  kind: choice(['wired', 'wireless', 'cellular', 'none', 'unknown']),
  signalPercent: Type.Optional(Percent),
  linkMbps: Type.Optional(Type.Number({ minimum: 0, maximum: 1_000_000 })),
});

/** What the agent itself costs the device. */
export const AgentHealth = strictObject({
  version: text(50),
  residentBytes: Bytes,
  cpuPercent: Percent,
  startedAt: EpochMs,
  /** When it last began again because it had ended without being told to, while the computer ran on. */
  crashedAt: Type.Optional(EpochMs),
  spooledRecords: Type.Integer({ minimum: 0 }),
});

/** Collector → the schema of what it reports. Each is sent only when it changed. */
export const healthSchemas = {
  system: SystemHealth,
  os: OsHealth,
  load: LoadHealth,
  disks: DiskHealth,
  battery: BatteryHealth,
  temperatures: TemperatureHealth,
  network: NetworkHealth,
  agent: AgentHealth,
} as const;
export type HealthCollectorName = keyof typeof healthSchemas;
export type Health = { [K in HealthCollectorName]?: Type.Static<(typeof healthSchemas)[K]> };

/** The three facts of the first compliance checks; `unknown` always comes with a reason. */
export const DiskEncryptionObservation = strictObject({
  state: choice(['encrypted', 'not-encrypted', 'unknown']),
  evidence: text(500),
});
export const FirewallObservation = strictObject({
  state: choice(['on', 'off', 'unknown']),
  evidence: text(500),
});

/** Whether an unattended screen locks whatever the person would like, and after how long. */
export const ScreenLockObservation = strictObject({
  state: choice(['enforced', 'not-enforced', 'no-desktop', 'unknown']),
  /** With `enforced`: until the password is asked. */
  afterSeconds: Type.Optional(Type.Integer({ minimum: 0, maximum: 86_400 })),
  evidence: text(500),
});
/** Whether security updates install by themselves; what waits is told by `os`. */
export const UpdatesObservation = strictObject({
  state: choice(['automatic', 'not-automatic', 'unknown']),
  evidence: text(500),
});
export const TimeSyncObservation = strictObject({
  state: choice(['synchronised', 'not-synchronised', 'unknown']),
  /** How far the clock is from its server, whole seconds. */
  offsetSeconds: Type.Optional(Type.Integer({ minimum: -1_000_000_000, maximum: 1_000_000_000 })),
  evidence: text(500),
});

/** What USB sticks and disks may do. */
export const UsbStorageObservation = strictObject({
  state: choice(['blocked', 'read-only', 'allowed', 'unknown']),
  evidence: text(500),
});
/** Whether somebody can sign in without an account of their own; `not-applicable` where the system has no guests. */
export const GuestAccountObservation = strictObject({
  state: choice(['off', 'on', 'not-applicable', 'unknown']),
  evidence: text(500),
});

const Accounts = Type.Integer({ minimum: 0, maximum: 100_000 });
/** Whether the person at the device is its administrator. Accounts are counted; their names never leave the device. */
export const LocalAdminsObservation = strictObject({
  state: choice(['admin', 'not-admin', 'unknown']),
  /** Ordinary accounts, and those of them that are administrators. */
  users: Type.Optional(Accounts),
  admins: Type.Optional(Accounts),
  evidence: text(500),
});
/** Whether the firmware starts only signed systems; `unsupported` where it has no such thing. */
export const SecureBootObservation = strictObject({
  state: choice(['on', 'off', 'unsupported', 'unknown']),
  evidence: text(500),
});
/** `not-expected`: a system that comes without a scanner, and has none. */
export const AntivirusObservation = strictObject({
  state: choice(['on', 'off', 'not-expected', 'unknown']),
  evidence: text(500),
});

/** Observation → its schema. Observations feed checks; health is for people. */
export const observationSchemas = {
  diskEncryption: DiskEncryptionObservation,
  firewall: FirewallObservation,
  localAdmins: LocalAdminsObservation,
  secureBoot: SecureBootObservation,
  antivirus: AntivirusObservation,
  screenLock: ScreenLockObservation,
  updates: UpdatesObservation,
  timeSync: TimeSyncObservation,
  usbStorage: UsbStorageObservation,
  guestAccount: GuestAccountObservation,
} as const;
export type ObservationName = keyof typeof observationSchemas;
export type Observations = { [K in ObservationName]?: Type.Static<(typeof observationSchemas)[K]> };

/** One sample of the live view, each second while a technician looks. Processes by name only, never command lines. */
export const LiveSample = strictObject({
  at: EpochMs,
  cpuPercent: Percent,
  coresPercent: Type.Array(Percent, { maxItems: 256 }),
  memoryUsedPercent: Percent,
  memoryUsedBytes: Bytes,
  memoryTotalBytes: Bytes,
  receivedBytesPerSecond: Bytes,
  sentBytesPerSecond: Bytes,
  processes: Type.Array(
    strictObject({
      pid: Type.Integer({ minimum: 0 }),
      name: text(100),
      cpuPercent: Type.Number({ minimum: 0 }),
      memoryBytes: Bytes,
    }),
    { maxItems: 30 },
  ),
});
export type LiveSample = Type.Static<typeof LiveSample>;
