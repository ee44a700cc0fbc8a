import type { LiveSample } from '../../../shared/protocol/health.ts';
import type { Body, Message } from '../../../shared/protocol/messages.ts';

export interface LooksParts {
  send: <T extends 'diagnosis-state' | 'stream-chunk' | 'stream-close'>(type: T, body: Body<T>) => void;
  after: (ms: number, work: () => void) => () => void;
  sampled: () => void;
}

/** Answers a technician's looks: each is allowed at once, and each stream gives the same sample at its interval. */
export class Looks {
  readonly #parts: LooksParts;
  readonly #streams = new Map<string, () => void>();

  constructor(parts: LooksParts) {
    this.#parts = parts;
  }

  /** Messages about anything else are not for it. */
  hear({ type, body }: Message): void {
    if (type === 'diagnosis-open') this.#say(body.id, 'running');
    else if (type === 'diagnosis-close') this.#close(body.id);
    else if (type === 'stream-open') this.#sample(body);
    else if (type === 'stream-close') this.#endStream(body.stream);
  }

  /** The connection is gone, and with it what ran over it. */
  stop(): void {
    for (const stream of [...this.#streams.keys()]) this.#endStream(stream);
  }

  #say(id: string, state: Body<'diagnosis-state'>['state']): void {
    this.#parts.send('diagnosis-state', { id, state, words: 'A simulated device asks nobody.', shown: [] });
  }

  #close(id: string): void {
    this.stop();
    this.#say(id, 'ended');
  }

  #sample({ stream, intervalMs }: Body<'stream-open'>): void {
    const next = this.#parts.after(intervalMs, () => {
      this.#parts.send('stream-chunk', { stream, sample: sampleAt(Date.now()) });
      this.#parts.sampled();
      this.#sample({ stream, intervalMs, kind: 'live' });
    });
    this.#streams.set(stream, next);
  }

  #endStream(stream: string): void {
    this.#streams.get(stream)?.();
    this.#streams.delete(stream);
  }
}

function sampleAt(at: number): LiveSample {
  const process = { pid: 1, name: 'firefox', cpuPercent: 4, memoryBytes: 500_000_000 };
  return {
    ...{ at, cpuPercent: at % 100, coresPercent: [10, 20, 30, 40], memoryUsedPercent: 50 },
    ...{ memoryUsedBytes: 4_000_000_000, memoryTotalBytes: 8_000_000_000 },
    ...{ receivedBytesPerSecond: 10_000, sentBytesPerSecond: 2_000 },
    processes: Array.from({ length: 10 }, () => process),
  };
}
