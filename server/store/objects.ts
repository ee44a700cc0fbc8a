import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { ObjectKind } from '../../shared/access/objects.ts';
import type { Place } from '../access/standing.ts';
import type { Database } from './schema.ts';

const rootKinds = ['org', 'person', 'device', 'class'] as const;
type RootKind = (typeof rootKinds)[number];
type Ids = RawBuilder<unknown>;

/** What stands in a place of its own: one row for each unit and person. */
interface RootRow {
  id: string;
  org_id: string | null;
  person_id: string | null;
}

/** What is about something else: where `kind` is null the row says itself where it belongs. */
interface AboutRow {
  id: string;
  kind: RootKind | null;
  of: string | null;
  org_id: string | null;
  person_id: string | null;
  staff_id: string | null;
}

const roots: Record<RootKind, (ids: Ids) => RawBuilder<RootRow>> = {
  org: (ids) => sql`select id, id as org_id, null as person_id from org where id in ${ids}`,
  person: (ids) => sql`select id, org_id, id as person_id from person where id in ${ids}
    union select person_id, org_id, person_id from person_org where person_id in ${ids}`,
  // Where its holder is; one that nobody holds is where the token it came in by is for.
  device: (ids) => sql`select custody.device_id as id, person.org_id, person.id as person_id
      from custody join person on person.id = custody.person_id where custody.device_id in ${ids} and custody.ended_at is null
    union select custody.device_id, person_org.org_id, custody.person_id
      from custody join person_org on person_org.person_id = custody.person_id
      where custody.device_id in ${ids} and custody.ended_at is null
    union select device.id, enrolment_token.org_id, null
      from device left join enrolment_token on enrolment_token.id = device.token_id where device.id in ${ids}
      and not exists (select 1 from custody where custody.device_id = device.id and custody.ended_at is null)`,
  class: (ids) => sql`select id, org_id, null as person_id from class where id in ${ids}`,
};

/** Rows that lead to a root: its kind and its id, and the account whose own the object is. */
const leads = (kind: string | RawBuilder<unknown>, of: string, from: RawBuilder<unknown>, staff = 'null') =>
  sql<AboutRow>`select ${sql.raw('one')}.id, ${kind} as kind, ${sql.raw(of)} as "of", null as org_id, null as person_id,
    ${sql.raw(staff)} as staff_id from ${from}`;

const about: Record<Exclude<ObjectKind, RootKind>, (ids: Ids) => RawBuilder<AboutRow>> = {
  override: (ids) => leads(sql`one.target_kind`, 'one.target_id', sql`filter_override as one where one.id in ${ids}`),
  // Also where it was asked: a decision may be for the whole school.
  request: (ids) => sql`${leads('device', 'one.device_id', sql`unblock_request as one where one.id in ${ids}`)}
    union all select id, null, null, org_id, person_id, null from unblock_request where id in ${ids} and org_id is not null`,
  waiver: (ids) => leads(sql`one.target_kind`, 'one.target_id', sql`waiver as one where one.id in ${ids}`),
  obligation: (ids) => leads('person', 'one.person_id', sql`obligation as one where one.id in ${ids}`),
  ticket: (ids) => ticket(ids),
  'ticket-device': (ids) => sql`${ticket(ids)} union all
    ${leads('device', 'one.device_id', sql`ticket as one where one.id in ${ids} and one.device_id is not null`)}`,
  diagnosis: (ids) => leads('device', 'one.device_id', sql`diagnosis as one where one.id in ${ids}`),
  command: (ids) =>
    leads(
      'device',
      'command_device.device_id',
      sql`command as one join command_device on command_device.command_id = one.id where one.id in ${ids}`,
      'one.by_staff',
    ),
  approval: (ids) => sql`${leads(
    'device',
    'command_device.device_id',
    sql`approval as one join command_device on command_device.command_id = one.subject_id
      where one.kind = 'command' and one.id in ${ids}`,
    'one.by_staff',
  )} union all ${leads(
    'device',
    'recovery_key.device_id',
    sql`approval as one join recovery_request on recovery_request.id = one.subject_id
      join recovery_key on recovery_key.id = recovery_request.recovery_key_id
      where one.kind = 'recovery-key' and one.id in ${ids}`,
    'one.by_staff',
  )} union all select id, null, null, null, null, by_staff from approval
    where kind not in ('command', 'recovery-key') and id in ${ids}`,
  'recovery-key': (ids) => leads('device', 'one.device_id', sql`recovery_key as one where one.id in ${ids}`),
  'recovery-request': (ids) =>
    leads(
      'device',
      'recovery_key.device_id',
      sql`recovery_request as one join recovery_key on recovery_key.id = one.recovery_key_id where one.id in ${ids}`,
    ),
  'enrolment-token': (ids) => sql`select id, null as kind, null as "of", org_id, person_id, null as staff_id
    from enrolment_token where id in ${ids}`,
  'api-token': (ids) => sql`select id, null as kind, null as "of", nullif(org_id, '') as org_id, null as person_id,
    created_by_staff as staff_id from api_token where id in ${ids}`,
};

/** As it was opened: it stays with the helpdesk of that unit when its device or person moves on. */
function ticket(ids: Ids) {
  return sql<AboutRow>`select id, null as kind, null as "of", org_id, person_id, null as staff_id from ticket where id in ${ids}`;
}

/** Reads where objects belong, as of now: what has moved to another unit belongs there. */
export class ObjectStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** Of each that exists the places it is about: who may do something to it may do so in all of them. */
  async places(kind: ObjectKind, ids: readonly string[]): Promise<Map<string, Place[]>> {
    if (isRoot(kind)) return await this.#ofRoots(kind, ids);
    const { rows } = await about[kind](asSet(ids)).execute(this.#db);
    const roots = new Map<RootKind, Map<string, Place[]>>();
    for (const root of rootKinds) {
      const wanted = rows.flatMap((row) => (row.kind === root && row.of !== null ? [row.of] : []));
      if (wanted.length > 0) roots.set(root, await this.#ofRoots(root, wanted));
    }
    const places = new Map<string, Place[]>();
    for (const row of rows) {
      const own = row.staff_id ?? undefined;
      const found = row.kind === null ? [direct(row)] : (roots.get(row.kind)?.get(row.of ?? '') ?? [nowhere]);
      places.set(row.id, [...(places.get(row.id) ?? []), ...found.map((place) => ({ ...place, staffId: own }))]);
    }
    return places;
  }

  async #ofRoots(kind: RootKind, ids: readonly string[]): Promise<Map<string, Place[]>> {
    const { rows } = await roots[kind](asSet(ids)).execute(this.#db);
    return new Map(
      [...Map.groupBy(rows, ({ id }) => id)].map(([id, own]) => [
        id,
        [
          {
            orgs: own.flatMap(({ org_id }) => org_id ?? []),
            personIds: own.flatMap(({ person_id }) => person_id ?? []),
            ...(kind === 'class' && { classIds: [id] }),
          },
        ],
      ]),
    );
  }
}

/** Of what is no longer there: the district's. */
const nowhere: Place = { orgs: [] };

function direct({ org_id, person_id }: AboutRow): Place {
  return { orgs: org_id === null ? [] : [org_id], personIds: person_id === null ? [] : [person_id] };
}

function isRoot(kind: ObjectKind): kind is RootKind {
  return (rootKinds as readonly string[]).includes(kind);
}

/** One parameter, however many there are. */
function asSet(ids: readonly string[]): Ids {
  return sql`(select value from json_each(${JSON.stringify(ids)}))`;
}
