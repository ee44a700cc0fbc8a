import { sql } from 'kysely';
import { type VerdictState, verdictStates } from '../../../shared/compliance/verdict.ts';
import type { PersonRole } from '../../../shared/policy/selector.ts';

/** Whom the district gives devices. Guardians of the roster lack nothing when they hold none. */
export const rolesWithDevices: PersonRole[] = ['student', 'teacher', 'staff', 'administrator'];

/** True for rows of `custody` that are open: now, or at an instant. */
export function isOpenAt(at: number | undefined) {
  return at === undefined
    ? sql<boolean>`custody.ended_at is null`
    : sql<boolean>`(custody.starts_at <= ${at} and (custody.ended_at is null or custody.ended_at > ${at}))`;
}

/** True for the row of `verdict` that holds: now, or at an instant. */
export function holdsAt(at: number | undefined) {
  return at === undefined
    ? sql<boolean>`verdict.to_at is null`
    : sql<boolean>`(verdict.from_at <= ${at} and (verdict.to_at is null or verdict.to_at > ${at}))`;
}

/** True where the joined row of `verdict` says so; those without one are unknown. All but them are found by the index of states. */
export function standsSo(state: VerdictState) {
  return state === 'unknown'
    ? sql<boolean>`coalesce(verdict.state, 'unknown') = 'unknown'`
    : sql<boolean>`verdict.state = ${state}`;
}

/** The unit somebody was judged under; of whom nothing was judged, the one they are in now. */
export function unitAt(at: number | undefined) {
  return at === undefined
    ? sql<string | null>`person.org_id`
    : sql<string | null>`case when verdict.id is null then person.org_id else verdict.org_id end`;
}

/** Ids of people or devices that stood so at an instant, in these units; from an index alone. */
export function stoodAt(
  kind: 'person' | 'device',
  at: number,
  { states = verdictStates, org }: { states?: readonly string[]; org?: string | undefined },
) {
  // Named even where all are meant, so that the index by state and unit is used.
  const units = org === undefined ? sql`(select '' union all select id from org)` : unitsBelow(org);
  return sql`select subject_id from verdict where subject_kind = ${kind} and state in (${sql.join(states)})
    and org_id in ${units} and from_at <= ${at} and (to_at is null or to_at > ${at})`;
}

/** True where nothing was judged of the row at an instant; `id` is its column. */
export function wasNotJudged(kind: 'person' | 'device', id: string, at: number) {
  return sql`not exists (select 1 from verdict as judged where judged.subject_kind = ${kind}
    and judged.subject_id = ${sql.ref(id)} and judged.from_at <= ${at} and (judged.to_at is null or judged.to_at > ${at}))`;
}

/** A unit and every unit below it. */
export function unitsBelow(org: string) {
  return sql<string>`(with recursive below(id) as (select ${org} union select org.id from org join below on org.parent_id = below.id) select id from below)`;
}

/** 1 for a row of `person` who has a device in hand, 0 for others. */
export const holdsDevice = (at?: number) =>
  sql<number>`exists (select 1 from custody where custody.person_id = person.id and ${isOpenAt(at)})`;
