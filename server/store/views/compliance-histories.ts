import { type Kysely, type Selectable, sql } from 'kysely';
import type { FindingStatus, VerdictState } from '../../../shared/compliance/verdict.ts';
import type { Database } from '../schema.ts';
import type { SubjectKind } from '../verdicts.ts';

/** From an instant up to another, which it does not hold itself. Epoch ms. */
export interface Span {
  from: number;
  to: number;
}

export interface StoredVerdict {
  state: VerdictState;
  reasons: string[];
  from: number;
  to: number | null;
  until: number | null;
}

export interface StoredCheck {
  check: string;
  status: FindingStatus;
  seen: string;
  from: number;
  to: number | null;
}

export interface StoredCustody {
  id: string;
  deviceId: string;
  deviceName: string;
  personId: string;
  personName: string;
  from: number;
  to: number | null;
}

export interface StoredMark {
  at: number;
  code: string;
  words: string;
  by: string;
}

/** What somebody did that may move an interval, by the codes of events. */
const moving = sql<boolean>`(code like 'waiver-%' or code like 'custody-%' or code like 'obligation-%' or code like 'restriction-%'
  or code in ('device-revoked', 'device-approved', 'device-restricted', 'obligations-made'))`;

/** Intervals of one device or one person over a span, newest first. */
export class ComplianceHistoriesView {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  async nameOf(kind: SubjectKind, id: string): Promise<string | undefined> {
    if (kind === 'device')
      return (await this.#db.selectFrom('device').select('name').where('id', '=', id).executeTakeFirst())?.name;
    const row = await this.#db
      .selectFrom('person')
      .select(['given_name', 'family_name'])
      .where('id', '=', id)
      .executeTakeFirst();
    return row && `${row.given_name} ${row.family_name}`.trim();
  }

  async verdicts(kind: SubjectKind, id: string, { from, to }: Span, limit: number): Promise<StoredVerdict[]> {
    const rows = await this.#db
      .selectFrom('verdict')
      .select(['state', 'reasons', 'from_at', 'to_at', 'until_at'])
      .where('subject_kind', '=', kind)
      .where('subject_id', '=', id)
      .where('from_at', '<', to)
      .where((is) => is.or([is('to_at', 'is', null), is('to_at', '>', from)]))
      .orderBy('from_at', 'desc')
      .limit(limit)
      .execute();
    return rows.map((row) => ({
      state: row.state as VerdictState,
      reasons: JSON.parse(row.reasons) as string[],
      from: row.from_at,
      to: row.to_at,
      until: row.until_at,
    }));
  }

  async checks(deviceId: string, { from, to }: Span, limit: number): Promise<StoredCheck[]> {
    const rows = await this.#db
      .selectFrom('check_interval')
      .select(['check_name', 'status', 'seen', 'from_at', 'to_at'])
      .where('device_id', '=', deviceId)
      .where('from_at', '<', to)
      .where((is) => is.or([is('to_at', 'is', null), is('to_at', '>', from)]))
      .orderBy('from_at', 'desc')
      .orderBy('check_name')
      .limit(limit)
      .execute();
    return rows.map((row) => ({
      check: row.check_name,
      status: row.status as FindingStatus,
      seen: row.seen,
      from: row.from_at,
      to: row.to_at,
    }));
  }

  async custody(kind: SubjectKind, id: string, { from, to }: Span): Promise<StoredCustody[]> {
    const rows = await this.#db
      .selectFrom('custody')
      .leftJoin('device', 'device.id', 'custody.device_id')
      .leftJoin('person', 'person.id', 'custody.person_id')
      .select(['custody.id', 'custody.device_id', 'custody.person_id', 'custody.starts_at', 'custody.ended_at'])
      .select(['device.name', 'person.given_name', 'person.family_name'])
      .where(kind === 'device' ? 'custody.device_id' : 'custody.person_id', '=', id)
      .where('custody.starts_at', '<', to)
      .where((is) => is.or([is('custody.ended_at', 'is', null), is('custody.ended_at', '>', from)]))
      .orderBy('custody.starts_at', 'desc')
      .execute();
    return rows.map((row) => ({
      id: row.id,
      deviceId: row.device_id,
      deviceName: row.name ?? row.device_id,
      personId: row.person_id,
      personName: `${row.given_name ?? ''} ${row.family_name ?? ''}`.trim() || row.person_id,
      from: row.starts_at,
      to: row.ended_at,
    }));
  }

  /** From the events about one subject, newest first. */
  async marks(kind: SubjectKind, id: string, { from, to }: Span, limit: number): Promise<StoredMark[]> {
    const rows = await this.#db
      .selectFrom('event')
      .select(['at', 'code', 'words', 'actor'])
      .where('subject_kind', '=', kind)
      .where('subject_id', '=', id)
      .where('at', '>=', from)
      .where('at', '<', to)
      .where(moving)
      .orderBy('id', 'desc')
      .limit(limit)
      .execute();
    return rows.map(({ at, code, words, actor }) => ({ at, code, words, by: actor }));
  }

  /** Revisions of the compliance policy that came into force in a span. */
  async policyRevisions({ from, to }: Span): Promise<Selectable<Database['compliance_policy_revision']>[]> {
    return await this.#db
      .selectFrom('compliance_policy_revision')
      .selectAll()
      .where('from_at', '>=', from)
      .where('from_at', '<', to)
      .orderBy('version', 'desc')
      .execute();
  }

  /** The policy in force at an instant; undefined: none was saved before it. */
  async policyAt(at: number): Promise<Selectable<Database['compliance_policy_revision']> | undefined> {
    return await this.#db
      .selectFrom('compliance_policy_revision')
      .selectAll()
      .where('from_at', '<=', at)
      .orderBy('version', 'desc')
      .limit(1)
      .executeTakeFirst();
  }
}
