import type { DiskEncryptionSection } from '../../../shared/profile/disk-encryption.ts';
import { macPosture } from '../../health/posture/darwin.ts';
import type { Commands } from '../../platform/commands.ts';
import { forPeople, type HostPart, type Line } from '../baseline/baseline.ts';
import { encryptionLine } from './lines.ts';

/**
 * FileVault is looked at (`fdesetup status`). To turn it on a person's password is needed, and a personal recovery key can
 * be handed in by the FileVault payload of an MDM alone: `FDERecoveryKeyEscrow`.
 * https://developer.apple.com/documentation/devicemanagement/fderecoverykeyescrow
 */
export class MacDiskEncryption implements HostPart<DiskEncryptionSection> {
  readonly #commands: Commands;

  constructor(commands: Commands) {
    this.#commands = commands;
  }

  async observe({ escrow }: DiskEncryptionSection): Promise<Line[]> {
    const seen = await macPosture(this.#commands).diskEncryption();
    const encryption = encryptionLine('FileVault', seen, 'turn it on by MDM, or in System Settings');
    if (!escrow) return [encryption];
    return [encryption, forPeople('recovery keys', 'handed in', 'on a Mac only MDM can keep them')];
  }

  apply(): Promise<void> {
    return Promise.resolve();
  }

  holds(): Promise<boolean> {
    return Promise.resolve(false);
  }

  remove(): Promise<void> {
    return Promise.resolve();
  }

  watched(): string[] {
    return [];
  }
}
