import { type Kysely, type RawBuilder, type Selectable, sql, type Transaction } from 'kysely';
import type { VerdictSpan } from '../../shared/compliance/timeline.ts';
import type { VerdictState } from '../../shared/compliance/verdict.ts';
import { inAges, inChunks } from './chunks.ts';
import type { IntervalChanges } from './interval-changes.ts';
import { type JsonRow, statement } from './json-rows.ts';
import type { Database } from './schema.ts';

export type SubjectKind = 'device' | 'person';

export type StoredVerdict = VerdictSpan & { id: number; subjectId: string };

export interface VerdictChanges {
  subjectId: string;
  changes: IntervalChanges<VerdictSpan>;
}

type Row = Selectable<Database['verdict']>;

/**
 * Verdicts as intervals: of one subject they never overlap, never have no length, and at most one is open. They are derived
 * (`shared/compliance/timeline.ts`) and written by `JudgementStore` alone.
 */
export class VerdictStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** Open intervals by subject id: of these, or of all of the kind. A subject never judged is absent. */
  async open(kind: SubjectKind, ids?: readonly string[]): Promise<Map<string, StoredVerdict>> {
    const rows = ids
      ? await inChunks(ids, (chunk) => this.#found(sql`verdict_open`, kind, chunk, sql`to_at is null`))
      : await this.#ofKind(kind).where('to_at', 'is', null).execute();
    return new Map(rows.map((row) => [row.subject_id, storedOf(row)]));
  }

  /** Those that ended at an instant of each subject's own or later, by subject id. Oldest first. */
  async endedSince(
    kind: SubjectKind,
    which: readonly { id: string; since: number }[],
  ): Promise<Map<string, StoredVerdict[]>> {
    const sinceOf = new Map(which.map(({ id, since }) => [id, since]));
    const rows = await inAges(which, (ids, since) =>
      this.#found(sql`verdict_by_subject`, kind, ids, sql`to_at >= ${since} order by from_at`),
    );
    const asked = rows.map(storedOf).filter(({ subjectId, to }) => (to ?? 0) >= (sinceOf.get(subjectId) ?? 0));
    return Map.groupBy(asked, ({ subjectId }) => subjectId);
  }

  /** Those of these that ever had a verdict. */
  async everJudged(kind: SubjectKind, ids: readonly string[]): Promise<Set<string>> {
    const judged = this.#db.selectFrom('verdict').select('subject_id').distinct().where('subject_kind', '=', kind);
    const rows = await inChunks(ids, (chunk) => judged.where('subject_id', 'in', chunk).execute());
    return new Set(rows.map((row) => row.subject_id));
  }

  /** Newest first. */
  async history(kind: SubjectKind, id: string): Promise<StoredVerdict[]> {
    const rows = await this.#ofKind(kind).where('subject_id', '=', id).orderBy('from_at', 'desc').execute();
    return rows.map(storedOf);
  }

  /**
   * By the subjects, whose index is named: of several ids SQLite would choose an index by the end and walk over everybody's
   * (https://sqlite.org/lang_indexedby.html).
   */
  async #found(index: RawBuilder<unknown>, kind: SubjectKind, ids: readonly string[], which: RawBuilder<unknown>) {
    const { rows } = await sql<Row>`select * from verdict indexed by ${index}
      where subject_kind = ${kind} and subject_id in (${sql.join([...ids])}) and ${which}`.execute(this.#db);
    return rows;
  }

  #ofKind(kind: SubjectKind) {
    return this.#db.selectFrom('verdict').selectAll().where('subject_kind', '=', kind);
  }
}

const deleteVerdicts = statement('delete from verdict where id in (select value from json_each(?))');

const updateVerdicts = statement(`
  update verdict set reasons = changed.value ->> 1, to_at = changed.value ->> 2, until_at = changed.value ->> 3
  from json_each(?) as changed where verdict.id = changed.value ->> 0`);

const insertVerdicts = statement(`
  insert into verdict (subject_kind, subject_id, state, reasons, from_at, to_at, custody_id, until_at, org_id)
  select value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7, value ->> 8
  from json_each(?)`);

/** Part of the caller’s transaction. */
export async function writeVerdicts(
  trx: Transaction<Database>,
  kind: SubjectKind,
  all: readonly VerdictChanges[],
): Promise<void> {
  const removed = all.flatMap(({ changes }) => changes.removed.map(({ id }) => id));
  const changed = all.flatMap(({ changes }) =>
    changes.changed.map(({ before, after }) => changedRow(before.id, after)),
  );
  const added = all.flatMap(({ subjectId, changes }) => changes.added.map((row) => addedRow(kind, subjectId, row)));
  await inChunks(removed, (chunk) => deleteVerdicts(trx, chunk));
  await inChunks(changed, (chunk) => updateVerdicts(trx, chunk));
  await inChunks(added, (chunk) => insertVerdicts(trx, chunk));
}

function storedOf(row: Row): StoredVerdict {
  return {
    id: row.id,
    subjectId: row.subject_id,
    state: row.state as VerdictState,
    reasons: JSON.parse(row.reasons) as string[],
    from: row.from_at,
    to: row.to_at,
    custodyId: row.custody_id,
    orgId: row.org_id,
    ...(row.until_at !== null && { until: row.until_at }),
  };
}

function changedRow(id: number, { reasons, to, until }: VerdictSpan): JsonRow {
  return [id, JSON.stringify(reasons), to, until ?? null];
}

function addedRow(kind: SubjectKind, subjectId: string, { state, reasons, from, to, ...span }: VerdictSpan): JsonRow {
  const { custodyId, until = null, orgId } = span;
  return [kind, subjectId, state, JSON.stringify(reasons), from, to, custodyId, until, orgId];
}
