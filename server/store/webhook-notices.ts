import { type Kysely, sql, type Transaction } from 'kysely';
import type { SignedHead } from '../../shared/api/schemas.ts';
import type { VerdictState } from '../../shared/compliance/verdict.ts';
import type { Database } from './schema.ts';
import { queueDeliveries } from './webhook-deliveries.ts';

export interface NoticedVerdict {
  kind: 'device' | 'person';
  subjectId: string;
  state: VerdictState;
  before: VerdictState | null;
  at: number;
}

/** What came since the last time, of each kind oldest first. */
export interface Noticed {
  verdicts: NoticedVerdict[];
  tampers: { deviceId: string; findingId: number; at: number }[];
  requests: {
    requestId: string;
    deviceId: string;
    name: string;
    category: string | null;
    at: number;
    dueAt: number;
  }[];
  halts: { rolloutId: string; ring: number; words: string; at: number }[];
  heads: SignedHead[];
}

export interface NewDelivery {
  id: string;
  webhookId: string;
  event: string;
  body: string;
}

/** The rows that are told of, each in the order it was written. */
const sources = {
  verdict: 'id',
  finding: 'id',
  unblock_request: 'rowid',
  rollout_decision: 'id',
  audit_head: 'id',
} as const;
type Source = keyof typeof sources;
const rowsAtOnce = 2_000;

interface Span {
  after: number;
  upTo: number;
}

/** What webhooks have to be told: found by how far each table was read, so that nothing is missed over a restart. */
export class WebhookNoticeStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** Everything there is now counts as told. */
  async skip(): Promise<void> {
    await this.#db.transaction().execute(async (trx) => {
      for (const source of Object.keys(sources) as Source[]) await moveOn(trx, source, await newest(trx, source));
    });
  }

  /** Queues deliveries for what is new, and counts it as told, in one transaction. True when there is more. */
  async tell(make: (noticed: Noticed) => NewDelivery[], at: number): Promise<boolean> {
    return await this.#db.transaction().execute(async (trx) => {
      const spans = {} as Record<Source, Span>;
      let isMore = false;
      for (const source of Object.keys(sources) as Source[]) {
        const [after, last] = [await toldUpTo(trx, source), await newest(trx, source)];
        spans[source] = { after, upTo: Math.min(last, after + rowsAtOnce) };
        isMore ||= last > after + rowsAtOnce;
        if (last > after) await moveOn(trx, source, spans[source].upTo);
      }
      await queueDeliveries(trx, make(await notice(trx, spans)), at);
      return isMore;
    });
  }
}

async function notice(trx: Transaction<Database>, spans: Record<Source, Span>): Promise<Noticed> {
  return {
    verdicts: await verdictsIn(trx, spans.verdict),
    tampers: await tampersIn(trx, spans.finding),
    requests: await requestsIn(trx, spans.unblock_request),
    halts: await haltsIn(trx, spans.rollout_decision),
    heads: await headsIn(trx, spans.audit_head),
  };
}

/** Verdicts that hold now and are others than those before them. */
async function verdictsIn(trx: Transaction<Database>, { after, upTo }: Span): Promise<NoticedVerdict[]> {
  const rows = await trx
    .selectFrom('verdict as now')
    .select((row) => [
      'now.subject_kind',
      'now.subject_id',
      'now.state',
      'now.from_at',
      row
        .selectFrom('verdict as before')
        .select('before.state')
        .whereRef('before.subject_kind', '=', 'now.subject_kind')
        .whereRef('before.subject_id', '=', 'now.subject_id')
        .whereRef('before.from_at', '<', 'now.from_at')
        .orderBy('before.from_at', 'desc')
        .limit(1)
        .as('before'),
    ])
    .where('now.id', '>', after)
    .where('now.id', '<=', upTo)
    .where('now.to_at', 'is', null)
    .orderBy('now.id')
    .execute();
  return rows
    .filter(({ state, before }) => state !== before)
    .map((row) => ({
      kind: row.subject_kind as NoticedVerdict['kind'],
      subjectId: row.subject_id,
      state: row.state as VerdictState,
      before: row.before as VerdictState | null,
      at: row.from_at,
    }));
}

async function tampersIn(trx: Transaction<Database>, { after, upTo }: Span): Promise<Noticed['tampers']> {
  return await trx
    .selectFrom('finding')
    .select(['device_id as deviceId', 'id as findingId', 'opened_at as at'])
    .where('id', '>', after)
    .where('id', '<=', upTo)
    .where('code', '=', 'tamper')
    .orderBy('id')
    .execute();
}

async function requestsIn(trx: Transaction<Database>, { after, upTo }: Span): Promise<Noticed['requests']> {
  return await trx
    .selectFrom('unblock_request')
    .select(['id as requestId', 'device_id as deviceId', 'name', 'category', 'asked_at as at', 'due_at as dueAt'])
    .where(sql<number>`rowid`, '>', after)
    .where(sql<number>`rowid`, '<=', upTo)
    .orderBy(sql`rowid`)
    .execute();
}

async function haltsIn(trx: Transaction<Database>, { after, upTo }: Span): Promise<Noticed['halts']> {
  return await trx
    .selectFrom('rollout_decision')
    .select(['rollout_id as rolloutId', 'ring', 'words', 'at'])
    .where('id', '>', after)
    .where('id', '<=', upTo)
    .where('to_state', '=', 'halted')
    .orderBy('id')
    .execute();
}

async function headsIn(trx: Transaction<Database>, { after, upTo }: Span): Promise<SignedHead[]> {
  const rows = await trx
    .selectFrom('audit_head')
    .select('head')
    .where('id', '>', after)
    .where('id', '<=', upTo)
    .orderBy('id')
    .execute();
  return rows.map(({ head }) => JSON.parse(head) as SignedHead);
}

async function newest(trx: Transaction<Database>, source: Source): Promise<number> {
  const row = await trx
    .selectFrom(source)
    .select(sql<number | null>`max(${sql.ref(sources[source])})`.as('newest'))
    .executeTakeFirstOrThrow();
  return row.newest ?? 0;
}

async function toldUpTo(trx: Transaction<Database>, source: Source): Promise<number> {
  const row = await trx.selectFrom('webhook_cursor').select('up_to').where('source', '=', source).executeTakeFirst();
  return row?.up_to ?? 0;
}

async function moveOn(trx: Transaction<Database>, source: Source, upTo: number): Promise<void> {
  await trx
    .insertInto('webhook_cursor')
    .values({ source, up_to: upTo })
    .onConflict((conflict) => conflict.column('source').doUpdateSet({ up_to: upTo }))
    .execute();
}
