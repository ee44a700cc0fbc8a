import type { Random } from '../../../shared/clock.ts';
import type { DiskEncryptionSection } from '../../../shared/profile/disk-encryption.ts';
import { type Line, line } from '../baseline/baseline.ts';
import { CapabilityError } from '../capability.ts';
import type { Cryptsetup, KeyFile } from './cryptsetup.ts';
import type { RecoveryDesk } from './desk.ts';
import { freeSlot, freeToken, type LuksHeader, newestKey, type OwnKey, tokenText } from './luks-header.ts';
import { newRecoveryKey } from './recovery-key.ts';

type Description = Pick<OwnKey, 'protector' | 'sealedFor' | 'order'>;
type EscrowKey = NonNullable<DiskEncryptionSection['escrowKey']>;

/** How a key can be added to a volume without a person. */
export type Way = { kind: 'key-file'; file: KeyFile } | { kind: 'tpm2' };

export interface Volume {
  /** What the prompt at the start calls it. */
  name: string;
  luks: Cryptsetup;
}

/** What is wanted of the recovery key of a volume. */
export interface Wanted {
  escrowKey: EscrowKey;
  /** Protectors that somebody has read. */
  shown: readonly string[];
}

/**
 * The agent's recovery keys in a LUKS2 header. Each is a key slot with a token beside it that says whose it is and for
 * which escrow key it was sealed: what the agent did is written where it did it, and needs no memory elsewhere.
 */
export class LuksKeys {
  readonly #desk: RecoveryDesk;
  readonly #random: Random;

  constructor(desk: RecoveryDesk, random: Random) {
    this.#desk = desk;
    this.#random = random;
  }

  /** How the volume stands: `seen` in words, and whether anything can be done about it now. */
  observe({ name }: Volume, header: LuksHeader, wanted: Wanted): Line[] {
    const good = this.#goodKey(header, wanted);
    const [item, expected] = [`recovery key of ${name}`, 'handed in'];
    if (!good) return [line(item, expected, whyNone(header, wanted))];
    if (this.#desk.isOnItsWay(name)) return [line(item, expected, 'made, and on its way to the server', true)];
    const earlier = header.own.filter((key) => key !== good);
    if (earlier.length === 0) return [line(item, expected, expected)];
    return [
      line(item, expected, expected),
      line(`earlier recovery key of ${name}`, 'removed', 'still opens the volume'),
    ];
  }

  /** A new key where there is none that counts; then, once the server holds it, the end of the earlier ones. */
  async bring(volume: Volume, way: Way | undefined, wanted: Wanted): Promise<void> {
    const header = await headerOf(volume);
    const good = this.#goodKey(header, wanted);
    if (!good && way) await this.#make(volume, way, wanted.escrowKey);
    if (!good || this.#desk.isOnItsWay(volume.name)) return;
    for (const key of header.own) if (key !== good) await removeKey(volume, key);
  }

  /** The header as it was before the agent: its key slots and tokens go. */
  async remove(volume: Volume): Promise<void> {
    const header = await volume.luks.header();
    for (const key of header?.own ?? []) await removeKey(volume, key);
  }

  /** The newest, if it is what is wanted: an older one is never good again, whatever is said of it by then. */
  #goodKey(header: LuksHeader, { escrowKey, shown }: Wanted): OwnKey | undefined {
    const newest = newestKey(header);
    if (newest?.slot === undefined || !header.slots.includes(newest.slot)) return undefined;
    const isWanted = newest.sealedFor === this.#desk.sealedFor(escrowKey) && !shown.includes(newest.protector);
    return isWanted ? newest : undefined;
  }

  async #make(volume: Volume, way: Way, escrowKey: EscrowKey): Promise<void> {
    for (const key of (await headerOf(volume)).own) if (key.isUnfinished) await removeKey(volume, key);
    await (way.kind === 'tpm2' ? this.#enroll(volume, escrowKey) : this.#add(volume, way.file, escrowKey));
  }

  /** The token comes first, so that a slot whose making was cut short is known for the agent's own. */
  async #add(volume: Volume, file: KeyFile, escrowKey: EscrowKey): Promise<void> {
    const header = await headerOf(volume);
    const slot = freeSlot(header);
    const tokenId = freeToken(header);
    if (slot === undefined || tokenId === undefined) throw full(volume);
    const about = this.#about(slot, header, escrowKey);
    await volume.luks.importToken(tokenId, tokenText(about, slot, true));
    const key = newRecoveryKey(this.#random);
    try {
      await volume.luks.addKey(key, slot, file);
      this.#handIn(volume, about.protector, key, escrowKey);
    } catch (error) {
      await removeKey(volume, { tokenId, slot, ...about, isUnfinished: true });
      throw error;
    } finally {
      key.fill(0);
    }
    await this.#sign(volume, about, slot);
  }

  /** systemd chooses key and slot, and marks it with a token of its own. */
  async #enroll(volume: Volume, escrowKey: EscrowKey): Promise<void> {
    const header = await headerOf(volume);
    const before = new Set(header.slots);
    const key = await volume.luks.enrollByTpm2();
    const slot = (await headerOf(volume)).slots.find((one) => !before.has(one));
    if (!key || slot === undefined)
      throw new CapabilityError('luks', `systemd made no recovery key of ${volume.name}.`);
    const about = this.#about(slot, header, escrowKey);
    try {
      this.#handIn(volume, about.protector, key, escrowKey);
    } catch (error) {
      await volume.luks.killSlot(slot);
      throw error;
    } finally {
      key.fill(0);
    }
    await this.#sign(volume, about, slot);
  }

  #handIn({ name }: Volume, protector: string, key: Uint8Array, escrowKey: EscrowKey): void {
    if (this.#desk.handIn({ volume: name, protector }, key, escrowKey)) return;
    const words = `The recovery key of ${name} could not be kept for the server; see to the disk of the agent’s home.`;
    throw new CapabilityError('recovery-key-not-kept', words);
  }

  /** The token that claims the slot, then the end of the one that announced it. */
  async #sign(volume: Volume, about: Description, slot: number): Promise<void> {
    const header = await headerOf(volume);
    const tokenId = freeToken(header);
    if (tokenId === undefined) throw full(volume);
    await volume.luks.importToken(tokenId, tokenText(about, slot, false));
    for (const key of header.own) if (key.isUnfinished && key.slot === slot) await volume.luks.removeToken(key.tokenId);
  }

  /** The protector is different each time, so that a key that was read is told from the next one in its slot. */
  #about(slot: number, header: LuksHeader, escrowKey: EscrowKey): Description {
    const protector = `slot-${slot}-${Buffer.from(this.#random.bytes(4)).toString('hex')}`;
    const order = Math.max(0, ...header.own.map((key) => key.order)) + 1;
    return { protector, sealedFor: this.#desk.sealedFor(escrowKey), order };
  }
}

function whyNone({ own }: LuksHeader, { shown }: Wanted): string {
  const finished = own.filter(({ isUnfinished }) => !isUnfinished);
  if (finished.some(({ protector }) => shown.includes(protector))) return 'read by somebody: a new one is due';
  return finished.length > 0 ? 'made for an earlier escrow key or enrolment: a new one is due' : 'none made yet';
}

/**
 * Ends one of the agent's keys, if need be in several goes. A slot that a finished key claims is not touched for an
 * unfinished one's sake, and the last slot of a volume never.
 */
async function removeKey({ name, luks }: Volume, key: OwnKey): Promise<void> {
  const header = await headerOf({ name, luks });
  const isClaimed = header.own.some((one) => !one.isUnfinished && one.slot === key.slot && one.tokenId !== key.tokenId);
  const holdsSlot = key.slot !== undefined && header.slots.includes(key.slot) && !isClaimed;
  if (holdsSlot && header.slots.length < 2)
    throw new CapabilityError('luks-last-key', `${name} has no other key: its recovery key stays. Add one first.`);
  if (holdsSlot && key.slot !== undefined) await luks.killSlot(key.slot);
  for (const { tokenId, type, slots } of header.others)
    if (holdsSlot && type === 'systemd-recovery' && slots.every((slot) => slot === key.slot))
      await luks.removeToken(tokenId);
  if (header.own.some(({ tokenId }) => tokenId === key.tokenId)) await luks.removeToken(key.tokenId);
}

async function headerOf({ name, luks }: Volume): Promise<LuksHeader> {
  const header = await luks.header();
  if (header) return header;
  throw new CapabilityError('luks', `The LUKS header of ${name} could not be read on ${luks.device}.`);
}

function full({ name }: Volume): CapabilityError {
  return new CapabilityError('luks-full', `${name} has no free key slot or token. Remove one that is not needed.`);
}
