import { type Kysely, sql } from 'kysely';
import { readCodes } from '../../shared/audit/reads.ts';
import type { EventRow } from './event-chain.ts';
import type { Database } from './schema.ts';

/** A look at records of whoever holds a device now. */
export interface HolderRead extends Pick<EventRow, 'id' | 'at' | 'actor' | 'role' | 'words' | 'reason'> {
  device_id: string;
}

/** Who looked at records of the people who hold devices now. */
export class HolderReadStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /**
   * At them, at their tickets, and at devices while they held them: not at this device in other hands. Newest first, after
   * `since`; what was erased is left out.
   */
  async ofDevices(deviceIds: readonly string[], since: number): Promise<HolderRead[]> {
    const ids = sql`(select value from json_each(${JSON.stringify(deviceIds)}))`;
    const isRead = sql`event.code in (${sql.join([...readCodes])}) and event.at > ${since} and event.salt is not null`;
    const of = (kind: string, id: string) =>
      sql`event indexed by event_by_subject on event.subject_kind = ${kind} and event.subject_id = ${sql.ref(id)}`;
    const columns = sql`holder.device_id, event.id, event.at, event.actor, event.role, event.words, event.reason`;
    const { rows } = await sql<HolderRead>`
      with holder as (select device_id, person_id from custody where ended_at is null and device_id in ${ids})
      select ${columns} from holder join ${of('person', 'holder.person_id')} where ${isRead}
      union all
      select ${columns} from holder join custody on custody.person_id = holder.person_id
        join ${of('device', 'custody.device_id')}
        where ${isRead} and event.at >= custody.starts_at and (custody.ended_at is null or event.at <= custody.ended_at)
      union all
      select ${columns} from holder join ticket on ticket.person_id = holder.person_id
        join ${of('ticket', 'ticket.id')} where ${isRead}
      order by 2 desc`.execute(this.#db);
    return rows;
  }

  /** The devices in the hands of whom a look was about. */
  async devicesOf({ kind, id }: { kind: string; id: string }): Promise<string[]> {
    const person = {
      person: sql`${id}`,
      device: sql`(select person_id from custody where device_id = ${id} and ended_at is null)`,
      ticket: sql`(select person_id from ticket where id = ${id})`,
    }[kind];
    if (!person) return [];
    const { rows } = await sql<{ device_id: string }>`
      select device_id from custody where ended_at is null and person_id = ${person}`.execute(this.#db);
    return rows.map(({ device_id }) => device_id);
  }
}
