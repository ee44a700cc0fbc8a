import type { Random } from '../../../shared/clock.ts';
import type { DiskEncryptionSection } from '../../../shared/profile/disk-encryption.ts';
import { linuxPosture } from '../../health/posture/linux.ts';
import { forPeople, type HostPart, type Line, line } from '../baseline/baseline.ts';
import type { Host } from '../capability.ts';
import { Cryptsetup, cryptenrollVersion } from './cryptsetup.ts';
import { type CrypttabEntry, devicePath, parseCrypttab, parseOpenVolumes } from './crypttab.ts';
import type { RecoveryDesk } from './desk.ts';
import { encryptionLine, noEscrowKey } from './lines.ts';
import type { LuksHeader } from './luks-header.ts';
import { LuksKeys, type Volume, type Wanted, type Way } from './luks-keys.ts';

const crypttab = '/etc/crypttab';
/** Where systemd looks for the key of a volume for which crypttab names none (crypttab(5)). */
const keyFolder = '/etc/cryptsetup-keys.d';
/** The first whose systemd-cryptenroll can unlock by TPM2 to add another key. */
const tpm2Version = 256;

interface FoundVolume extends Volume {
  entry: CrypttabEntry | undefined;
}

/** Linux: whether the disk is encrypted is looked at; recovery keys are made where a volume opens without a person. */
export class LinuxDiskEncryption implements HostPart<DiskEncryptionSection> {
  readonly #host: Host;
  readonly #keys: LuksKeys;

  constructor(host: Host, desk: RecoveryDesk, random: Random) {
    this.#host = host;
    this.#keys = new LuksKeys(desk, random);
  }

  async observe(section: DiskEncryptionSection): Promise<Line[]> {
    const keys = section.escrow ? await this.#observeKeys(section) : [];
    return this.#host.files.isHost ? [await this.#observeDisk(), ...keys] : keys;
  }

  async apply(section: DiskEncryptionSection): Promise<void> {
    const wanted = wantedOf(section);
    if (!wanted) return;
    const problems: unknown[] = [];
    for (const volume of await this.#volumes()) {
      const header = await volume.luks.header();
      if (!header) continue;
      const way = await this.#wayOf(volume, header);
      await this.#keys.bring(volume, typeof way === 'string' ? undefined : way, wanted).catch((error: unknown) => {
        problems.push(error);
      });
    }
    if (problems.length > 0) throw problems[0];
  }

  /** A recovery key is no setting: while a profile only looks, the key that was handed in goes on opening the disk. */
  holds(): Promise<boolean> {
    return Promise.resolve(false);
  }

  async remove(): Promise<void> {
    for (const volume of await this.#volumes()) await this.#keys.remove(volume);
  }

  watched(): string[] {
    return [crypttab];
  }

  /** Of the machine itself; a folder has no disk of its own. */
  async #observeDisk(): Promise<Line> {
    const seen = await linuxPosture(this.#host.commands).diskEncryption();
    return encryptionLine('system disk', seen, 'encrypt it when Linux is installed');
  }

  async #observeKeys(section: DiskEncryptionSection): Promise<Line[]> {
    const wanted = wantedOf(section);
    if (!wanted) return [noEscrowKey];
    const volumes = await this.#volumes();
    if (volumes.length === 0) return [line('recovery keys', 'one for each volume', 'there is no LUKS volume', true)];
    return (await Promise.all(volumes.map((volume) => this.#observeKey(volume, wanted)))).flat();
  }

  async #observeKey(volume: FoundVolume, wanted: Wanted): Promise<Line[]> {
    const [item, expected] = [`recovery key of ${volume.name}`, 'handed in'];
    const header = await volume.luks.header();
    if (!header)
      return [forPeople(item, expected, 'none: no LUKS2 header can be read (LUKS1, or cryptsetup before 2.4)')];
    const lines = this.#keys.observe(volume, header, wanted);
    if (lines.every(({ ok }) => ok)) return lines;
    const way = await this.#wayOf(volume, header);
    return typeof way === 'string' && lines.length === 1 ? [forPeople(item, expected, `none: ${way}`)] : lines;
  }

  /** Or in words why a person is needed. */
  async #wayOf({ name, entry }: FoundVolume, { others }: LuksHeader): Promise<Way | string> {
    const { commands, files } = this.#host;
    const options = entry?.options;
    if (options?.has('header')) return 'its header lies elsewhere (header= in crypttab)';
    const path = entry?.keyFile ?? `${keyFolder}/${name}.key`;
    const isScript = options?.has('keyscript') ?? false;
    if (!isScript && (await files.mode(path)) !== undefined) {
      const part = { offset: options?.get('keyfile-offset'), size: options?.get('keyfile-size') };
      return { kind: 'key-file', file: { path: files.real(path), ...part } };
    }
    const tpm2 = others.filter(({ type, slots }) => type === 'systemd-tpm2' && slots.length > 0);
    if (tpm2.length === 0) return 'only a person can open it: crypttab names no key file that root can read';
    if (tpm2.every(({ needsPin }) => needsPin)) return 'its TPM2 asks a person for a PIN';
    if ((await cryptenrollVersion(commands)) >= tpm2Version) return { kind: 'tpm2' };
    return `it opens by TPM2, which needs systemd ${tpm2Version} to add a key`;
  }

  /** Those of crypttab, and those that are open without it. */
  async #volumes(): Promise<FoundVolume[]> {
    const { commands, files } = this.#host;
    const entries = parseCrypttab((await files.read(crypttab)) ?? '');
    const listed = entries.map((entry) => this.#volume(entry.name, devicePath(entry.device), entry));
    if (!files.isHost) return listed;
    const { code, stdout } = await commands.run('/usr/bin/lsblk', ['-J', '-o', 'NAME,PATH,TYPE,FSTYPE,UUID']);
    const open = code === 0 ? parseOpenVolumes(stdout) : [];
    const isListed = (name: string, device: string, uuid: string | undefined) =>
      entries.some((entry) => entry.name === name || entry.device === device || entry.device === `UUID=${uuid}`);
    const unlisted = open.filter(({ name, device, uuid }) => !isListed(name, device, uuid));
    return [...listed, ...unlisted.map(({ name, device }) => this.#volume(name, device, undefined))];
  }

  #volume(name: string, device: string, entry: CrypttabEntry | undefined): FoundVolume {
    const { commands, files } = this.#host;
    return { name, entry, luks: new Cryptsetup(commands, files.real(device)) };
  }
}

function wantedOf({ escrow, escrowKey, shown = [] }: DiskEncryptionSection): Wanted | undefined {
  return escrow && escrowKey ? { escrowKey, shown } : undefined;
}
