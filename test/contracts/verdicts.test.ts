import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { changesFrom, movedFrom } from '../../server/store/interval-changes.ts';
import { JudgementStore } from '../../server/store/judgements.ts';
import { openStore } from '../../server/store/open.ts';
import { VerdictStore } from '../../server/store/verdicts.ts';
import { isSameInterval, type VerdictSpan } from '../../shared/compliance/timeline.ts';
import { type VerdictState, verdictStates } from '../../shared/compliance/verdict.ts';

const day = 86_400_000;
const nothing = { checks: [], people: [], judgedUpTo: new Map<string, number>(), consumed: [] };

/** `10 compliant, 20 silent`: spans that begin at these instants, the last open. */
const spansOf = (words: string, rest: Partial<VerdictSpan> = {}): VerdictSpan[] => {
  const begins = words.split(', ').map((one) => one.split(' ') as [string, VerdictState]);
  return begins.map(([from, state], index) => {
    const next = begins[index + 1]?.[0];
    const to = next === undefined ? null : Number(next);
    return { from: Number(from), to, state, reasons: [], custodyId: null, orgId: '', ...rest };
  });
};

describe.each(['memory', 'file'])('a store of verdicts in %s', (kind) => {
  let folder: string;
  let db: Awaited<ReturnType<typeof openStore>>;
  let verdicts: VerdictStore;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rollcall-verdicts-'));
    db = await openStore(kind === 'memory' ? ':memory:' : join(folder, 'store.db'));
    verdicts = new VerdictStore(db);
  });
  afterEach(async () => {
    await db.destroy();
    await rm(folder, { recursive: true });
  });

  const derive = async (from: number, spans: VerdictSpan[], subjectId = 'd') => {
    const stored = (await verdicts.history('device', subjectId)).toReversed();
    const changes = changesFrom<VerdictSpan>(from, stored, spans, isSameInterval);
    await new JudgementStore(db).write({ ...nothing, devices: [{ subjectId, changes }] });
    return movedFrom(changes, 1000);
  };
  const history = async (id = 'd') =>
    (await verdicts.history('device', id)).toReversed().map(({ from, to, state }) => `${from}-${to ?? ''} ${state}`);

  it.each<[string, string, number, string, string[], number | null]>([
    ['begins with the first', '', 10, '10 unknown', ['10- unknown'], 10],
    ['ends one and begins the next', '10 unknown', 20, '20 silent', ['10-20 unknown', '20- silent'], 20],
    ['leaves what is the same', '10 compliant', 20, '20 compliant', ['10- compliant'], null],
    [
      'rewrites the past',
      '10 compliant',
      20,
      '20 silent, 30 compliant',
      ['10-20 compliant', '20-30 silent', '30- compliant'],
      20,
    ],
    ['takes back what never was', '10 in-grace, 20 noncompliant', 20, '20 in-grace', ['10- in-grace'], 20],
    [
      'moves a beginning',
      '10 in-grace, 20 noncompliant',
      20,
      '20 in-grace, 40 noncompliant',
      ['10-40 in-grace', '40- noncompliant'],
      20,
    ],
    ['leaves none without length', '10 unknown', 10, '10 compliant', ['10- compliant'], 10],
    ['ends what is judged no more', '10 compliant', 20, '', ['10-20 compliant'], 20],
    [
      'keeps what lies before',
      '10 unknown, 20 silent, 30 compliant',
      25,
      '25 compliant',
      ['10-20 unknown', '20-25 silent', '25- compliant'],
      25,
    ],
  ])('%s', async (_, before, from, after, expected, moved) => {
    if (before !== '') await derive(0, spansOf(before));
    expect(await derive(from, after === '' ? [] : spansOf(after))).toBe(moved);
    expect(await history()).toEqual(expected);
    expect(await derive(from, after === '' ? [] : spansOf(after))).toBeNull();
  });

  it('writes other reasons over the old ones, and keeps the beginning', async () => {
    await derive(0, spansOf('10 in-grace', { reasons: ['Firewall: off'], until: 500 }));
    expect(await derive(20, spansOf('20 in-grace', { reasons: ['Disk: plain'], until: 600 }))).toBe(1000);
    expect((await verdicts.open('device', ['d'])).get('d')).toMatchObject({
      from: 10,
      reasons: ['Disk: plain'],
      until: 600,
    });
    await derive(30, spansOf('30 in-grace'));
    expect((await verdicts.open('device', ['d'])).get('d')?.until).toBeUndefined();
  });

  it('begins another interval when the device changes hands or the unit', async () => {
    await derive(0, spansOf('10 noncompliant', { custodyId: 'c1' }));
    await derive(20, spansOf('20 noncompliant', { custodyId: 'c2' }));
    await derive(30, spansOf('30 noncompliant', { custodyId: 'c2', orgId: 'oak' }));
    const rows = (await verdicts.history('device', 'd')).map(({ from, custodyId, orgId }) => [from, custodyId, orgId]);
    expect(rows).toEqual([
      [30, 'c2', 'oak'],
      [20, 'c2', ''],
      [10, 'c1', ''],
    ]);
  });

  it('reads what ended since an instant of each subject’s own', async () => {
    await derive(0, spansOf('10 unknown, 20 silent, 30 compliant'), 'x');
    await derive(0, spansOf('10 unknown, 20 silent, 30 compliant'), 'y');
    const ended = await verdicts.endedSince('device', [
      { id: 'x', since: 30 },
      { id: 'y', since: 5 },
    ]);
    expect(['x', 'y'].map((id) => ended.get(id)?.map(({ state }) => state))).toEqual([
      ['silent'],
      ['unknown', 'silent'],
    ]);
    expect(await verdicts.endedSince('device', [])).toEqual(new Map());
  });

  it('writes many at once', async () => {
    const changes = changesFrom<VerdictSpan>(10, [], spansOf('10 compliant'), isSameInterval);
    const many = Array.from({ length: 2000 }, (_, i) => ({ subjectId: `d${i}`, changes }));
    await new JudgementStore(db).write({ ...nothing, devices: many });
    expect((await verdicts.open('device')).size).toBe(2000);
  });
});

it('stores exactly what was derived, in order and without a gap, and counts it by day', async () => {
  const db = await openStore(':memory:');
  const verdicts = new VerdictStore(db);
  const store = new JudgementStore(db);
  const spans = fc.array(fc.tuple(fc.integer({ min: 0, max: 40 }), fc.constantFrom(...verdictStates)), {
    maxLength: 8,
  });
  const derivations = fc.array(spans, { minLength: 1, maxLength: 6 });
  let run = 0;
  await fc.assert(
    fc.asyncProperty(derivations, async (all) => {
      const subjectId = `run-${run++}`;
      let wanted: { from: number; state: VerdictState }[] = [];
      for (const begins of all) {
        const ordered = [...new Map(begins.map(([at, state]) => [at * (day / 4), state]))].sort(([a], [b]) => a - b);
        const from = ordered[0]?.[0];
        if (from === undefined) continue;
        const derived = ordered.filter(([, state], i) => ordered[i - 1]?.[1] !== state);
        const stored = (await verdicts.history('device', subjectId)).toReversed();
        const words = derived.map(([at, state]) => `${at} ${state}`).join(', ');
        const changes = changesFrom<VerdictSpan>(from, stored, spansOf(words, { orgId: subjectId }), isSameInterval);
        await store.write({ ...nothing, devices: [{ subjectId, changes }] });
        const merged = [
          ...wanted.filter((one) => one.from < from),
          ...derived.map(([at, state]) => ({ from: at, state })),
        ];
        wanted = merged.filter(({ state }, i) => merged[i - 1]?.state !== state);
      }
      const rows = (await verdicts.history('device', subjectId)).toReversed();
      expect(rows.map(({ from, state }) => ({ from, state }))).toEqual(wanted);
      for (const [i, row] of rows.entries()) expect(row.to).toBe(rows[i + 1]?.from ?? null);
      const counts = await db.selectFrom('compliance_change').selectAll().where('org_id', '=', subjectId).execute();
      for (let until = 0; until < 11; until += 1) {
        const open = rows.filter(
          ({ from, to }) => Math.floor(from / day) <= until && (to === null || Math.floor(to / day) > until),
        );
        for (const state of verdictStates) {
          const counted = counts
            .filter((one) => one.state === state && one.day <= until)
            .reduce((sum, { change }) => sum + change, 0);
          expect(counted).toBe(open.filter((one) => one.state === state).length);
        }
      }
    }),
    { numRuns: 60 },
  );
  await db.destroy();
});
