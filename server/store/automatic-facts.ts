import { type Kysely, sql } from 'kysely';
import { inChunks } from './chunks.ts';
import type { Database } from './schema.ts';

/** A device somebody holds, for its silence. */
export interface HeldDevice {
  deviceId: string;
  /** Primary unit of who holds it. */
  orgId: string | null;
  lastSeenAt: number;
}

/** A cause that holds now, with the ticket that was opened for it. */
export interface StandingCause {
  cause: string;
  ticketId: string;
}

/** What tickets are opened by without anybody asking, and which of it is known already. */
export class AutomaticFactStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** Devices in service that somebody holds and that were not heard of since; those never heard of have yet to begin. */
  async unheardSince(at: number): Promise<HeldDevice[]> {
    const rows = await held(this.#db)
      .select(['device.id', 'device.last_seen_at', 'person.org_id'])
      .where('device.last_seen_at', '<', at)
      .execute();
    return rows.map((row) => ({ deviceId: row.id, orgId: row.org_id, lastSeenAt: row.last_seen_at ?? 0 }));
  }

  /** How many devices in service the people of each unit hold. */
  async heldByUnit(): Promise<Map<string | null, number>> {
    const rows = await held(this.#db)
      .select(['person.org_id', (is) => is.fn.countAll<number>().as('count')])
      .groupBy('person.org_id')
      .execute();
    return new Map(rows.map(({ org_id, count }) => [org_id, Number(count)]));
  }

  /** Those of these devices, or of all, that have a drive which foresees its own failure. */
  async failingDisks(ids?: readonly string[]): Promise<Set<string>> {
    const failing = this.#db
      .selectFrom('health')
      .innerJoin('device', 'device.id', 'health.device_id')
      .select('device_id')
      .where('device.status', '=', 'active')
      .where('collector', '=', 'disks')
      .where(
        sql<boolean>`exists (select 1 from json_each(health.value, '$.drives') as drive where json_extract(drive.value, '$.smart') = 'failing')`,
      );
    const rows = ids
      ? await inChunks(ids, (chunk) => failing.where('device_id', 'in', chunk).execute())
      : await failing.execute();
    return new Set(rows.map(({ device_id }) => device_id));
  }

  /** Those of these devices, or of all, on which something keeps changing an enforced setting. */
  async tampered(ids?: readonly string[]): Promise<Set<string>> {
    const open = this.#db
      .selectFrom('finding')
      .innerJoin('device', 'device.id', 'finding.device_id')
      .select('device_id')
      .where('device.status', '=', 'active')
      .where('code', '=', 'tamper')
      .where('closed_at', 'is', null);
    const rows = ids
      ? await inChunks(ids, (chunk) => open.where('device_id', 'in', chunk).execute())
      : await open.execute();
    return new Set(rows.map(({ device_id }) => device_id));
  }

  async standing(): Promise<StandingCause[]> {
    const rows = await this.#db.selectFrom('ticket_cause').selectAll().execute();
    return rows.map((row) => ({ cause: row.cause, ticketId: row.ticket_id }));
  }

  async begin({ cause, ticketId }: StandingCause): Promise<void> {
    await this.#db
      .insertInto('ticket_cause')
      .values({ cause, ticket_id: ticketId })
      .onConflict((conflict) => conflict.column('cause').doUpdateSet({ ticket_id: ticketId }))
      .execute();
  }

  async end(cause: string): Promise<void> {
    await this.#db.deleteFrom('ticket_cause').where('cause', '=', cause).execute();
  }
}

function held(db: Kysely<Database>) {
  return db
    .selectFrom('device')
    .innerJoin('custody', (join) =>
      join.onRef('custody.device_id', '=', 'device.id').on('custody.ended_at', 'is', null),
    )
    .innerJoin('person', 'person.id', 'custody.person_id')
    .where('device.status', '=', 'active');
}
