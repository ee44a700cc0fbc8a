// Agents that report as fast as they are acknowledged, or at a pace: many in one process, so that the server's processor
// time is the server's. Told by IPC who they are and what to send.
import { createPrivateKey } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { ReportRecord } from '../../../shared/protocol/messages.ts';
import { FakeDevice, type Line } from '../../fakes/device.ts';
import { inTurn } from '../devices.ts';
import { loadRecord, mixedRecord } from '../ingest-mix.ts';

export interface AgentIdentity {
  name: string;
  root: string;
  chain: string;
  pem: string;
}

/** `everyMs`: 0 sends the next report when the last is acknowledged. `isMixed`: all kinds, not `load` alone. */
export interface ReportRun {
  reports: number;
  everyMs: number;
  isMixed: boolean;
}

/** `greets`: says hello first, as the server expects; the floor does not. */
export type AgentsOrder = { join: AgentIdentity[]; port: number; greets: boolean } | { run: ReportRun };

/** Milliseconds of each report. */
export interface AgentsAnswer {
  /** From when it was due to its acknowledgement. */
  waits: number[];
  /** By which it was sent late although the one before was acknowledged: this program's doing, and not the server's. */
  late: number[];
}

/** One device with its line and the acknowledgement it waits for. */
class Reporter {
  readonly #device: FakeDevice;
  readonly #line: Line;
  readonly #number: number;
  #sent = 0;
  #onAck: () => void = () => undefined;

  constructor(device: FakeDevice, line: Line, number: number) {
    this.#device = device;
    this.#line = line;
    this.#number = number;
    line.socket.removeAllListeners('message');
    line.socket.on('message', (frame) => {
      if ((frame as Buffer).includes('"type":"ack"')) this.#onAck();
    });
    line.socket.on('close', (code) => {
      throw new Error(`the server closed a connection (${code})`);
    });
  }

  async run({ reports, everyMs, isMixed }: ReportRun, { waits, late }: AgentsAnswer): Promise<void> {
    let due = performance.now() + Math.random() * everyMs;
    let answered = due;
    for (let index = 0; index < reports; index++) {
      await delay(Math.max(0, due - performance.now()));
      if (everyMs === 0) due = performance.now();
      late.push(performance.now() - Math.max(due, answered));
      await this.#say(isMixed);
      answered = performance.now();
      waits.push(answered - due);
      due += everyMs;
    }
  }

  #say(isMixed: boolean): Promise<void> {
    const record: ReportRecord = (isMixed ? mixedRecord : loadOnly)(this.#number, this.#sent++, Date.now());
    const acknowledged = new Promise<void>((resolve) => {
      this.#onAck = resolve;
    });
    this.#line.send('report', this.#device.report(record));
    return acknowledged;
  }
}

const loadOnly = (_agent: number, index: number, at: number) => loadRecord(index, at);

let reporters: Reporter[] = [];

async function join(agents: readonly AgentIdentity[], port: number, greets: boolean): Promise<void> {
  let number = 0;
  reporters = await inTurn(agents, async ({ name, root, chain, pem }) => {
    const device = new FakeDevice(name, { key: createPrivateKey(pem), pem, csr: '' });
    Object.assign(device, { root, chain });
    const line = greets ? await device.join(port) : await device.connect(port);
    return new Reporter(device, line, number++);
  });
}

process.on('message', async (order: AgentsOrder) => {
  const answer: AgentsAnswer = { waits: [], late: [] };
  if ('join' in order) await join(order.join, order.port, order.greets);
  else await Promise.all(reporters.map((one) => one.run(order.run, answer)));
  process.send?.(answer);
});
process.once('SIGTERM', () => process.exit(0));
process.send?.({ waits: [], late: [] } satisfies AgentsAnswer);
