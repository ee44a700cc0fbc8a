import { setTimeout as wait } from 'node:timers/promises';
import { FakeDevice, type Line } from './device.ts';

const usualPaceMs = 30;

/**
 * A device that reports one numbered event after the other and notes which of them the server acknowledged. What was not
 * acknowledged it sends again with the same number, over a new session where it must: as the protocol asks of a device.
 */
export class ReportPump {
  readonly device: FakeDevice;
  /** Number of the last event that was sent, and of the last that was acknowledged. */
  sent = 0;
  acknowledged = 0;
  readonly #agentPort: number;
  readonly #paceMs: number;
  #line: Line | undefined;
  #isRunning = false;
  #loop: Promise<void> = Promise.resolve();

  private constructor(device: FakeDevice, agentPort: number, paceMs: number) {
    this.device = device;
    this.#agentPort = agentPort;
    this.#paceMs = paceMs;
  }

  static async enrol(
    name: string,
    token: string,
    ports: { agents: number; enrolment: number },
    paceMs = usualPaceMs,
  ): Promise<ReportPump> {
    const device = await FakeDevice.enrolled(name, ports.enrolment, token);
    return new ReportPump(device, ports.agents, paceMs);
  }

  start(): void {
    this.#isRunning = true;
    this.#loop = this.#run();
  }

  /** Sends no new event; resolves when the last one has been acknowledged. */
  async stop(): Promise<void> {
    this.#isRunning = false;
    await this.#loop;
    await this.#line?.cut();
  }

  async #run(): Promise<void> {
    while (this.#isRunning) {
      this.sent += 1;
      await this.#deliver(this.sent);
      await wait(this.#paceMs);
    }
  }

  async #deliver(number: number): Promise<void> {
    const report = this.device.report({ kind: 'event', at: Date.now(), code: 'pumped', detail: `event ${number}` });
    while (this.acknowledged < number) {
      try {
        this.#line ??= await this.device.join(this.#agentPort);
        this.#line.send('report', report);
        const { body } = await this.#line.next('ack');
        if (body.sequence === report.sequence) this.acknowledged = number;
      } catch (error) {
        // Expected while the server is being killed: the line broke, or no acknowledgement came.
        this.#line?.socket.terminate();
        this.#line = undefined;
        if (!(error instanceof Error)) throw error;
        await wait(100);
      }
    }
  }
}
