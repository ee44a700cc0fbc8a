/** Encoded frames by content hash, the least recently used forgotten first; bounded by bytes. */
export class FrameCache {
  readonly #limit: number;
  readonly #frames = new Map<string, Buffer>();
  #bytes = 0;

  constructor(limitBytes: number) {
    this.#limit = limitBytes;
  }

  get(hash: string): Buffer | undefined {
    const frame = this.#frames.get(hash);
    if (!frame) return undefined;
    this.#frames.delete(hash);
    this.#frames.set(hash, frame);
    return frame;
  }

  set(hash: string, frame: Buffer): void {
    this.#bytes += frame.length - (this.#frames.get(hash)?.length ?? 0);
    this.#frames.set(hash, frame);
    for (const [old, { length }] of this.#frames) {
      if (this.#bytes <= this.#limit) break;
      this.#frames.delete(old);
      this.#bytes -= length;
    }
  }
}
