import type { Insertable } from 'kysely';
import type { openStore } from '../../server/store/open.ts';
import type { Database } from '../../server/store/schema.ts';

type Store = Awaited<ReturnType<typeof openStore>>;

/** Puts a device into the store as enrolment would. */
export async function addDevice(db: Store, id: string, given: Partial<Insertable<Database['device']>> = {}) {
  await db
    .insertInto('device')
    .values({
      id,
      name: `device-${id}`,
      serial: null,
      maker: null,
      model: null,
      hardware_id: `hardware-${id}`,
      platform: 'linux',
      os_name: 'Debian',
      os_version: '12',
      agent_version: '0.1.0',
      status: 'active',
      simulated: 0,
      token_id: null,
      enrolled_at: 0,
      last_seen_at: null,
      spool_epoch: null,
      spool_sequence: 0,
      ...given,
    })
    .execute();
}

/** Puts a person into the store as an import would. */
export async function addPerson(db: Store, id: string, given: Partial<Insertable<Database['person']>> = {}) {
  await db
    .insertInto('person')
    .values({
      id,
      sourced_id: `sis-${id}`,
      role: 'student',
      given_name: 'Given',
      family_name: id,
      username: `user.${id}`,
      email: null,
      org_id: null,
      grade: '06',
      active: 1,
      updated_at: 0,
      ...given,
    })
    .execute();
}
