import type { Duplex } from 'node:stream';
import type { Clock } from '../../../shared/clock.ts';
import type { Identity } from '../../store/certificates.ts';
import { AgentsListener } from '../agents-listener.ts';
import { Connections } from '../connections.ts';
import { DoorCounts } from './door-counts.ts';
import { FrontDesk } from './front-desk.ts';
import { frontLog } from './front-log.ts';
import { identityOf } from './identity-texts.ts';
import { Link } from './link.ts';
import { Questions } from './questions.ts';
import { fromFront, type Listening, listeningOf, toFront } from './records.ts';
import { RemoteLeaf } from './remote-leaf.ts';

/**
 * What a front process does: it holds connections of agents, and asks the server whatever needs to be known of them. It
 * lives as long as the link: `onEnd` is called when that ends.
 */
export class FrontProgram {
  readonly #clock: Clock;
  readonly #link: Link<typeof fromFront, typeof toFront>;
  readonly #desk: FrontDesk;
  readonly #questions: Questions;
  readonly #leaf = new RemoteLeaf();
  #connections: Connections | undefined;

  constructor(stream: Duplex, clock: Clock, onEnd: (problem: Error | undefined) => void) {
    this.#clock = clock;
    this.#link = new Link({
      ...{ stream, out: fromFront, in: toFront, onEnd },
      onDrain: () => this.#desk.room(),
    });
    this.#desk = new FrontDesk(this.#link, () => this.#connections?.resume());
    this.#questions = new Questions((number, what, of) => this.#link.send('ask', number, what, of));
  }

  start(): void {
    this.#link.start({
      ...this.#desk.hears(),
      leaf: (key, cert) => this.#leaf.renew({ key, cert }),
      listen: (texts, numbers) => void this.#listen(listeningOf(texts, numbers)),
      answer: (number, texts, content) => this.#questions.answered(number, { texts, content }),
      unanswered: (number) => this.#questions.answered(number, undefined),
    });
  }

  async #listen(listening: Listening): Promise<void> {
    const connections = new Connections({
      ...{ owner: this.#desk, clock: this.#clock, heartbeatSeconds: listening.heartbeatSeconds },
    });
    this.#connections = connections;
    const listener = this.#listener(listening, connections);
    try {
      await connections.start();
      await listener.start();
      this.#link.send('ready', listener.port);
    } catch (error) {
      this.#link.send('failed', (error as Error).message);
    }
  }

  #listener({ host, port, isShared, maxConnections, clientCas, logLevel }: Listening, gateway: Connections) {
    const ask = (what: string, ...of: string[]) => this.#questions.ask(what, ...of);
    return new AgentsListener({
      ...{ host, port, gateway, clock: this.#clock, authority: { clientCas, agentsLeaf: this.#leaf } },
      ...{ reusePort: isShared, ...(maxConnections > 0 && { maxConnections }) },
      certificates: { identify: async (serial) => identified((await ask('identity', serial)).texts) },
      lists: {
        artifactPath: async (hash) => (await ask('artifact', hash)).texts[0],
        deltaPath: async (from, to) => (await ask('delta', from, to)).texts[0],
      },
      scripts: {
        sourceOf: async (hash) => {
          const { texts, content } = await ask('script', hash);
          return texts.length > 0 ? content.toString('utf8') : undefined;
        },
      },
      metrics: new DoorCounts(this.#clock, {
        refused: (...told) => this.#link.send('refused', ...told),
        waiting: (count) => this.#link.send('waiting', count),
      }),
      log: frontLog(logLevel, (...entry) => this.#link.send('log', ...entry)),
    });
  }
}

function identified(texts: readonly string[]): Identity | undefined {
  return texts.length > 0 ? identityOf(texts) : undefined;
}
