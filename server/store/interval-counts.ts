import { sql, type Transaction } from 'kysely';
import type { Span } from '../../shared/compliance/spans.ts';
import { inChunks } from './chunks.ts';
import type { IntervalChanges } from './interval-changes.ts';
import type { Database } from './schema.ts';

const dayMs = 86_400_000;
const rowsPerStatement = 500;

/** What an interval is counted as: `device`, `person` or a check’s name, and its state or status. */
export interface Counted extends Span {
  subject: string;
  state: string;
  orgId: string;
}

/** Net changes of how many intervals are open, gathered to be written with the intervals themselves. */
export class IntervalCounts {
  readonly #changes = new Map<string, number>();

  add<R extends Span>({ removed, added, changed }: IntervalChanges<R>, counted: (row: R) => Counted): void {
    for (const row of removed) this.#note(counted(row), -1);
    for (const row of added) this.#note(counted(row), 1);
    for (const { before, after } of changed) {
      this.#note(counted(before), -1);
      this.#note(counted(after), 1);
    }
  }

  async write(trx: Transaction<Database>): Promise<void> {
    const rows = [...this.#changes]
      .filter(([, change]) => change !== 0)
      .map(([key, change]) => {
        const [day, org_id, subject, state] = JSON.parse(key) as [number, string, string, string];
        return { day, org_id, subject, state, change };
      });
    await inChunks(
      rows,
      (chunk) =>
        trx
          .insertInto('compliance_change')
          .values(chunk)
          .onConflict((conflict) =>
            conflict
              .columns(['day', 'org_id', 'subject', 'state'])
              .doUpdateSet({ change: sql<number>`compliance_change.change + excluded.change` }),
          )
          .returning('day')
          .execute(),
      rowsPerStatement,
    );
  }

  #note({ from, to, ...rest }: Counted, sign: 1 | -1): void {
    this.#change(from, rest, sign);
    if (to !== null) this.#change(to, rest, -sign);
  }

  #change(at: number, { orgId, subject, state }: Omit<Counted, keyof Span>, change: number): void {
    const key = JSON.stringify([Math.floor(at / dayMs), orgId, subject, state]);
    this.#changes.set(key, (this.#changes.get(key) ?? 0) + change);
  }
}
