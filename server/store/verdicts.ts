import type { Kysely, Transaction } from 'kysely';
import type { Verdict } from '../../shared/compliance/fold.ts';
import type { VerdictState } from '../../shared/compliance/verdict.ts';
import { readFailures, writeFailures } from './check-failures.ts';
import { inChunks } from './chunks.ts';
import type { Database } from './schema.ts';

export type SubjectKind = 'device' | 'person';

/** An interval that has begun and not ended. */
export interface OpenVerdict extends Verdict {
  id: number;
  subjectId: string;
  from: number;
  custodyId: string | null;
}

export interface VerdictRecord extends Omit<OpenVerdict, 'id'> {
  to: number | null;
}

/** What a subject's verdict is now; `null`: it is judged no more. */
export interface Judgement {
  subjectId: string;
  verdict: (Verdict & { custodyId: string | null }) | null;
  /** Of a device: since when each of its checks fails. Absent: what is stored stays. */
  failures?: ReadonlyMap<string, number>;
}

const rowsPerStatement = 500;

/**
 * Verdicts as intervals. Of one subject they never overlap, never have no length, and at most one is open: the store
 * keeps that promise whatever order judgements come in and whatever the clock does.
 */
export class VerdictStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** Open intervals by subject id: of these, or of all of the kind. A subject never judged is absent. */
  async open(kind: SubjectKind, ids?: readonly string[]): Promise<Map<string, OpenVerdict>> {
    return await readOpen(this.#db, kind, ids);
  }

  /** Of these devices: check → since when it fails. */
  async failures(deviceIds: readonly string[]): Promise<(deviceId: string) => ReadonlyMap<string, number>> {
    return await readFailures(this.#db, deviceIds);
  }

  /** Newest first. */
  async history(kind: SubjectKind, id: string): Promise<VerdictRecord[]> {
    const rows = await this.#db
      .selectFrom('verdict')
      .selectAll()
      .where('subject_kind', '=', kind)
      .where('subject_id', '=', id)
      .orderBy('from_at', 'desc')
      .execute();
    return rows.map((row) => ({
      subjectId: row.subject_id,
      state: row.state as VerdictState,
      reasons: JSON.parse(row.reasons) as string[],
      from: row.from_at,
      to: row.to_at,
      custodyId: row.custody_id,
      ...untilOf(row),
    }));
  }

  /**
   * Records what is true from `now` on; returns the subjects for which something changed. Another state or another
   * custody ends the interval and begins one; the same state for other reasons or until another time only replaces these;
   * what is the same writes nothing. Failures of checks are written with it, in one transaction.
   */
  async record(kind: SubjectKind, judgements: readonly Judgement[], now: number): Promise<string[]> {
    return await this.#db.transaction().execute(async (trx) => {
      const open = await readOpen(
        trx,
        kind,
        judgements.map(({ subjectId }) => subjectId),
      );
      const steps = judgements.map((judgement) => stepOf(judgement, open.get(judgement.subjectId), now));
      await closeIntervals(trx, steps);
      await deleteIntervals(trx, steps);
      await rewriteIntervals(trx, steps);
      await beginIntervals(trx, kind, steps, now);
      await writeFailures(trx, judgements);
      return steps.filter(({ step }) => step !== 'none').map(({ subjectId }) => subjectId);
    });
  }
}

interface Step {
  subjectId: string;
  step: 'none' | 'rewrite' | 'close' | 'delete' | 'begin' | 'replace';
  open: OpenVerdict | undefined;
  verdict: Judgement['verdict'];
  /** When the open interval ends and the next begins: never before it began, even if the clock went back. */
  at: number;
}

function stepOf({ subjectId, verdict }: Judgement, open: OpenVerdict | undefined, now: number): Step {
  const at = Math.max(now, open?.from ?? 0);
  const of = (step: Step['step']): Step => ({ subjectId, step, open, verdict, at });
  if (!open) return of(verdict ? 'begin' : 'none');
  const noLength = at === open.from;
  if (!verdict) return of(noLength ? 'delete' : 'close');
  const sameInterval = open.state === verdict.state && open.custodyId === verdict.custodyId;
  const sameWords = JSON.stringify(open.reasons) === JSON.stringify(verdict.reasons);
  if (sameInterval && sameWords && open.until === verdict.until) return of('none');
  return of(sameInterval || noLength ? 'rewrite' : 'replace');
}

function untilOf({ until_at: until }: { until_at: number | null }): Pick<Verdict, 'until'> {
  return until === null ? {} : { until };
}

async function readOpen(
  db: Kysely<Database>,
  kind: SubjectKind,
  ids?: readonly string[],
): Promise<Map<string, OpenVerdict>> {
  const open = db
    .selectFrom('verdict')
    .select(['id', 'subject_id', 'state', 'reasons', 'from_at', 'custody_id', 'until_at'])
    .where('subject_kind', '=', kind)
    .where('to_at', 'is', null);
  const rows = ids
    ? await inChunks(ids, (chunk) => open.where('subject_id', 'in', chunk).execute())
    : await open.execute();
  return new Map(
    rows.map((row) => [
      row.subject_id,
      {
        id: row.id,
        subjectId: row.subject_id,
        state: row.state as VerdictState,
        reasons: JSON.parse(row.reasons) as string[],
        from: row.from_at,
        custodyId: row.custody_id,
        ...untilOf(row),
      },
    ]),
  );
}

async function closeIntervals(trx: Transaction<Database>, steps: readonly Step[]): Promise<void> {
  const ending = steps.filter(({ step }) => step === 'close' || step === 'replace');
  for (const [at, together] of Map.groupBy(ending, (step) => step.at)) {
    const ids = together.flatMap(({ open }) => open?.id ?? []);
    await inChunks(ids, (chunk) =>
      trx.updateTable('verdict').set({ to_at: at }).where('id', 'in', chunk).returning('id').execute(),
    );
  }
}

async function deleteIntervals(trx: Transaction<Database>, steps: readonly Step[]): Promise<void> {
  const ids = steps.flatMap(({ step, open }) => (step === 'delete' && open ? [open.id] : []));
  await inChunks(ids, (chunk) => trx.deleteFrom('verdict').where('id', 'in', chunk).returning('id').execute());
}

async function rewriteIntervals(trx: Transaction<Database>, steps: readonly Step[]): Promise<void> {
  for (const { step, open, verdict } of steps) {
    if (step !== 'rewrite' || !open || !verdict) continue;
    const { state, reasons, custodyId, until = null } = verdict;
    await trx
      .updateTable('verdict')
      .set({ state, reasons: JSON.stringify(reasons), custody_id: custodyId, until_at: until })
      .where('id', '=', open.id)
      .execute();
  }
}

async function beginIntervals(trx: Transaction<Database>, kind: SubjectKind, steps: readonly Step[], now: number) {
  const fresh = steps.filter(({ step }) => step === 'begin').map(({ subjectId }) => subjectId);
  const ends = await lastEnds(trx, kind, fresh);
  const rows = steps.flatMap(({ step, subjectId, verdict, at }) => {
    if (!verdict || (step !== 'begin' && step !== 'replace')) return [];
    return [
      {
        subject_kind: kind,
        subject_id: subjectId,
        state: verdict.state,
        reasons: JSON.stringify(verdict.reasons),
        from_at: step === 'begin' ? Math.max(now, ends.get(subjectId) ?? 0) : at,
        to_at: null,
        custody_id: verdict.custodyId,
        until_at: verdict.until ?? null,
      },
    ];
  });
  await inChunks(rows, (chunk) => trx.insertInto('verdict').values(chunk).returning('id').execute(), rowsPerStatement);
}

/** When the last interval of a subject ended. */
async function lastEnds(
  trx: Transaction<Database>,
  kind: SubjectKind,
  ids: readonly string[],
): Promise<Map<string, number>> {
  const rows = await inChunks(ids, (chunk) =>
    trx
      .selectFrom('verdict')
      .select((is) => ['subject_id', is.fn.max('to_at').as('ended')])
      .where('subject_kind', '=', kind)
      .where('subject_id', 'in', chunk)
      .groupBy('subject_id')
      .execute(),
  );
  return new Map(rows.map((row) => [row.subject_id, Number(row.ended ?? 0)]));
}
