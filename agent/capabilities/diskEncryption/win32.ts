import type { EscrowKey } from '../../../shared/escrow/sealed.ts';
import type { DiskEncryptionSection } from '../../../shared/profile/disk-encryption.ts';
import { items, member, parseJson } from '../../health/json.ts';
import { windowsPosture } from '../../health/posture/win32.ts';
import { forPeople, type HostPart, type Line, line } from '../baseline/baseline.ts';
import { CapabilityError, type Host } from '../capability.ts';
import { systemFolder } from '../webFilter/win32.ts';
import { BitLocker, type BitLockerVolume, drive } from './bitlocker.ts';
import type { RecoveryDesk } from './desk.ts';
import { encryptionLine, noEscrowKey } from './lines.ts';

const owner = 'diskEncryption';
const memory = `${systemFolder}\\recovery-key.json`;

/** The protector that was handed in. */
interface HandedIn {
  protector: string;
  sealedFor: string;
  /** The agent made it; else it was there before. */
  added: boolean;
  /** What somebody had read: removed once the server holds this one. */
  replaces: readonly string[];
}

/** Windows: BitLocker of the system drive. Tested from documented output; never run on a real PC. */
export class WindowsDiskEncryption implements HostPart<DiskEncryptionSection> {
  readonly unsupportedWhy?: string;
  readonly #host: Host;
  readonly #desk: RecoveryDesk;
  readonly #bitLocker: BitLocker;

  constructor(host: Host, desk: RecoveryDesk) {
    if (!host.files.isHost) this.unsupportedWhy = 'A trial under a folder leaves the drive alone.';
    this.#host = host;
    this.#desk = desk;
    this.#bitLocker = new BitLocker(host.commands);
  }

  async observe(section: DiskEncryptionSection): Promise<Line[]> {
    const volume = await this.#bitLocker.read().catch(isRefusal);
    if (!volume) return await this.#observeByPosture(section);
    const keys = section.escrow ? await this.#observeKey(section, volume) : [];
    return [this.#observeDrive(section, volume), ...keys];
  }

  /** First the key, and only when the server holds it, what would need it. */
  async apply(section: DiskEncryptionSection): Promise<void> {
    const volume = await this.#volume();
    const { escrow, escrowKey, shown = [], turnOn } = section;
    if (!escrow || !escrowKey || !needsKey(section, volume)) return;
    const good = await this.#good(volume, escrowKey, shown);
    if (!good) await this.#handIn(volume, escrowKey, shown);
    if (!good || this.#desk.isOnItsWay(drive)) return;
    for (const id of passwords(volume)) if (good.replaces.includes(id)) await this.#bitLocker.deleteProtector(id);
    if (turnOn && canTurnOn(volume)) await this.#turnOn(volume);
  }

  /** As on Linux: what was handed in goes on opening the drive while a profile only looks. */
  holds(): Promise<boolean> {
    return Promise.resolve(false);
  }

  /**
   * The drive stays encrypted: leaving must not lay a pupil's files open. A recovery password the agent added goes when
   * there is another; the last one stays, or nobody could ever open the drive again.
   */
  async remove(): Promise<void> {
    const held = await this.#remembered();
    if (held?.added) {
      const ids = passwords(await this.#volume());
      if (ids.includes(held.protector) && ids.length > 1) await this.#bitLocker.deleteProtector(held.protector);
    }
    await this.#host.files.restore(owner);
  }

  /** BitLocker is no file to watch; the periodic pass finds drift. */
  watched(): string[] {
    return [];
  }

  /** Editions without the BitLocker module: looked at, nothing else. */
  async #observeByPosture({ escrow }: DiskEncryptionSection): Promise<Line[]> {
    const seen = await windowsPosture(this.#host.commands).diskEncryption();
    const encryption = encryptionLine(`drive ${drive}`, seen, 'this edition of Windows cannot be asked for more');
    const why = 'none: this edition of Windows has no BitLocker module, or the agent may not ask it';
    return [encryption, ...(escrow ? [forPeople(`recovery key of ${drive}`, 'handed in', why)] : [])];
  }

  #observeDrive(section: DiskEncryptionSection, volume: BitLockerVolume): Line {
    const [item, expected] = [`drive ${drive}`, 'encrypted'];
    if (volume.protection === 'On') return line(item, expected, expected);
    if (volume.volume === 'EncryptionInProgress') return line(item, expected, 'being encrypted now', true);
    if (volume.volume !== 'FullyDecrypted')
      return forPeople(item, expected, 'protection is suspended: restart the device, or run Resume-BitLocker');
    if (!section.turnOn) return forPeople(item, expected, 'BitLocker is off');
    if (!section.escrow || !section.escrowKey)
      return forPeople(item, expected, 'off: it is turned on only where recovery keys are kept');
    if (!volume.tpmReady) return forPeople(item, expected, 'off: no TPM is ready; turn it on in the firmware');
    if (this.#desk.isOnItsWay(drive))
      return forPeople(item, expected, 'off until the server holds its recovery key, which is on its way');
    return line(item, expected, 'BitLocker is off');
  }

  async #observeKey(section: DiskEncryptionSection, volume: BitLockerVolume): Promise<Line[]> {
    const { escrowKey, shown = [] } = section;
    const [item, expected] = [`recovery key of ${drive}`, 'handed in'];
    if (!escrowKey) return [noEscrowKey];
    if (!needsKey(section, volume)) return [line(item, expected, 'the drive is not encrypted: there is none', true)];
    const good = await this.#good(volume, escrowKey, shown);
    if (!good) return [line(item, expected, 'not handed in yet, or a new one is due')];
    if (this.#desk.isOnItsWay(drive)) return [line(item, expected, 'on its way to the server', true)];
    const earlier = passwords(volume).some((id) => good.replaces.includes(id));
    const left = earlier ? [line(`earlier recovery key of ${drive}`, 'removed', 'still opens the drive')] : [];
    return [line(item, expected, expected), ...left];
  }

  /** One that was there before is handed in as it is; one that somebody has read gets a successor. */
  async #handIn(volume: BitLockerVolume, escrowKey: EscrowKey, shown: readonly string[]): Promise<void> {
    const held = await this.#remembered();
    const usable = passwords(volume).filter((id) => !shown.includes(id) && !held?.replaces.includes(id));
    const known = usable.find((id) => id === held?.protector) ?? usable[0];
    const protector = known ?? (await this.#added(volume));
    const password = await this.#bitLocker.password(protector);
    const isKept = this.#desk.handIn({ volume: drive, protector }, password, escrowKey);
    password.fill(0);
    if (!isKept)
      throw new CapabilityError(
        'recovery-key-not-kept',
        `The recovery key of ${drive} could not be kept for the server; see to the disk.`,
      );
    const added = known === undefined || (known === held?.protector && held.added);
    const replaces = passwords(volume).filter((id) => shown.includes(id) || held?.replaces.includes(id));
    const sealedFor = this.#desk.sealedFor(escrowKey);
    const text = JSON.stringify({ protector, sealedFor, added, replaces } satisfies HandedIn);
    await this.#host.files.write(owner, memory, text, 0o600);
  }

  async #added(volume: BitLockerVolume): Promise<string> {
    await this.#bitLocker.addPassword();
    const before = new Set(passwords(volume));
    const id = passwords(await this.#volume()).find((one) => !before.has(one));
    if (id) return id;
    throw new CapabilityError('bitlocker', `Windows added no recovery password to ${drive}.`);
  }

  async #turnOn({ protectors }: BitLockerVolume): Promise<void> {
    if (!protectors.some(({ type }) => type.startsWith('Tpm'))) await this.#bitLocker.addTpm();
    await this.#bitLocker.turnOn();
  }

  async #good(volume: BitLockerVolume, escrowKey: EscrowKey, shown: readonly string[]): Promise<HandedIn | undefined> {
    const held = await this.#remembered();
    if (held?.sealedFor !== this.#desk.sealedFor(escrowKey) || shown.includes(held.protector)) return undefined;
    return passwords(volume).includes(held.protector) ? held : undefined;
  }

  async #volume(): Promise<BitLockerVolume> {
    const volume = await this.#bitLocker.read();
    if (volume) return volume;
    throw new CapabilityError('bitlocker', `BitLocker told nothing of ${drive}.`);
  }

  async #remembered(): Promise<HandedIn | undefined> {
    const held = parseJson((await this.#host.files.read(memory)) ?? '');
    const [protector, sealedFor] = [member(held, 'protector'), member(held, 'sealedFor')];
    if (typeof protector !== 'string' || typeof sealedFor !== 'string') return undefined;
    const replaces = items(member(held, 'replaces')).filter((id) => typeof id === 'string');
    return { protector, sealedFor, added: member(held, 'added') === true, replaces };
  }
}

function passwords({ protectors }: BitLockerVolume): string[] {
  return protectors.filter(({ type }) => type === 'RecoveryPassword').map(({ id }) => id);
}

function canTurnOn({ volume, tpmReady }: BitLockerVolume): boolean {
  return volume === 'FullyDecrypted' && tpmReady;
}

/** A drive that is not encrypted, and is not to be, has nothing to recover. */
function needsKey({ turnOn }: DiskEncryptionSection, volume: BitLockerVolume): boolean {
  return volume.volume !== 'FullyDecrypted' || (turnOn === true && canTurnOn(volume));
}

/** A host that refuses or has no BitLocker is looked at in another way; anything else is a bug. */
function isRefusal(error: unknown): undefined {
  if (error instanceof CapabilityError) return undefined;
  throw error;
}
