const firstMs = 500;
const longestMs = 30_000;

/**
 * Full-jitter exponential back-off: a random wait between 250 ms and twice the last ceiling, so that browsers do not
 * come back together. `unit` is uniform in [0, 1).
 */
export function reconnectDelay(attempt: number, unit: number): number {
  const ceiling = Math.min(longestMs, firstMs * 2 ** Math.min(attempt, 16));
  return 250 + Math.floor(unit * ceiling);
}
