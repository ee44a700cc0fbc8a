import { setTimeout as pause } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import { Bus } from '../../../../server/bus.ts';
import { ReportCommitter } from '../../../../server/gateway/report-committer.ts';
import { Room } from '../../../../server/gateway/room.ts';
import { createMetrics } from '../../../../server/metrics.ts';
import type { DeviceReport, ReportOutcome, ReportStore } from '../../../../server/store/reports.ts';
import { FakeClock } from '../../../fakes/clock.ts';

vi.mock('node:timers/promises', async (importOriginal) => ({
  ...(await importOriginal<typeof import('node:timers/promises')>()),
  setTimeout: vi.fn(async () => undefined),
}));

const report = (deviceId: string, sequence = 1): DeviceReport => ({ deviceId, epoch: 'e', sequence, records: [] });
const committed: ReportOutcome = { kind: 'committed', missing: 0, eventIds: [] };

/** A store that is slow by one turn and cannot take reports of `poison`. */
function slowStore() {
  const groups = { isUnderWay: false, done: [] as string[][] };
  const commit = async (reports: readonly DeviceReport[]) => {
    groups.isUnderWay = true;
    await new Promise((resolve) => setImmediate(resolve));
    if (reports.some(({ deviceId }) => deviceId === 'poison')) throw new Error('constraint');
    groups.done.push(reports.map(({ deviceId, sequence }) => `${deviceId}${sequence}`));
    return reports.map(() => committed);
  };
  return { groups, store: { commit } as unknown as ReportStore };
}

const quietBus = () =>
  new Bus((error) => {
    throw error;
  });

function committerOn(
  store: ReportStore,
  bus = quietBus(),
  room = new Room(1_000),
  metrics = createMetrics(),
  clock = new FakeClock(),
) {
  const log = { error: () => undefined } as never;
  return new ReportCommitter({ store, bus, metrics, room, clock, log });
}

/** Turn by turn of the loop. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}

it('what arrives in one turn, or during a commit, goes into the next one, in order', async () => {
  const { groups, store } = slowStore();
  const committer = committerOn(store);
  const first = [committer.commit(report('a'), 1), committer.commit(report('b'), 1)];
  await until(() => groups.isUnderWay);
  const rest = [committer.commit(report('c'), 1), committer.commit(report('a', 2), 1)];
  expect(await Promise.all([...first, ...rest])).toEqual([committed, committed, committed, committed]);
  await committer.drain();
  expect(groups.done).toEqual([
    ['a1', 'b1'],
    ['c1', 'a2'],
  ]);
});

it('commits begin five milliseconds apart, so that more is in each; whoever comes later does not wait', async () => {
  const clock = new FakeClock();
  const { store } = slowStore();
  const committer = committerOn(store, quietBus(), new Room(1_000), createMetrics(), clock);
  const waits: unknown[] = [];
  for (const passed of [0, 0, 3, 5]) {
    clock.advance(passed);
    vi.mocked(pause).mockClear();
    await committer.commit(report('a'), 1);
    waits.push(...vi.mocked(pause).mock.calls.map(([ms]) => ms), '|');
  }
  expect(waits).toEqual(['|', 5, '|', 2, '|', '|']);
});

it('as many as a commit takes wait for nothing', async () => {
  const { groups, store } = slowStore();
  const committer = committerOn(store);
  const all = Array.from({ length: 1_100 }, (_, index) => committer.commit(report(`d${index}`), 0));
  await Promise.all(all);
  expect(groups.done.map((group) => group.length)).toEqual([500, 500, 100]);
});

it('a report the store cannot take fails alone', async () => {
  const { groups, store } = slowStore();
  const committer = committerOn(store);
  const all = ['a', 'b', 'poison', 'c'].map((id) => committer.commit(report(id), 1));
  const settled = await Promise.allSettled(all);
  expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
  expect(groups.done.flat()).toEqual(['a1', 'b1', 'c1']);
});

it('a group is told once: who sent what, and of whom checks read something new', async () => {
  const outcomes: ReportOutcome[] = [
    { ...committed, eventIds: [7], changes: true },
    { kind: 'duplicate' },
    { ...committed, eventIds: [8], isRestless: true },
    { kind: 'refused' },
    committed,
  ];
  const told: unknown[] = [];
  const bus = quietBus();
  bus.subscribe('reported', (reported) => void told.push(reported));
  bus.subscribe('event-added', (added) => void told.push(added));
  const committer = committerOn({ commit: async () => outcomes } as unknown as ReportStore, bus);
  const health = { kind: 'health', at: 0, collector: 'load', value: {} } as const;
  const event = { kind: 'event', at: 0, code: 'x', detail: '' } as const;
  const of = (deviceId: string, ...records: DeviceReport['records']) => ({ ...report(deviceId), records });
  const all = [of('a', health, event), of('b', health), of('c', event), of('d', event), of('a', health)];
  await Promise.all(all.map((each) => committer.commit(each, 1)));
  expect(told).toEqual([
    {
      ...{ deviceIds: ['a', 'c'], byKind: { health: ['a'], event: ['a', 'c'] } },
      ...{ changed: ['a'], restless: ['c'] },
    },
    { eventId: 8 },
  ]);
});

it('a group that breaks off after its commit is answered all the same, and its room is free for the next', async () => {
  const { groups, store } = slowStore();
  const metrics = createMetrics();
  vi.spyOn(metrics.reports, 'inc').mockImplementationOnce(() => {
    throw new Error('broken');
  });
  const room = new Room(1_000);
  const committer = committerOn(store, quietBus(), room, metrics);
  const settled = await Promise.allSettled(['a', 'b'].map((id) => committer.commit(report(id), 100)));
  expect(settled.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  await committer.drain();
  expect([groups.done, room.taken]).toEqual([[['a1', 'b1']], 0]);
  expect(await committer.commit(report('c'), 100)).toEqual(committed);
});
