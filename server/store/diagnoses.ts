import { type Kysely, type Selectable, sql } from 'kysely';
import type { DiagnosisState } from '../../shared/api/schemas/diagnoses.ts';
import type { Examination } from '../../shared/diagnostics/probe.ts';
import type { Database } from './schema.ts';

export type BundleState = 'asked' | 'preview' | 'refused' | 'ready';

/** A look at a device, for one ticket. `endedAt` is null while it is open. */
export interface DiagnosisRecord {
  id: string;
  ticketId: string;
  deviceId: string;
  deviceName: string;
  byStaff: string;
  by: string;
  reason: string;
  state: DiagnosisState;
  openedAt: number;
  until: number;
  endedAt: number | null;
  ended: string | null;
  shown: string[];
  examination: Examination | null;
  bundle: { state: BundleState; bytes: number | null; at: number } | null;
}

export type NewDiagnosis = Pick<
  DiagnosisRecord,
  'id' | 'ticketId' | 'deviceId' | 'byStaff' | 'by' | 'reason' | 'openedAt' | 'until'
>;

const shownOfTicket = 100;

/** Looks at devices: rows are added and ended, never deleted. The database holds at most one open of each device. */
export class DiagnosisStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** False when a look at the device is open already. */
  async insert({ ticketId, deviceId, byStaff, by, openedAt, until, ...rest }: NewDiagnosis): Promise<boolean> {
    const { numInsertedOrUpdatedRows } = await this.#db
      .insertInto('diagnosis')
      .values({
        ...rest,
        ...{ ticket_id: ticketId, device_id: deviceId, by_staff: byStaff, by_actor: by },
        ...{ state: 'opening', opened_at: openedAt, until_at: until, shown: '[]' },
      })
      .onConflict((conflict) => conflict.column('device_id').where(sql<boolean>`ended_at is null`).doNothing())
      .executeTakeFirstOrThrow();
    return numInsertedOrUpdatedRows === 1n;
  }

  async byId(id: string): Promise<DiagnosisRecord | undefined> {
    const row = await this.#all().where('diagnosis.id', '=', id).executeTakeFirst();
    return row && recordOf(row);
  }

  /** The newest first. */
  async ofTicket(ticketId: string): Promise<DiagnosisRecord[]> {
    const rows = await this.#all()
      .where('ticket_id', '=', ticketId)
      .orderBy('opened_at', 'desc')
      .orderBy('diagnosis.id')
      .limit(shownOfTicket)
      .execute();
    return rows.map(recordOf);
  }

  async openOf(deviceId: string): Promise<DiagnosisRecord | undefined> {
    const row = await this.#all().where('device_id', '=', deviceId).where('ended_at', 'is', null).executeTakeFirst();
    return row && recordOf(row);
  }

  /** What the device answered. False when it was over by then. */
  async answered(id: string, state: 'asking' | 'running', shown: readonly string[]): Promise<boolean> {
    return await this.#update(id, { state, shown: JSON.stringify(shown) });
  }

  /** False when it was over by then. */
  async end(id: string, at: number, state: 'ended' | 'refused', ended: string): Promise<boolean> {
    return await this.#update(id, { ended_at: at, state, ended });
  }

  /** Those a server that is no more left open; returns them. */
  async endAll(at: number, ended: string): Promise<{ id: string; ticketId: string; deviceId: string }[]> {
    const rows = await this.#db
      .updateTable('diagnosis')
      .set({ ended_at: at, state: 'ended', ended })
      .where('ended_at', 'is', null)
      .returning(['id', 'ticket_id as ticketId', 'device_id as deviceId'])
      .execute();
    return rows;
  }

  async examined(id: string, examination: Examination): Promise<boolean> {
    return await this.#update(id, { examination: JSON.stringify(examination) });
  }

  async bundleStands(id: string, state: Exclude<BundleState, 'ready'>, at: number): Promise<boolean> {
    return await this.#update(id, { bundle_state: state, bundle_at: at, bundle_bytes: null });
  }

  async keepBundle(id: string, zip: Buffer, at: number): Promise<boolean> {
    return await this.#db.transaction().execute(async (trx) => {
      const { numUpdatedRows } = await trx
        .updateTable('diagnosis')
        .set({ bundle_state: 'ready', bundle_at: at, bundle_bytes: zip.length })
        .where('id', '=', id)
        .where('ended_at', 'is', null)
        .executeTakeFirstOrThrow();
      if (numUpdatedRows === 0n) return false;
      await trx
        .insertInto('diagnosis_bundle')
        .values({ diagnosis_id: id, zip, at })
        .onConflict((conflict) => conflict.column('diagnosis_id').doUpdateSet({ zip, at }))
        .execute();
      return true;
    });
  }

  async bundle(id: string): Promise<Buffer | undefined> {
    const row = await this.#db
      .selectFrom('diagnosis_bundle')
      .select('zip')
      .where('diagnosis_id', '=', id)
      .executeTakeFirst();
    return row?.zip;
  }

  /** How many went. What is known of them besides stays. */
  async dropBundles(before: number): Promise<number> {
    const { numDeletedRows } = await this.#db
      .deleteFrom('diagnosis_bundle')
      .where('at', '<', before)
      .executeTakeFirstOrThrow();
    return Number(numDeletedRows);
  }

  #all() {
    return this.#db
      .selectFrom('diagnosis')
      .innerJoin('device', 'device.id', 'diagnosis.device_id')
      .selectAll('diagnosis')
      .select('device.name as device_name');
  }

  async #update(id: string, values: Partial<Database['diagnosis']>): Promise<boolean> {
    const { numUpdatedRows } = await this.#db
      .updateTable('diagnosis')
      .set(values)
      .where('id', '=', id)
      .where('ended_at', 'is', null)
      .executeTakeFirstOrThrow();
    return numUpdatedRows > 0n;
  }
}

function recordOf(row: Selectable<Database['diagnosis']> & { device_name: string }): DiagnosisRecord {
  return {
    ...{ id: row.id, ticketId: row.ticket_id, deviceId: row.device_id, deviceName: row.device_name },
    ...{ byStaff: row.by_staff, by: row.by_actor, reason: row.reason },
    ...{ openedAt: row.opened_at, until: row.until_at, endedAt: row.ended_at, ended: row.ended },
    state: row.state as DiagnosisState,
    shown: JSON.parse(row.shown) as string[],
    examination: row.examination === null ? null : (JSON.parse(row.examination) as Examination),
    bundle:
      row.bundle_state === null || row.bundle_at === null
        ? null
        : { state: row.bundle_state as BundleState, bytes: row.bundle_bytes, at: row.bundle_at },
  };
}
