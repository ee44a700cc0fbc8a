import type { Kysely, Selectable, Transaction } from 'kysely';
import { type Identity, identityColumns, supersede } from './certificates.ts';
import { inChunks } from './chunks.ts';
import type { Database } from './schema.ts';

/** What a device says of itself when it connects. */
export interface Greeting {
  name: string;
  hardwareId: string;
  serial: string | null;
  maker: string | null;
  model: string | null;
  osName: string;
  osVersion: string;
  agentVersion: string;
  spoolEpoch: string;
  /** Where the server sees it (`device.place`); absent: as it was. */
  place?: string | null;
}

export type Opening =
  /** `acknowledged`: the last batch held of the spool the device named; 0 when none. `moved`: its place differs. */
  | { kind: 'open'; identity: Identity; acknowledged: number; changed: boolean; moved: boolean }
  /** `isNew` is false when the finding was open already. */
  | { kind: 'clone'; identity: Identity; isNew: boolean }
  | { kind: 'refused'; identity: Identity | undefined };

/** Somebody presents a certificate and says this. */
export interface Asked {
  serial: string;
  greeting: Greeting;
}

const cloneDetail =
  'The certificate of this device was presented by other hardware. If its main board was replaced, enrol it again; otherwise revoke it.';

/** Times are written some seconds late and out of order, never by more. */
const mostAheadMs = 10 * 60_000;

/** Sessions as the store sees them: who connected with what, and when each device was last seen. */
export class PresenceStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  async open(serial: string, greeting: Greeting, at: number): Promise<Opening> {
    const [opening] = await this.openAll([{ serial, greeting }], at);
    return opening ?? { kind: 'refused', identity: undefined };
  }

  /**
   * Opens sessions, each at its place, as if one after the other. The certificates are looked up again: one may have been
   * revoked since the handshake. The first use of a certificate supersedes the earlier ones. Hardware that is not the enrolled
   * one opens the finding `clone` and changes nothing else. The usual case is one statement for all and writes nothing, so
   * that a whole fleet may come at once; what is to be written is, in one transaction.
   */
  async openAll(asked: readonly Asked[], at: number): Promise<Opening[]> {
    const found = await readPresented(
      this.#db,
      asked.map(({ serial }) => serial),
    );
    const writing = new Set<string>();
    const atOnce = asked.map(({ serial, greeting }) => {
      const presented = found.get(serial);
      const opening = openingOf(presented, greeting);
      if (!presented || (opening && !writing.has(presented.id))) return opening;
      writing.add(presented.id);
      return undefined;
    });
    if (writing.size === 0) return atOnce.filter((opening) => opening !== undefined);
    return await this.#db.transaction().execute(async (trx) => {
      const all: Opening[] = [];
      for (const [index, one] of asked.entries()) all.push(atOnce[index] ?? (await openWriting(trx, one, at)));
      return all;
    });
  }

  /** Notes where the server sees these devices; returns the ids of those it saw elsewhere before. */
  async place(deviceIds: readonly string[], place: string | null): Promise<string[]> {
    const moved = await inChunks(
      deviceIds,
      (ids) =>
        this.#db
          .updateTable('device')
          .set({ place })
          .where('id', 'in', ids)
          .where('place', 'is distinct from', place)
          .returning('id')
          .execute(),
      500,
    );
    return moved.map(({ id }) => id);
  }

  /**
   * Notes that these devices were there at `at`; an earlier time never replaces a later one, unless that lies so far ahead
   * that it is from before the clock was corrected: who was seen next year would never be silent.
   */
  async seen(deviceIds: readonly string[], at: number): Promise<void> {
    await inChunks(
      deviceIds,
      async (ids) => {
        await this.#db
          .updateTable('device')
          .set({ last_seen_at: at })
          .where('id', 'in', ids)
          .where(({ or, eb }) =>
            or([
              eb('last_seen_at', 'is', null),
              eb('last_seen_at', '<', at),
              eb('last_seen_at', '>', at + mostAheadMs),
            ]),
          )
          .execute();
        return [];
      },
      500,
    );
  }
}

function columnsOf(greeting: Greeting) {
  return {
    name: greeting.name,
    serial: greeting.serial,
    maker: greeting.maker,
    model: greeting.model,
    os_name: greeting.osName,
    os_version: greeting.osVersion,
    agent_version: greeting.agentVersion,
  };
}

/** A certificate with the device it was issued to. */
interface Presented extends Selectable<Database['device']> {
  identity: Identity;
  /** The device has an earlier one that still counts. */
  supersedes: boolean;
  issuedAt: number;
}

/** By serial; one that this server never issued is absent. */
async function readPresented(db: Kysely<Database>, serials: readonly string[]): Promise<Map<string, Presented>> {
  const rows = await inChunks(serials, (chunk) =>
    db
      .selectFrom('certificate')
      .innerJoin('device', 'device.id', 'certificate.device_id')
      .selectAll('device')
      .select([...identityColumns, 'certificate.issued_at as issuedAt'])
      .select((is) =>
        is
          .exists(
            is
              .selectFrom('certificate as older')
              .select('older.serial')
              .whereRef('older.device_id', '=', 'device.id')
              .where('older.status', '=', 'active')
              .whereRef('older.issued_at', '<', 'certificate.issued_at'),
          )
          .as('supersedes'),
      )
      .where('certificate.serial', 'in', chunk)
      .execute(),
  );
  return new Map(
    rows.map(({ supersedes, ...row }) => {
      const { deviceId, deviceName, deviceStatus, certificateStatus, certificateSerial, fingerprint, notAfter } = row;
      const who = { deviceId, deviceName, fingerprint, notAfter, serial: certificateSerial };
      const identity = { ...who, deviceStatus, certificateStatus } as Identity;
      return [certificateSerial, { ...row, identity, supersedes: Boolean(supersedes) }];
    }),
  );
}

/** What opening it comes to when nothing is to be written; undefined when something is. */
function openingOf(presented: Presented | undefined, greeting: Greeting): Opening | undefined {
  const identity = presented?.identity;
  if (identity?.deviceStatus !== 'active' || identity.certificateStatus !== 'active')
    return { kind: 'refused', identity };
  if (!presented || presented.hardware_id !== greeting.hardwareId || presented.supersedes) return undefined;
  const { changed, moved } = differenceOf(presented, greeting);
  if (changed || moved) return undefined;
  return { kind: 'open', identity, acknowledged: acknowledgedOf(presented, greeting), changed, moved };
}

async function openWriting(trx: Transaction<Database>, { serial, greeting }: Asked, at: number): Promise<Opening> {
  const presented = (await readPresented(trx, [serial])).get(serial);
  const opening = openingOf(presented, greeting);
  if (opening || !presented) return opening ?? { kind: 'refused', identity: undefined };
  const { identity, id, issuedAt } = presented;
  if (presented.hardware_id !== greeting.hardwareId)
    return { kind: 'clone', identity, isNew: await openFinding(trx, id, 'clone', cloneDetail, at) };
  const { changed, moved } = differenceOf(presented, greeting);
  const { place = presented.place } = greeting;
  const said = { ...columnsOf(greeting), place };
  if (changed || moved) await trx.updateTable('device').set(said).where('id', '=', id).execute();
  if (presented.supersedes) await supersede(trx, id, at, 'renewed', issuedAt);
  return { kind: 'open', identity, acknowledged: acknowledgedOf(presented, greeting), changed, moved };
}

function differenceOf(device: Presented, greeting: Greeting): { changed: boolean; moved: boolean } {
  const said = columnsOf(greeting);
  const changed = Object.entries(said).some(([column, value]) => device[column as keyof typeof said] !== value);
  const { place = device.place } = greeting;
  return { changed, moved: place !== device.place };
}

function acknowledgedOf(device: Presented, { spoolEpoch }: Greeting): number {
  return device.spool_epoch === spoolEpoch ? device.spool_sequence : 0;
}

/** True when it was not open before. */
async function openFinding(
  trx: Transaction<Database>,
  deviceId: string,
  code: string,
  detail: string,
  at: number,
): Promise<boolean> {
  const open = await trx
    .selectFrom('finding')
    .select('id')
    .where('device_id', '=', deviceId)
    .where('code', '=', code)
    .where('closed_at', 'is', null)
    .executeTakeFirst();
  if (open) return false;
  await trx
    .insertInto('finding')
    .values({ device_id: deviceId, code, detail, opened_at: at, closed_at: null })
    .execute();
  return true;
}
