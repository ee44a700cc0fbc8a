import type { Duplex } from 'node:stream';
import { RecordBatch } from './record-batch.ts';
import { LinkError, RecordSplitter } from './record-splitter.ts';
import { type Heard, RecordDispatch, type Records, RecordWriter, type Sent } from './records.ts';

export interface LinkParts<Out extends Records, In extends Records> {
  stream: Duplex;
  out: Out;
  in: In;
  /** Once; with the problem when it was not the other side that ended the link. */
  onEnd: (problem: Error | undefined) => void;
  /** It was full, and everything is on its way. */
  onDrain?: () => void;
  /** The last chance to send before this turn's records go out. */
  beforeFlush?: () => void;
}

/** The largest frame of either side with room for what stands beside it. */
const largestRecord = 8_388_608;
const fullBytes = 1_048_576;

/**
 * Records over a stream between a front and the server. What is sent in one turn of the loop goes out in one write. It
 * never refuses to take a record: whoever sends looks at `isFull` or `waiting`.
 */
export class Link<Out extends Records, In extends Records> {
  readonly #parts: LinkParts<Out, In>;
  readonly #splitter = new RecordSplitter(largestRecord);
  #dispatch: RecordDispatch<In> | undefined;
  readonly #writer: RecordWriter<Out>;
  readonly #batch = new RecordBatch();
  #isScheduled = false;
  #wasFull = false;
  #hasEnded = false;
  #drains = 0;

  constructor(parts: LinkParts<Out, In>) {
    this.#parts = parts;
    this.#writer = new RecordWriter(parts.out);
  }

  /** Bytes the kernel has not taken. */
  get waiting(): number {
    return this.#batch.length + this.#parts.stream.writableLength;
  }

  get isFull(): boolean {
    const isFull = this.waiting > fullBytes;
    this.#wasFull ||= isFull;
    return isFull;
  }

  /** How often everything sent before was on its way; what was sent at an earlier count waits no more. */
  get drains(): number {
    return this.#drains;
  }

  start(heard: Heard<In>): void {
    const { stream } = this.#parts;
    this.#dispatch = new RecordDispatch(this.#parts.in, heard);
    stream.on('data', (piece: Buffer) => this.#receive(piece));
    stream.on('error', (error) => this.#end(error));
    stream.on('close', () => this.#end(undefined));
    stream.on('end', () => this.#end(undefined));
  }

  send<K extends keyof Out>(kind: K, ...values: Sent<Out, K>): void {
    if (this.#hasEnded) return;
    this.#writer.write(this.#batch, kind, values);
    this.schedule();
  }

  /** Has `flush` called at the end of this turn. */
  schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => this.flush());
  }

  /** Now, and not at the end of the turn. */
  flush(): void {
    this.#parts.beforeFlush?.();
    this.#isScheduled = false;
    const { stream } = this.#parts;
    if (this.#hasEnded || this.#batch.length === 0) return;
    const pieces = this.#batch.take();
    stream.cork();
    for (const [index, piece] of pieces.entries())
      stream.write(piece, index === pieces.length - 1 ? () => this.#written() : undefined);
    stream.uncork();
  }

  /** What was sent still goes out; the other side sees the end. */
  close(): void {
    this.flush();
    this.#parts.stream.end();
    this.#end(undefined);
  }

  #written(): void {
    if (this.#parts.stream.writableLength > 0) return;
    this.#drains += 1;
    if (!this.#wasFull || this.#hasEnded) return;
    this.#wasFull = false;
    this.#parts.onDrain?.();
  }

  #receive(piece: Buffer): void {
    try {
      for (const record of this.#splitter.push(piece)) if (!this.#hasEnded) this.#dispatch?.dispatch(record);
    } catch (error) {
      if (!(error instanceof LinkError)) throw error;
      this.#end(error);
    }
  }

  #end(problem: Error | undefined): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    if (problem) this.#parts.stream.destroy();
    this.#parts.onEnd(problem);
  }
}
