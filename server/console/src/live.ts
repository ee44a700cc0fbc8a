import type { LiveEvent, LiveRequest, LiveTopic } from '../../../shared/api/live.ts';
import type { StreamFilter, StreamKind } from '../../../shared/diagnostics/streams.ts';
import { reconnectDelay } from './backoff.ts';

export type LiveStatus = 'off' | 'connecting' | 'on' | 'reconnecting';

type Sample = Extract<LiveEvent, { type: 'sample' }>['sample'];

/** A stream of a running diagnosis. */
export interface Watched {
  diagnosisId: string;
  stream: StreamKind;
  filter?: StreamFilter;
}

/** What whoever watches a stream is told. */
export interface Watcher {
  onSample(sample: Sample): void;
  onEnd(reason: string): void;
}

interface Watch extends Watched {
  watchers: Set<Watcher>;
}

interface Wiring {
  ticket(): Promise<string>;
  onChanged(topic: LiveTopic, id: string | undefined): void;
  /** After a gap everything may have changed. */
  onGap(): void;
}

/** A page that was shown for longer than this before the connection stood may be behind already. */
const gapMs = 5_000;

/** One WebSocket for the whole console: change notices in, live views in and out. Reconnects until stopped. */
export class LiveConnection {
  readonly #wiring: Wiring;
  readonly #watches = new Map<string, Watch>();
  readonly #listeners = new Set<() => void>();
  #socket: WebSocket | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #attempt = 0;
  #running = false;
  #wasOpen = false;
  #startedAt = 0;
  #status: LiveStatus = 'off';

  constructor(wiring: Wiring) {
    this.#wiring = wiring;
  }

  get status(): LiveStatus {
    return this.#status;
  }

  /** For `useSyncExternalStore`. */
  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  start(): void {
    if (this.#running) return;
    this.#running = true;
    this.#startedAt = performance.now();
    void this.#connect();
  }

  stop(): void {
    this.#running = false;
    this.#wasOpen = false;
    clearTimeout(this.#timer);
    this.#socket?.close();
    this.#socket = undefined;
    this.#become('off');
  }

  /**
   * Asks for a sample each second until the returned function is called; survives a reconnection. Whoever watches the same
   * stream shares the filter of the first.
   */
  watch(watched: Watched, watcher: Watcher): () => void {
    const key = keyOf(watched);
    const watch = this.#watches.get(key) ?? { ...watched, watchers: new Set<Watcher>() };
    watch.watchers.add(watcher);
    if (!this.#watches.has(key)) this.#sendWatch(watch);
    this.#watches.set(key, watch);
    return () => {
      watch.watchers.delete(watcher);
      if (watch.watchers.size > 0 || this.#watches.get(key) !== watch) return;
      this.#watches.delete(key);
      this.#send({ type: 'unwatch', diagnosisId: watch.diagnosisId, stream: watch.stream });
    };
  }

  async #connect(): Promise<void> {
    this.#become(this.#wasOpen || this.#attempt > 0 ? 'reconnecting' : 'connecting');
    try {
      const ticket = await this.#wiring.ticket();
      if (this.#running) this.#open(ticket);
    } catch {
      this.#retry();
    }
  }

  #open(ticket: string): void {
    const address = new URL(`/api/live?ticket=${encodeURIComponent(ticket)}`, location.href);
    address.protocol = address.protocol.replace('http', 'ws');
    const socket = new WebSocket(address);
    this.#socket = socket;
    socket.onopen = () => this.#opened();
    socket.onmessage = (message) => this.#receive(String(message.data));
    socket.onclose = () => {
      if (this.#socket === socket) this.#retry();
    };
  }

  #opened(): void {
    const wasGap = this.#wasOpen || this.#attempt > 0 || performance.now() - this.#startedAt > gapMs;
    this.#attempt = 0;
    this.#wasOpen = true;
    this.#become('on');
    for (const watch of this.#watches.values()) this.#sendWatch(watch);
    if (wasGap) this.#wiring.onGap();
  }

  #retry(): void {
    this.#socket = undefined;
    if (!this.#running) return;
    this.#become('reconnecting');
    this.#timer = setTimeout(() => void this.#connect(), reconnectDelay(this.#attempt, Math.random()));
    this.#attempt += 1;
  }

  #receive(frame: string): void {
    const event = JSON.parse(frame) as LiveEvent;
    if (event.type === 'changed') this.#wiring.onChanged(event.topic, event.id);
    else {
      for (const watcher of this.#watches.get(keyOf(event))?.watchers ?? [])
        if (event.type === 'sample') watcher.onSample(event.sample);
        else watcher.onEnd(event.reason);
    }
  }

  #sendWatch({ diagnosisId, stream, filter }: Watch): void {
    this.#send({ type: 'watch', diagnosisId, stream, ...(filter ? { filter } : {}) });
  }

  #send(request: LiveRequest): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(request));
  }

  #become(status: LiveStatus): void {
    if (this.#status === status) return;
    this.#status = status;
    for (const listener of this.#listeners) listener();
  }
}

function keyOf({ diagnosisId, stream }: Pick<Watched, 'diagnosisId' | 'stream'>): string {
  return `${diagnosisId} ${stream}`;
}
