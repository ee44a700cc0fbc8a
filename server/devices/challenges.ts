import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Clock, Random } from '../../shared/clock.ts';

const lifetimeMs = 5 * 60_000;
const timeBytes = 8;
const nonceBytes = 16;
const macBytes = 32;

/**
 * Challenges for renewal, good for five minutes and once. Asking costs the server no memory, so strangers may: a
 * challenge carries its own time under an HMAC whose key lives as long as the process. Only redeemed ones are remembered,
 * and only until they would have expired.
 */
export class Challenges {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #key: Uint8Array;
  readonly #redeemed = new Map<string, number>();

  constructor(clock: Clock, random: Random) {
    this.#clock = clock;
    this.#random = random;
    this.#key = random.bytes(macBytes);
  }

  issue(): string {
    const time = Buffer.alloc(timeBytes);
    time.writeDoubleBE(this.#clock.monotonic());
    const body = Buffer.concat([time, this.#random.bytes(nonceBytes)]);
    return Buffer.concat([body, this.#mac(body)]).toString('base64url');
  }

  /** True while the challenge is ours, fresh and not redeemed. */
  isOpen(challenge: string): boolean {
    const bytes = Buffer.from(challenge, 'base64url');
    if (bytes.length !== timeBytes + nonceBytes + macBytes || bytes.toString('base64url') !== challenge) return false;
    const body = bytes.subarray(0, timeBytes + nonceBytes);
    if (!timingSafeEqual(bytes.subarray(body.length), this.#mac(body))) return false;
    const age = this.#clock.monotonic() - body.readDoubleBE();
    return age >= 0 && age < lifetimeMs && !this.#redeemed.has(challenge);
  }

  /** Call when the proof is good: the challenge serves no second time. */
  redeem(challenge: string): void {
    const now = this.#clock.monotonic();
    for (const [old, until] of this.#redeemed) {
      if (until > now) break;
      this.#redeemed.delete(old);
    }
    this.#redeemed.set(challenge, now + lifetimeMs);
  }

  #mac(body: Uint8Array): Buffer {
    return createHmac('sha256', this.#key).update(body).digest();
  }
}
