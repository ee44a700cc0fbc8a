import { type Kysely, sql } from 'kysely';
import type { AssignmentInput } from '../../../shared/policy/selector.ts';
import type { Database } from '../schema.ts';

/** How many exceptions of one kind held in a unit at an instant. Nobody is named. */
export interface ExceptionCount {
  kind: 'waiver' | 'restriction';
  /** Of a waiver: the check, `null` for every check. Of a restriction: the profile's name. */
  of: string | null;
  /** What it is for: `device` or `person`. */
  target: string;
  orgId: string;
  count: number;
  firstFrom: number;
  lastUntil: number | null;
}

export interface PublishedRevision {
  profile: string;
  revision: number;
  publishedAt: number;
  capabilities: string[];
  assignments: AssignmentInput[];
}

/** What was in force at an instant besides verdicts, for an auditor. */
export class ComplianceEvidenceView {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  async exceptions(at: number): Promise<ExceptionCount[]> {
    const { rows } = await sql<ExceptionCount>`
      select 'waiver' as kind, waiver.check_name as "of", waiver.target_kind as target, coalesce(person.org_id, '') as "orgId",
        count(*) as count, min(waiver.from_at) as "firstFrom", max(waiver.until_at) as "lastUntil"
      from waiver
      left join custody on waiver.target_kind = 'device' and custody.device_id = waiver.target_id
        and custody.starts_at <= ${at} and (custody.ended_at is null or custody.ended_at > ${at})
      left join person on person.id = case waiver.target_kind when 'person' then waiver.target_id else custody.person_id end
      where waiver.from_at <= ${at} and waiver.until_at > ${at} and (waiver.ended_at is null or waiver.ended_at > ${at})
      group by 1, 2, 3, 4
      union all
      select 'restriction', coalesce(profile.name, restriction.profile_id), 'device', coalesce(person.org_id, ''),
        count(*), min(restriction.from_at), null
      from restriction
      left join profile on profile.id = restriction.profile_id
      left join person on person.id = restriction.person_id
      where restriction.from_at <= ${at} and (restriction.ended_at is null or restriction.ended_at > ${at})
      group by 1, 2, 3, 4
      order by 1, 2, 3, 4`.execute(this.#db);
    return rows.map((row) => ({ ...row, count: Number(row.count) }));
  }

  /** The newest revision of each profile that was published by then, by name. */
  async profilesAt(at: number): Promise<PublishedRevision[]> {
    const rows = await this.#db
      .selectFrom('profile_revision as revision')
      .innerJoin('profile', 'profile.id', 'revision.profile_id')
      .select(['profile.name', 'revision.number', 'revision.published_at', 'revision.settings', 'revision.assignments'])
      .where((is) =>
        is(
          'revision.number',
          '=',
          is
            .selectFrom('profile_revision as later')
            .select((later) => later.fn.max('later.number').as('last'))
            .whereRef('later.profile_id', '=', 'revision.profile_id')
            .where('later.published_at', '<=', at),
        ),
      )
      .orderBy('profile.name')
      .execute();
    return rows.map((row) => ({
      profile: row.name,
      revision: row.number,
      publishedAt: row.published_at,
      capabilities: Object.keys(JSON.parse(row.settings) as object).toSorted(),
      assignments: JSON.parse(row.assignments) as AssignmentInput[],
    }));
  }

  /** The first day of the school year a day lies in, as the roster has it: `2026-08-17`. */
  async schoolYearStart(day: string): Promise<string | undefined> {
    const row = await this.#db
      .selectFrom('academic_session')
      .select((is) => is.fn.min('start_date').as('first'))
      .where('type', '=', 'schoolYear')
      .where('active', '=', 1)
      .where('start_date', '<=', day)
      .where('end_date', '>=', day)
      .executeTakeFirst();
    return row?.first ?? undefined;
  }
}
