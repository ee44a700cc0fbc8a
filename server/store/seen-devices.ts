import { type RawBuilder, sql } from 'kysely';
import type { Sight } from '../access/standing.ts';

/** Whether a device lies within what somebody sees, as `ObjectStore` places it; `device` is the column with its id. */
export function isSeenDevice({ orgs, own }: Sight, device: RawBuilder<unknown>): RawBuilder<boolean> {
  if (orgs === 'all') return sql<boolean>`true`;
  const units = sql`(select value from json_each(${JSON.stringify(orgs)}))`;
  const people = sql`(select value from json_each(${JSON.stringify(own?.personIds ?? [])}))`;
  const isHeld = sql`exists (select 1 from custody where custody.device_id = ${device} and custody.ended_at is null)`;
  return sql<boolean>`(exists (
      select 1 from custody join person on person.id = custody.person_id
      where custody.device_id = ${device} and custody.ended_at is null and (person.org_id in ${units} or person.id in ${people}
        or exists (select 1 from person_org where person_org.person_id = person.id and person_org.org_id in ${units})))
    or (not ${isHeld} and exists (
      select 1 from device join enrolment_token on enrolment_token.id = device.token_id
      where device.id = ${device} and enrolment_token.org_id in ${units})))`;
}

/** Whether all devices of a command are seen, or it is one's own; `command` and `staff` are columns. */
export function isSeenCommand(
  sight: Sight,
  command: RawBuilder<unknown>,
  staff: RawBuilder<unknown>,
): RawBuilder<boolean> {
  if (sight.orgs === 'all') return sql<boolean>`true`;
  const unseen = sql`exists (select 1 from command_device as addressed
    where addressed.command_id = ${command} and not ${isSeenDevice(sight, sql`addressed.device_id`)})`;
  return sql<boolean>`(${staff} = ${sight.own?.staffId ?? ''} or not ${unseen})`;
}
