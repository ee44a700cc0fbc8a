import type { Random } from '../../shared/clock.ts';
import type { StreamFilter, StreamKind, StreamSample } from '../../shared/diagnostics/streams.ts';
import type { LiveSample } from '../../shared/protocol/health.ts';
import type { LiveSessions } from './live-sessions.ts';

/** One stream of a running diagnosis of a device. */
export interface Watched {
  deviceId: string;
  diagnosisId: string;
  stream: StreamKind;
  filter?: StreamFilter | undefined;
}

export interface Watcher {
  onSample: (sample: LiveSample | StreamSample) => void;
  /** Once, and never within `watch` itself. */
  onEnd: (reason: string) => void;
}

interface View extends Watched {
  /** Names the stream to the device; nobody else knows it. */
  id: string;
  key: string;
  watchers: Set<Watcher>;
}

const intervalMs = 1000;

/** Streams of devices: one for all who look at the same, opened by the first and closed by the last. Nothing is kept of a sample. */
export class LiveViews {
  readonly #sessions: Pick<LiveSessions, 'live'>;
  readonly #random: Random;
  readonly #views = new Map<string, View>();
  readonly #byStream = new Map<string, View>();

  constructor(sessions: Pick<LiveSessions, 'live'>, random: Random) {
    this.#sessions = sessions;
    this.#random = random;
  }

  /** How many are open. */
  get count(): number {
    return this.#views.size;
  }

  /** See `Gateway.watch`. */
  watch(watched: Watched, watcher: Watcher): () => void {
    const view = this.#views.get(keyOf(watched)) ?? this.#open(watched);
    if (!view) {
      queueMicrotask(() => watcher.onEnd('The device is not connected.'));
      return () => undefined;
    }
    const own = { ...watcher };
    view.watchers.add(own);
    return () => this.#leave(view, own);
  }

  /** A sample of a stream that nobody looks at any more, of another device's or of another kind is dropped. */
  sample(deviceId: string, stream: string, sample: LiveSample | StreamSample): void {
    const view = this.#byStream.get(stream);
    if (view?.deviceId !== deviceId || view.stream !== kindOf(sample)) return;
    for (const watcher of view.watchers) watcher.onSample(sample);
  }

  /** The device ended one of its streams. */
  endStream(deviceId: string, stream: string, reason: string): void {
    const view = this.#byStream.get(stream);
    if (view?.deviceId === deviceId) this.#end(view, reason);
  }

  /** The device is gone. */
  endDevice(deviceId: string, reason: string): void {
    for (const view of [...this.#views.values()]) if (view.deviceId === deviceId) this.#end(view, reason);
  }

  /** The diagnosis is over: the device has ended its streams, or is told to. */
  endDiagnosis(diagnosisId: string, reason: string): void {
    for (const view of [...this.#views.values()]) if (view.diagnosisId === diagnosisId) this.#end(view, reason);
  }

  #open(watched: Watched): View | undefined {
    const session = this.#sessions.live(watched.deviceId);
    if (!session) return undefined;
    const { diagnosisId: diagnosis, stream: kind, filter } = watched;
    const view: View = { ...watched, id: this.#random.uuid(), key: keyOf(watched), watchers: new Set() };
    this.#views.set(view.key, view);
    this.#byStream.set(view.id, view);
    session.send('stream-open', { stream: view.id, kind, intervalMs, diagnosis, ...(filter && { filter }) }, view.id);
    return view;
  }

  #leave(view: View, watcher: Watcher): void {
    view.watchers.delete(watcher);
    if (view.watchers.size > 0 || this.#views.get(view.key) !== view) return;
    this.#forget(view);
    this.#sessions.live(view.deviceId)?.send('stream-close', { stream: view.id, reason: 'nobody looks any more' });
  }

  #end(view: View, reason: string): void {
    this.#forget(view);
    for (const watcher of view.watchers) watcher.onEnd(reason);
  }

  #forget(view: View): void {
    this.#views.delete(view.key);
    this.#byStream.delete(view.id);
  }
}

function keyOf({ deviceId, diagnosisId, stream, filter = {} }: Watched): string {
  return JSON.stringify([deviceId, diagnosisId, stream, filter.level, filter.unit, filter.text]);
}

function kindOf(sample: LiveSample | StreamSample): StreamKind {
  return 'kind' in sample ? sample.kind : 'live';
}
