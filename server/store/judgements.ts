import type { Kysely, Selectable, Transaction } from 'kysely';
import type { PlacedCheck } from '../../shared/compliance/runs.ts';
import type { VerdictSpan } from '../../shared/compliance/timeline.ts';
import { type CheckChanges, writeChecks } from './check-intervals.ts';
import { inChunks } from './chunks.ts';
import { IntervalCounts } from './interval-counts.ts';
import { statement } from './json-rows.ts';
import { plainTransactions, type Transactions } from './late-sync.ts';
import type { Database } from './schema.ts';
import { type SubjectKind, type VerdictChanges, writeVerdicts } from './verdicts.ts';

/** Something a device said that checks read and that is not judged yet. */
export interface JudgementInput {
  id: number;
  at: number;
  receivedAt: number;
  fact: string;
  value: unknown;
}

/** What one pass found out; written whole or not at all. */
export interface Judgements {
  checks: readonly CheckChanges[];
  devices: readonly VerdictChanges[];
  people: readonly VerdictChanges[];
  /** Device → up to when what it said is judged. */
  judgedUpTo: ReadonlyMap<string, number>;
  /** Ids of the inputs that are in it. */
  consumed: readonly number[];
}

/** Of one device in one pass: thousands at once would keep the process from everything else. */
export const mostInputs = 500;
/** Stands for all devices in `judged_up_to`. */
const everyDevice = '';

/** What was judged and what waits for it. The only writer of intervals and of their counts. */
export class JudgementStore {
  readonly #db: Kysely<Database>;
  readonly #transactions: Transactions;

  constructor(db: Kysely<Database>, transactions: Transactions = plainTransactions(db)) {
    this.#db = db;
    this.#transactions = transactions;
  }

  /** What waits of these devices, by device id, in the order it came: the first `mostInputs` of each. */
  async inputs(deviceIds: readonly string[]): Promise<Map<string, JudgementInput[]>> {
    const all = this.#db.selectFrom('judgement_input').selectAll().orderBy('id');
    const rows = await inChunks(deviceIds, (chunk) => all.where('device_id', 'in', chunk).execute());
    const inputs = new Map<string, JudgementInput[]>();
    for (const row of rows) {
      const own = inputs.get(row.device_id);
      if (!own) inputs.set(row.device_id, [inputOf(row)]);
      else if (own.length < mostInputs) own.push(inputOf(row));
    }
    return inputs;
  }

  /** Up to when what each of these devices said is judged: what comes later and speaks of earlier is taken for then. */
  async judgedUpTo(deviceIds: readonly string[]): Promise<Map<string, number>> {
    const rows = await inChunks(deviceIds, (chunk) =>
      this.#db.selectFrom('judged_up_to').selectAll().where('device_id', 'in', chunk).execute(),
    );
    return new Map(rows.map((row) => [row.device_id, row.at]));
  }

  /** When everything was last judged: policies and waivers of before are in every verdict. 0: never. */
  async allJudgedAt(): Promise<number> {
    return (await this.judgedUpTo([everyDevice])).get(everyDevice) ?? 0;
  }

  async noteAllJudged(at: number): Promise<void> {
    await this.#db.transaction().execute((trx) => writeJudgedUpTo(trx, new Map([[everyDevice, at]])));
  }

  /** Resolves when it is on disk; whoever reports meanwhile does not wait for that. */
  async write({ checks, devices, people, judgedUpTo, consumed }: Judgements): Promise<void> {
    const isNothing = checks.length + devices.length + people.length + judgedUpTo.size + consumed.length === 0;
    if (isNothing) return;
    const counts = new IntervalCounts();
    for (const { changes } of checks) counts.add(changes, ofCheck);
    for (const { changes } of devices) counts.add(changes, ofVerdict('device'));
    for (const { changes } of people) counts.add(changes, ofVerdict('person'));
    await this.#transactions.run(async (trx) => {
      await writeChecks(trx, checks);
      await writeVerdicts(trx, 'device', devices);
      await writeVerdicts(trx, 'person', people);
      await counts.write(trx);
      await writeJudgedUpTo(trx, judgedUpTo);
      await inChunks(consumed, (chunk) => deleteInputs(trx, chunk));
    });
  }
}

const ofCheck = ({ check, status, ...row }: PlacedCheck) => ({ ...row, subject: check, state: status });
const ofVerdict = (subject: SubjectKind) => (row: VerdictSpan) => ({ ...row, subject });

const deleteInputs = statement('delete from judgement_input where id in (select value from json_each(?))');

const moveJudgedUpTo = statement(`
  insert into judged_up_to (device_id, at) select value ->> 0, value ->> 1 from json_each(?) where true
  on conflict (device_id) do update set at = excluded.at`);

async function writeJudgedUpTo(trx: Transaction<Database>, upTo: ReadonlyMap<string, number>): Promise<void> {
  await inChunks([...upTo], (chunk) => moveJudgedUpTo(trx, chunk));
}

function inputOf(row: Selectable<Database['judgement_input']>): JudgementInput {
  return {
    id: row.id,
    at: row.at,
    receivedAt: row.received_at,
    fact: row.fact,
    value: JSON.parse(row.value) as unknown,
  };
}
