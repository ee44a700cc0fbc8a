import { sql } from 'kysely';
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

/** 1 for a row of `person` who has a device in hand, 0 for others. */
export const holdsDevice = (at?: number) =>
  sql<number>`exists (select 1 from custody where custody.person_id = person.id and ${isOpenAt(at)})`;
