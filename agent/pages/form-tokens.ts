import { createHmac, timingSafeEqual } from 'node:crypto';

/** Proof that a form came from a page of this process for this name: another site can send a form, but not read one. */
export class FormTokens {
  readonly #key: Uint8Array;

  /** `key`: 32 random bytes, kept nowhere else. */
  constructor(key: Uint8Array) {
    this.#key = key;
  }

  of(name: string): string {
    return createHmac('sha256', this.#key).update(name).digest('hex');
  }

  check(name: string, token: string): boolean {
    const expected = Buffer.from(this.of(name));
    const given = Buffer.from(token);
    return given.length === expected.length && timingSafeEqual(given, expected);
  }
}
