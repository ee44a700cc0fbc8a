import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { readRemembered } from '../../server/ports.ts';
import { FakeDevice, type Line } from './device.ts';
import { FakeDistrict } from './district.ts';
import { show, until } from './programs.ts';
import { succeeded, WholeDistrict } from './whole-district.ts';

/** Fewer reports than any device may send for ever (`server/gateway/connections.ts`). */
const paceMs = 30;
const program = fileURLToPath(new URL('stranger-storm.ts', import.meta.url));

/** A good device at a server under a storm: it reports one event after the other, over one connection. */
class Reporter {
  readonly device: FakeDevice;
  readonly line: Line;
  sent = 0;
  #isRunning = true;
  #loop: Promise<void>;

  constructor(device: FakeDevice, line: Line) {
    this.device = device;
    this.line = line;
    this.#loop = this.#run();
  }

  async stop(): Promise<void> {
    this.#isRunning = false;
    await this.#loop;
  }

  async #run(): Promise<void> {
    while (this.#isRunning) {
      this.sent += 1;
      const report = this.device.report({
        kind: 'event',
        at: Date.now(),
        code: 'steady',
        detail: `event ${this.sent}`,
      });
      this.line.send('report', report);
      expect((await this.line.next('ack', 60_000)).body.sequence).toBe(report.sequence);
      await wait(paceMs);
    }
  }
}

/** The product's own server process, good devices at it, and strangers who storm it. */
export class Storm implements AsyncDisposable {
  readonly district = new WholeDistrict();
  readonly reporters: Reporter[] = [];
  #ports = { agents: 0, enrolment: 0 };
  #token = '';
  #strangers: ChildProcess[] = [];

  static async before(devices: number): Promise<Storm> {
    const storm = new Storm();
    await storm.district.serve();
    const ports = readRemembered(storm.district.serverHome);
    if (!ports) throw new Error('the server remembers no ports');
    storm.#ports = ports;
    storm.#token = succeeded(
      await storm.district.rollcall('token', 'create', '--simulated', '--uses', '50'),
    ).stdout.trim();
    for (let n = 0; n < devices; n++) await storm.join(`good-${n}`);
    return storm;
  }

  /** One more good device comes in, and begins to report. */
  async join(name: string): Promise<void> {
    const device = await FakeDevice.enrolled(name, this.#ports.enrolment, this.#token);
    const turnedAway: unknown[] = [];
    const line = await until(`${name} gets in`, 60_000, () =>
      device.connect(this.#ports.agents).catch((error: unknown) => {
        turnedAway.push(error);
        return undefined;
      }),
    ).catch((error: unknown) => {
      throw new AggregateError(turnedAway, (error as Error).message);
    });
    line.send('hello', device.hello());
    await line.next('welcome', 30_000);
    this.reporters.push(new Reporter(device, line));
  }

  /** Strangers from this address begin; resolves when it is a storm. */
  async begin(address: string, atOnce: number): Promise<void> {
    const pem = join(this.district.folder, 'foreign.pem');
    const { key, certificateChain } = new FakeDistrict('Elsewhere').device();
    writeFileSync(pem, key + certificateChain);
    const args = [program, String(this.#ports.agents), address, String(atOnce), pem];
    const stranger = spawn(process.execPath, args, { env: {}, stdio: ['pipe', 'pipe', 'inherit'] });
    this.#strangers.push(stranger);
    await once(stranger.stdout, 'data');
  }

  /** The storm is over; prints how often they knocked. */
  async end(): Promise<void> {
    for (const stranger of this.#strangers.splice(0)) {
      const said: string[] = [];
      stranger.stdout?.setEncoding('utf8').on('data', (part: string) => said.push(part));
      stranger.stdin?.end();
      await once(stranger, 'close');
      const { knocked, perSecond } = JSON.parse(said.join('')) as { knocked: number; perSecond: number };
      show(`${knocked} bad handshakes, ${perSecond} a second`);
    }
  }

  /** Megabytes the server's process holds now, and at most until now. */
  memory(): { now: number; most: number } {
    const status = readFileSync(`/proc/${this.district.server?.child.pid}/status`, 'utf8');
    const megabytes = (name: string) =>
      Math.round(Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1]) / 1024);
    return { now: megabytes('VmRSS'), most: megabytes('VmHWM') };
  }

  /** Lines of log that the server wrote. */
  get logged(): number {
    return (this.district.server?.said.stdout ?? '').split('\n').filter((line) => line.startsWith('{')).length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const stranger of this.#strangers) stranger.kill('SIGKILL');
    await this.district[Symbol.asyncDispose]();
  }
}
