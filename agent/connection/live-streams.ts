import type { LiveSample } from '../../shared/protocol/health.ts';
import type { Body } from '../../shared/protocol/messages.ts';
import type { Log } from '../log.ts';
import type { Session } from './session.ts';

/** Begins sampling. `emit` answers false while the line is too slow for another sample. */
export type OpenLive = (intervalMs: number, emit: (sample: LiveSample) => boolean) => Promise<{ stop(): void }>;

const mostStreams = 4;

/** Live views a technician has opened. All end with the connection. `open` never rejects. */
export class LiveStreams {
  readonly #openLive: OpenLive;
  readonly #log: Log;
  readonly #open = new Map<string, () => void>();

  constructor(openLive: OpenLive, log: Log) {
    this.#openLive = openLive;
    this.#log = log;
  }

  get count(): number {
    return this.#open.size;
  }

  async open({ stream, intervalMs }: Body<'stream-open'>, session: Session): Promise<void> {
    if (this.#open.has(stream)) return;
    if (this.#open.size >= mostStreams) {
      session.send('stream-close', { stream, reason: `this device shows at most ${mostStreams} live views at once` });
      return;
    }
    let isOpen = true;
    let live: { stop(): void } | undefined;
    this.#open.set(stream, () => {
      isOpen = false;
      live?.stop();
    });
    // A slow line leaves samples out rather than letting them pile up.
    const emit = (sample: LiveSample) =>
      isOpen && !session.isCongested && session.send('stream-chunk', { stream, sample });
    try {
      live = await this.#openLive(intervalMs, emit);
    } catch (error) {
      this.close(stream);
      this.#log.error({ err: error }, 'A live view could not be opened.');
      session.send('stream-close', { stream, reason: 'this device could not open the live view' });
    }
    if (!isOpen) live?.stop();
  }

  close(stream: string): void {
    this.#open.get(stream)?.();
    this.#open.delete(stream);
  }

  closeAll(): void {
    for (const stream of [...this.#open.keys()]) this.close(stream);
  }
}
