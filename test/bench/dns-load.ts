import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import packet from 'dns-packet';
import { cpuMsOf } from './process-use.ts';

export interface Load {
  /** Answers in a second of wall clock, this bench working beside the server. */
  perSecond: number;
  /** Answers in a second of the server's own processor time: what one core would give. */
  perCoreSecond: number;
  unanswered: number;
}

const inFlight = 200;
const stallMs = 250;
const idBytes = 2;

/** Asks for names as fast as answers come, so many at once, and counts answers. */
export async function load(
  server: { pid: number; port: number },
  nameOf: (index: number) => string,
  seconds: number,
): Promise<Load> {
  const asker = new Asker(server.port, nameOf);
  await asker.start();
  await asker.during(500);
  const cpuBefore = cpuMsOf(server.pid);
  const { answers, ms, lost } = await asker.during(seconds * 1000);
  const cpuMs = cpuMsOf(server.pid) - cpuBefore;
  asker.stop();
  return { perSecond: (answers * 1000) / ms, perCoreSecond: (answers * 1000) / cpuMs, unanswered: lost };
}

class Asker {
  readonly #port: number;
  readonly #nameOf: (index: number) => string;
  readonly #socket = createSocket({ type: 'udp4', recvBufferSize: 1_048_576 });
  readonly #query = packet.encode({
    type: 'query',
    id: 0,
    flags: packet.RECURSION_DESIRED,
    questions: [{ type: 'A', name: 'placeholder.example' }],
  });
  #asked = 0;
  #answers = 0;
  #lost = 0;
  #stall: NodeJS.Timeout | undefined;

  constructor(port: number, nameOf: (index: number) => string) {
    this.#port = port;
    this.#nameOf = nameOf;
  }

  async start(): Promise<void> {
    this.#socket.connect(this.#port, '127.0.0.1');
    await once(this.#socket, 'connect');
    this.#socket.on('message', () => {
      this.#answers += 1;
      this.#ask();
    });
    this.#fill();
    let before = 0;
    this.#stall = setInterval(() => {
      if (this.#answers === before) this.#refill();
      before = this.#answers;
    }, stallMs);
  }

  async during(ms: number): Promise<{ answers: number; ms: number; lost: number }> {
    const before = { answers: this.#answers, lost: this.#lost, at: performance.now() };
    await new Promise((resolve) => setTimeout(resolve, ms));
    return {
      answers: this.#answers - before.answers,
      lost: this.#lost - before.lost,
      ms: performance.now() - before.at,
    };
  }

  stop(): void {
    clearInterval(this.#stall);
    this.#socket.close();
  }

  /** Nothing has come for a while: what is under way is given up. */
  #refill(): void {
    this.#lost += inFlight;
    this.#fill();
  }

  #fill(): void {
    for (let index = 0; index < inFlight; index++) this.#ask();
  }

  /** Written by hand: encoding each query would make this the slower side. */
  #ask(): void {
    const name = this.#nameOf(this.#asked);
    this.#asked += 1;
    const header = this.#query.subarray(idBytes, 12);
    const query = Buffer.allocUnsafe(name.length + 18);
    query.writeUInt16BE(this.#asked & 0xffff, 0);
    header.copy(query, idBytes);
    let at = 12;
    for (const label of name.split('.')) {
      query[at] = label.length;
      query.write(label, at + 1, 'latin1');
      at += label.length + 1;
    }
    query.writeUInt32BE(0x00000100, at);
    query[at + 4] = 1;
    this.#socket.send(query.subarray(0, at + 5));
  }
}
