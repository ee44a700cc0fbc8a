import type { LiveEvent, LiveRequest, LiveTopic } from '../../../shared/api/live.ts';
import { reconnectDelay } from './backoff.ts';
import type { LiveSample } from './device-health.ts';

export type LiveStatus = 'off' | 'connecting' | 'on' | 'reconnecting';

/** What a live view of one device is told. */
export interface Watcher {
  onSample(sample: LiveSample): void;
  onEnd(reason: string): void;
}

interface Wiring {
  ticket(): Promise<string>;
  onChanged(topic: LiveTopic, id: string | undefined): void;
  /** After a gap everything may have changed. */
  onReconnected(): void;
}

/** One WebSocket for the whole console: change notices in, live views in and out. Reconnects until stopped. */
export class LiveConnection {
  readonly #wiring: Wiring;
  readonly #watchers = new Map<string, Set<Watcher>>();
  readonly #listeners = new Set<() => void>();
  #socket: WebSocket | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #attempt = 0;
  #running = false;
  #wasOpen = false;
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

  /** Asks for a sample each second until the returned function is called; survives a reconnection. */
  watch(deviceId: string, watcher: Watcher): () => void {
    const watchers = this.#watchers.get(deviceId) ?? new Set();
    this.#watchers.set(deviceId, watchers.add(watcher));
    if (watchers.size === 1) this.#send({ type: 'watch', deviceId });
    return () => {
      watchers.delete(watcher);
      if (watchers.size > 0) return;
      this.#watchers.delete(deviceId);
      this.#send({ type: 'unwatch', deviceId });
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
    this.#attempt = 0;
    this.#become('on');
    for (const deviceId of this.#watchers.keys()) this.#send({ type: 'watch', deviceId });
    if (this.#wasOpen) this.#wiring.onReconnected();
    this.#wasOpen = true;
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
    else if (event.type === 'sample') {
      for (const watcher of this.#watchers.get(event.deviceId) ?? []) watcher.onSample(event.sample);
    } else {
      for (const watcher of this.#watchers.get(event.deviceId) ?? []) watcher.onEnd(event.reason);
    }
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
