import type { Clock } from '../../shared/clock.ts';

/** Nobody waited any longer. */
export class TooSlow extends Error {
  constructor(ms: number) {
    super(`no answer within ${ms / 1000} seconds`);
    this.name = 'TooSlow';
  }
}

/** What `work` gives. Rejects with `TooSlow` after a time, and with the signal's reason when that ends first. */
export async function inTime<T>(
  work: Promise<T>,
  ms: number,
  { clock, signal }: { clock: Clock; signal: AbortSignal },
): Promise<T> {
  const limit = Promise.withResolvers<never>();
  const cancel = clock.after(ms, () => limit.reject(new TooSlow(ms)));
  const stop = () => limit.reject(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    return await Promise.race([work, limit.promise]);
  } finally {
    cancel();
    signal.removeEventListener('abort', stop);
  }
}
