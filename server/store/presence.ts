import type { Kysely, Transaction } from 'kysely';
import { type Identity, identify, supersede } from './certificates.ts';
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

const cloneDetail =
  'The certificate of this device was presented by other hardware. If its main board was replaced, enrol it again; otherwise revoke it.';

/** Sessions as the store sees them: who connected with what, and when each device was last seen. */
export class PresenceStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /**
   * Opens a session in one transaction. The certificate is looked up again: it may have been revoked since the
   * handshake. Its first use supersedes the earlier ones. Hardware that is not the enrolled one opens the finding
   * `clone` and changes nothing else. The usual case writes nothing, so that a whole fleet may come at once.
   */
  async open(serial: string, greeting: Greeting, at: number): Promise<Opening> {
    return await this.#db.transaction().execute(async (trx) => {
      const identity = await identify(trx, serial);
      if (identity?.deviceStatus !== 'active' || identity.certificateStatus !== 'active')
        return { kind: 'refused', identity };
      const { deviceId } = identity;
      const device = await trx.selectFrom('device').selectAll().where('id', '=', deviceId).executeTakeFirstOrThrow();
      if (device.hardware_id !== greeting.hardwareId)
        return { kind: 'clone', identity, isNew: await openFinding(trx, deviceId, 'clone', cloneDetail, at) };
      const said = columnsOf(greeting);
      const changed = Object.entries(said).some(([column, value]) => device[column as keyof typeof said] !== value);
      const { place = device.place } = greeting;
      const moved = place !== device.place;
      if (changed || moved)
        await trx
          .updateTable('device')
          .set({ ...said, place })
          .where('id', '=', deviceId)
          .execute();
      await supersedeOlder(trx, identity, at);
      const acknowledged = device.spool_epoch === greeting.spoolEpoch ? device.spool_sequence : 0;
      return { kind: 'open', identity, acknowledged, changed, moved };
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

  /** Notes that these devices were there at `at`; an earlier time never replaces a later one. */
  async seen(deviceIds: readonly string[], at: number): Promise<void> {
    await inChunks(
      deviceIds,
      async (ids) => {
        await this.#db
          .updateTable('device')
          .set({ last_seen_at: at })
          .where('id', 'in', ids)
          .where((device) => device.or([device('last_seen_at', 'is', null), device('last_seen_at', '<', at)]))
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

async function supersedeOlder(trx: Transaction<Database>, { deviceId, serial }: Identity, at: number): Promise<void> {
  const active = await trx
    .selectFrom('certificate')
    .select(['serial', 'issued_at'])
    .where('device_id', '=', deviceId)
    .where('status', '=', 'active')
    .execute();
  const used = active.find((certificate) => certificate.serial === serial);
  if (used && active.some(({ issued_at }) => issued_at < used.issued_at))
    await supersede(trx, deviceId, at, 'renewed', used.issued_at);
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
