import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore } from '../../server/store/open.ts';
import { type Judgement, type VerdictRecord, VerdictStore } from '../../server/store/verdicts.ts';
import { verdictStates } from '../../shared/compliance/verdict.ts';

/** Oldest first, as `from-to state`. */
const inWords = (history: VerdictRecord[]) =>
  history.toReversed().map(({ from, to, state }) => `${from}-${to ?? ''} ${state}`);

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

  const judge = (state: Judgement['verdict'] | string, at: number, subjectId = 'd', custodyId: string | null = null) =>
    verdicts.record(
      'device',
      [
        {
          subjectId,
          verdict: typeof state === 'string' ? ({ state, reasons: [], custodyId } as Judgement['verdict']) : state,
        },
      ],
      at,
    );
  const history = async (id = 'd') => inWords(await verdicts.history('device', id));

  it('begins an interval with the first judgement', async () => {
    expect(await judge('unknown', 10)).toEqual(['d']);
    expect(await history()).toEqual(['10- unknown']);
  });

  it('ends one and begins the next without a gap', async () => {
    await judge('unknown', 10);
    await judge('compliant', 20);
    expect(await history()).toEqual(['10-20 unknown', '20- compliant']);
  });

  it('writes nothing for what is the same', async () => {
    await judge('compliant', 10);
    expect(await judge('compliant', 20)).toEqual([]);
    expect(await history()).toEqual(['10- compliant']);
  });

  it('replaces the reasons of the same state and keeps its beginning', async () => {
    await judge({ state: 'noncompliant', reasons: ['Firewall: off'], custodyId: null }, 10);
    expect(await judge({ state: 'noncompliant', reasons: ['Disk: plain'], custodyId: null }, 20)).toEqual(['d']);
    const open = await verdicts.open('device', ['d']);
    expect(open.get('d')).toMatchObject({ from: 10, reasons: ['Disk: plain'] });
    expect(await history()).toHaveLength(1);
  });

  it('begins another interval when the device changes hands, so that each answers for their own time', async () => {
    await judge('noncompliant', 10, 'd', 'custody-1');
    await judge('noncompliant', 20, 'd', 'custody-2');
    const rows = await verdicts.history('device', 'd');
    expect(rows.map(({ from, to, custodyId }) => [from, to, custodyId])).toEqual([
      [20, null, 'custody-2'],
      [10, 20, 'custody-1'],
    ]);
  });

  it('ends the interval of what is judged no more, and may begin again later', async () => {
    await judge('compliant', 10);
    await judge(null, 20);
    expect(await verdicts.open('device')).toEqual(new Map());
    await judge('unknown', 30);
    expect(await history()).toEqual(['10-20 compliant', '30- unknown']);
  });

  it('leaves no interval without length', async () => {
    await judge('unknown', 10);
    await judge('compliant', 10);
    expect(await history()).toEqual(['10- compliant']);
    await judge(null, 10);
    expect(await history()).toEqual([]);
  });

  it('keeps its order when the clock goes back', async () => {
    await judge('unknown', 100);
    await judge('compliant', 50);
    await judge(null, 150);
    await judge('silent', 60);
    expect(await history()).toEqual(['100-150 compliant', '150- silent']);
  });

  it('keeps subjects and kinds apart', async () => {
    await judge('compliant', 10, 'x');
    await judge('silent', 10, 'y');
    await verdicts.record(
      'person',
      [{ subjectId: 'x', verdict: { state: 'unknown', reasons: [], custodyId: null } }],
      10,
    );
    expect((await verdicts.open('device', ['x'])).get('x')?.state).toBe('compliant');
    expect((await verdicts.open('person')).get('x')?.state).toBe('unknown');
    expect([...(await verdicts.open('device')).keys()].toSorted()).toEqual(['x', 'y']);
  });

  it('records many at once', async () => {
    const many = Array.from({ length: 2000 }, (_, i) => {
      return { subjectId: `d${i}`, verdict: { state: 'compliant' as const, reasons: [], custodyId: null } };
    });
    expect(await verdicts.record('device', many, 10)).toHaveLength(2000);
    expect(await verdicts.record('device', many, 20)).toEqual([]);
  });
});

it('never overlaps, never leaves a gap and counts duplicates once, whatever comes in whatever order', async () => {
  const db = await openStore(':memory:');
  const verdicts = new VerdictStore(db);
  const judgements = fc.array(
    fc.record({
      state: fc.constantFrom(...verdictStates),
      reasons: fc.subarray(['a', 'b']),
      until: fc.constantFrom(2000, 3000),
      custodyId: fc.constantFrom(null, 'c1', 'c2'),
      /** The clock: mostly on, sometimes back. */
      step: fc.integer({ min: -3, max: 10 }),
    }),
    { minLength: 1, maxLength: 30 },
  );
  let run = 0;
  await fc.assert(
    fc.asyncProperty(judgements, async (all) => {
      const subjectId = `run-${run++}`;
      let now = 1000;
      for (const { step, ...verdict } of all) {
        now += step;
        await verdicts.record('device', [{ subjectId, verdict }], now);
        expect(await verdicts.record('device', [{ subjectId, verdict }], now)).toEqual([]);
      }
      const rows = (await verdicts.history('device', subjectId)).toReversed();
      for (const [i, row] of rows.entries()) {
        expect(row.to).toBe(rows[i + 1]?.from ?? null);
        if (row.to !== null) expect(row.to).toBeGreaterThan(row.from);
      }
      const { step: _, ...last } = all.at(-1) ?? { step: 0 };
      expect(rows.at(-1)).toMatchObject(last);
    }),
    { numRuns: 100 },
  );
  await db.destroy();
});
