import { type Field, FieldReader, number, numbers, rest, text, texts } from './fields.ts';
import type { RecordBatch } from './record-batch.ts';
import { LinkError } from './record-splitter.ts';

type Fields = readonly Field<unknown, never>[];
/** The kinds of records of one direction, by name. Their order is their number on the link. */
export type Records = Readonly<Record<string, Fields>>;

type Read<F> = { -readonly [I in keyof F]: F[I] extends Field<infer T, never> ? T : never };
type Written<F> = {
  -readonly [I in keyof F]: F[I] extends { write(batch: RecordBatch, value: infer T): void } ? T : never;
};
export type Sent<R extends Records, K extends keyof R> = Written<R[K]>;
export type Heard<R extends Records> = { [K in keyof R]: (...values: Read<R[K]>) => void };

/** Sessions are numbered by the front that holds them. */
const session = number;

/** What a front says. */
export const fromFront = {
  /** It listens on this port. */
  ready: [number],
  /** Why it does not. */
  failed: [text],
  /** Number of the question, what is asked, of what. */
  ask: [number, text, texts],
  /** A device came: its identity, and the address it comes from or ''. */
  open: [session, texts, text],
  frame: [session, rest],
  /** Offence and words. */
  offence: [session, text, text],
  /** Frames of each session that the kernel has by now: session, count, session, count … */
  sent: [numbers],
  closed: [session],
  /** Once a minute, also when nobody did: sessions whose agents let themselves be heard. */
  heard: [numbers],
  /** Handshakes refused since the last time: reason, count. */
  refused: [text, number],
  /** How many wait for their handshake by now. */
  waiting: [number],
  /** Level, message, details. */
  log: [text, text, text],
} as const satisfies Records;

/** What the server says to a front. */
export const toFront = {
  /** Key, certificate chain: first, and whenever they are renewed. */
  leaf: [text, text],
  /** Once: see `Listening`. */
  listen: [texts, numbers],
  /** Of the question with this number: what there is to say, or nothing; and the content. */
  answer: [number, texts, rest],
  /** The question with this number cannot be answered. */
  unanswered: [number],
  /** To one session; the number is twice the session's, and one more when `sent` is to tell of it. */
  send: [session, rest],
  /** A frame for many, by a number of its own; then to whom it goes, as in `send`; then that nobody is given it any more. */
  keep: [number, rest],
  fan: [number, numbers],
  drop: [number],
  /** Whether the server is full: 1, and whoever speaks from then on waits, or 0. */
  full: [number],
  /** 1: whoever is given a frame for many from then on is listened to again when it is 0. */
  hush: [number],
  /** Code and reason. */
  close: [session, number, text],
  terminate: [session],
} as const satisfies Records;

/** Writes records of one direction. */
export class RecordWriter<R extends Records> {
  readonly #records: R;
  readonly #kinds: ReadonlyMap<keyof R, number>;

  constructor(records: R) {
    this.#records = records;
    this.#kinds = new Map(Object.keys(records).map((name, index) => [name, index]));
  }

  write<K extends keyof R>(batch: RecordBatch, kind: K, values: Sent<R, K>): void {
    const fields = this.#records[kind] ?? [];
    batch.begin(this.#kinds.get(kind) ?? 0);
    for (let index = 0; index < fields.length; index++) fields[index]?.write(batch, values[index] as never);
    batch.end();
  }
}

interface Kind {
  fields: Fields;
  hear: (...values: never[]) => void;
}

/** Reads records of one direction and calls what hears them. */
export class RecordDispatch<R extends Records> {
  readonly #kinds: Kind[];

  constructor(records: R, heard: Heard<R>) {
    this.#kinds = Object.entries(records).map(([name, fields]) => ({
      fields,
      hear: heard[name as keyof R] as Kind['hear'],
    }));
  }

  /** Throws LinkError when the record is none of these. */
  dispatch(record: Buffer): void {
    const from = new FieldReader(record);
    const kind = this.#kinds[from.byte()];
    if (!kind) throw new LinkError('a record of no known kind');
    const values = kind.fields.map((field) => field.read(from));
    if (from.left > 0) throw new LinkError('a record goes on after its last field');
    kind.hear(...(values as never[]));
  }
}

/** How a front listens for agents. */
export interface Listening {
  host: string;
  /** The authorities of devices, PEM. */
  clientCas: string;
  logLevel: string;
  /** 0 takes any free port. */
  port: number;
  /** Other fronts listen on the same port. */
  isShared: boolean;
  /** 0: the usual. */
  maxConnections: number;
  heartbeatSeconds: number;
}

export function listeningRecord(listening: Listening): Sent<typeof toFront, 'listen'> {
  const { host, clientCas, logLevel, port, isShared, maxConnections, heartbeatSeconds } = listening;
  return [
    [host, clientCas, logLevel],
    [port, isShared ? 1 : 0, maxConnections, heartbeatSeconds],
  ];
}

export function listeningOf(words: readonly string[], numerals: readonly number[]): Listening {
  const [host = '', clientCas = '', logLevel = 'info'] = words;
  const [port = 0, shared, maxConnections = 0, heartbeatSeconds = 60] = numerals;
  return { host, clientCas, logLevel, port, isShared: shared === 1, maxConnections, heartbeatSeconds };
}
