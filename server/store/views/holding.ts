import { sql } from 'kysely';
import type { PersonRole } from '../../../shared/policy/selector.ts';

/** Whom the district gives devices. Guardians of the roster lack nothing when they hold none. */
export const rolesWithDevices: PersonRole[] = ['student', 'teacher', 'staff', 'administrator'];

/** 1 for a row of `person` who has a device in hand now, 0 for others. */
export const holdsDevice = sql<number>`exists (select 1 from custody where custody.person_id = person.id and custody.ended_at is null)`;
