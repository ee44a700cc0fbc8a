import type { Clock } from '../../shared/clock.ts';
import type { LiveSample } from '../../shared/protocol/health.ts';
import type { Log } from '../log.ts';
import { linuxSampler } from './linux.ts';
import { portableSampler } from './portable.ts';

/** Takes one sample; undefined when the system gave nothing usable. Keeps what it needs to count differences. */
export interface Sampler<T = LiveSample> {
  sample(): Promise<T | undefined>;
}

export interface LiveOptions<T = LiveSample> {
  clock: Clock;
  intervalMs: number;
  platform: 'linux' | 'darwin' | 'win32';
  /**
   * Takes each sample. Only the answer `false` means something: this sample has not left the device yet, so the next one
   * is not taken at all, and sampling goes on with the one after.
   */
  emit: (sample: T) => unknown;
  log: Log;
  /** Where /proc is looked for (Linux); for tests. */
  root?: string;
}

/** The first figures come this soon, so that whoever opened the view sees that it works. */
const firstMs = 500;

/**
 * Samples at the interval until stopped; samples never overlap. After `stop` returns nothing is emitted and no timer is
 * left. The figures of a sample cover the time since the one before.
 */
export function openLive(options: LiveOptions): { stop(): void } {
  const { clock, intervalMs, platform, root } = options;
  const sampler = platform === 'linux' ? linuxSampler(clock, root) : portableSampler(platform, clock);
  return runLive(sampler, options, Math.min(firstMs, intervalMs));
}

/** The loop without the platform. */
export function runLive<T>(
  sampler: Sampler<T>,
  options: Omit<LiveOptions<T>, 'platform' | 'root'>,
  first: number,
): { stop(): void } {
  const { clock, intervalMs, emit, log } = options;
  let open = true;
  let skip = false;
  let failed = false;
  let cancel = clock.after(first, tick);

  function tick(): void {
    const due = clock.monotonic() + intervalMs;
    const work = skip ? Promise.resolve(undefined) : sampler.sample();
    skip = false;
    work
      .then(deliver)
      .catch(complain)
      .finally(() => {
        if (open) cancel = clock.after(Math.max(0, due - clock.monotonic()), tick);
      });
  }

  function deliver(sample: T | undefined): void {
    if (open && sample !== undefined) skip = emit(sample) === false;
  }

  /** Once: a view that fails each second must not fill the log. */
  function complain(error: unknown): void {
    if (!failed) log.warn({ error }, 'a live sample could not be taken');
    failed = true;
  }

  return {
    stop: () => {
      open = false;
      cancel();
    },
  };
}
