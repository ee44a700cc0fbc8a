import { sealFor } from '../../agent/platform/seal.ts';
import { Bus, type BusEvents } from '../../server/bus.ts';
import { systemRandom } from '../../server/clock.ts';
import { EscrowKeyService } from '../../server/escrow/escrow-keys.ts';
import { RecoveryService } from '../../server/escrow/recovery.ts';
import type { NewEvent, StaffPerson } from '../../server/services.ts';
import { openStore } from '../../server/store/open.ts';
import { RecoveryStore } from '../../server/store/recovery.ts';
import { writeRecoveryKeys } from '../../server/store/recovery-records.ts';
import { StaffStore } from '../../server/store/staff.ts';
import type { RecoveryKeyRecord } from '../../shared/protocol/messages.ts';
import { FakeClock } from './clock.ts';
import { addDevice } from './rows.ts';

export const passphrase = 'five words chosen by chance';
export const kim: StaffPerson = { id: 'kim', actor: 'staff:Kim' };
export const lee: StaffPerson = { id: 'lee', actor: 'staff:Lee' };

/** The escrow half of a server on a store of its own: two people of staff, devices that hand in keys, a clock moved by hand. */
export async function openEscrowDistrict(path = ':memory:', clock = new FakeClock()) {
  const db = await openStore(path);
  const said: NewEvent[] = [];
  const errors: unknown[] = [];
  const changed: BusEvents['recovery-changed'][] = [];
  const bus = new Bus((error) => errors.push(error));
  bus.subscribe('recovery-changed', (event) => void changed.push(event));
  const stores = { recovery: new RecoveryStore(db), staff: new StaffStore(db) };
  const events = { add: async (event: NewEvent) => void said.push(event) };
  const parts = { stores, events, bus, clock, random: systemRandom };
  const escrow = new EscrowKeyService({ ...parts, cost: { memory: 64, passes: 1, parallelism: 1 } });
  /** No approvers have been named. */
  const signing = { ask: async () => undefined, demandSigned: async () => undefined, end: async () => undefined };
  const recovery = new RecoveryService({
    ...{ ...parts, escrow, signing },
    onError: (error) => errors.push(error),
  });
  const district = {
    db,
    clock,
    bus,
    said,
    errors,
    changed,
    stores,
    escrow,
    recovery,
    addStaff,
    addDevices,
    report,
    handIn,
    keys,
  };
  return district;

  async function addStaff(...ids: string[]): Promise<void> {
    for (const id of ids) {
      const row = { id, name: id === 'kim' ? 'Kim' : 'Lee', email: `${id}@example.org`, password_hash: '-' };
      await stores.staff.add({ ...row, created_at: 0, disabled_at: null });
    }
  }

  async function addDevices(...ids: string[]): Promise<void> {
    for (const id of ids) await addDevice(db, id);
  }

  /** What a device sends, as it is. */
  async function report(deviceId: string, ...records: RecoveryKeyRecord[]): Promise<void> {
    await db.transaction().execute((trx) => writeRecoveryKeys(trx, deviceId, records, clock.now()));
  }

  /** A device seals a key as an agent does, and it arrives. */
  async function handIn(deviceId: string, clear: string, name: { volume?: string; protector?: string } = {}) {
    const { volume = 'root', protector = 'slot-1-aa' } = name;
    const key = await stores.recovery.escrowKey();
    if (!key) throw new Error('the district has no escrow key');
    const about = { volume, protector, escrowKeyId: key.id };
    const sealed = sealFor(key.publicKey, Buffer.from(clear), { deviceId, ...about });
    const record: RecoveryKeyRecord = { kind: 'recovery-key', at: clock.now(), ...about, sealed };
    await report(deviceId, record);
    return record;
  }

  async function keys(deviceId: string) {
    return await recovery.keysOfDevice(deviceId, undefined);
  }
}
