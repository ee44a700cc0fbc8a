import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { beforeEach, describe, expect, it } from 'vitest';
import { ActivityRecorder } from '../../../../agent/records/activity-recorder.ts';
import type { Decision } from '../../../../shared/filter/decision.ts';
import { type Place, places } from '../../../../shared/filter/place.ts';
import { type RecordingLevel, recordingLevels } from '../../../../shared/profile/web-filter.ts';
import { type ActivityRecord, ReportRecordSchema } from '../../../../shared/protocol/messages.ts';
import { validator } from '../../../../shared/schema.ts';
import { FakeClock, SeededRandom } from '../../../fakes/clock.ts';
import { FakeFilterView } from '../../../fakes/filter-view.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
const schema = validator(ReportRecordSchema);
const pass: Decision = { action: 'pass', layer: 'default' };
const rewrite: Decision = { action: 'rewrite', layer: 'safe-search', target: 'forcesafesearch.google.com' };
const game: Decision = { action: 'block', layer: 'category', category: 'games', rule: 'chess.example' };
const listed: Decision = { action: 'block', layer: 'district-block', rule: 'bad.example' };
const canary: Decision = { action: 'nxdomain', layer: 'canary', rule: 'use-application-dns.net' };
const quarter = 15 * 60_000;

let clock: FakeClock;
let view: FakeFilterView;
let sent: ActivityRecord[];
let recorder: ActivityRecorder;

beforeEach(async () => {
  clock = new FakeClock();
  view = new FakeFilterView(clock, { settings: {}, lists: [], contact: '' });
  sent = [];
  recorder = new ActivityRecorder({
    emit: (record) => sent.push(record),
    clock,
    random: new SeededRandom(),
    ownHosts: ['rollcall.school.example'],
  });
  await recorder.begin(view);
});

function at(level: RecordingLevel, place: Place = 'on-campus'): void {
  view.recording = level;
  view.place = place;
}

function browse(): void {
  recorder.decided('school.example', pass);
  recorder.decided('www.google.com', rewrite);
  recorder.decided('chess.example', game);
  recorder.decided('chess.example', game);
  recorder.decided('bad.example', listed);
}

const namesOf = (record: ActivityRecord | undefined) =>
  record?.names.map(({ name, outcome, count }) => `${outcome} ${name} ${count}`).sort();

describe('the recorder', () => {
  const kept: [RecordingLevel, string[] | undefined][] = [
    [
      'full',
      ['blocked bad.example 1', 'blocked chess.example 2', 'passed school.example 1', 'passed www.google.com 1'],
    ],
    ['blocked', ['blocked bad.example 1', 'blocked chess.example 2']],
    ['counts', []],
    ['none', undefined],
  ];
  const table = kept.flatMap(([level, names]) => places.map((place) => ({ level, place, names })));

  it.each(table)('keeps at level $level, $place: $names', async ({ level, place, names }) => {
    at(level, place);
    browse();
    await recorder.end();
    expect(namesOf(sent[0])).toEqual(names);
    expect(sent).toHaveLength(level === 'none' ? 0 : 1);
    if (level === 'none') return;
    expect(sent[0]).toMatchObject({ level, place, asked: 5, blocked: 3 });
    expect(sent[0]?.categories).toEqual([
      { category: 'games', blocked: 2 },
      { category: 'blocked-domains', blocked: 1 },
    ]);
    expect(schema.problems(sent[0])).toEqual([]);
  });

  it.each(recordingLevels.flatMap((before) => recordingLevels.map((after) => [before, after] as const)))(
    'never puts what was asked at level %s into a record of level %s',
    async (before, after) => {
      at(before);
      recorder.decided('before.example', game);
      at(after);
      recorder.decided('after.example', game);
      await recorder.end();
      if (before === after) return;
      for (const record of sent) expect(record.asked).toBe(1);
      expect(sent.map(({ level }) => level)).toEqual([before, after].filter((level) => level !== 'none'));
      const named = (level: RecordingLevel) => ['full', 'blocked'].includes(level);
      expect(JSON.stringify(sent).includes('before.example')).toBe(named(before));
      expect(JSON.stringify(sent).includes('after.example')).toBe(named(after));
    },
  );

  it('parts places: what was asked at school is not in the record of another place', async () => {
    recorder.decided('chess.example', game);
    clock.advance(60_000);
    at('counts', 'off-campus');
    recorder.decided('chess.example', game);
    await recorder.end();
    expect(sent.map(({ place, names, from, at }) => [place, names.length, at - from])).toEqual([
      ['on-campus', 1, 60_000],
      ['off-campus', 0, 0],
    ]);
  });

  it('writes every quarter of an hour at the latest, and nothing when nothing was asked', () => {
    browse();
    clock.advance(quarter);
    expect(sent).toHaveLength(1);
    clock.advance(2 * quarter);
    expect(sent).toHaveLength(1);
    browse();
    clock.advance(quarter);
    expect(sent).toHaveLength(2);
    expect(sent[1]?.from).toBeGreaterThanOrEqual(sent[0]?.at ?? Number.POSITIVE_INFINITY);
  });

  it('does not write while a name is being decided', () => {
    browse();
    at('full');
    recorder.decided('school.example', pass);
    expect(sent).toEqual([]);
    clock.advance(0);
    expect(sent).toHaveLength(1);
  });

  it('writes what there is when the filter ends, and nothing afterwards', async () => {
    browse();
    await recorder.end();
    browse();
    clock.advance(quarter);
    await recorder.end();
    expect(sent).toHaveLength(1);
    expect(clock.pending).toBe(0);
  });

  it('goes on with the same record when another policy comes into force', async () => {
    browse();
    await recorder.begin(view);
    browse();
    await recorder.end();
    expect(sent.map(({ asked }) => asked)).toEqual([10]);
  });

  it.each([
    ['the own page', 'rollcall.internal', pass],
    ['the agent’s server', 'rollcall.school.example', pass],
    ['a check for a captive portal', 'connectivitycheck.gstatic.com', pass],
    ['a canary', 'use-application-dns.net', canary],
  ])('does not count %s', async (_name, name, decision) => {
    at('full');
    recorder.decided(name, decision);
    await recorder.end();
    expect(sent).toEqual([]);
  });

  it('does not count what the agent asks for itself, until it has asked', async () => {
    const first = recorder.ownQuestions(['chess.example', 'bad.example']);
    const second = recorder.ownQuestions(['chess.example']);
    browse();
    first();
    first();
    recorder.decided('chess.example', game);
    recorder.decided('bad.example', listed);
    second();
    recorder.decided('chess.example', game);
    await recorder.end();
    expect(namesOf(sent[0])).toEqual(['blocked bad.example 1', 'blocked chess.example 1']);
  });

  it('counts a name that was blocked and one that passed apart', async () => {
    at('full');
    recorder.decided('chess.example', game);
    recorder.decided('chess.example', pass);
    await recorder.end();
    expect(namesOf(sent[0])).toEqual(['blocked chess.example 1', 'passed chess.example 1']);
  });

  it('holds no more names than a record takes; what is beyond is counted, and blocked names find room', async () => {
    at('full');
    for (let i = 0; i < 5_000; i += 1) recorder.decided(`site-${i}.example`, pass);
    for (let i = 0; i < 5_000; i += 1)
      recorder.decided(`game-${i}.example`, { ...game, category: `category-${i}`, rule: `game-${i}.example` });
    await recorder.end();
    const [record] = sent;
    expect(record).toMatchObject({ asked: 10_000, blocked: 5_000 });
    expect(record?.names.filter(({ outcome }) => outcome === 'passed')).toHaveLength(200);
    expect(record?.names.filter(({ outcome }) => outcome === 'blocked')).toHaveLength(100);
    expect(record?.categories).toHaveLength(120);
    expect(schema.problems(record)).toEqual([]);
  });

  it('does not grow with what is asked', () => {
    at('full');
    const used = () => {
      collectGarbage();
      return process.memoryUsage().heapUsed;
    };
    const decide = (count: number) => {
      for (let i = 0; i < count; i += 1) recorder.decided(`site-${i}.example`, i % 2 === 0 ? pass : game);
    };
    decide(10_000);
    const before = used();
    decide(300_000);
    expect(used() - before).toBeLessThan(1_000_000);
  });

  describe('names blocked lately, for the person alone', () => {
    it('are the last twenty, newest first, each once', () => {
      at('counts');
      for (let i = 0; i < 30; i += 1) recorder.decided(`game-${i}.example`, game);
      clock.advance(1);
      recorder.decided('game-15.example', game);
      const names = recorder.recentBlocks().map(({ name }) => name);
      expect(names).toHaveLength(20);
      expect(names.slice(0, 3)).toEqual(['game-15.example', 'game-29.example', 'game-28.example']);
    });

    it('are not kept where nothing may be recorded, and forgotten there', () => {
      browse();
      expect(recorder.recentBlocks()).toHaveLength(2);
      at('none', 'off-campus');
      recorder.decided('friends.example', game);
      expect(recorder.recentBlocks()).toEqual([]);
      at('blocked');
      expect(recorder.recentBlocks()).toEqual([]);
    });

    it('are forgotten at level none without a name being asked', () => {
      browse();
      at('none', 'off-campus');
      clock.advance(quarter);
      at('blocked');
      expect(recorder.recentBlocks()).toEqual([]);
      expect(sent).toHaveLength(1);
    });
  });
});
