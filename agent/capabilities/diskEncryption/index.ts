import type { Random } from '../../../shared/clock.ts';
import type { DiskEncryptionSection } from '../../../shared/profile/disk-encryption.ts';
import { Baseline, type HostPart } from '../baseline/baseline.ts';
import type { Capability, Host } from '../capability.ts';
import { MacDiskEncryption } from './darwin.ts';
import type { RecoveryDesk } from './desk.ts';
import { LinuxDiskEncryption } from './linux.ts';
import { WindowsDiskEncryption } from './win32.ts';

/** Encryption of the disk, and recovery keys handed in sealed. */
export function createDiskEncryption(
  host: Host,
  { recovery = noDesk, random }: { recovery?: RecoveryDesk; random: Random },
): Capability<'diskEncryption'> {
  return new Baseline('diskEncryption', partOf(host, recovery, random));
}

function partOf(host: Host, desk: RecoveryDesk, random: Random): HostPart<DiskEncryptionSection> {
  if (host.platform === 'linux') return new LinuxDiskEncryption(host, desk, random);
  return host.platform === 'darwin' ? new MacDiskEncryption(host.commands) : new WindowsDiskEncryption(host, desk);
}

/** Where settings are only put back nothing is handed in. */
const noDesk: RecoveryDesk = { sealedFor: () => '', handIn: () => false, isOnItsWay: () => false };
