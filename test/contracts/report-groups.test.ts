import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Kysely } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openStore } from '../../server/store/open.ts';
import { ReportStore } from '../../server/store/reports.ts';
import type { Database } from '../../server/store/schema.ts';
import type { ReportRecord } from '../../shared/protocol/messages.ts';

/** How the same reports reach the store: all in one transaction, or each in its own. */
const ways = ['together', 'one by one'] as const;

describe.each(ways)('reports of several devices, %s', (way) => {
  let folder: string;
  let db: Kysely<Database>;
  let number = 0;
  let first: string;
  let second: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'rollcall-groups-'));
    db = await openStore(join(folder, 'store.db'));
  });
  afterAll(async () => {
    await db.destroy();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    number += 1;
    first = `a${number}`;
    second = `b${number}`;
    for (const id of [first, second]) await db.insertInto('device').values(deviceRow(id)).execute();
  });

  const said = (deviceId: string, sequence: number, ...records: ReportRecord[]) => ({
    ...{ deviceId, epoch: 'e', sequence, records },
  });
  async function commit(reports: ReturnType<typeof said>[]) {
    const store = new ReportStore(db);
    if (way === 'together') return await store.commit(reports, 1_000);
    const outcomes = [];
    for (const report of reports) outcomes.push(...(await store.commit([report], 1_000)));
    return outcomes;
  }
  const section = (generation: number, at: number, name = 'browser'): ReportRecord => ({
    ...{ kind: 'reported', at, section: name, generation, status: 'verified', evidence: [] },
  });
  const finding = (code: string, open: boolean, at: number): ReportRecord => ({
    ...{ kind: 'finding', at, code, open, detail: `it's "${code}"` },
  });
  const firewall = (state: string, at: number) =>
    ({ kind: 'observation', at, name: 'firewall', value: { state, evidence: 'é "\\ 🛡' } }) as ReportRecord;
  const event = (code: string): ReportRecord => ({ kind: 'event', at: 1, code, detail: '' });

  it('leave the newest generation of each section, whatever order it was told in', async () => {
    await commit([said(first, 1, section(3, 1)), said(second, 1, section(1, 2)), said(first, 2, section(2, 3))]);
    await commit([said(first, 3, section(3, 4), section(2, 5)), said(second, 2, section(2, 6))]);
    const rows = await db
      .selectFrom('reported_section')
      .select(['device_id', 'generation', 'at'])
      .where('device_id', 'in', [first, second])
      .orderBy('device_id')
      .execute();
    expect(rows).toEqual([
      { device_id: first, generation: 3, at: 4 },
      { device_id: second, generation: 2, at: 6 },
    ]);
  });

  it('keep to the number of sections a device may name, each for itself', async () => {
    const many = Array.from({ length: 40 }, (_, index) => section(1, 1, `s${index}`));
    const more = Array.from({ length: 40 }, (_, index) => section(1, 1, `t${index}`));
    await commit([said(first, 1, ...many), said(second, 1, ...many), said(first, 2, ...more)]);
    const count = async (id: string) =>
      (await db.selectFrom('reported_section').select('section').where('device_id', '=', id).execute()).length;
    expect([await count(first), await count(second)]).toEqual([64, 40]);
  });

  it('open, close and open findings again, in order', async () => {
    await commit([said(first, 1, finding('x', true, 1)), said(second, 1, finding('x', true, 2))]);
    await commit([
      said(first, 2, finding('x', false, 3), finding('y', true, 4)),
      said(first, 3, finding('x', true, 5), finding('y', false, 6)),
      said(second, 2, finding('z', false, 7)),
    ]);
    const rows = await db
      .selectFrom('finding')
      .select(['device_id', 'code', 'detail', 'opened_at', 'closed_at'])
      .where('device_id', 'in', [first, second])
      .orderBy('opened_at')
      .execute();
    const row = (device_id: string, code: string, opened_at: number, closed_at: number | null) => ({
      ...{ device_id, code, detail: `it's "${code}"`, opened_at, closed_at },
    });
    expect(rows).toEqual([
      row(first, 'x', 1, 3),
      row(second, 'x', 2, null),
      row(first, 'y', 4, 6),
      row(first, 'x', 5, null),
    ]);
  });

  it('leave the last value, letter by letter, and what is to be judged of each change', async () => {
    await commit([
      said(first, 1, firewall('on', 1)),
      said(second, 1, firewall('off', 2)),
      said(first, 2, firewall('on', 3)),
      said(first, 3, firewall('off', 4), firewall('on', 5)),
    ]);
    const { value, at } = await db
      .selectFrom('observation')
      .selectAll()
      .where('device_id', '=', first)
      .executeTakeFirstOrThrow();
    expect([value, at]).toEqual([JSON.stringify({ state: 'on', evidence: 'é "\\ 🛡' }), 5]);
    const inputs = await db
      .selectFrom('judgement_input')
      .select(['at', 'received_at', 'fact', 'value'])
      .where('device_id', '=', first)
      .orderBy('id')
      .execute();
    expect(inputs.map((input) => [input.at, (JSON.parse(input.value) as { state: string }).state])).toEqual([
      ...[
        [1, 'on'],
        [4, 'off'],
        [5, 'on'],
      ],
    ]);
    expect(inputs[0]).toMatchObject({ received_at: 1_000, fact: 'observation:firewall' });
  });

  const activity = (lastAt: number, ...names: string[]): ReportRecord => ({
    ...{ kind: 'activity', at: 900, from: 1, place: 'on-campus', level: 'full', asked: 5, blocked: 2 },
    categories: [
      { category: 'games', blocked: 1 },
      { category: "it's", blocked: 1 },
      { category: 'games', blocked: 1 },
    ],
    names: names.map((name) => ({ name, outcome: 'passed', count: 1, lastAt })),
  });

  it('add up what was asked, and keep the names in order, each for the device and its holder of now', async () => {
    await db
      .insertInto('custody')
      .values({
        ...{ id: `c${number}`, device_id: first, person_id: 'ada', kind: 'primary', starts_at: 0 },
        ...{ ended_at: null, end_reason: null, by_actor: 'test' },
      })
      .execute();
    await commit([
      said(first, 1, activity(1, 'b.example', 'a.example')),
      said(second, 1, activity(2, 'c.example')),
      said(first, 2, activity(3, 'd.example'), activity(5_000, 'e.example')),
      said(first, 2, activity(4, 'twice.example')),
    ]);
    await commit([said(second, 2, activity(6))]);
    const counts = await db
      .selectFrom('activity_count')
      .select(['device_id', 'day', 'category', 'asked', 'blocked'])
      .where('device_id', 'in', [first, second])
      .orderBy('device_id')
      .orderBy('category')
      .execute();
    const sums = (device_id: string, times: number) =>
      [
        { category: '', asked: 5 * times, blocked: 2 * times },
        { category: 'games', asked: 0, blocked: 2 * times },
        { category: "it's", asked: 0, blocked: times },
      ].map((sum) => ({ device_id, day: '1970-01-01', ...sum }));
    expect(counts).toEqual([...sums(first, 3), ...sums(second, 2)]);
    const names = await db
      .selectFrom('activity_name')
      .select(['device_id', 'person_id', 'name', 'category', 'at'])
      .where('device_id', 'in', [first, second])
      .orderBy('id')
      .execute();
    expect(names.map((row) => Object.values(row))).toEqual([
      [first, 'ada', 'b.example', null, 1],
      [first, 'ada', 'a.example', null, 1],
      [second, null, 'c.example', null, 2],
      [first, 'ada', 'd.example', null, 3],
      [first, 'ada', 'e.example', null, 1_000],
    ]);
  });

  it('say whether checks read anything new in them', async () => {
    const loud = { kind: 'health', at: 1, collector: 'load', value: { cpuPercent: 1, memoryUsedPercent: 1 } } as const;
    const outcomes = await commit([
      said(first, 1, firewall('on', 1)),
      said(first, 2, firewall('on', 2), loud, event('one')),
      said(second, 1, finding('x', true, 1)),
      said(second, 2, finding('x', true, 2)),
      said(second, 3, section(1, 3)),
      said(second, 4, section(1, 4)),
    ]);
    const changes = outcomes.map((outcome) => outcome.kind === 'committed' && outcome.changes === true);
    expect(changes).toEqual([true, false, true, false, true, false]);
  });

  it('are answered each for itself: events by their ids, what was there before, what is nobody’s', async () => {
    const outcomes = await commit([
      said(first, 1, event('one'), event('two')),
      said('nobody', 1, event('lost')),
      said(first, 1, event('again')),
      said(second, 4, event('three')),
      said(first, 3),
    ]);
    const codes = async (ids: readonly number[]) =>
      (
        await db
          .selectFrom('event')
          .select('code')
          .where('id', 'in', [...ids, -1])
          .orderBy('id')
          .execute()
      ).map(({ code }) => code);
    const told = [];
    for (const one of outcomes)
      told.push(one.kind === 'committed' ? [one.missing, await codes(one.eventIds)] : one.kind);
    expect(told).toEqual([[0, ['one', 'two']], 'refused', 'duplicate', [0, ['three']], [1, []]]);
    const { spool_sequence } = await db
      .selectFrom('device')
      .select('spool_sequence')
      .where('id', '=', first)
      .executeTakeFirstOrThrow();
    expect(spool_sequence).toBe(3);
  });

  it('say which device changed more than it may', async () => {
    const store = new ReportStore(db);
    const mayChange = (id: string) => id === second;
    const reports = [said(first, 1, firewall('on', 1)), said(second, 1, firewall('on', 1))];
    const outcomes = await store.commit(reports, 1_000, mayChange);
    expect(outcomes.map((one) => one.kind === 'committed' && one.isRestless === true)).toEqual([true, false]);
  });
});

function deviceRow(id: string): Database['device'] {
  return {
    ...{ id, name: id, serial: null, maker: null, model: null, hardware_id: id, platform: 'linux', os_name: 'Debian' },
    ...{ os_version: '12', agent_version: '1', status: 'active', simulated: 0, token_id: null, enrolled_at: 0 },
    ...{ last_seen_at: null, spool_epoch: null, spool_sequence: 0, place: null },
  };
}
