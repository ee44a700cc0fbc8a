import type { Kysely, Selectable, Transaction } from 'kysely';
import type { CustodyView } from '../../shared/api/schemas.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import { inChunks } from './chunks.ts';
import type { Database } from './schema.ts';

/** A custody row: who holds a device, from when until when. `endedAt` is null while it is open. */
export interface CustodyRecord {
  id: string;
  deviceId: string;
  personId: string;
  kind: 'primary' | 'loan';
  startsAt: number;
  endedAt: number | null;
  endReason: string | null;
}

export type NewCustody = Pick<CustodyRecord, 'id' | 'deviceId' | 'personId' | 'kind'> & { at: number; by: string };

/** What opening a custody did: `ended` lists the rows that made room. */
export interface Opened {
  view: CustodyView;
  /** False when this very custody was open already: nothing was written. */
  isNew: boolean;
  ended: CustodyRecord[];
}

/** Why a custody ends when another begins. */
export const endReasons = { passedOn: 'handed to someone else', replaced: 'replaced' } as const;

/**
 * Custody rows. The store keeps at most one open row per device and one open primary per person, also when several
 * writers race: each method is one transaction that begins with a write, so the later one sees the earlier.
 */
export class CustodyStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /**
   * Opens a custody. Ends an open one of the device, and for `primary` an open primary of the person. The same custody
   * again changes nothing. `not-found` when device or person is unknown, `conflict` when the person is inactive.
   */
  async open(wanted: NewCustody): Promise<Opened> {
    return await this.#db.transaction().execute(async (trx) => {
      const held = await openRow(trx, wanted);
      if (held) return { view: await readView(trx, held), isNew: false, ended: [] };
      const ended = [
        ...(await end(trx, { deviceId: wanted.deviceId }, wanted.at, endReasons.passedOn)),
        ...(wanted.kind === 'primary'
          ? await end(trx, { primaryOf: wanted.personId }, wanted.at, endReasons.replaced)
          : []),
      ];
      await demandBoth(trx, wanted);
      await trx.insertInto('custody').values(newRow(wanted)).execute();
      return { view: await readView(trx, wanted.id), isNew: true, ended };
    });
  }

  /** Ends the open custody of the device; `not-found` when nobody holds it. */
  async close(deviceId: string, at: number, reason: string): Promise<CustodyView> {
    return await this.#db.transaction().execute(async (trx) => {
      const [ended] = await end(trx, { deviceId }, at, reason);
      if (!ended) throw new CodedError('not-found', 'Nobody holds this device, so there is nothing to take back.');
      return await readView(trx, ended.id);
    });
  }

  /** Newest first. */
  async ofDevice(deviceId: string): Promise<CustodyView[]> {
    return (await views(this.#db).where('custody.device_id', '=', deviceId).execute()).map(viewOf);
  }

  /** Newest first. */
  async ofPerson(personId: string): Promise<CustodyView[]> {
    return (await views(this.#db).where('custody.person_id', '=', personId).execute()).map(viewOf);
  }

  /** Every custody of these devices there ever was, by device id; the first to begin first. */
  async everOfDevices(ids: readonly string[]): Promise<Map<string, CustodyRecord[]>> {
    const all = this.#db.selectFrom('custody').selectAll().orderBy('starts_at');
    const rows = await inChunks(ids, (chunk) => all.where('device_id', 'in', chunk).execute());
    return Map.groupBy(rows.map(recordOf), (record) => record.deviceId);
  }

  /** The same by person. */
  async everOfPeople(ids: readonly string[]): Promise<Map<string, CustodyRecord[]>> {
    const all = this.#db.selectFrom('custody').selectAll().orderBy('starts_at');
    const rows = await inChunks(ids, (chunk) => all.where('person_id', 'in', chunk).execute());
    return Map.groupBy(rows.map(recordOf), (record) => record.personId);
  }

  /** Open custody by device id: of these devices, or of all. A device nobody holds is absent. */
  async openCustodyOfDevices(ids?: readonly string[]): Promise<Map<string, CustodyRecord>> {
    const open = this.#db.selectFrom('custody').selectAll().where('ended_at', 'is', null);
    const rows = ids
      ? await inChunks(ids, (chunk) => open.where('device_id', 'in', chunk).execute())
      : await open.execute();
    return new Map(rows.map((row) => [row.device_id, recordOf(row)]));
  }

  /** Open custodies by person id: of these people, or of all. A person who holds nothing is absent. */
  async openCustodyOfPeople(ids?: readonly string[]): Promise<Map<string, CustodyRecord[]>> {
    const open = this.#db.selectFrom('custody').selectAll().where('ended_at', 'is', null).orderBy('starts_at');
    const rows = ids
      ? await inChunks(ids, (chunk) => open.where('person_id', 'in', chunk).execute())
      : await open.execute();
    return Map.groupBy(rows.map(recordOf), (record) => record.personId);
  }
}

/** Takes the write lock by a statement that changes nothing, then looks whether this very custody is open. */
async function openRow(trx: Transaction<Database>, wanted: NewCustody): Promise<string | undefined> {
  await trx.updateTable('custody').set({ ended_at: wanted.at }).where('id', '=', wanted.id).execute();
  const row = await trx
    .selectFrom('custody')
    .select('id')
    .where('device_id', '=', wanted.deviceId)
    .where('person_id', '=', wanted.personId)
    .where('kind', '=', wanted.kind)
    .where('ended_at', 'is', null)
    .executeTakeFirst();
  return row?.id;
}

async function end(
  trx: Transaction<Database>,
  which: { deviceId: string } | { primaryOf: string },
  at: number,
  reason: string,
): Promise<CustodyRecord[]> {
  const update = trx.updateTable('custody').set({ ended_at: at, end_reason: reason }).where('ended_at', 'is', null);
  const rows = await ('deviceId' in which
    ? update.where('device_id', '=', which.deviceId)
    : update.where('person_id', '=', which.primaryOf).where('kind', '=', 'primary')
  )
    .returningAll()
    .execute();
  return rows.map(recordOf);
}

async function demandBoth(trx: Transaction<Database>, wanted: NewCustody): Promise<void> {
  const device = await trx.selectFrom('device').select('id').where('id', '=', wanted.deviceId).executeTakeFirst();
  if (!device) throw new CodedError('not-found', 'There is no such device.');
  const person = await trx.selectFrom('person').select('active').where('id', '=', wanted.personId).executeTakeFirst();
  if (!person) throw new CodedError('not-found', 'There is no such person.');
  if (person.active !== 1) {
    throw new CodedError('conflict', 'This person is no longer in the roster. Choose somebody who is active.');
  }
}

function newRow({ id, deviceId, personId, kind, at, by }: NewCustody): Selectable<Database['custody']> {
  return {
    id,
    device_id: deviceId,
    person_id: personId,
    kind,
    starts_at: at,
    ended_at: null,
    end_reason: null,
    by_actor: by,
  };
}

function views(db: Kysely<Database>) {
  return db
    .selectFrom('custody')
    .innerJoin('device', 'device.id', 'custody.device_id')
    .innerJoin('person', 'person.id', 'custody.person_id')
    .select(['custody.id', 'custody.kind', 'custody.starts_at', 'custody.ended_at', 'custody.end_reason'])
    .select(['device.id as device_id', 'device.name as device_name'])
    .select(['person.id as person_id', 'person.given_name', 'person.family_name'])
    .orderBy('custody.starts_at', 'desc')
    .orderBy('custody.ended_at', (order) => order.desc().nullsFirst());
}

type ViewRow = Awaited<ReturnType<ReturnType<typeof views>['executeTakeFirstOrThrow']>>;

async function readView(trx: Transaction<Database>, id: string): Promise<CustodyView> {
  return viewOf(await views(trx).where('custody.id', '=', id).executeTakeFirstOrThrow());
}

function viewOf(row: ViewRow): CustodyView {
  return {
    id: row.id,
    kind: kindOf(row.kind),
    device: { id: row.device_id, name: row.device_name },
    person: { id: row.person_id, name: `${row.given_name} ${row.family_name}`.trim() },
    startsAt: instant(row.starts_at),
    endedAt: row.ended_at === null ? null : instant(row.ended_at),
    endReason: row.end_reason,
  };
}

function recordOf(row: Selectable<Database['custody']>): CustodyRecord {
  return {
    id: row.id,
    deviceId: row.device_id,
    personId: row.person_id,
    kind: kindOf(row.kind),
    startsAt: row.starts_at,
    endedAt: row.ended_at,
    endReason: row.end_reason,
  };
}

const kindOf = (kind: string) => (kind === 'loan' ? 'loan' : 'primary');

const instant = (ms: number) => new Date(ms).toISOString();
