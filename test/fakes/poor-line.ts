import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

export interface Quality {
  /** Each way. */
  latencyMs?: number;
  /** Each way. */
  bytesPerSecond?: number;
}

/** What may be on its way at once, as in the buffers of a router. */
const onTheWay = 65_536;

/**
 * A line between a device and a server on loopback that a test can make slow, or let vanish without a word: what is sent is
 * taken, nothing arrives, and nobody is told. New connections through a vanished line hang as well.
 */
export class PoorLine {
  readonly #to: number;
  readonly #quality: Quality;
  readonly #server: Server;
  readonly #ends = new Set<Socket>();
  #isVanished = false;
  /** What was carried to the server and back. */
  readonly carried = { there: 0, back: 0 };

  private constructor(to: number, quality: Quality) {
    this.#to = to;
    this.#quality = quality;
    this.#server = createServer({ pauseOnConnect: true, allowHalfOpen: true }, (near) => this.#join(near));
  }

  /** A line to a port of this host. */
  static async to(port: number, quality: Quality = {}): Promise<PoorLine> {
    const line = new PoorLine(port, quality);
    await once(line.#server.listen(0, '127.0.0.1'), 'listening');
    return line;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** How many connections go through it, vanished ones included. */
  get connections(): number {
    return this.#ends.size / 2;
  }

  vanish(): void {
    this.#isVanished = true;
  }

  /** New connections go through again; what vanished stays so. */
  heal(): void {
    this.#isVanished = false;
  }

  /** Breaks every connection, as a router that restarts. */
  cut(): void {
    for (const end of this.#ends) end.destroy();
  }

  async stop(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #join(near: Socket): void {
    const far = connect({ port: this.#to, host: '127.0.0.1', allowHalfOpen: true });
    const fate = { isGone: this.#isVanished };
    for (const [end, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#ends.add(end);
      end.on('error', () => undefined);
      end.on('close', () => {
        this.#ends.delete(end);
        // A vanished peer closes nothing: the other end has to find out by itself.
        if (!this.#hasGone(fate)) other.destroy();
      });
    }
    this.#carry(near, far, fate, 'there');
    this.#carry(far, near, fate, 'back');
    near.resume();
  }

  #hasGone(fate: { isGone: boolean }): boolean {
    fate.isGone ||= this.#isVanished;
    return fate.isGone;
  }

  #carry(from: Socket, to: Socket, fate: { isGone: boolean }, way: 'there' | 'back'): void {
    const { latencyMs = 0, bytesPerSecond = Number.POSITIVE_INFINITY } = this.#quality;
    let freeAt = 0;
    let waiting = 0;
    const after = (bytes: number, arrive: () => void) => {
      const now = performance.now();
      freeAt = Math.max(freeAt, now) + (bytes / bytesPerSecond) * 1_000;
      setTimeout(() => !this.#hasGone(fate) && !to.destroyed && arrive(), freeAt + latencyMs - now);
    };
    from.on('data', (part: Buffer) => {
      if (this.#hasGone(fate)) return;
      waiting += part.length;
      if (waiting > onTheWay) from.pause();
      for (const piece of pieces(part))
        after(piece.length, () => {
          to.write(piece);
          this.carried[way] += piece.length;
          waiting -= piece.length;
          if (waiting <= onTheWay) from.resume();
        });
    });
    from.on('end', () => (this.#hasGone(fate) ? from.destroy() : after(0, () => to.end())));
  }
}

/** A slow line brings what it carries bit by bit. */
function* pieces(part: Buffer): Generator<Buffer> {
  for (let at = 0; at < part.length; at += 1_400) yield part.subarray(at, at + 1_400);
}
