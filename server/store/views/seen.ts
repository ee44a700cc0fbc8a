import { type RawBuilder, sql } from 'kysely';
import type { Sight } from '../../access/standing.ts';

/** True for every row: nobody's sight is asked after, or it is the whole district's. */
const any = sql<boolean>`1 = 1`;

/** True for rows of the units that are seen. Rows without a unit are the district's. */
export function isInSight(sight: Sight | undefined, orgColumn: string): RawBuilder<boolean> {
  return isWhole(sight) ? any : sql<boolean>`${sql.ref(orgColumn)} in ${units(sight)}`;
}

/** True for rows about oneself or one's own students. */
export function isOwnPerson(sight: Sight | undefined, personColumn: string): RawBuilder<boolean> {
  return isWhole(sight) ? any : sql<boolean>`${sql.ref(personColumn)} in (${ownPeople(sight)})`;
}

export function seesPerson(sight: Sight | undefined, idColumn: string): RawBuilder<boolean> {
  return isWhole(sight) ? any : sql<boolean>`${sql.ref(idColumn)} in (${people(sight)})`;
}

/** As `server/store/objects.ts` has it: where the holder is; of what nobody holds, where it came in. */
export function seesDevice(sight: Sight | undefined, idColumn: string): RawBuilder<boolean> {
  return isWhole(sight) ? any : sql<boolean>`${sql.ref(idColumn)} in (${devices(sight)})`;
}

export function seesClass(sight: Sight | undefined, idColumn: string): RawBuilder<boolean> {
  return isWhole(sight) ? any : sql<boolean>`${sql.ref(idColumn)} in (${classes(sight)})`;
}

/** For rows about a person, a device, a class or a unit, as two columns say. */
export function seesTarget(sight: Sight | undefined, kindColumn: string, idColumn: string): RawBuilder<boolean> {
  if (isWhole(sight)) return any;
  const [kind, id] = [sql.ref(kindColumn), sql.ref(idColumn)];
  return sql<boolean>`((${kind} = 'person' and ${id} in (${people(sight)})) or (${kind} = 'device' and ${id} in (${devices(sight)}))
    or (${kind} = 'class' and ${id} in (${classes(sight)})) or (${kind} = 'org' and ${id} in ${units(sight)}))`;
}

function isWhole(sight: Sight | undefined): sight is undefined | (Sight & { orgs: 'all' }) {
  return sight === undefined || sight.orgs === 'all';
}

/** One parameter, however many units there are. */
function units({ orgs }: Sight) {
  return sql`(select value from json_each(${JSON.stringify(orgs)}))`;
}

function people(sight: Sight) {
  return sql`select id from person where org_id in ${units(sight)}
    union all select person_id from person_org where org_id in ${units(sight)}
    union all ${ownPeople(sight)}`;
}

function ownPeople({ own }: Sight) {
  return sql`select value from json_each(${JSON.stringify(own?.personIds ?? [])})`;
}

function devices(sight: Sight) {
  return sql`select device_id from custody where ended_at is null and person_id in (${people(sight)})
    union all select arrived.id from device as arrived
      where arrived.token_id in (select id from enrolment_token where org_id in ${units(sight)})
      and not exists (select 1 from custody where custody.device_id = arrived.id and custody.ended_at is null)`;
}

function classes(sight: Sight) {
  return sql`select id from class where org_id in ${units(sight)}
    union all select value from json_each(${JSON.stringify(sight.own?.classIds ?? [])})`;
}
