import type { LiveSample } from '../../shared/protocol/health.ts';
import type { Body } from '../../shared/protocol/messages.ts';
import type { Session } from './session.ts';

/** Begins sampling; the returned function ends it. */
export type OpenLive = (intervalMs: number, emit: (sample: LiveSample) => void) => Promise<{ stop(): void }>;

const mostStreams = 4;

/** Live views a technician has opened. All end with the connection. */
export class LiveStreams {
  readonly #openLive: OpenLive;
  readonly #open = new Map<string, () => void>();

  constructor(openLive: OpenLive) {
    this.#openLive = openLive;
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
    live = await this.#openLive(intervalMs, (sample) => {
      // A slow line leaves samples out rather than letting them pile up.
      if (isOpen && !session.isCongested) session.send('stream-chunk', { stream, sample });
    });
    if (!isOpen) live.stop();
  }

  close(stream: string): void {
    this.#open.get(stream)?.();
    this.#open.delete(stream);
  }

  closeAll(): void {
    for (const stream of [...this.#open.keys()]) this.close(stream);
  }
}
