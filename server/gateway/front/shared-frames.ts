interface FrameSender {
  keep(id: number, frame: Buffer): void;
  fan(id: number, to: readonly number[]): void;
  drop(id: number): void;
}

const bytesKept = 50_331_648;
const framesKept = 2_000;

/**
 * Frames that go to many sessions of one front: each crosses the link once, and after it only to whom it goes. The longest
 * unused are given up first, so memory is bounded on both sides.
 */
export class SharedFrames {
  readonly #send: FrameSender;
  readonly #ids = new Map<Buffer, number>();
  #bytes = 0;
  #latest = 0;
  #waiting: { id: number; to: number[] } | undefined;

  constructor(send: FrameSender) {
    this.#send = send;
  }

  /** Told with the others of this frame at the next `flush`. */
  send(frame: Buffer, to: number): void {
    const id = this.#keep(frame);
    if (this.#waiting?.id === id) {
      this.#waiting.to.push(to);
      return;
    }
    this.flush();
    this.#waiting = { id, to: [to] };
  }

  /** To be called before anything else is sent, so that the order of each session's frames is kept. */
  flush(): void {
    if (!this.#waiting) return;
    const { id, to } = this.#waiting;
    this.#waiting = undefined;
    this.#send.fan(id, to);
  }

  #keep(frame: Buffer): number {
    const known = this.#ids.get(frame);
    if (known !== undefined) {
      if (known !== this.#waiting?.id) this.#touch(frame, known);
      return known;
    }
    this.flush();
    const id = ++this.#latest;
    this.#ids.set(frame, id);
    this.#bytes += frame.length;
    this.#send.keep(id, frame);
    this.#forget();
    return id;
  }

  #touch(frame: Buffer, id: number): void {
    this.#ids.delete(frame);
    this.#ids.set(frame, id);
  }

  #forget(): void {
    for (const [frame, id] of this.#ids) {
      if (this.#ids.size === 1 || (this.#bytes <= bytesKept && this.#ids.size <= framesKept)) return;
      this.#ids.delete(frame);
      this.#bytes -= frame.length;
      this.#send.drop(id);
    }
  }
}
