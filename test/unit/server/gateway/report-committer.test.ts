import { expect, it } from 'vitest';
import { Bus } from '../../../../server/bus.ts';
import { ReportCommitter } from '../../../../server/gateway/report-committer.ts';
import { createMetrics } from '../../../../server/metrics.ts';
import type { DeviceReport, ReportOutcome, ReportStore } from '../../../../server/store/reports.ts';
import { FakeClock } from '../../../fakes/clock.ts';

const report = (deviceId: string, sequence = 1): DeviceReport => ({ deviceId, epoch: 'e', sequence, records: [] });
const committed: ReportOutcome = { kind: 'committed', missing: 0, eventIds: [] };

/** A store that is slow by one turn and cannot take reports of `poison`. */
function slowStore() {
  const groups: string[][] = [];
  const commit = async (reports: readonly DeviceReport[]) => {
    await new Promise((resolve) => setImmediate(resolve));
    if (reports.some(({ deviceId }) => deviceId === 'poison')) throw new Error('constraint');
    groups.push(reports.map(({ deviceId, sequence }) => `${deviceId}${sequence}`));
    return reports.map(() => committed);
  };
  return { groups, store: { commit } as unknown as ReportStore };
}

function committerOn(store: ReportStore): ReportCommitter {
  const log = { error: () => undefined } as never;
  const bus = new Bus((error) => {
    throw error;
  });
  return new ReportCommitter({ store, bus, metrics: createMetrics(), clock: new FakeClock(), log });
}

it('what arrives during a commit goes into the next one, in order', async () => {
  const { groups, store } = slowStore();
  const committer = committerOn(store);
  const first = committer.commit(report('a'));
  const rest = [committer.commit(report('b')), committer.commit(report('a', 2))];
  expect(await Promise.all([first, ...rest])).toEqual([committed, committed, committed]);
  await committer.drain();
  expect(groups).toEqual([['a1'], ['b1', 'a2']]);
  await committer.commit(report('c'));
  expect(groups.at(-1)).toEqual(['c1']);
});

it('a report the store cannot take fails alone', async () => {
  const { groups, store } = slowStore();
  const committer = committerOn(store);
  const all = ['a', 'b', 'poison', 'c'].map((id) => committer.commit(report(id)));
  const settled = await Promise.allSettled(all);
  expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
  expect(groups.flat()).toEqual(['a1', 'b1', 'c1']);
});
