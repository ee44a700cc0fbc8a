import type { Transaction } from 'kysely';
import type { Span } from '../../shared/compliance/spans.ts';
import { inChunks } from './chunks.ts';
import type { IntervalChanges } from './interval-changes.ts';
import { statement } from './json-rows.ts';
import type { Database } from './schema.ts';

const dayMs = 86_400_000;

/** What an interval is counted as: `device`, `person` or a check’s name, and its state or status. */
export interface Counted extends Span {
  subject: string;
  state: string;
  orgId: string;
}

const addCounts = statement(`
  insert into compliance_change (day, org_id, subject, state, change, moment)
  select value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5 from json_each(?) where true
  on conflict (day, org_id, subject, state) do update
  set change = compliance_change.change + excluded.change, moment = compliance_change.moment + excluded.moment`);

/** Net changes of how many intervals are open and their moments, gathered to be written with the intervals themselves. */
export class IntervalCounts {
  readonly #changes = new Map<string, { change: number; moment: number }>();

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
      .filter(([, { change, moment }]) => change !== 0 || moment !== 0)
      .map(([key, { change, moment }]) => [...(JSON.parse(key) as [number, string, string, string]), change, moment]);
    await inChunks(rows, (chunk) => addCounts(trx, chunk));
  }

  #note({ from, to, ...rest }: Counted, sign: 1 | -1): void {
    this.#change(from, rest, sign);
    if (to !== null) this.#change(to, rest, -sign);
  }

  #change(at: number, { orgId, subject, state }: Omit<Counted, keyof Span>, change: number): void {
    const day = Math.floor(at / dayMs);
    const key = JSON.stringify([day, orgId, subject, state]);
    const sums = this.#changes.get(key) ?? { change: 0, moment: 0 };
    sums.change += change;
    if (subject === 'person') sums.moment += change * (at - day * dayMs);
    this.#changes.set(key, sums);
  }
}
