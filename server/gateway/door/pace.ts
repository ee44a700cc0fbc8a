/** Handshakes that may begin in each window: few while the loop comes late, more and more while it does not. */
const fewest = 1;
const most = 64;
const atFirst = 8;
/** The loop is late when others wait this long for their turn; in time when it is well below. */
const lateMs = 40;
const inTimeMs = 15;

export const windowMs = 10;

/**
 * How fast handshakes may begin. Each takes half a millisecond that nobody else gets, so those already connected are
 * served in time when the pace follows the delay of the loop: one more per window while it is in time, half as many when
 * it is late (additive increase, multiplicative decrease, as TCP finds its pace).
 */
export class Pace {
  #perWindow = atFirst;
  #windowStart = Number.NEGATIVE_INFINITY;
  #begun = 0;

  /** True when one more may begin at `now`, which it then does. */
  take(now: number): boolean {
    if (now - this.#windowStart >= windowMs) {
      this.#windowStart = now;
      this.#begun = 0;
    }
    if (this.#begun >= this.#perWindow) return false;
    this.#begun += 1;
    return true;
  }

  /** How late a timer of the loop came. */
  adapt(delayMs: number): void {
    if (delayMs > lateMs) this.#perWindow = Math.max(fewest, Math.floor(this.#perWindow / 2));
    else if (delayMs < inTimeMs) this.#perWindow = Math.min(most, this.#perWindow + 1);
  }
}
