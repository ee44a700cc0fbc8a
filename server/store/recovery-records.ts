import { createHash } from 'node:crypto';
import type { Transaction } from 'kysely';
import type { RecoveryKeyRecord } from '../../shared/protocol/messages.ts';
import type { Database } from './schema.ts';

/** A device that invents volumes or keys must not fill the disk. */
const volumesPerDevice = 16;
const supersededPerDevice = 32;

/**
 * Adds the recovery keys a device hands in: the last of each volume, in place of the one before. What is sealed for an
 * escrow key that never was nobody could open: it is dropped. Part of the caller's transaction.
 */
export async function writeRecoveryKeys(
  trx: Transaction<Database>,
  deviceId: string,
  records: readonly RecoveryKeyRecord[],
  at: number,
): Promise<void> {
  if (records.length === 0) return;
  const known = await trx.selectFrom('escrow_key').select('id').execute();
  const escrowKeys = new Set(known.map(({ id }) => id));
  const open = await openKeys(trx, deviceId);
  const newest = new Map(records.map((record) => [record.volume, record]));
  for (const record of newest.values()) {
    if (!escrowKeys.has(record.escrowKeyId)) continue;
    const held = open.get(record.volume);
    if (held ? isSame(held, record) : open.size >= volumesPerDevice) continue;
    const row = rowOf(deviceId, record);
    if (held) await supersede(trx, held.id, at);
    await insert(trx, row);
    open.set(record.volume, row);
  }
  await forgetOldest(trx, deviceId);
}

async function openKeys(trx: Transaction<Database>, deviceId: string) {
  const rows = await trx
    .selectFrom('recovery_key')
    .selectAll()
    .where('device_id', '=', deviceId)
    .where('superseded_at', 'is', null)
    .execute();
  return new Map(rows.map((row) => [row.volume, row]));
}

/** The same key told again, by an agent that lost its memory of the first time. */
function isSame(held: Database['recovery_key'], { protector, escrowKeyId, sealed }: RecoveryKeyRecord): boolean {
  return held.protector === protector && held.escrow_key_id === escrowKeyId && held.sealed === sealed;
}

/**
 * As it was sent, or it could not be opened: volume and protector are part of what is authenticated. The id follows from
 * what is sealed, which is different each time.
 */
function rowOf(deviceId: string, record: RecoveryKeyRecord): Database['recovery_key'] {
  const { volume, protector, escrowKeyId, sealed } = record;
  const id = createHash('sha256')
    .update(JSON.stringify([deviceId, volume, protector, sealed]))
    .digest('hex')
    .slice(0, 32);
  return {
    ...{ id, volume, protector, sealed },
    device_id: deviceId,
    escrow_key_id: escrowKeyId,
    reported_at: record.at,
    superseded_at: null,
  };
}

/** One that was handed in before comes into use again. */
async function insert(trx: Transaction<Database>, row: Database['recovery_key']): Promise<void> {
  await trx
    .insertInto('recovery_key')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ superseded_at: null }))
    .execute();
}

async function supersede(trx: Transaction<Database>, id: string, at: number): Promise<void> {
  await trx.updateTable('recovery_key').set({ superseded_at: at }).where('id', '=', id).execute();
}

/** Of what is in use no more the newest stay, and whatever somebody asked for. */
async function forgetOldest(trx: Transaction<Database>, deviceId: string): Promise<void> {
  const old = trx
    .selectFrom('recovery_key')
    .select('id')
    .where('device_id', '=', deviceId)
    .where('superseded_at', 'is not', null)
    .orderBy('superseded_at', 'desc')
    .orderBy('id')
    .limit(1_000_000)
    .offset(supersededPerDevice);
  await trx
    .deleteFrom('recovery_key')
    .where('id', 'in', old)
    .where('id', 'not in', trx.selectFrom('recovery_request').select('recovery_key_id'))
    .execute();
}
