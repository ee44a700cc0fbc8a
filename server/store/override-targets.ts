import { type Kysely, sql } from 'kysely';
import type { OverrideTarget } from '../../shared/api/schemas.ts';
import { inChunks } from './chunks.ts';
import type { Database } from './schema.ts';
import { unitsBelow } from './views/holding.ts';

/** Whom overrides reach, by custody and roster as they are now. */
export class OverrideTargets {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** The target's name as people know it; undefined when there is no such thing. */
  async nameOf({ kind, id }: OverrideTarget): Promise<string | undefined> {
    switch (kind) {
      case 'person': {
        const person = await this.#db
          .selectFrom('person')
          .select(['given_name', 'family_name'])
          .where('id', '=', id)
          .executeTakeFirst();
        return person && `${person.given_name} ${person.family_name}`.trim();
      }
      case 'device':
        return (await this.#db.selectFrom('device').select('name').where('id', '=', id).executeTakeFirst())?.name;
      case 'class':
        return (await this.#db.selectFrom('class').select('title').where('id', '=', id).executeTakeFirst())?.title;
      case 'org':
        return (await this.#db.selectFrom('org').select('name').where('id', '=', id).executeTakeFirst())?.name;
    }
  }

  /** Active devices, by id. */
  async devicesOf({ kind, id }: OverrideTarget): Promise<string[]> {
    const active = this.#db.selectFrom('device').select('device.id').where('device.status', '=', 'active');
    const held = active
      .innerJoin('custody', 'custody.device_id', 'device.id')
      .where('custody.ended_at', 'is', null)
      .orderBy('device.id');
    const rows =
      kind === 'device'
        ? active.where('device.id', '=', id)
        : kind === 'person'
          ? held.where('custody.person_id', '=', id)
          : kind === 'class'
            ? held.where('custody.person_id', 'in', this.#studentsOf([id]).select('person_id'))
            : held.where('custody.person_id', 'in', peopleBelow(id));
    return (await rows.execute()).map((row) => row.id);
  }

  /** The role of who holds the device, or of the person; undefined when it is not known. */
  async roleOf({ kind, id }: OverrideTarget): Promise<string | undefined> {
    if (kind !== 'person' && kind !== 'device') return undefined;
    let people = this.#db.selectFrom('person').select('person.role').where('person.active', '=', 1);
    if (kind === 'person') people = people.where('person.id', '=', id);
    else {
      people = people
        .innerJoin('custody', 'custody.person_id', 'person.id')
        .where('custody.ended_at', 'is', null)
        .where('custody.device_id', '=', id);
    }
    return (await people.executeTakeFirst())?.role;
  }

  /** Class id → its students' person ids. */
  async students(classIds: readonly string[]): Promise<Map<string, string[]>> {
    const rows = await inChunks(classIds, (chunk) =>
      this.#studentsOf(chunk).select(['class_id', 'person_id']).execute(),
    );
    const groups = Map.groupBy(rows, (row) => row.class_id);
    return new Map([...groups].map(([classId, members]) => [classId, members.map((row) => row.person_id)]));
  }

  #studentsOf(classIds: readonly string[]) {
    return this.#db
      .selectFrom('enrollment')
      .where('class_id', 'in', [...classIds])
      .where('role', '=', 'student')
      .where('active', '=', 1);
  }
}

/** People whose unit, or one of whose units, is this or lies below it. */
function peopleBelow(org: string) {
  return sql<string>`(
    select id from person where org_id in ${unitsBelow(org)}
    union select person_id from person_org where org_id in ${unitsBelow(org)})`;
}
