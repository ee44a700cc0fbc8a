import { type Kysely, sql } from 'kysely';
import type { CheckSubject } from '../../../shared/api/schemas.ts';
import { type FindingStatus, findingStatuses } from '../../../shared/compliance/verdict.ts';
import type { Sight } from '../../access/standing.ts';
import type { Database } from '../schema.ts';
import { listed, oneOf } from './compliance-counts.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { iso } from './rows.ts';
import { seesDevice } from './seen.ts';

/** As a list shows them: what fails first, what passes last. */
const inOrder: readonly FindingStatus[] = ['fail', 'unknown', 'not-applicable', 'pass'];

export interface SubjectsQuery {
  /** Names as they are stored. */
  checks: readonly string[];
  at: number;
  orgs?: readonly string[];
  status?: FindingStatus;
  cursor?: string;
  limit: number;
  sight?: Sight | undefined;
}

interface SubjectRow {
  id: number;
  device_id: string;
  device_name: string;
  person_id: string | null;
  person_name: string | null;
  org_name: string | null;
  status: string;
  seen: string;
  from_at: number;
}

/** Devices under a check at an instant, those that stand so longest first. */
export class ComplianceSubjectsView {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** Status by status, so that the first page reads only what fails. */
  async page(query: SubjectsQuery): Promise<{ items: CheckSubject[]; nextCursor: string | null }> {
    const after = positionOf(query.cursor);
    const statuses = query.status ? [query.status] : inOrder;
    const found: SubjectRow[] = [];
    for (const status of statuses.slice(Math.max(0, statuses.indexOf(after?.status ?? 'fail')))) {
      const missing = query.limit + 1 - found.length;
      if (missing <= 0) break;
      found.push(...(await this.#rows(query, status, missing, after?.status === status ? after : undefined)));
    }
    const last = found.length > query.limit ? found[query.limit - 1] : undefined;
    return {
      items: found.slice(0, query.limit).map(subjectOf),
      nextCursor: last ? encodeCursor([last.status, last.from_at, last.id]) : null,
    };
  }

  async #rows(
    { checks, at, orgs, sight }: SubjectsQuery,
    status: FindingStatus,
    limit: number,
    after: Position | undefined,
  ): Promise<SubjectRow[]> {
    const { rows } = await sql<SubjectRow>`
      select one.id, one.device_id, coalesce(device.name, one.device_id) as device_name, one.status, one.seen, one.from_at,
        person.id as person_id, person.given_name || ' ' || person.family_name as person_name, org.name as org_name
      from (
        select id from check_interval
        where check_name in (${listed(checks)}) and status = ${status} and from_at <= ${at}
          and (to_at is null or to_at > ${at}) and ${oneOf('org_id', orgs)}
          and ${seesDevice(sight, 'device_id')}
          and ${after ? sql`(from_at, id) > (${after.from}, ${after.id})` : sql`1 = 1`}
        order by from_at, id limit ${limit}
      ) as chosen
      join check_interval as one on one.id = chosen.id
      left join device on device.id = one.device_id
      left join custody on custody.id = one.custody_id
      left join person on person.id = custody.person_id
      left join org on org.id = one.org_id
      order by one.from_at, one.id`.execute(this.#db);
    return rows;
  }
}

interface Position {
  status: FindingStatus;
  from: number;
  id: number;
}

function positionOf(cursor: string | undefined): Position | undefined {
  const [written, from, id] = decodeCursor(cursor, 3) ?? [];
  const status = findingStatuses.find((known) => known === written);
  return status && { status, from: Number(from), id: Number(id) };
}

function subjectOf(row: SubjectRow): CheckSubject {
  return {
    device: { id: row.device_id, name: row.device_name },
    person: row.person_id === null ? null : { id: row.person_id, name: row.person_name ?? row.person_id },
    orgName: row.org_name,
    status: row.status as FindingStatus,
    seen: row.seen,
    since: iso(row.from_at),
  };
}
