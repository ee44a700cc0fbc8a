/** A name has at most 127 labels (RFC 1035: 255 octets). */
const maxLabels = 128;
const dot = 0x2e;
const highSeed = 0x2545f491;
const lowSeed = 0x1b873593;

/**
 * 64-bit hashes of a name and of every suffix of it, in one walk from its last character to its first: what stands after
 * a dot has been hashed when the dot is met. Two lanes of 32 bits, because JavaScript's integer arithmetic has 32.
 * Made to spread names, not to resist an attacker: a forged collision only blocks one more name.
 */
export class NameHashes {
  /** Suffixes found, shortest first: `com`, `example.com`, `www.example.com`. */
  count = 0;
  readonly high = new Uint32Array(maxLabels);
  readonly low = new Uint32Array(maxLabels);
  /** Where each suffix begins in the name. */
  readonly start = new Uint16Array(maxLabels);

  /** Hashes a name in comparable form (`normaliseName`); replaces what was here. */
  of(name: string): this {
    let high = highSeed;
    let low = lowSeed;
    let found = 0;
    for (let i = name.length - 1; i >= 0; i--) {
      const character = name.charCodeAt(i);
      if (character === dot && found < maxLabels) this.#keep(found++, high, low, i + 1);
      high = Math.imul(high ^ character, 0x9e3779b1);
      high ^= high >>> 15;
      low = Math.imul(low ^ character, 0x85ebca77);
      low ^= low >>> 13;
    }
    if (name.length > 0 && found < maxLabels) this.#keep(found++, high, low, 0);
    this.count = found;
    return this;
  }

  #keep(index: number, high: number, low: number, start: number): void {
    this.high[index] = high;
    this.low[index] = low;
    this.start[index] = start;
  }
}
