import type { WebSocket } from 'ws';
import { type LiveEvent, LiveRequest, type LiveTopic } from '../../shared/api/live.ts';
import { validator } from '../../shared/schema.ts';
import type { Diagnoses } from '../services.ts';

/** WebSocket close code of RFC 6455 section 7.4.1. */
export const policyViolation = 1008;

const requests = validator(LiveRequest);
/** Two diagnoses with every stream, side by side. */
const watchLimit = 16;
const frameLimit = 2_048;
/** A tab to which this much is still on its way reads slowly: until it has read on, only the latest of each is kept. */
const behindBytes = 16_384;
/** More different events than this wait for no browser that lives. */
const waitingLimit = 2_000;

type Watch = Extract<LiveRequest, { type: 'watch' }>;

/**
 * One tab of a browser. What it is sent never piles up: while it reads slowly the latest sample of each stream and one hint
 * of each kind wait, and nothing else. One that does not answer a ping is cut off.
 */
export class LiveTab {
  readonly #socket: WebSocket;
  readonly #staffId: string;
  readonly #diagnoses: Pick<Diagnoses, 'watch'>;
  /** Ends each watch. */
  readonly #watches = new Map<string, () => void>();
  /** What goes out when the tab has read on, by what it replaces. */
  readonly #waiting = new Map<string, LiveEvent>();
  #isAlive = true;

  constructor(socket: WebSocket, staffId: string, diagnoses: Pick<Diagnoses, 'watch'>) {
    this.#socket = socket;
    this.#staffId = staffId;
    this.#diagnoses = diagnoses;
  }

  /** False from a question for a sign of life until its answer. */
  get isAlive(): boolean {
    return this.#isAlive;
  }

  /** How many events wait for the tab to read on. */
  get waiting(): number {
    return this.#waiting.size;
  }

  start(onClose: () => void): void {
    this.#socket.on('pong', () => {
      this.#isAlive = true;
    });
    this.#socket.on('close', () => {
      for (const unwatch of this.#watches.values()) unwatch();
      this.#watches.clear();
      this.#waiting.clear();
      onClose();
    });
    this.#socket.on('message', (frame, binary) => {
      const request = binary ? undefined : parse(String(frame));
      if (!request) this.close(policyViolation, 'not a request this server knows');
      else if (request.type === 'watch') this.#watch(request);
      else this.#unwatch(keyOf(request));
    });
  }

  changed({ topic, id }: { topic: LiveTopic; id?: string }): void {
    this.#send(`changed ${topic} ${id ?? ''}`, { type: 'changed', topic, ...(id === undefined ? {} : { id }) });
  }

  /** Cut off when it has not answered since the last time. */
  demandLife(): void {
    if (!this.#isAlive) this.#socket.terminate();
    else if (this.#socket.readyState === this.#socket.OPEN) this.#socket.ping();
    this.#isAlive = false;
  }

  close(code: number, reason: string): void {
    this.#socket.close(code, reason);
  }

  #watch(request: Watch): void {
    const { diagnosisId, stream, filter } = request;
    const key = keyOf(request);
    if (this.#watches.has(key)) return;
    if (this.#watches.size >= watchLimit) {
      this.#ended(request, 'Close another live view first.');
      return;
    }
    let unwatch: (() => void) | undefined;
    let isOver = false;
    const stop = () => {
      isOver = true;
      unwatch?.();
    };
    const end = (reason: string) => {
      if (isOver) return;
      stop();
      if (this.#watches.get(key) === stop) this.#watches.delete(key);
      this.#ended(request, reason);
    };
    this.#watches.set(key, stop);
    const watcher = {
      onSample: (sample: Extract<LiveEvent, { type: 'sample' }>['sample']) => {
        if (!isOver) this.#send(key, { type: 'sample', diagnosisId, stream, sample });
      },
      onEnd: end,
    };
    this.#diagnoses.watch({ diagnosisId, stream, filter }, this.#staffId, watcher).then(
      (begun) => {
        unwatch = begun;
        if (isOver) begun();
      },
      () => end('The server could not open the stream.'),
    );
  }

  #unwatch(key: string): void {
    this.#watches.get(key)?.();
    this.#watches.delete(key);
    this.#waiting.delete(key);
  }

  #ended({ diagnosisId, stream }: Pick<Watch, 'diagnosisId' | 'stream'>, reason: string): void {
    const key = keyOf({ diagnosisId, stream });
    this.#waiting.delete(key);
    this.#send(`ended ${key}`, { type: 'watch-ended', diagnosisId, stream, reason: reason.slice(0, 200) });
  }

  #send(key: string, event: LiveEvent): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    const isBehind = this.#waiting.size > 0 || this.#socket.bufferedAmount > behindBytes;
    if (isBehind) this.#waiting.set(key, event);
    else this.#write(event);
    if (this.#waiting.size > waitingLimit) this.#socket.terminate();
  }

  /** What waits goes on when the system has taken what went before. */
  #write(event: LiveEvent): void {
    this.#socket.send(JSON.stringify(event), () => this.#goOn());
  }

  #goOn(): void {
    for (const [key, event] of this.#waiting) {
      if (this.#socket.readyState !== this.#socket.OPEN || this.#socket.bufferedAmount > behindBytes) return;
      this.#waiting.delete(key);
      this.#write(event);
    }
  }
}

function keyOf({ diagnosisId, stream }: Pick<Watch, 'diagnosisId' | 'stream'>): string {
  return `${diagnosisId} ${stream}`;
}

function parse(frame: string): LiveRequest | undefined {
  if (frame.length > frameLimit) return undefined;
  try {
    const parsed: unknown = JSON.parse(frame);
    return requests.check(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}
