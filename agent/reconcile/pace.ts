const second = 1_000;
const minute = 60 * second;
const retryBase = 5 * second;
/** A change is looked at at once; where changes never end, whosever they are, ever more slowly. */
const settleBase = 100;
const settleCap = 30 * second;
/** Putting something right is heard as well, so each change takes two. */
const freeLooks = 12;

/** Looks again after this long, jittered by a fifth so that no fleet beats in time. `failures` in a row shorten it. */
export function nextPassDelay(failures: number, unit: number, periodMs: number): number {
  const pause = failures === 0 ? periodMs : Math.min(periodMs, retryBase * 2 ** Math.min(failures - 1, 20));
  return pause * (0.8 + 0.4 * unit);
}

/** How long to wait after a change was heard, given how many were looked at within the last minute. */
export function settleDelay(recentLooks: number): number {
  const over = Math.max(0, recentLooks - freeLooks);
  return over === 0 ? settleBase : Math.min(settleCap, second * 2 ** over);
}

/** The moments of the last minute. */
export function recent(moments: readonly number[], now: number): number[] {
  return moments.filter((moment) => now - moment < minute);
}
