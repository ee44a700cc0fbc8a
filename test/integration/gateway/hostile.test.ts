import pino from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { closeCodes, type ReportRecord } from '../../../shared/protocol/messages.ts';
import { type AgentServer, startAgentServer } from '../../fakes/agent-server.ts';
import { FakeDevice, type Line } from '../../fakes/device.ts';
import { holders } from '../../fakes/holders.ts';

const logged: string[] = [];
const log = pino({ level: 'trace' }, { write: (line) => void logged.push(line) });
/** ESC, a right-to-left override, a line separator and half of a surrogate pair. */
const hostile = 'ev\u001b[2Jil\u202e\u2028\ud800';
describe.each(holders)('$words', ({ processes }) => {
  let server: AgentServer;
  let device: FakeDevice;
  let count = 0;

  beforeAll(async () => {
    server = await startAgentServer({ log, processes });
    server.desired.set('{"block":["example.com"]}');
  });
  afterAll(async () => {
    await server.stop();
  });
  beforeEach(async () => {
    count += 1;
    device = await FakeDevice.make(`hostile-${count}`);
    expect((await device.enroll(server.enrolmentPort, await server.token())).status).toBe(200);
  });

  describe('a device with a valid certificate', () => {
    it('that opens connection after connection holds few of them, and its live one stays', async () => {
      const live = await device.join(server.agentPort);
      const lines: Line[] = [];
      for (let n = 0; n < 8; n++) lines.push(await device.connect(server.agentPort));
      const ended = await Promise.all(lines.slice(0, 4).map((line) => line.ended));
      expect(ended.map(({ code }) => code)).toEqual(Array(4).fill(1006));
      live.send('report', device.report({ kind: 'event', at: 1, code: 'still-here', detail: '' }));
      await live.next('ack');
      for (const line of [...lines.slice(4), live]) await line.cut();
    });

    it('that floods over several connections is stopped as on one', async () => {
      // Each process that holds connections keeps its own account.
      const connections = 2 * Math.max(1, processes);
      for (let n = 1; n <= connections; n++) {
        const line = await device.join(server.agentPort);
        flood(line, 400);
        const ended = await Promise.race([line.ended, answered(line, 400)]);
        if (ended?.code === closeCodes.flooding) return;
        await line.cut();
      }
      expect.unreachable('it was never stopped');
    });

    it('that asks for sections over and over is stopped', async () => {
      const line = await device.join(server.agentPort);
      for (let n = 0; n < 10; n++) line.send('want', { hashes: Array(64).fill('a'.repeat(64)) });
      expect((await line.ended).code).toBe(closeCodes.flooding);
    });

    it('that makes the server refuse its frames writes one line of log a minute, not one each', async () => {
      const line = await device.join(server.agentPort);
      flood(line, 200);
      for (let n = 0; n < 200; n++) line.send('error', { code: 'noise', message: 'noise' });
      await vi.waitFor(() => expect(line.received.filter(({ type }) => type === 'error')).toHaveLength(200));
      line.send('report', device.report({ kind: 'event', at: 1, code: 'done', detail: '' }));
      await line.next('ack');
      expect(logged.filter((text) => text.includes(device.deviceId)).length).toBeLessThanOrEqual(3);
      await line.cut();
    });

    it('cannot put signs that steer a terminal or turn text around into what people read', async () => {
      const line = await device.join(server.agentPort);
      const evidence = [{ item: hostile, expected: hostile, seen: hostile, ok: false }];
      const records: ReportRecord[] = [
        {
          ...{ kind: 'reported', at: 5, section: 'webFilter', generation: 1, status: 'failed', evidence },
          failure: { code: 'broken', message: hostile },
        },
        { kind: 'observation', at: 5, name: 'firewall', value: { state: 'on', evidence: hostile } },
        { kind: 'health', at: 5, collector: 'os', value: { name: hostile, version: '1' } },
        { kind: 'finding', at: 5, code: 'odd', open: true, detail: hostile },
        { kind: 'event', at: 5, code: 'odd', detail: hostile },
      ];
      line.send('report', device.report(...records));
      await line.next('ack');
      line.sendRaw(JSON.stringify({ v: 1, type: 'want', id: 'x', body: { hashes: [], [hostile]: 1 } }));
      expect((await line.ended).code).toBe(closeCodes.badFrame);
      await vi.waitFor(async () => expect(await server.eventCodes(device.deviceId)).toContain('frame-refused'));
      for (const table of ['reported_section', 'observation', 'health', 'finding', 'event'] as const) {
        const rows = JSON.stringify(await server.db.selectFrom(table).selectAll().execute());
        expect(rows, table).not.toMatch(/\\+u001b|\u202e|\u2028|\\+ud800/);
      }
    });
  });
});

async function answered(line: Line, frames: number): Promise<undefined> {
  await vi.waitFor(() => expect(line.received.filter(({ type }) => type === 'error')).toHaveLength(frames));
}

function flood(line: Line, frames: number): void {
  for (let n = 0; n < frames; n++) line.sendRaw(`{"v":1,"type":"teleport","id":"t${n}","body":{}}`);
}
