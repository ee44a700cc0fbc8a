import { statSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { expect } from 'vitest';
import { FakeDevice, type Line } from './device.ts';
import { fatSection, HostileDevice, inventions, keysEach } from './hostile-device.ts';
import { show } from './programs.ts';
import { rowsOf } from './rows-of-devices.ts';
import { TestServer } from './running-server.ts';

/** What one device may ever have in the store, whatever it says: rows, and bytes of them. */
const mostRows = 25_000;
const mostBytes = 60_000_000;

/** Fewer reports than any device may send for ever (`server/gateway/connections.ts`). */
const paceMs = 30;

const reportable: readonly string[] = [
  ...['reported_section', 'observation', 'finding', 'event', 'activity_count', 'activity_name', 'certificate'],
  ...['unblock_request', 'help_request', 'command_device', 'recovery_key', 'judgement_input'],
];

/** A server with a device that means harm and one that means well, which reports all the time. */
export class HostileRun {
  readonly server: TestServer;
  readonly hostile: HostileDevice;
  readonly good: FakeDevice;
  readonly line: Line;
  readonly #token: string;

  private constructor(server: TestServer, token: string, hostile: HostileDevice, good: FakeDevice, line: Line) {
    this.#token = token;
    this.server = server;
    this.hostile = hostile;
    this.good = good;
    this.line = line;
  }

  static async start(): Promise<HostileRun> {
    const server = await TestServer.start();
    const body = { maxUses: 50, expiresInSeconds: 600, label: 'cart', simulated: true };
    const { token } = await server.operate<{ token: string }>('/api/tokens', { method: 'POST', body });
    const { ports } = server.server;
    const good = await FakeDevice.make('good');
    expect((await good.enroll(ports.enrolment, token)).status).toBe(200);
    const hostile = await HostileDevice.enrol('hostile', ports, token);
    const run = new HostileRun(server, token, hostile, good, await good.join(ports.agents));
    await run.reportOnce();
    return run;
  }

  /** One more that means harm. */
  async another(name: string): Promise<HostileDevice> {
    return await HostileDevice.enrol(name, this.server.server.ports, this.#token);
  }

  /** The good device reports, and waits for the acknowledgement. */
  async reportOnce(): Promise<void> {
    await this.#waits(1);
  }

  /** What a report of another device could have put among the rows of the good one; that itself tells of its load alone. */
  rowsOfOthers(): Map<string, string[]> {
    return new Map([...this.rows(this.good.deviceId)].filter(([table]) => reportable.includes(table)));
  }

  async stop(): Promise<void> {
    await this.hostile.stop();
    await this.line.cut();
    await this.server.stop();
  }

  /** Everything the server holds of a device. */
  rows(deviceId: string): Map<string, string[]> {
    return rowsOf(join(this.server.home, 'rollcall.db'), deviceId);
  }

  /** Tells so many distinct keys of each kind, thrice as many where a record holds hundreds, while the good device reports; prints how much longer that waits meanwhile. */
  async invent(ofEach: number): Promise<void> {
    const alone = median(await this.#waits(20));
    for (const [kind, make] of Object.entries(inventions)) {
      const [each, keys] = kind in keysEach ? [keysEach[kind] ?? 1, 3 * ofEach] : [1, ofEach];
      const flood = this.hostile.tell(make, Math.ceil(keys / each));
      const waits = await this.#waitsDuring(flood);
      const [usual, longest] = [median(waits) / alone, Math.max(...waits) / alone];
      show(
        `${kind}: another device's report takes ${usual.toFixed(1)} times as long, ${longest.toFixed(1)} times at most`,
      );
    }
  }

  /** Milliseconds until each of so many reports of the good device is acknowledged. */
  async #waits(reports: number): Promise<number[]> {
    const waits: number[] = [];
    while (waits.length < reports) waits.push(await this.#acknowledged());
    return waits;
  }

  async #waitsDuring(work: Promise<void>): Promise<number[]> {
    let isOver = false;
    const over = work.finally(() => {
      isOver = true;
    });
    const waits = await this.#waits(1);
    while (!isOver) waits.push(await this.#acknowledged());
    await over;
    return waits;
  }

  async #acknowledged(): Promise<number> {
    const began = performance.now();
    const load = { cpuPercent: this.good.spool.next % 100, memoryUsedPercent: 1 };
    const report = this.good.report({ kind: 'health', at: Date.now(), collector: 'load', value: load });
    this.line.send('report', report);
    const { body } = await this.line.next('ack', 60_000);
    const waited = performance.now() - began;
    expect(body.sequence).toBe(report.sequence);
    await wait(paceMs);
    return waited;
  }

  /** The heaviest rows a device can make. */
  async fatten(sections: number): Promise<void> {
    await this.hostile.tell(fatSection, sections);
  }

  /** What is held of the hostile device stays within what any device may have. */
  expectBounded(): void {
    const rows = this.rows(this.hostile.device.deviceId);
    const counts = [...rows].map(([table, { length }]) => [table, length] as const);
    show(`${this.hostile.told} records told; rows held: ${counts.map(([table, n]) => `${table} ${n}`).join(', ')}`);
    expect(counts.reduce((sum, [, n]) => sum + n, 0)).toBeLessThan(mostRows);
    const bytes = [...rows.values()].flat().reduce((sum, row) => sum + row.length, 0);
    expect(bytes).toBeLessThan(mostBytes);
    const disk = ['', '-wal'].map((ending) => statSync(join(this.server.home, `rollcall.db${ending}`)).size);
    show(
      `${Math.round(bytes / 1e6)} MB of them; database ${Math.round((disk[0] ?? 0) / 1e6)} MB, log ${Math.round((disk[1] ?? 0) / 1e6)} MB`,
    );
  }

  /** Each page that shows the device answers; how much longer than for the good one is printed. */
  async expectPages(): Promise<void> {
    for (const path of ['', '/events?limit=200', '/explain', '/compliance', '/recovery-keys']) {
      const [worst, usual] = [
        await this.#page(this.hostile.device.deviceId, path),
        await this.#page(this.good.deviceId, path),
      ];
      show(
        `/api/devices/ID${path}: ${Math.round(worst.ms)} ms, ${worst.bytes} bytes (usual ${Math.round(usual.ms)} ms)`,
      );
    }
    for (const path of ['/api/devices', '/api/events?limit=200', '/api/tickets']) await this.server.operate(path);
  }

  async #page(deviceId: string, path: string): Promise<{ ms: number; bytes: number }> {
    const began = performance.now();
    const answer = await this.server.operate(`/api/devices/${deviceId}${path}`);
    return { ms: performance.now() - began, bytes: JSON.stringify(answer).length };
  }
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}
