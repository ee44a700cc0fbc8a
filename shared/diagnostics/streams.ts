import Type from 'typebox';
import { choice, strictObject, text } from '../schema.ts';

/** What a technician may look at each second, within an open diagnosis. */
export const streamKinds = ['live', 'processes', 'hardware', 'wifi', 'logs', 'trace', 'throughput'] as const;
export type StreamKind = (typeof streamKinds)[number];

export const logLevels = ['error', 'warning', 'notice', 'info'] as const;

/** Narrows a stream: for `logs`. */
export const StreamFilter = strictObject({
  level: Type.Optional(choice(logLevels)),
  /** Of one service, such as `NetworkManager.service`. */
  unit: Type.Optional(text(200)),
  /** Lines that hold this. */
  text: Type.Optional(text(100)),
});
export type StreamFilter = Type.Static<typeof StreamFilter>;

const Ratio = Type.Number({ minimum: 0, maximum: 1 });
const Bytes = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });

/** One sample of each stream but `live`, whose sample is `LiveSample`. Redacted on the device. */
export const StreamSample = Type.Union([
  strictObject({
    kind: Type.Literal('processes'),
    /** Those that use most, the most first. */
    processes: Type.Array(
      strictObject({
        pid: Type.Integer({ minimum: 0 }),
        name: text(100),
        /** Of one core; more than 1 with several. */
        cpu: Type.Number({ minimum: 0, maximum: 1024 }),
        memoryBytes: Bytes,
        /** Of the system or the school; false: the person's own, of which no command line is told. */
        isSystem: Type.Boolean(),
        command: Type.Optional(text(300)),
      }),
      { maxItems: 50 },
    ),
  }),
  strictObject({
    kind: Type.Literal('hardware'),
    cores: Type.Array(Ratio, { maxItems: 256 }),
    memory: strictObject({ usedBytes: Bytes, totalBytes: Bytes, swapUsedBytes: Bytes, pressure: Type.Optional(Ratio) }),
    disks: Type.Array(
      strictObject({ name: text(60), readBytesPerSecond: Bytes, writeBytesPerSecond: Bytes, busy: Ratio }),
      { maxItems: 32 },
    ),
    networks: Type.Array(strictObject({ name: text(60), receivedBytesPerSecond: Bytes, sentBytesPerSecond: Bytes }), {
      maxItems: 32,
    }),
    temperatures: Type.Array(strictObject({ name: text(60), celsius: Type.Number({ minimum: -60, maximum: 250 }) }), {
      maxItems: 64,
    }),
  }),
  strictObject({
    kind: Type.Literal('wifi'),
    /** Absent: no wireless network is joined. */
    network: Type.Optional(
      strictObject({
        /** The name of a school's network; another's is told as `another network`. */
        name: text(64),
        signalDbm: Type.Integer({ minimum: -120, maximum: 0 }),
        bitrateMbps: Type.Optional(Type.Number({ minimum: 0, maximum: 100_000 })),
        channelMhz: Type.Optional(Type.Integer({ minimum: 0, maximum: 100_000 })),
        retries: Type.Optional(Ratio),
        roams: Type.Integer({ minimum: 0 }),
      }),
    ),
  }),
  strictObject({
    kind: Type.Literal('logs'),
    lines: Type.Array(
      strictObject({ at: Type.Integer(), level: choice(logLevels), unit: text(200), words: text(1000) }),
      { maxItems: 100 },
    ),
    /** Lines left out because there were more than fit. */
    dropped: Type.Integer({ minimum: 0 }),
  }),
  strictObject({
    kind: Type.Literal('trace'),
    /** The way to the district's own server, hop by hop; an address outside the district's networks is not told. */
    hops: Type.Array(
      strictObject({
        hop: Type.Integer({ minimum: 1, maximum: 64 }),
        address: text(60),
        ms: Type.Optional(Type.Number({ minimum: 0 })),
      }),
      { maxItems: 64 },
    ),
    isDone: Type.Boolean(),
  }),
  strictObject({
    kind: Type.Literal('throughput'),
    direction: choice(['download', 'upload']),
    bytesPerSecond: Bytes,
    isDone: Type.Boolean(),
  }),
]);
export type StreamSample = Type.Static<typeof StreamSample>;
