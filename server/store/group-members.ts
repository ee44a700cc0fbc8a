import type { Kysely } from 'kysely';
import { inChunks } from './chunks.ts';
import type { Database } from './schema.ts';

/** How a list may name a person or a device; usernames, addresses and names in any case. */
export type MemberKey = 'sourcedId' | 'username' | 'email' | 'serial' | 'name';

/** By what lists name people and devices → the id a group keeps: sourcedIds of people, serial numbers of devices. */
export class GroupMembers {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** Of these keys in small letters (sourcedIds and serials as they are), those that exist, with whom they mean. */
  async find(by: MemberKey, keys: readonly string[]): Promise<Map<string, (string | null)[]>> {
    const rows = await inChunks([...new Set(keys)], (chunk) => this.#query(by, chunk));
    const found = new Map<string, (string | null)[]>();
    for (const { key, id } of rows) found.set(key, [...(found.get(key) ?? []), id]);
    return found;
  }

  async #query(by: MemberKey, keys: string[]): Promise<{ key: string; id: string | null }[]> {
    const people = this.#db.selectFrom('person').where('active', '=', 1);
    const devices = this.#db.selectFrom('device').where('status', '!=', 'revoked');
    switch (by) {
      case 'sourcedId':
        return await people.select(['sourced_id as key', 'sourced_id as id']).where('sourced_id', 'in', keys).execute();
      case 'username':
        return await people
          .select((is) => [is.fn<string>('lower', ['username']).as('key'), 'sourced_id as id'])
          .where((is) => is.eb(is.fn<string>('lower', ['username']), 'in', keys))
          .execute();
      case 'email':
        return await people
          .select((is) => [is.fn<string>('lower', ['email']).as('key'), 'sourced_id as id'])
          .where((is) => is.eb(is.fn<string>('lower', ['email']), 'in', keys))
          .execute();
      case 'serial':
        return (await devices.select(['serial as key', 'serial as id']).where('serial', 'in', keys).execute()).flatMap(
          ({ key, id }) => (key === null ? [] : [{ key, id }]),
        );
      case 'name':
        return await devices
          .select((is) => [is.fn<string>('lower', ['name']).as('key'), 'serial as id'])
          .where((is) => is.eb(is.fn<string>('lower', ['name']), 'in', keys))
          .execute();
    }
  }
}
