import type { StreamFilter, StreamKind, StreamSample } from '../../../shared/diagnostics/streams.ts';
import type { LiveSample } from '../../../shared/protocol/health.ts';
import type { Body, MessageType } from '../../../shared/protocol/messages.ts';
import type { Log } from '../../log.ts';

export type AnySample = LiveSample | StreamSample;

/** The part of a session that looks need. */
export interface Line {
  /** False when the connection is not open. `written`: the system has taken it, or never will. */
  send<T extends MessageType>(type: T, body: Body<T>, written?: () => void): boolean;
  /** True while the line is slower than what is sent. */
  readonly isCongested: boolean;
}

export interface StreamRequest {
  kind: StreamKind;
  intervalMs: number;
  filter: StreamFilter;
  /**
   * Takes each sample, redacted. False while the one before has not left the device: then this one is left out and nothing
   * is kept for it.
   */
  emit: (sample: AnySample) => boolean;
  /** There is no more to come; not to be called within the opening. */
  end: (reason: string) => void;
}

/** Begins sampling. After `stop` returns nothing is emitted, and no timer and no program it started runs on. */
export type OpenStream = (request: StreamRequest) => Promise<{ stop(): void }>;

const mostStreams = 8;

interface Stream {
  line: Line;
  isOpen: boolean;
  isWaiting: boolean;
  source: { stop(): void } | undefined;
}

/** The streams of one running look. `open` never rejects. */
export class Streams {
  readonly #openStream: OpenStream;
  readonly #log: Log;
  readonly #open = new Map<string, Stream>();

  constructor(openStream: OpenStream, log: Log) {
    this.#openStream = openStream;
    this.#log = log;
  }

  get count(): number {
    return this.#open.size;
  }

  async open({ stream, kind, intervalMs, filter = {} }: Body<'stream-open'>, line: Line): Promise<void> {
    if (this.#open.has(stream)) return;
    if (this.#open.size >= mostStreams) {
      line.send('stream-close', { stream, reason: `this device shows at most ${mostStreams} streams at once` });
      return;
    }
    const own: Stream = { line, isOpen: true, isWaiting: false, source: undefined };
    this.#open.set(stream, own);
    const emit = (sample: AnySample) => this.#emit(stream, own, sample);
    const end = (reason: string) => this.#end(stream, own, reason);
    try {
      own.source = await this.#openStream({ kind, intervalMs, filter, emit, end });
    } catch (error) {
      this.#log.error({ err: error, kind }, 'A stream could not be opened.');
      end('this device could not open the stream');
    }
    if (!own.isOpen) own.source?.stop();
  }

  close(stream: string): void {
    const own = this.#open.get(stream);
    if (!own) return;
    own.isOpen = false;
    own.source?.stop();
    this.#open.delete(stream);
  }

  closeAll(): void {
    for (const stream of [...this.#open.keys()]) this.close(stream);
  }

  /** At most one sample of each stream is on its way; a slow line leaves others out rather than letting them pile up. */
  #emit(stream: string, own: Stream, sample: AnySample): boolean {
    if (!own.isOpen || own.isWaiting || own.line.isCongested) return false;
    own.isWaiting = true;
    try {
      const wasSent = own.line.send('stream-chunk', { stream, sample }, () => {
        own.isWaiting = false;
      });
      if (!wasSent) own.isWaiting = false;
      return wasSent;
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.#log.warn({ kind: 'kind' in sample ? sample.kind : 'live' }, 'A sample was larger than a message may be.');
      own.isWaiting = false;
      return false;
    }
  }

  #end(stream: string, own: Stream, reason: string): void {
    if (!own.isOpen) return;
    this.close(stream);
    own.line.send('stream-close', { stream, reason });
  }
}
