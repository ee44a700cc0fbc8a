import type { Kysely, Transaction } from 'kysely';
import { Grouped } from '../grouped.ts';
import type { DeviceRow } from './devices.ts';
import { addTags } from './devices.ts';
import type { Database } from './schema.ts';
import type { TokenRow } from './tokens.ts';

/** What is known about whoever presents a certificate. */
export interface Identity {
  deviceId: string;
  deviceName: string;
  deviceStatus: 'held' | 'active' | 'revoked';
  certificateStatus: 'active' | 'superseded' | 'revoked';
  serial: string;
  /** SHA-256 of the DER, hexadecimal in lower case. */
  fingerprint: string;
  notAfter: number;
}

export interface NewCertificate {
  serial: string;
  fingerprint: string;
  keyHash: string;
  notBefore: number;
  notAfter: number;
}

/** What an enrolment is decided by; read in the transaction that writes its outcome. */
export interface EnrolmentFacts {
  token: TokenRow | undefined;
  /** The device enrolled with this hardware id. */
  device: DeviceRow | undefined;
  /** The device some certificate of which has this very key. */
  keyOwner: string | undefined;
}

export interface EnrolmentOutcome {
  device: Pick<
    DeviceRow,
    | 'id'
    | 'name'
    | 'serial'
    | 'maker'
    | 'model'
    | 'hardware_id'
    | 'platform'
    | 'os_name'
    | 'os_version'
    | 'agent_version'
    | 'status'
    | 'simulated'
    | 'token_id'
  >;
  certificate: NewCertificate;
  tags: readonly string[];
  /** False when a lost answer is repeated. */
  countsUse: boolean;
}

export interface RenewalFacts {
  identity: Identity | undefined;
  keyOwner: string | undefined;
}

const identifiedAtOnce = 200;

/**
 * Who is who: certificates and how devices get them. A device may have several `active` certificates for a while: the
 * newest supersedes the others when it is first used, so that a lost answer strands nobody.
 */
export class CertificateStore {
  readonly #db: Kysely<Database>;
  readonly #identifying: Grouped<string, Identity | undefined>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
    this.#identifying = new Grouped(async (serials) => {
      const found = await identifyAll(db, serials);
      return serials.map((serial) => found.get(serial));
    }, identifiedAtOnce);
  }

  /** Whose certificate this is; undefined when this server never issued it. Those asked about at once are one statement. */
  async identify(serial: string): Promise<Identity | undefined> {
    return await this.#identifying.ask(serial);
  }

  /**
   * Enrols in one transaction: reads the facts, lets `decide` judge them and issue, writes its outcome. What `decide`
   * throws is passed on and nothing is written. A known device keeps its id and custody; its earlier certificates are
   * superseded, its reports forgotten and its spool position cleared, for its agent starts anew.
   */
  async enrol<O extends EnrolmentOutcome>(
    asked: { secretHash: string; hardwareId: string; keyHash: string },
    at: number,
    decide: (facts: EnrolmentFacts) => Promise<O>,
  ): Promise<O> {
    return await this.#db.transaction().execute(async (trx) => {
      const outcome = await decide({
        token: await lockToken(trx, asked.secretHash),
        device: await deviceByHardware(trx, asked.hardwareId),
        keyOwner: await keyOwner(trx, asked.keyHash),
      });
      await writeDevice(trx, outcome.device, at);
      await supersede(trx, outcome.device.id, at, 'enrolled again');
      await insertCertificate(trx, outcome.device.id, outcome.certificate, at);
      await addTags(trx, outcome.device.id, outcome.tags);
      if (outcome.countsUse) await countUse(trx, outcome.device.token_id);
      return outcome;
    });
  }

  /** Renews in one transaction: the facts, `decide`, the new certificate beside the old. */
  async renew<C extends NewCertificate>(
    asked: { serial: string; keyHash: string },
    at: number,
    decide: (facts: RenewalFacts) => Promise<{ deviceId: string; certificate: C }>,
  ): Promise<{ deviceId: string; certificate: C }> {
    return await this.#db.transaction().execute(async (trx) => {
      const identity = (await identifyAll(trx, [asked.serial])).get(asked.serial);
      const facts = { identity, keyOwner: await keyOwner(trx, asked.keyHash) };
      const outcome = await decide(facts);
      await insertCertificate(trx, outcome.deviceId, outcome.certificate, at);
      return outcome;
    });
  }
}

/** What an `Identity` is made of; the serial is not `serial`, which devices have as well. */
export const identityColumns = [
  'device.id as deviceId',
  'device.name as deviceName',
  'device.status as deviceStatus',
  'certificate.status as certificateStatus',
  'certificate.serial as certificateSerial',
  'certificate.fingerprint as fingerprint',
  'certificate.not_after as notAfter',
] as const;

/** Whose certificates these are, by serial; one that this server never issued is absent. */
async function identifyAll(db: Kysely<Database>, serials: readonly string[]): Promise<Map<string, Identity>> {
  const rows = await db
    .selectFrom('certificate')
    .innerJoin('device', 'device.id', 'certificate.device_id')
    .select(identityColumns)
    .where('certificate.serial', 'in', serials)
    .execute();
  return new Map(rows.map(({ certificateSerial: serial, ...row }) => [serial, { ...row, serial } as Identity]));
}

/** Ends the active certificates issued before `serial` (all of them without it). */
export async function supersede(
  db: Kysely<Database>,
  deviceId: string,
  at: number,
  reason: string,
  before?: number,
): Promise<void> {
  let older = db
    .updateTable('certificate')
    .set({ status: 'superseded', ended_at: at, end_reason: reason })
    .where('device_id', '=', deviceId)
    .where('status', '=', 'active');
  if (before !== undefined) older = older.where('issued_at', '<', before);
  await older.execute();
}

/** Begins with a write, so that of two enrolments by one token the later sees the use of the earlier. */
async function lockToken(trx: Transaction<Database>, secretHash: string): Promise<TokenRow | undefined> {
  return await trx
    .updateTable('enrolment_token')
    .set((token) => ({ uses: token.ref('uses') }))
    .where('secret_hash', '=', secretHash)
    .returningAll()
    .executeTakeFirst();
}

async function countUse(trx: Transaction<Database>, tokenId: string | null): Promise<void> {
  if (tokenId === null) return;
  await trx
    .updateTable('enrolment_token')
    .set((token) => ({ uses: token('uses', '+', 1) }))
    .where('id', '=', tokenId)
    .execute();
}

async function deviceByHardware(trx: Transaction<Database>, hardwareId: string): Promise<DeviceRow | undefined> {
  return await trx
    .selectFrom('device')
    .selectAll()
    .where('hardware_id', '=', hardwareId)
    .orderBy('enrolled_at', 'desc')
    .executeTakeFirst();
}

async function keyOwner(trx: Transaction<Database>, keyHash: string): Promise<string | undefined> {
  const row = await trx
    .selectFrom('certificate')
    .select('device_id')
    .where('key_hash', '=', keyHash)
    .executeTakeFirst();
  return row?.device_id;
}

async function writeDevice(trx: Transaction<Database>, device: EnrolmentOutcome['device'], at: number): Promise<void> {
  const fresh = { ...device, enrolled_at: at, spool_epoch: null, spool_sequence: 0 };
  const { id, ...changed } = fresh;
  const updated = await trx.updateTable('device').set(changed).where('id', '=', id).executeTakeFirst();
  if (updated.numUpdatedRows === 0n) {
    await trx
      .insertInto('device')
      .values({ ...fresh, last_seen_at: null })
      .execute();
    return;
  }
  for (const table of ['reported_section', 'health', 'observation'] as const)
    await trx.deleteFrom(table).where('device_id', '=', id).execute();
  await trx
    .updateTable('finding')
    .set({ closed_at: at })
    .where('device_id', '=', id)
    .where('closed_at', 'is', null)
    .execute();
}

/** `issued_at` tells which of a device's certificates is the newer: it always grows. */
async function insertCertificate(
  trx: Transaction<Database>,
  deviceId: string,
  certificate: NewCertificate,
  at: number,
): Promise<void> {
  const newest = await trx
    .selectFrom('certificate')
    .select((c) => c.fn.max('issued_at').as('at'))
    .where('device_id', '=', deviceId)
    .executeTakeFirst();
  const { serial, fingerprint, keyHash, notBefore, notAfter } = certificate;
  await trx
    .insertInto('certificate')
    .values({
      ...{ serial, fingerprint, device_id: deviceId, key_hash: keyHash, status: 'active' },
      ...{ not_before: notBefore, not_after: notAfter, ended_at: null, end_reason: null },
      issued_at: Math.max(at, Number(newest?.at ?? 0) + 1),
    })
    .execute();
}
