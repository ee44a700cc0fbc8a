import { describe, expect, it, vi } from 'vitest';
import type { ReportRecord } from '../../../shared/protocol/messages.ts';
import { startAgentServer } from '../../fakes/agent-server.ts';
import { FakeDevice } from '../../fakes/device.ts';
import { holders } from '../../fakes/holders.ts';

const soon = { timeout: 20_000, interval: 10 };
const reportBytes = 20_000;
const first = 15;
const batches = 300;
/** A batch of about 2 KB. */
const events = (code: string): ReportRecord[] =>
  ['a', 'b', 'c', 'd'].map((letter) => ({
    kind: 'event',
    at: 1_000,
    code: `${code}${letter}`,
    detail: 'x'.repeat(450),
  }));
const codeOf = (record: ReportRecord) => record.kind === 'event' && record.code;
const ways = [holders[0], { words: 'held by a front', processes: 1 }];

describe.each(ways)('a store that is slow, $words', ({ processes }) => {
  it('makes those wait who report, within bounds; nothing is lost, all stays in order, and all are heard again', async () => {
    const server = await startAgentServer({ processes, reportBytes });
    const { room } = server.gateway;
    const opened = Promise.withResolvers<void>();
    const commit = server.reports.commit.bind(server.reports);
    server.reports.commit = async (...given) => {
      await opened.promise;
      return await commit(...given);
    };
    try {
      const enrolled = async (name: string) => {
        const device = await FakeDevice.make(name);
        expect((await device.enroll(server.enrolmentPort, await server.token())).status).toBe(200);
        return device;
      };
      const [device, other, last] = [await enrolled('a'), await enrolled('b'), await enrolled('c')];
      const line = await device.join(server.agentPort);
      for (let n = 0; n < first; n++) line.send('report', device.report(...events(`e${n}-`)));
      await vi.waitFor(() => expect(room.isFull).toBe(true), soon);
      // A front that lets somebody in by now has heard that the server is full.
      const bystander = await other.join(server.agentPort);
      for (let n = first; n < batches; n++) line.send('report', device.report(...events(`e${n}-`)));
      // Whoever comes now is let in after all of that had its chance to be heard.
      const latecomer = await last.join(server.agentPort);
      const held = room.taken;
      opened.resolve();
      for (let n = 1; n <= batches; n++) expect((await line.next('ack', 20_000)).body.sequence).toBe(n);
      expect(held).toBeLessThan((batches * 2_000) / 2);
      await vi.waitFor(() => expect([room.isFull, room.taken]).toEqual([false, 0]), soon);
      const codes = (await server.eventCodes(device.deviceId)).filter((code) => /^e\d+-/.test(code));
      expect(codes).toEqual(Array.from({ length: batches }, (_, n) => events(`e${n}-`).map(codeOf)).flat());
      bystander.send('report', other.report(...events('calm')));
      await bystander.next('ack', 20_000);
      for (const each of [line, bystander, latecomer]) await each.cut();
    } finally {
      await server.stop();
    }
  });
});
