import type { Kysely } from 'kysely';
import { inChunks } from '../chunks.ts';
import type { Database } from '../schema.ts';

export interface NamedPerson {
  name: string;
  orgId: string;
  orgName: string;
}

/** What people are called and where they belong now, by id; an empty unit is one that is not known. */
export class PeopleNamesView {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  async of(ids: readonly string[]): Promise<Map<string, NamedPerson>> {
    const rows = await inChunks(ids, (chunk) =>
      this.#db
        .selectFrom('person')
        .leftJoin('org', 'org.id', 'person.org_id')
        .select(['person.id', 'person.given_name', 'person.family_name', 'person.org_id', 'org.name'])
        .where('person.id', 'in', chunk)
        .execute(),
    );
    return new Map(
      rows.map(({ id, given_name, family_name, org_id, name }) => [
        id,
        { name: `${given_name} ${family_name}`.trim(), orgId: org_id ?? '', orgName: name ?? '' },
      ]),
    );
  }
}
