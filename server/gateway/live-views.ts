import type { Random } from '../../shared/clock.ts';
import type { LiveSample } from '../../shared/protocol/health.ts';
import type { LiveSessions } from './live-sessions.ts';

interface Watcher {
  onSample: (sample: LiveSample) => void;
  onEnd: (reason: string) => void;
}

interface View {
  stream: string;
  deviceId: string;
  watchers: Set<Watcher>;
}

const intervalMs = 1000;

/** The live view of devices: one stream per device however many look, opened by the first and closed by the last. */
export class LiveViews {
  readonly #sessions: LiveSessions;
  readonly #random: Random;
  readonly #views = new Map<string, View>();

  constructor(sessions: LiveSessions, random: Random) {
    this.#sessions = sessions;
    this.#random = random;
  }

  /** See `Gateway.watch`. */
  watch(deviceId: string, onSample: Watcher['onSample'], onEnd: Watcher['onEnd']): () => void {
    const view = this.#views.get(deviceId) ?? this.#open(deviceId);
    if (!view) {
      queueMicrotask(() => onEnd('The device is not connected.'));
      return () => undefined;
    }
    const watcher = { onSample, onEnd };
    view.watchers.add(watcher);
    return () => this.#leave(view, watcher);
  }

  /** A sample of a stream that nobody looks at any more is dropped: its close was on the way. */
  sample(deviceId: string, stream: string, sample: LiveSample): void {
    const view = this.#views.get(deviceId);
    if (view?.stream !== stream) return;
    for (const watcher of view.watchers) watcher.onSample(sample);
  }

  /** The device ended the stream, or is gone (`stream` undefined). */
  end(deviceId: string, reason: string, stream?: string): void {
    const view = this.#views.get(deviceId);
    if (!view || (stream !== undefined && view.stream !== stream)) return;
    this.#views.delete(deviceId);
    for (const watcher of view.watchers) watcher.onEnd(reason);
  }

  #open(deviceId: string): View | undefined {
    const session = this.#sessions.live(deviceId);
    if (!session) return undefined;
    const view = { stream: this.#random.uuid(), deviceId, watchers: new Set<Watcher>() };
    this.#views.set(deviceId, view);
    session.send('stream-open', { stream: view.stream, kind: 'live', intervalMs }, view.stream);
    return view;
  }

  #leave(view: View, watcher: Watcher): void {
    view.watchers.delete(watcher);
    if (view.watchers.size > 0 || this.#views.get(view.deviceId) !== view) return;
    this.#views.delete(view.deviceId);
    this.#sessions.live(view.deviceId)?.send('stream-close', { stream: view.stream, reason: 'nobody looks any more' });
  }
}
