import { setTimeout as delay } from 'node:timers/promises';
import type { BenchServer } from '../server.ts';

const everyMs = 200;

/** Somebody at the console: asks for the overview and the list of devices in turn, five times a second. */
export class Prober {
  readonly #server: BenchServer;
  #times: number[] = [];
  #failures = 0;
  #isRunning = true;
  #turn = 0;
  readonly #loop: Promise<void>;

  constructor(server: BenchServer) {
    this.#server = server;
    this.#loop = this.#run();
  }

  /** Milliseconds of each answer since it was asked last, and how often there was none: the server was away. */
  take(): { times: number[]; failures: number } {
    const taken = { times: this.#times, failures: this.#failures };
    this.#times = [];
    this.#failures = 0;
    return taken;
  }

  async stop(): Promise<void> {
    this.#isRunning = false;
    await this.#loop;
  }

  async #run(): Promise<void> {
    while (this.#isRunning) {
      const from = performance.now();
      await this.#ask().then(
        () => this.#times.push(performance.now() - from),
        () => {
          this.#failures += 1;
        },
      );
      await delay(Math.max(0, everyMs - (performance.now() - from)));
    }
  }

  async #ask(): Promise<void> {
    this.#turn += 1;
    await (this.#turn % 2 === 0 ? this.#server.client.call('readOverview') : this.#server.client.call('listDevices'));
  }
}
