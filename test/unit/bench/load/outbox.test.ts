import { describe, expect, it } from 'vitest';
import type { ReportRecord } from '../../../../shared/protocol/messages.ts';
import { Outbox } from '../../../bench/load/outbox.ts';
import { eventDetail } from '../../../bench/load/stats.ts';

const load = (cpuPercent: number): ReportRecord => {
  return { kind: 'health', at: 1, collector: 'load', value: { cpuPercent, memoryUsedPercent: 1 } };
};

describe('the outbox of a simulated device', () => {
  it('has one report under way, and the next when that one is acknowledged', () => {
    const outbox = new Outbox('epoch', false);
    outbox.add(load(1));
    expect(outbox.next(10)).toMatchObject({ sequence: 1, records: [load(1)] });
    outbox.add(load(2));
    outbox.add(load(3));
    expect(outbox.next(11)).toBeUndefined();
    expect(outbox.acknowledge('epoch', 2)).toBeUndefined();
    expect(outbox.acknowledge('epoch', 1)).toBe(10);
    expect(outbox.next(12)).toMatchObject({ sequence: 2, records: [load(3)] });
  });

  it('sends the very same report again after the connection broke', () => {
    const outbox = new Outbox('epoch', true);
    outbox.add(load(1));
    const first = outbox.next(10);
    outbox.disconnected();
    outbox.add(load(2));
    expect(outbox.connected(0)).toBe(0);
    expect(outbox.next(20)).toBe(first);
  });

  it('counts a report once that was committed and whose acknowledgement was lost', () => {
    const outbox = new Outbox('epoch', true);
    outbox.addEvents(2);
    outbox.next(10);
    outbox.disconnected();
    expect(outbox.connected(1)).toBe(1);
    expect(outbox.acknowledged).toBe(1);
    const next = outbox.next(20);
    expect(next).toMatchObject({ sequence: 2, records: [{ kind: 'event', detail: eventDetail('epoch', 2) }] });
    expect(outbox.acknowledge('epoch', 1)).toBeUndefined();
  });
});
