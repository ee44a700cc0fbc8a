import { setTimeout as wait } from 'node:timers/promises';
import { closeCodes, type ReportRecord } from '../../shared/protocol/messages.ts';
import { FakeDevice, type Line } from './device.ts';

/** Whatever else it floods with, what it reports is taken or its line ends. */
const ackWithinMs = 60_000;

/** Of a report. */
const together = 200;
/** What a report may weigh, with room for its envelope. */
const largestReport = 480_000;
const evidence = { item: 'i'.repeat(300), expected: 'e'.repeat(500), seen: 's'.repeat(500), ok: false };

/** Letters and digits that differ for each number, beginning with a letter. */
const key = (n: number) => `k${n.toString(36)}`;
const hour = 3_600_000;

/** Kind of distinct key → the record with the nth of them. Each is sound by its schema: only their number is hostile. */
export const inventions: Record<string, (n: number, now: number) => ReportRecord> = {
  sections: (n, at) => ({
    ...{ kind: 'reported', at, section: key(n), generation: 1, status: 'failed', evidence: [] },
    failure: { code: key(n), message: 'invented' },
  }),
  events: (n, at) => ({ kind: 'event', at, code: key(n), detail: 'invented' }),
  findings: (n, at) => ({ kind: 'finding', at, code: key(n), open: true, detail: 'invented' }),
  'findings that end': (n, at) => ({
    ...{ kind: 'finding', at, code: key(Math.floor(n / 2)), open: n % 2 === 0, detail: 'invented' },
  }),
  'names asked for': (n, at) => ({ kind: 'unblock-request', at, id: key(n), name: `${key(n)}.example`, words: '' }),
  'requests for help': (n, at) => ({ kind: 'help-request', at, id: key(n), category: 'other', words: `help ${n}` }),
  'results of commands': (n, at) => ({ kind: 'command-result', at, command: key(n), status: 'done', words: '' }),
  'recovery keys': (n, at) => ({
    ...{ kind: 'recovery-key', at, volume: `/mnt/${n}`, protector: key(n), escrowKeyId: key(n), sealed: 'AAAA' },
  }),
  'categories of names': (n, at) => ({
    ...{ kind: 'activity', at, from: at - hour, place: 'on-campus', level: 'counts', asked: 1, blocked: 1 },
    categories: Array.from({ length: 120 }, (_, index) => ({ category: key(n * 120 + index), blocked: 1 })),
    names: [],
  }),
  'days of names': (n, at) => ({
    ...{ kind: 'activity', at: Math.max(0, at - n * 24 * hour), from: 0, place: 'on-campus', level: 'counts' },
    ...{ asked: 1, blocked: 1, categories: [], names: [] },
  }),
  'names visited': (n, at) => ({
    ...{ kind: 'activity', at, from: at - hour, place: 'on-campus', level: 'full', asked: 300, blocked: 300 },
    categories: [],
    names: Array.from({ length: 300 }, (_, index) => ({
      ...{ name: `${key(n * 300 + index)}.example`, outcome: 'blocked' as const, count: 1, lastAt: at },
    })),
  }),
  'changes of mind': (n, at) => ({
    ...{ kind: 'observation', at, name: 'firewall' },
    value: { state: n % 2 === 0 ? 'on' : 'off', evidence: key(n) },
  }),
};

/** As large as a row can be made: whole sections of evidence. */
export const fatSection = (n: number, at: number): ReportRecord => ({
  ...{ kind: 'reported', at, section: `fat${n}`, generation: 1, status: 'failed' },
  evidence: Array.from({ length: 200 }, () => evidence),
});

/** How many keys one record of these kinds holds; of others it is one. */
export const keysEach: Record<string, number> = { 'names visited': 300, 'categories of names': 120 };

/** A device with a certificate in order, whose agent somebody wrote who means harm. */
export class HostileDevice {
  readonly device: FakeDevice;
  readonly #port: number;
  #line: Line | undefined;
  /** How often the server closed its session, by code. */
  readonly closed = new Map<number, number>();
  /** Records that were acknowledged. */
  told = 0;

  private constructor(device: FakeDevice, port: number) {
    this.device = device;
    this.#port = port;
  }

  static async enrol(
    name: string,
    ports: { agents: number; enrolment: number },
    token: string,
  ): Promise<HostileDevice> {
    const device = await FakeDevice.enrolled(name, ports.enrolment, token);
    return new HostileDevice(device, ports.agents);
  }

  async line(): Promise<Line> {
    if (this.#line?.socket.readyState === 1) return this.#line;
    this.#line = await this.device.join(this.#port);
    return this.#line;
  }

  /** Tells so many of one kind, and waits until they are acknowledged; as often as it is thrown out, it comes back. */
  async tell(make: (n: number, now: number) => ReportRecord, count: number): Promise<void> {
    for (let n = 0; n < count; ) {
      const records: ReportRecord[] = [];
      for (let bytes = 0; n < count && records.length < together; n++) {
        const record = make(n, Date.now());
        bytes += JSON.stringify(record).length + 1;
        if (bytes > largestReport) break;
        records.push(record);
      }
      // Another spool each time: the server may hold no place for each.
      this.device.spool = { epoch: `epoch-${this.told}-${n}`, next: 1 };
      while (!(await this.#report(records))) await wait(500);
      this.told += records.length;
    }
  }

  async stop(): Promise<void> {
    await this.#line?.cut();
  }

  async #report(records: ReportRecord[]): Promise<boolean> {
    const line = await this.line();
    const report = this.device.report(...records);
    line.send('report', report);
    const ended = line.ended.then(({ code }) => code);
    for (;;) {
      const acknowledged = line.next('ack', ackWithinMs).catch((error: unknown) => {
        // The end of the line has its own answer.
        if (line.socket.readyState === line.socket.OPEN) throw error;
        return ended;
      });
      const outcome = await Promise.race([ended, acknowledged]);
      if (typeof outcome === 'number') {
        this.closed.set(outcome, (this.closed.get(outcome) ?? 0) + 1);
        if (outcome !== closeCodes.flooding) throw new Error(`the hostile device was closed with ${outcome}`);
        return false;
      }
      if (outcome.body.epoch === report.epoch) return true;
    }
  }
}
