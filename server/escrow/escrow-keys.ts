import { setImmediate } from 'node:timers/promises';
import { shortestPassphrase } from '../../shared/api/schemas/escrow.ts';
import type { EscrowKeyView, EscrowView } from '../../shared/api/schemas.ts';
import type { Clock, Random } from '../../shared/clock.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import { TryLimiter } from '../access/limiter.ts';
import type { Bus } from '../bus.ts';
import { Serial } from '../filter/serial.ts';
import type { EscrowKeys, EventLog, StaffPerson } from '../services.ts';
import type { EscrowKeyRow, RecoveryKeyRow, RecoveryStore } from '../store/recovery.ts';
import type { StaffStore } from '../store/staff.ts';
import { iso, isoOrNull } from '../store/views/rows.ts';
import { makeKeyPair, openSealed, seal } from './hpke.ts';
import { type Argon2Cost, unwrapKey, wrapKey } from './wrapped-key.ts';

export interface EscrowKeyParts {
  stores: { recovery: RecoveryStore; staff: StaffStore };
  events: EventLog;
  bus: Bus;
  clock: Clock;
  random: Random;
  /** Tests make tries cheap. */
  cost?: Argon2Cost;
}

const quarter = 15 * 60_000;
/** Wrong passphrases in a quarter of an hour: by one person, and by all of them together. */
const wrongTries = { byPerson: 5, byAll: 20 };
const fewestSigns = 5;
/** Keys sealed again between two looks at the sockets: each takes part of a millisecond. */
const atOnce = 50;

/** The district's escrow key pairs. The private halves are at rest under the approvers' passphrase, and nowhere else. */
export class EscrowKeyService implements EscrowKeys {
  readonly #parts: EscrowKeyParts;
  readonly #byPerson: TryLimiter;
  readonly #byAll: TryLimiter;
  /** Each try takes 64 MiB: one at a time. */
  readonly #serial = new Serial();

  constructor(parts: EscrowKeyParts) {
    this.#parts = parts;
    this.#byPerson = new TryLimiter(parts.clock, wrongTries.byPerson, quarter);
    this.#byAll = new TryLimiter(parts.clock, wrongTries.byAll, quarter);
  }

  async read(): Promise<EscrowView> {
    const { recovery, staff } = this.#parts.stores;
    const keys = (await recovery.escrowKeys()).map(viewOf);
    return {
      key: keys.find(({ retiredAt }) => retiredAt === null) ?? null,
      retired: keys.filter(({ retiredAt }) => retiredAt !== null),
      staff: await staff.countActive(),
    };
  }

  async replace(
    { passphrase, earlierPassphrase }: { passphrase: string; earlierPassphrase?: string },
    by: StaffPerson,
  ): Promise<{ escrow: EscrowView; resealed: number }> {
    demandStrong(passphrase);
    const { stores, events, bus } = this.#parts;
    const earlier = await stores.recovery.escrowKey();
    if (earlierPassphrase !== undefined && earlierPassphrase === passphrase)
      throw new CodedError('weak-passphrase', 'Choose another passphrase than the earlier one.');
    const row = await this.#newKey(passphrase, by);
    const resealed = await this.#resealed(earlier?.id, earlierPassphrase, row, by);
    if (!(await stores.recovery.replaceEscrowKey(row, earlier?.id, resealed)))
      throw new CodedError('changed-meanwhile');
    const code = earlier ? 'escrow-key-replaced' : 'escrow-key-made';
    await events.add({ actor: by.actor, code, words: madeWords(earlier !== undefined, resealed.size) });
    bus.publish('recovery-changed', { deviceIds: 'all' });
    return { escrow: await this.read(), resealed: resealed.size };
  }

  /** The key in clear, for the caller to clear. Wrong passphrases are counted and recorded. */
  async open(key: RecoveryKeyRow, passphrase: string, by: StaffPerson): Promise<Buffer> {
    const privateKey = await this.#unlocked(key.escrow_key_id, passphrase, by);
    const clear = openSealed(key.sealed, privateKey, bindingOf(key));
    privateKey.fill(0);
    if (clear) return clear;
    await this.#parts.events.add({
      actor: by.actor,
      code: 'recovery-key-damaged',
      words: `The recovery key of ${key.volume} could not be opened: what the device handed in is damaged or not its own.`,
      subject: { kind: 'device', id: key.device_id },
    });
    throw new CodedError('recovery-key-damaged');
  }

  async #newKey(passphrase: string, by: StaffPerson): Promise<EscrowKeyRow> {
    const { random, clock, cost } = this.#parts;
    const { publicKey, privateKey } = makeKeyPair();
    const id = random.uuid();
    const owner = { id, publicKey };
    const wrapped_key = await this.#serial.run(() => wrapKey(privateKey, passphrase, owner, random, cost));
    privateKey.fill(0);
    return { id, public_key: publicKey, wrapped_key, created_at: clock.now(), by_actor: by.actor, retired_at: null };
  }

  /** What was sealed for the earlier key, sealed for the new one; nothing where its passphrase was not given. */
  async #resealed(
    earlierId: string | undefined,
    passphrase: string | undefined,
    to: EscrowKeyRow,
    by: StaffPerson,
  ): Promise<Map<string, string>> {
    const resealed = new Map<string, string>();
    if (earlierId === undefined || passphrase === undefined) return resealed;
    const privateKey = await this.#unlocked(earlierId, passphrase, by);
    for (const [index, key] of (await this.#parts.stores.recovery.sealedFor(earlierId)).entries()) {
      if (index % atOnce === 0) await setImmediate();
      const clear = openSealed(key.sealed, privateKey, bindingOf(key));
      if (clear) resealed.set(key.id, seal(clear, to.public_key, { ...bindingOf(key), escrowKeyId: to.id }));
      clear?.fill(0);
    }
    privateKey.fill(0);
    return resealed;
  }

  async #unlocked(id: string, passphrase: string, by: StaffPerson): Promise<Buffer> {
    const row = await this.#parts.stores.recovery.findEscrowKey(id);
    if (!row) throw new Error(`the escrow key ${id} is gone`);
    if (!this.#byPerson.take(by.id)) throw new CodedError('too-many-requests');
    if (!this.#byAll.take('all')) throw new CodedError('too-many-requests');
    const owner = { id: row.id, publicKey: row.public_key };
    const privateKey = await this.#serial.run(() => unwrapKey(row.wrapped_key, passphrase, owner));
    if (privateKey) {
      this.#byPerson.clear(by.id);
      this.#byAll.giveBack('all');
      return privateKey;
    }
    await this.#parts.events.add({
      actor: by.actor,
      code: 'recovery-passphrase-wrong',
      words: 'A wrong passphrase was given for the escrow key.',
    });
    throw new CodedError('wrong-passphrase');
  }
}

function bindingOf({ device_id, volume, protector, escrow_key_id }: RecoveryKeyRow) {
  return { deviceId: device_id, volume, protector, escrowKeyId: escrow_key_id };
}

/** Long beats odd: NIST SP 800-63B section 5.1.1.2. What is one sign over and over is refused. */
function demandStrong(passphrase: string): void {
  const signs = [...passphrase.normalize('NFC')];
  if (signs.length >= shortestPassphrase && new Set(signs).size >= fewestSigns) return;
  throw new CodedError('weak-passphrase');
}

function madeWords(replaced: boolean, resealed: number): string {
  if (!replaced) return 'The escrow key was set up: devices seal their recovery keys for it.';
  const before =
    resealed > 0
      ? `${resealed} recovery keys were sealed again for it`
      : 'what was sealed before still needs the earlier passphrase';
  return `The escrow key was replaced; ${before}. Devices make new recovery keys.`;
}

function viewOf(row: EscrowKeyRow & { keys: number }): EscrowKeyView {
  return {
    id: row.id,
    createdAt: iso(row.created_at),
    by: row.by_actor.replace(/^staff:/, '').slice(0, 200),
    retiredAt: isoOrNull(row.retired_at),
    keys: row.keys,
  };
}
